// How much the image store reads at a time and keeps in memory.

export const IMAGE_LIMITS = {
  /** One chunk of a read; a permit is looked at between two of them (engine.md §4). */
  readChunkBytesMax: 64 * 1024,
  /** Bytes fetched at once for blocks, so that 1024-byte blocks do not cost a system call each. */
  blockChunkBytes: 128 * 1024,
  /** All that is kept for blocks. */
  blockCacheBytesMax: 32 * 1024 * 1024,
} as const;

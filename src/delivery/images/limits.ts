// How much the image store reads at a time and keeps in memory, and how slowly it looks after what lies on disk.

export const IMAGE_LIMITS = {
  /** One chunk of a read; a permit is looked at between two of them (engine.md §4). */
  readChunkBytesMax: 64 * 1024,
  /** What is fetched from disk at once, to be read on in chunks. */
  readAheadBytesMax: 512 * 1024,
  /** Readers with memory of two such pieces each; those beyond fetch chunk by chunk. And pairs kept while nobody needs them. */
  readAheadPairsMax: 64,
  readAheadPairsKept: 8,
  /** Bytes fetched at once for blocks, so that 1024-byte blocks do not cost a system call each. */
  blockChunkBytes: 128 * 1024,
  /** All that is kept for blocks. */
  blockCacheBytesMax: 32 * 1024 * 1024,
  /** A good image is looked at again after this (milliseconds). */
  checkGoodEvery: 24 * 3_600_000,
  /** One that was damaged or missing may have been mended, or its disk is back (milliseconds). */
  checkDamagedEvery: 600_000,
  /** Between two walks over the images (milliseconds). */
  checkWalkEvery: 60_000,
  /** What the check reads at most, so that it is not in the way of downloads. */
  checkBytesPerSecondMax: 8 * 1024 * 1024,
  /** Images of one page of the walk. */
  checkPageMax: 100,
  /** How long the caps of a campaign are kept before they are read again (milliseconds). */
  capsKept: 1_000,
  /** How much of a second's bytes may be handed on at once. */
  paceBurst: 0.25,
} as const;

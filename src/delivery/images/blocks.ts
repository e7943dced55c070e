// Pieces of images kept in memory for block-wise transfers: larger than one block, dropped when they were not used for longest.
import { IMAGE_LIMITS } from './limits.ts';

export interface BlockSizes {
  readonly chunkBytes: number;
  readonly cacheBytesMax: number;
}

const BLOCK_SIZES: BlockSizes = {
  chunkBytes: IMAGE_LIMITS.blockChunkBytes,
  cacheBytesMax: IMAGE_LIMITS.blockCacheBytesMax,
};

/** Reads a piece from disk; shorter at the image's end. */
export type Fetch = (sha256: string, offset: number, length: number) => Promise<Uint8Array>;

export class Blocks {
  readonly #fetch: Fetch;
  readonly #sizes: BlockSizes;
  // In the order of their last use; a promise, so that two readers of one piece fetch it once.
  readonly #kept = new Map<string, Promise<Uint8Array>>();

  constructor(fetch: Fetch, sizes: BlockSizes = BLOCK_SIZES) {
    this.#fetch = fetch;
    this.#sizes = sizes;
  }

  async read(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    const { chunkBytes } = this.#sizes;
    const first = Math.floor(offset / chunkBytes);
    const last = Math.floor(Math.max(offset, offset + length - 1) / chunkBytes);
    const start = offset - first * chunkBytes;
    const chunk = await this.#chunk(sha256, first);
    if (last === first) return chunk.subarray(start, start + length);
    const pieces = [chunk.subarray(start)];
    for (let index = first + 1; index <= last; index += 1) pieces.push(await this.#chunk(sha256, index));
    return joined(pieces).subarray(0, length);
  }

  /** Nothing of this image is to be handed out any more. */
  forget(sha256: string): void {
    for (const name of this.#kept.keys()) if (name.startsWith(`${sha256} `)) this.#kept.delete(name);
  }

  /** What is kept, in bytes at most. */
  get bytesKept(): number {
    return this.#kept.size * this.#sizes.chunkBytes;
  }

  #chunk(sha256: string, index: number): Promise<Uint8Array> {
    const name = `${sha256} ${index}`;
    const { chunkBytes } = this.#sizes;
    const chunk = this.#kept.get(name) ?? this.#fetch(sha256, index * chunkBytes, chunkBytes);
    this.#kept.delete(name);
    this.#kept.set(name, chunk);
    // A failure is not kept: the next reader tries again.
    chunk.catch(() => this.#kept.get(name) === chunk && this.#kept.delete(name));
    this.#makeRoom();
    return chunk;
  }

  #makeRoom(): void {
    for (const name of this.#kept.keys()) {
      if (this.bytesKept <= this.#sizes.cacheBytesMax) return;
      this.#kept.delete(name);
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

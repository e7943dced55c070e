// The three hashes by which devices and operators know an image, computed while its bytes go by.
import { createHash } from 'node:crypto';

export interface ImageSums {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
}

export class Sums {
  readonly #sha256 = createHash('sha256');
  readonly #sha1 = createHash('sha1');
  readonly #md5 = createHash('md5');
  #size = 0;

  /** Bytes that went by. */
  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array): void {
    for (const hash of [this.#sha256, this.#sha1, this.#md5]) hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Once, after the last byte. */
  end(): ImageSums {
    const [sha256, sha1, md5] = [this.#sha256, this.#sha1, this.#md5].map((hash) => hash.digest('hex'));
    return { sha256: sha256 ?? '', sha1: sha1 ?? '', md5: md5 ?? '', size: this.#size };
  }
}

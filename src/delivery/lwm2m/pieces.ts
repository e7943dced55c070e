// Pieces of images at hand, so that a block is found without waiting for anything.

import type { ImageSource } from '../ports.ts';
import { LIMITS } from './limits.ts';

/** One image's pieces by their numbers. */
export type Pieces = Map<number, Uint8Array>;

/** The bytes are those that the image store keeps anyway, as long as it does. */
export class PieceShelf {
  readonly #images: ImageSource;
  readonly #byImage = new Map<string, Pieces>();
  /** Oldest first. */
  readonly #order: { readonly pieces: Pieces; readonly number: number }[] = [];

  constructor(images: ImageSource) {
    this.#images = images;
  }

  get size(): number {
    return this.#order.length;
  }

  /** To be kept by whoever serves this image. */
  of(sha256: string): Pieces {
    const known = this.#byImage.get(sha256);
    if (known !== undefined) return known;
    const pieces: Pieces = new Map();
    this.#byImage.set(sha256, pieces);
    return pieces;
  }

  /** Nobody serves anything any more. */
  clear(): void {
    this.#byImage.clear();
    this.#order.length = 0;
  }

  /** Undefined where the piece is not at hand; a block never lies in two of them. */
  block(pieces: Pieces, offset: number, length: number): Uint8Array | undefined {
    const number = Math.floor(offset / LIMITS.pieceBytes);
    const start = offset - number * LIMITS.pieceBytes;
    return pieces.get(number)?.subarray(start, start + length);
  }

  async fetch(sha256: string, offset: number): Promise<void> {
    const pieces = this.of(sha256);
    const number = Math.floor(offset / LIMITS.pieceBytes);
    const bytes = await this.#images.readBlock(sha256, number * LIMITS.pieceBytes, LIMITS.pieceBytes);
    if (pieces.has(number)) return;
    pieces.set(number, bytes);
    this.#order.push({ pieces, number });
    if (this.#order.length <= LIMITS.piecesMax) return;
    const oldest = this.#order.shift();
    oldest?.pieces.delete(oldest.number);
  }
}

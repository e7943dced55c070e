// Reads a file in chunks that a permit is asked for one by one, fetched from disk in larger pieces ahead of them.
import type { FileHandle } from 'node:fs/promises';
import { IMAGE_LIMITS } from './limits.ts';

/** Where pieces are read into, two at a time: one that is handed on, one that is fetched meanwhile. */
export type Pair = readonly [Uint8Array, Uint8Array];

/** Memory for reading ahead, used again and again: pages that were just allocated cost more than the reading itself. */
export class Pairs {
  readonly #free: Pair[] = [];
  #leased = 0;

  /** Undefined when as many are in use as may be. */
  lease(): Pair | undefined {
    if (this.#leased >= IMAGE_LIMITS.readAheadPairsMax) return undefined;
    this.#leased += 1;
    const size = IMAGE_LIMITS.readAheadBytesMax;
    return this.#free.pop() ?? [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  }

  /** Without a pair: it may still be on its way to somebody, and is left to the garbage collector. */
  end(pair?: Pair): void {
    this.#leased -= 1;
    if (pair !== undefined && this.#free.length < IMAGE_LIMITS.readAheadPairsKept) this.#free.push(pair);
  }
}

export interface Reading {
  readonly offset: number;
  readonly length: number;
  /** Throws when nothing more of it may be read. */
  readonly refuse: () => void;
}

/** The next piece is on its way while the chunks of the one before are handed on. A chunk is good until the next is asked for. */
export async function* chunksOf(file: FileHandle, reading: Reading, pairs?: Pairs): AsyncGenerator<Uint8Array> {
  const pair = reading.length > IMAGE_LIMITS.readChunkBytesMax ? pairs?.lease() : undefined;
  let isDone = false;
  try {
    yield* walk(file, reading, pair);
    isDone = true;
  } finally {
    if (pair !== undefined) pairs?.end(isDone ? pair : undefined);
  }
}

async function* walk(
  file: FileHandle,
  { offset, length, refuse }: Reading,
  pair: Pair | undefined,
): AsyncGenerator<Uint8Array> {
  const end = offset + length;
  let turn = 0;
  const fetch = (from: number): Promise<Uint8Array> => {
    turn = 1 - turn;
    return pieceOf(file, { from, end, into: pair?.[turn === 0 ? 0 : 1] });
  };
  let coming = fetch(offset);
  for (let at = offset; at < end; ) {
    const piece = await coming;
    const next = at + piece.length;
    coming = fetch(next);
    // Perhaps nobody reads on; then nobody is told either.
    coming.catch(() => {});
    for (let from = 0; from < piece.length; from += IMAGE_LIMITS.readChunkBytesMax) {
      refuse();
      yield piece.subarray(from, from + IMAGE_LIMITS.readChunkBytesMax);
    }
    at = next;
  }
}

interface Wanted {
  readonly from: number;
  readonly end: number;
  readonly into: Uint8Array | undefined;
}

async function pieceOf(file: FileHandle, { from, end, into }: Wanted): Promise<Uint8Array> {
  if (from >= end) return new Uint8Array();
  // Not cleared first: only what was read into it leaves this function.
  const bytes = into ?? Buffer.allocUnsafeSlow(Math.min(end - from, IMAGE_LIMITS.readChunkBytesMax));
  const wanted = Math.min(end - from, bytes.length);
  const piece = bytes.subarray(0, wanted);
  const read = await fill(file, piece, from);
  if (read < wanted) throw new Error(`an image ends at byte ${from + read}, ${end - from - read} more were asked for`);
  return piece;
}

/** Fills `bytes` from the file; less only at its end. */
export async function fill(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) return done;
    done += bytesRead;
  }
  return done;
}

// The value of a Block1 or Block2 option (RFC 7959 §2.2), and the slice of a body that a client asks for.

import { CODE } from './codes.ts';

export interface Block {
  readonly number: number;
  readonly more: boolean;
  /** Size exponent: a block has 2^(szx+4) bytes, 16 to 1024. */
  readonly szx: number;
}

export const SZX_MAX = 6;
const RESERVED_SZX = 7;
const BLOCK_NUMBER_MAX = 0xfffff;

export const blockBytes = (szx: number): number => 16 << szx;
export const encodeBlock = ({ number, more, szx }: Block): number => number * 16 + (more ? 8 : 0) + szx;

/** `undefined` for the reserved size exponent 7. */
export function decodeBlock(value: number): Block | undefined {
  const szx = value & 7;
  return szx === RESERVED_SZX ? undefined : { number: value >>> 4, more: (value & 8) !== 0, szx };
}

/** The largest block size that does not exceed a number of bytes; at least 16. */
export function szxFor(bytes: number): number {
  let szx = 0;
  while (szx < SZX_MAX && blockBytes(szx + 1) <= bytes) szx += 1;
  return szx;
}

export type Slice =
  | {
      readonly ok: true;
      readonly offset: number;
      readonly length: number;
      readonly more: boolean;
      /** The value of the Block2 option of the answer; absent when the body fits and nobody asked for blocks. */
      readonly block: number | undefined;
    }
  | { readonly ok: false; readonly code: number };

/**
 * Which bytes answer a GET whose Block2 option (if any) has this value. Without any memory: each block stands for
 * itself, so that a device may begin in the middle, come from another port, or ask for the same block twice.
 */
export function block2Slice(requested: number | undefined, totalLength: number, preferredSzx: number): Slice {
  const asked = requested === undefined ? undefined : decodeBlock(requested);
  // RFC 7959 §2.2: the reserved size exponent leads to 4.00.
  if (requested !== undefined && asked === undefined) return { ok: false, code: CODE.BAD_REQUEST };
  const szx = Math.min(asked?.szx ?? preferredSzx, preferredSzx);
  const size = blockBytes(szx);
  // A smaller size than asked for keeps the offset and changes the number (§2.4).
  const offset = asked === undefined ? 0 : asked.number * blockBytes(asked.szx);
  const number = offset / size;
  if ((offset >= totalLength && offset > 0) || number > BLOCK_NUMBER_MAX) return { ok: false, code: CODE.BAD_OPTION };
  const length = Math.min(size, totalLength - offset);
  const more = offset + length < totalLength;
  const block = asked === undefined && !more ? undefined : encodeBlock({ number, more, szx });
  return { ok: true, offset, length, more, block };
}

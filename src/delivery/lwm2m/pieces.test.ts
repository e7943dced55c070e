// Pieces of images at hand: found at once, fetched once, and never more of them than there is room for.

import { describe, expect, test } from 'vitest';
import type { ImageSource } from '../ports.ts';
import { LIMITS } from './limits.ts';
import { PieceShelf } from './pieces.ts';

function given(size: number) {
  const fetched: number[] = [];
  const images: ImageSource = {
    open: async () => undefined,
    read: async function* () {},
    readBlock: async (_sha256, offset, length) => {
      fetched.push(offset);
      return new Uint8Array(Math.max(0, Math.min(length, size - offset))).fill(offset / LIMITS.pieceBytes);
    },
  };
  return { shelf: new PieceShelf(images), fetched };
}

describe('the shelf', () => {
  test('has a block once its piece was fetched, the last one as short as the image', async () => {
    const { shelf, fetched } = given(LIMITS.pieceBytes + 100);
    const pieces = shelf.of('a');
    expect(shelf.block(pieces, 0, 16)).toBeUndefined();
    await shelf.fetch('a', 5);
    await Promise.all([shelf.fetch('a', LIMITS.pieceBytes), shelf.fetch('a', LIMITS.pieceBytes + 64)]);
    expect(shelf.block(pieces, LIMITS.pieceBytes - 16, 16)).toEqual(new Uint8Array(16));
    expect(shelf.block(pieces, LIMITS.pieceBytes + 96, 4)).toEqual(new Uint8Array(4).fill(1));
    expect([shelf.size, fetched[0]]).toEqual([2, 0]);
    expect(shelf.of('a')).toBe(pieces);
    expect(shelf.block(shelf.of('b'), 0, 16)).toBeUndefined();
  });

  test('drops the oldest when it is full, and everything when nobody is served', async () => {
    const { shelf } = given(Number.MAX_SAFE_INTEGER);
    for (let number = 0; number <= LIMITS.piecesMax; number += 1) await shelf.fetch('a', number * LIMITS.pieceBytes);
    expect(shelf.size).toBe(LIMITS.piecesMax);
    expect(shelf.block(shelf.of('a'), 0, 16)).toBeUndefined();
    expect(shelf.block(shelf.of('a'), LIMITS.pieceBytes, 16)).toBeDefined();
    shelf.clear();
    expect([shelf.size, shelf.block(shelf.of('a'), LIMITS.pieceBytes, 16)]).toEqual([0, undefined]);
  });
});

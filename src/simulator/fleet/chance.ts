// Repeatable chance out of a text: a simulated device needs variety, not secrecy.

import type { Random } from '../device/index.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a spreads the seed, and Weyl's sequence with the mixer of "splitmix32" goes on from there. */
export function seededRandom(seed: string): Random {
  let state = FNV_OFFSET;
  for (let place = 0; place < seed.length; place += 1) {
    state = Math.imul(state ^ seed.charCodeAt(place), FNV_PRIME);
  }
  return {
    uint32() {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    },
  };
}

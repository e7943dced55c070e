// The replay window against the plainest possible one: a set of everything received.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplayWindow } from './replay.ts';

test('each number passes once, and none that is 64 or more behind the newest', () => {
  const step = fc.oneof(fc.integer({ min: -70, max: 5 }), fc.integer({ min: 0, max: 200 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let newest = -1;
      for (const by of steps) {
        const sequence = Math.max(0, newest + by);
        const fresh = !seen.has(sequence) && newest - sequence < 64;
        expect(window.isFresh(sequence)).toBe(fresh);
        if (!fresh) continue;
        window.note(sequence);
        seen.add(sequence);
        newest = Math.max(newest, sequence);
        expect(window.newest).toBe(newest);
      }
    }),
    { numRuns: 500 },
  );
});

test('the largest number of 48 bits is no trouble', () => {
  const window = new ReplayWindow();
  window.note(2 ** 48 - 1);
  expect(window.isFresh(2 ** 48 - 1)).toBe(false);
  expect(window.isFresh(2 ** 48 - 2)).toBe(true);
  expect(window.isFresh(2 ** 48 - 65)).toBe(false);
});

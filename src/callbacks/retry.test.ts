// Tries of a failing callback: further and further apart, never after its hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after, type Instant, instant, minutes, seconds } from '../campaigns/index.ts';
import { CALLBACK_LIMITS } from './limits.ts';
import { afterFailure } from './retry.ts';

const NOW = instant(1_800_000_000_000);
const longest = () => 0;

/** The instants of all tries of an event that always fails at once. */
function tries(chance: () => number): readonly Instant[] {
  const at: Instant[] = [];
  let state: { tries: number; since?: Instant } = { tries: 0 };
  for (let now = NOW; at.length < 1_000; ) {
    at.push(now);
    const next = afterFailure(state, now, chance);
    if (next.is === 'dead') break;
    state = { tries: next.tries, since: next.since };
    now = next.at;
  }
  return at;
}

describe('a failing callback', () => {
  test('is tried after 5, 10, 20 … seconds, at most five minutes apart, and for the last time after fifteen minutes', () => {
    const waits = tries(longest).map((at) => (at - NOW) / 1_000);
    expect(waits).toEqual([0, 5, 15, 35, 75, 155, 315, 615, 900]);
  });

  test('is given up at the end of its hold and not before, whatever chance says', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }), (draws) => {
        let turn = 0;
        const all = tries(() => draws[turn++ % draws.length] ?? 0);
        expect(all.at(-1)).toBe(after(NOW, CALLBACK_LIMITS.holdMax));
        expect(all.length).toBeLessThan(25);
        for (const [place, at] of all.entries()) if (place > 0) expect(at).toBeGreaterThan(all[place - 1] ?? 0);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test('that nobody looked at for long gets one more try', () => {
    const since = after(NOW, minutes(-20));
    expect(afterFailure({ tries: 3, since }, NOW, longest)).toEqual({ is: 'dead' });
    const late = after(NOW, minutes(-14));
    expect(afterFailure({ tries: 9, since: late }, NOW, longest)).toMatchObject({ at: after(NOW, seconds(60)) });
  });
});

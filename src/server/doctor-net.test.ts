// Clocks side by side: how far they may be apart before somebody should look.
import { describe, expect, test } from 'vitest';
import { instant } from '../campaigns/index.ts';
import { lookAtClock } from './doctor-net.ts';

const [BEFORE, AFTER] = [instant(1_000_000), instant(1_000_400)];
const seen = (there: number) => lookAtClock('the database', there, BEFORE, AFTER);

describe('another clock', () => {
  test('is right when it shows anything between asking and hearing', () => {
    for (const there of [BEFORE, BEFORE + 200, AFTER])
      expect(seen(there)).toMatchObject({ is: 'ok', text: expect.stringContaining('0.0 s') });
  });

  test.each([
    [BEFORE - 1_999, 'ok'],
    [BEFORE - 2_000, 'warn'],
    [AFTER + 29_999, 'warn'],
    [AFTER + 30_000, 'fail'],
    [BEFORE - 86_400_000, 'fail'],
  ])('at %i it is %s', (there, is) => {
    expect(seen(there).is).toBe(is);
  });
});

// Which device may be meant by an IMEI that nobody has.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Imei } from '../ids.ts';
import { EXPLAIN_LIMITS } from './explanation.ts';
import { beginningOf, nearestOf, slipsOf } from './nearest.ts';

const REAL = '490154203237518' as Imei;
const SEED = 20_260_303;

describe('a slip', () => {
  test.each([
    ['a wrong check digit', '490154203237511', 'the check digit is 8, not 1'],
    ['two digits swapped', '490145203237518', 'digits 5 and 6 are swapped'],
    ['one digit wrong', '490154203237618', 'digit 13 is 5, not 6'],
    ['one digit missing', '49015420323751', 'one digit is missing'],
    ['one digit too many', '4901542032375188', 'one digit too many'],
    ['spaces and dashes', '49-015420-323751-8', 'the same digits'],
  ])('%s leads to the device', (_, given, how) => {
    expect(slipsOf(given)).toContain(REAL);
    expect(nearestOf(given, [REAL], 5)).toEqual([{ imei: REAL, how }]);
  });

  test('of any kind, anywhere, is among at most a few hundred that are looked up', () => {
    const imei = fc.stringMatching(/^\d{15}$/);
    const slip = fc.record({ imei, place: fc.nat(13), kind: fc.nat(3), digit: fc.stringMatching(/^\d$/) });
    fc.assert(
      fc.property(slip, ({ imei: real, place, kind, digit }) => {
        const [before, at, next] = [real.slice(0, place), real.slice(place, place + 1), real.slice(place + 1)];
        const given = [
          before + digit + next,
          before + next.slice(0, 1) + at + next.slice(1),
          before + next,
          before + digit + at + next,
        ][kind];
        const slips = slipsOf(given ?? '');
        expect(slips.length).toBeLessThan(400);
        if (given !== real) expect(slips).toContain(real);
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  test('anything else makes none', () => {
    for (const given of ['', 'x', '12', '1'.repeat(40)]) expect(slipsOf(given)).toEqual([]);
    expect(beginningOf('12')).toBeUndefined();
    expect(beginningOf(REAL)).toBe('4901542032375');
  });
});

test('the likeliest comes first, and no more than the limit', () => {
  const known = ['490154203237518', '490154203237599', '490145203237512', '490154203237512'] as Imei[];
  const given = '490154203237510';
  expect(nearestOf(given, known, 5).map(({ imei }) => imei)).toEqual([
    '490154203237518',
    '490154203237512',
    '490154203237599',
    '490145203237512',
  ]);
  const many = Array.from({ length: 9 }, (_, digit) => `49015420323752${digit}` as Imei);
  expect(nearestOf(given, many, EXPLAIN_LIMITS.nearestMax)).toHaveLength(5);
});

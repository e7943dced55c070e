// Times, spans and sizes in words.
import { describe, expect, test } from 'vitest';
import { utc } from '../testing/given.ts';
import { days, hours, minutes, seconds } from '../time.ts';
import { bytesText, clockText, hoursText, momentText, spanText, wallText } from './clock-times.ts';

const CHICAGO = { now: utc('2026-03-03T21:41:00Z'), zone: 'America/Chicago' };

describe('an instant', () => {
  test.each([
    ['within the next 24 hours by its time alone', '2026-03-04T08:12:00Z', '08:12Z = 02:12 local'],
    ['just before 24 hours', '2026-03-04T21:40:59Z', '21:40Z = 15:40 local'],
    ['from 24 hours on with its date', '2026-03-04T21:41:00Z', '2026-03-04 21:41Z = 15:41 local'],
    ['with both dates where they differ', '2026-03-09T00:00:00Z', '2026-03-09 00:00Z = 2026-03-08 19:00 local'],
    ['earlier today by its time alone', '2026-03-03T00:00:00Z', '00:00Z = 18:00 local'],
    ['of another day with its date', '2026-03-02T23:59:00Z', '2026-03-02 23:59Z = 17:59 local'],
  ])('%s', (_, at, text) => {
    expect(momentText(utc(at), CHICAGO)).toBe(text);
  });

  test('in UTC once', () => {
    expect(momentText(utc('2026-03-04T08:12:00Z'), { ...CHICAGO, zone: 'UTC' })).toBe('08:12Z');
  });

  test('on the clock of the wall, with offsets of half an hour and across the change of the clocks', () => {
    expect(clockText(utc('2026-03-03T21:41:00Z'), 'Asia/Kolkata')).toBe('03:11');
    expect(wallText(utc('2026-03-03T21:41:00Z'), 'Asia/Kolkata')).toBe('2026-03-04 03:11');
    expect(clockText(utc('2026-03-08T07:59:00Z'), 'America/Chicago')).toBe('01:59');
    expect(clockText(utc('2026-03-08T08:00:00Z'), 'America/Chicago')).toBe('03:00');
  });
});

test.each([
  [seconds(45), '45 s'],
  [minutes(15), '15 min'],
  [minutes(89), '89 min'],
  [hours(24), '24 h'],
  [days(3), '3 d'],
  [-5, '0 s'],
])('a span of %d ms is %s', (span, text) => {
  expect(spanText(span)).toBe(text);
});

test('sizes and hours', () => {
  expect([999, 100_000, 2_500_000].map(bytesText)).toEqual(['999 B', '100 kB', '2.5 MB']);
  expect(hoursText([])).toBe('all day');
  expect(
    hoursText([
      { from: 2, until: 4 },
      { from: 22, until: 24 },
    ]),
  ).toBe('02-04, 22-24');
});

// Windows as hours, hours as windows, and zones.
import { expect, test } from 'vitest';
import { HOURS, hoursOf, localHours, windowsOf, windowsText } from './hours.ts';

const NIGHT = [
  { startTime: 0, endTime: 6 },
  { startTime: 22, endTime: 24 },
];

test('no window is every hour, and every hour is no window', () => {
  expect(hoursOf([]).size).toBe(24);
  expect(windowsOf(new Set(HOURS))).toEqual([]);
  expect(windowsText([])).toBe('always');
});

test('hours that follow one another are one window', () => {
  expect(windowsOf(hoursOf(NIGHT))).toEqual(NIGHT);
  expect(windowsText(NIGHT)).toBe('00:00–06:00 and 22:00–24:00');
});

test('an hour of a zone is the one on its clocks, in summer and in winter', () => {
  const hourIn = localHours('America/Chicago');
  expect(hourIn(Date.parse('2030-01-15T08:00:00Z'))).toBe(2);
  expect(hourIn(Date.parse('2030-07-15T08:00:00Z'))).toBe(3);
  expect(localHours('UTC')(Date.parse('2030-07-15T08:00:00Z'))).toBe(8);
});

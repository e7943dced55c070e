// What an edit of days and hours changes.
import { expect, test } from 'vitest';
import { changesOf, dayOf, givesHours, takesHoursAway, type When } from './when.ts';

const BEFORE: When = {
  startDate: '2030-05-01',
  endDate: '2030-05-08',
  downloadWindows: [{ startTime: 2, endTime: 6 }],
  installWindows: [],
  timeZone: 'UTC',
  rule: 'strict',
};

test('only what differs is sent', () => {
  expect(changesOf(BEFORE, BEFORE)).toEqual({});
  expect(changesOf(BEFORE, { ...BEFORE, endDate: '2030-05-09' })).toEqual({ endDate: '2030-05-09' });
});

test('an hour less is told from an hour more', () => {
  const less: When = { ...BEFORE, downloadWindows: [{ startTime: 3, endTime: 6 }] };
  expect([takesHoursAway(BEFORE, less), givesHours(BEFORE, less)]).toEqual([true, false]);
  expect([takesHoursAway(less, BEFORE), givesHours(less, BEFORE)]).toEqual([false, true]);
});

test('a moved window takes and gives', () => {
  const moved: When = { ...BEFORE, downloadWindows: [{ startTime: 4, endTime: 8 }] };
  expect([takesHoursAway(BEFORE, moved), givesHours(BEFORE, moved)]).toEqual([true, true]);
});

test('days are UTC days', () => {
  expect(dayOf(Date.parse('2030-05-01T23:59:59Z'), 1)).toBe('2030-05-02');
});

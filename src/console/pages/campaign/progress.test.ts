// The course of a campaign out of the times of its updates.
import { expect, test } from 'vitest';
import type { UpdateView } from '../../../sdk/operator.ts';
import { courseOf } from './progress.ts';

const at = (minute: number): string => new Date(Date.UTC(2030, 4, 1, 10, minute)).toISOString();
const update = (part: Partial<UpdateView>): UpdateView => ({
  imei: '490154203237518',
  state: 'waiting',
  attempt: 0,
  rule: 'admission.accepted',
  changedAt: at(0),
  ...part,
});
const NOW = Date.parse(at(30));

test('devices to which nothing has happened are no progress', () => {
  expect(courseOf([update({})], NOW)).toBeUndefined();
});

test('each step of a device raises its line, and the lines go on until now while somebody is open', () => {
  const course = courseOf(
    [
      update({ state: 'succeeded', offeredAt: at(1), finishedAt: at(5) }),
      update({ state: 'failed', offeredAt: at(2), finishedAt: at(4) }),
      update({}),
    ],
    NOW,
  );
  expect(course?.begun).toEqual([0, 1, 2, 2, 2, 2]);
  expect(course?.failed).toEqual([0, 0, 0, 1, 1, 1]);
  expect(course?.succeeded).toEqual([0, 0, 0, 0, 1, 1]);
  expect(course?.times.at(-1)).toBe(NOW);
});

test('what was rejected or expired is neither success nor failure', () => {
  const course = courseOf([update({ state: 'expired', offeredAt: at(1), finishedAt: at(9) })], NOW);
  expect([course?.succeeded, course?.failed]).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

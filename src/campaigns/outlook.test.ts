// What is told beforehand about a running campaign: its end at the pace so far, and how near a halt is.
import { describe, expect, test } from 'vitest';
import { type Campaign, NO_TALLIES } from './campaign.ts';
import { haltNearness, PROGRESS_OPEN_MAX, type Progress, predictedFinish, progressed } from './outlook.ts';
import { END, givenCampaign, givenTimetable, phase, START } from './testing/given.ts';
import { after, hours, type Instant } from './time.ts';

const counting = (waiting: number, succeeded: number, more: Partial<Campaign> = {}): Campaign =>
  givenCampaign({ tallies: { ...NO_TALLIES, waiting, succeeded }, ...more });

/** Looked at every hour; `perHour` devices succeed meanwhile. */
function watched(count: number, perHour: number, more: Partial<Campaign> = {}) {
  let progress: Progress | undefined;
  let now: Instant = START;
  let campaign = counting(1_000, 0, more);
  for (let hour = 0; hour <= count; hour += 1) {
    now = after(START, hours(hour));
    campaign = counting(1_000 - hour * perHour, hour * perHour, more);
    progress = progressed(progress, campaign, now);
  }
  if (progress === undefined) throw new Error('it was not looked at');
  return { finish: predictedFinish(campaign, progress, now), now, progress };
}

describe('a campaign at its present pace', () => {
  test('is done when what is left has come to an end as fast as the others', () => {
    const { finish, now } = watched(4, 50);
    expect(finish).toBe(after(now, hours(16)));
  });

  test('is not predicted before it has run for some time, nor while it is held or not running', () => {
    expect(watched(1, 50).finish).toBeUndefined();
    const hold = { kind: 'paused', reason: 'r', since: START, rule: 'campaign.paused' } as const;
    expect(watched(8, 50, { hold }).finish).toBeUndefined();
    expect(watched(8, 50, { phase: phase('queued') }).finish).toBeUndefined();
  });

  test('goes on in its own hours only', () => {
    const timetable = givenTimetable({ downloadWindows: [{ from: 0, until: 6 }] });
    const { finish } = watched(4, 50, { timetable });
    // 16 hours of six a day, of which two are left on the first day.
    expect(finish).toBe(after(START, hours(3 * 24 + 2)));
  });

  test('misses its end where the hours until then do not suffice', () => {
    const { finish } = watched(4, 1);
    expect(finish).toBeGreaterThan(END);
    expect(watched(4, 0).finish).toBeGreaterThan(END);
  });

  test('is judged by what it did lately: the past loses its weight', () => {
    const { progress } = watched(60, 10);
    expect(progress.openFor).toBeLessThanOrEqual(PROGRESS_OPEN_MAX);
    expect(progress.gained / (progress.openFor / hours(1))).toBeCloseTo(10);
  });

  test('is done when nobody is left', () => {
    expect(predictedFinish(counting(0, 9), { at: START, done: 9, openFor: hours(0), gained: 0 }, START)).toBe(START);
  });
});

test('how near a halt is follows the score that decides: the canary until it is accepted, then the guard', () => {
  const campaign = givenCampaign();
  const { score } = campaign;
  if (score === undefined) throw new Error('no score');
  expect(haltNearness(campaign)).toEqual({ score: 'guard', share: 0 });
  const canary = { ...score.guard, value: score.plan.canary.halt / 2, verdict: 'continue' } as const;
  const guard = { ...score.guard, value: score.plan.guard.halt / 4 };
  const withCanary = { ...score, canary, guard };
  expect(haltNearness({ ...campaign, score: withCanary })).toEqual({ score: 'canary', share: 0.5 });
  const accepted = { ...withCanary, canary: { ...canary, verdict: 'accept' } as const };
  expect(haltNearness({ ...campaign, score: accepted })).toEqual({ score: 'guard', share: 0.25 });
  expect(haltNearness({ ...campaign, score: { ...withCanary, canaryApproved: true } })).toMatchObject({
    score: 'guard',
  });
  const { score: _none, ...unscored } = campaign;
  expect(haltNearness(unscored)).toBeUndefined();
});

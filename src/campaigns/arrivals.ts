// How many devices may begin in a time: buckets that fill evenly, of a campaign, an account or a label (engine.md §4).
import type { Arrivals } from './campaign.ts';
import type { Budget, Write } from './change.ts';
import type { Snapshot } from './input.ts';
import { LIMITS } from './limits.ts';
import { after, type Duration, type Instant, minutes } from './time.ts';

const WHOLE = 1_000;

/** How many may come at once after a pause: a sixth of a minute's worth, but never so few that a small campaign waits. */
export const burstOf = (perMinute: number): number => Math.max(LIMITS.arrivalBurstMin, Math.ceil(perMinute / 6));

export const fullArrivals = (perMinute: number, now: Instant): Arrivals => ({
  perMinute,
  level: burstOf(perMinute) * WHOLE,
  at: now,
});

/** The bucket as it is at `now`. */
export function filled<Bucket extends Pick<Arrivals, 'level' | 'at'>>(
  bucket: Bucket,
  perMinute: number,
  now: Instant,
): Bucket {
  const more = Math.floor((Math.max(0, now - bucket.at) * perMinute * WHOLE) / minutes(1));
  // Less than a thousandth is not lost: the bucket keeps its time until that much has come.
  if (more === 0) return bucket;
  return { ...bucket, level: Math.min(burstOf(perMinute) * WHOLE, bucket.level + more), at: now };
}

export const wholeOf = ({ level }: Pick<Arrivals, 'level'>): number => Math.max(0, Math.floor(level / WHOLE));

export const without = <Bucket extends Pick<Arrivals, 'level'>>(bucket: Bucket, count: number): Bucket => ({
  ...bucket,
  level: bucket.level - count * WHOLE,
});

/** When the bucket holds `count` arrivals, if nothing is taken before. */
function holdsAt(bucket: Pick<Arrivals, 'level' | 'at'>, perMinute: number, count = 1): Instant {
  const missing = Math.max(0, count * WHOLE - bucket.level);
  return after(bucket.at, Math.ceil((missing * minutes(1)) / (perMinute * WHOLE)) as Duration);
}

/** A label's allowance as a decision sees it. */
export interface LabelBudget {
  readonly row: Budget;
  readonly perMinute: number;
}

/** When a label of the device allows another arrival; undefined: now. */
export function labelsHoldBack({ budgets = [] }: Snapshot, now: Instant): Instant | undefined {
  const empty = budgets
    .map(({ row, perMinute }) => ({ bucket: filled(row, perMinute, now), perMinute }))
    .filter(({ bucket }) => wholeOf(bucket) === 0)
    .map(({ bucket, perMinute }) => holdsAt(bucket, perMinute));
  return empty.length === 0 ? undefined : (Math.max(...empty) as Instant);
}

/** One arrival is taken from every label's allowance, in the commit that offers. */
export const spend = ({ budgets = [] }: Snapshot, now: Instant): readonly Write[] =>
  budgets.map(({ row, perMinute }) => ({ op: 'replace-budget', row: without(filled(row, perMinute, now), 1) }));

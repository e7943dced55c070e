// How a running campaign gets on, from its own row: its pace so far, when it is done at that pace, how near it is to a halt.
import { type Campaign, campaignEnd, openOf } from './campaign.ts';
import { opensAnywhere } from './steward.ts';
import { after, type Duration, hours, type Instant } from './time.ts';
import { nextOpening, type Zone } from './windows.ts';

/** What was seen of a campaign's progress, the older the less it counts. */
export interface Progress {
  readonly at: Instant;
  /** Devices whose update was final then. */
  readonly done: number;
  /** Time in which it was open, and the devices that came to an end meanwhile. */
  readonly openFor: Duration;
  readonly gained: number;
}

/** Nothing is predicted from less; what is older than the second loses half of its weight. */
export const PROGRESS_OPEN_MIN = hours(2);
export const PROGRESS_OPEN_MAX = hours(24);

const doneOf = ({ tallies }: Campaign): number =>
  Object.values(tallies).reduce((sum, count) => sum + count, 0) - openOf(tallies) - tallies.succeededLate;

/** The pace with what has happened since it was looked at last. */
export function progressed(before: Progress | undefined, campaign: Campaign, now: Instant): Progress {
  const done = doneOf(campaign);
  if (before === undefined) return { at: now, done, openFor: hours(0), gained: 0 };
  const opened = opensAnywhere(campaign, now) ? now - before.at : 0;
  const openFor = before.openFor + opened;
  const gained = before.gained + Math.max(0, done - before.done);
  const weight = openFor > PROGRESS_OPEN_MAX ? 0.5 : 1;
  return { at: now, done, openFor: (openFor * weight) as Duration, gained: gained * weight };
}

/**
 * When its last device is done if it goes on as it has; after its end where the hours until then do not suffice. Undefined:
 * it does not run, or has not run for long enough.
 */
export function predictedFinish(campaign: Campaign, progress: Progress, now: Instant): Instant | undefined {
  const { phase, hold, timetable, tallies, zones } = campaign;
  if (phase.name !== 'scheduled' || hold !== undefined) return undefined;
  const left = openOf(tallies);
  if (left === 0) return now;
  if (progress.openFor < PROGRESS_OPEN_MIN) return undefined;
  // Where nobody has come to an end, one may be about to.
  const needed = (left * progress.openFor) / Math.max(progress.gained, 1);
  const zone = timetable.zone === 'device' ? (zones[0] ?? timetable.fallbackZone) : timetable.zone;
  return openTimeEnds({ needed, zone, now, end: campaignEnd(timetable) }, campaign);
}

interface Needed {
  readonly needed: number;
  readonly zone: Zone;
  readonly now: Instant;
  readonly end: Instant;
}

/** The instant at which so much open time has passed. */
function openTimeEnds({ needed, zone, now, end }: Needed, { timetable }: Campaign): Instant {
  let left = needed;
  let at = now;
  while (at < end) {
    const opening = nextOpening(timetable.downloadWindows, zone, at, end);
    if (opening === undefined) break;
    const length = opening.until - opening.from;
    if (left <= length) return Math.ceil(opening.from + left) as Instant;
    left -= length;
    at = opening.until;
  }
  return after(end, Math.min(Math.ceil(left), FAR) as Duration);
}

/** Further than this beyond the end no figure means anything. */
const FAR = hours(24 * 366);

/** Where the score stands that decides now, as a share of the bound at which it halts. */
export function haltNearness({ score }: Campaign):
  | {
      readonly score: 'canary' | 'guard';
      readonly share: number;
    }
  | undefined {
  if (score === undefined) return undefined;
  const { canary, guard, plan } = score;
  return canary !== undefined && canary.verdict !== 'accept' && !score.canaryApproved
    ? { score: 'canary', share: canary.value / plan.canary.halt }
    : { score: 'guard', share: guard.value / plan.guard.halt };
}

// Whether the dates and windows of an order can be, and what about them will not go as the caller may think.
import { type Campaign, campaignEnd, campaignStart, type Timetable } from './campaign.ts';
import type { Transport } from './device.ts';
import { LIMITS } from './limits.ts';
import { after, type Day, dayOf, days, endOfDay, type Instant, rfc3339 } from './time.ts';
import { type HourWindow, nextOpening, windowsOverlap } from './windows.ts';

/** A command that is refused: a code of the error catalogue and a sentence that says what would be accepted. */
export interface Refused {
  readonly ok: false;
  readonly code: 'INVALID_PARAMETER' | 'CAMPAIGN_STATE_INVALID';
  readonly sentence: string;
}
export const refused = (code: Refused['code'], sentence: string): Refused => ({ ok: false, code, sentence });
export const invalid = (sentence: string): Refused => refused('INVALID_PARAMETER', sentence);

/** The dates and windows of a request, checked; `stored`: those that the campaign has. */
export function checkTimetable(timetable: Timetable, now: Instant, stored?: Timetable): Refused | undefined {
  const today = dayOf(now);
  const yesterday = dayOf(after(now, -days(1) as ReturnType<typeof days>));
  const { startDate, endDate, downloadAfterDate, installAfterDate } = timetable;
  // Callers west of Greenwich still have yesterday (engine.md §2).
  if (startDate < yesterday && startDate !== stored?.startDate) {
    return invalid(`startDate: given ${startDate}, accepted: today (UTC ${today}) or later; yesterday means now.`);
  }
  if (endDate < startDate) return invalid(`endDate: given ${endDate}, accepted: ${startDate} (startDate) or later.`);
  if (endDate < today) return invalid(`endDate: given ${endDate}, accepted: today (UTC ${today}) or later.`);
  if (endOfDay(endDate) > after(now, LIMITS.horizonDaysMax)) {
    return invalid(
      `endDate: given ${endDate}, accepted: at most ${LIMITS.horizonDaysMax / days(1)} days from today (UTC ${today}).`,
    );
  }
  return (
    afterDate('downloadAfterDate', downloadAfterDate, endDate) ??
    afterDate('installAfterDate', installAfterDate, endDate)
  );
}

const afterDate = (field: string, day: Day | undefined, endDate: Day): Refused | undefined =>
  day !== undefined && day > endDate
    ? invalid(`${field}: given ${day}, accepted: ${endDate} (endDate) or earlier.`)
    : undefined;

/** What will not go as the caller may think; the campaign is accepted all the same. */
export function timetableWarnings(timetable: Timetable, now: Instant, transport: Transport): readonly string[] {
  const warnings: string[] = [];
  if (!windowsOverlap(timetable.downloadWindows, timetable.installWindows) && transport === 'HTTP') {
    warnings.push(
      'The download and install windows have no hour in common: devices whose client installs as it downloads will never be offered the image.',
    );
  }
  const from = Math.max(now, campaignStart(timetable)) as Instant;
  const zone = timetable.zone === 'device' ? timetable.fallbackZone : timetable.zone;
  if (nextOpening(timetable.downloadWindows, zone, from, campaignEnd(timetable)) === undefined) {
    warnings.push(
      `There is no open download hour in ${zone} between start and end: no device in that zone can be updated.`,
    );
  }
  return warnings;
}

export const TERMINAL = (campaign: Campaign): Refused =>
  refused(
    'CAMPAIGN_STATE_INVALID',
    `The campaign is over (${campaign.phase.name} since ${rfc3339(campaign.phase.since)}) and cannot be changed; schedule a new one.`,
  );

/** No window at all means always. */
export const hoursOf = (windows: readonly HourWindow[]): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => windows.length === 0 || windows.some((window) => window.from <= hour && hour < window.until),
  );

// When a campaign may do what, as it is edited: days, hours, zone, the rule at the close.

import type { CampaignView } from '../../sdk/operator.ts';
import { hoursOf, type Windows } from './hours.ts';

export interface When {
  readonly startDate: string;
  readonly endDate: string;
  readonly downloadWindows: Windows;
  readonly installWindows: Windows;
  readonly timeZone: string;
  readonly rule: CampaignView['rule'];
}

export const whenOf = ({ startDate, endDate, downloadWindows, installWindows, timeZone, rule }: When): When => ({
  startDate,
  endDate,
  downloadWindows,
  installWindows,
  timeZone,
  rule,
});

const DAY_MS = 86_400_000;

/** The UTC day, so many days from an instant. */
export const dayOf = (at: number, ahead = 0): string => new Date(at + ahead * DAY_MS).toISOString().slice(0, 10);

type Changed = { -readonly [Name in keyof When]?: When[Name] };

/** Only what differs. */
export function changesOf(before: When, after: When): Partial<When> {
  const changed: Changed = {};
  for (const name of ['startDate', 'endDate', 'timeZone'] as const) {
    if (before[name] !== after[name]) changed[name] = after[name];
  }
  if (before.rule !== after.rule) changed.rule = after.rule;
  for (const name of ['downloadWindows', 'installWindows'] as const) {
    if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) changed[name] = after[name];
  }
  return changed;
}

/** Whether some hour that was open is not any more. */
export const takesHoursAway = (before: When, after: When): boolean =>
  isNarrower(before.downloadWindows, after.downloadWindows) || isNarrower(before.installWindows, after.installWindows);

function isNarrower(before: Windows, after: Windows): boolean {
  const open = hoursOf(after);
  return [...hoursOf(before)].some((hour) => !open.has(hour));
}

/** Whether some hour is open that was not. */
export const givesHours = (before: When, after: When): boolean => takesHoursAway(after, before);

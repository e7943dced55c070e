// Windows as hours of the day: from lists to sets and back, and which hours of a week are open in a zone.

import type { CampaignView } from '../../sdk/operator.ts';

export type Windows = CampaignView['downloadWindows'];

export const HOURS: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour);

/** The hours in which a list of windows is open; an empty list is always open. */
export const hoursOf = (windows: Windows): ReadonlySet<number> =>
  new Set(
    windows.length === 0
      ? HOURS
      : HOURS.filter((hour) => windows.some(({ startTime, endTime }) => startTime <= hour && hour < endTime)),
  );

/** The shortest list that is open in these hours; all 24 are the empty list. */
export function windowsOf(hours: ReadonlySet<number>): Windows {
  if (hours.size === 24) return [];
  const windows: { startTime: number; endTime: number }[] = [];
  for (const hour of HOURS) {
    if (!hours.has(hour)) continue;
    const last = windows.at(-1);
    if (last !== undefined && last.endTime === hour) last.endTime = hour + 1;
    else windows.push({ startTime: hour, endTime: hour + 1 });
  }
  return windows;
}

const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** `22:00–24:00 and 00:00–06:00`, or `always`. */
export function windowsText(windows: Windows): string {
  if (windows.length === 0) return 'always';
  return windows.map(({ startTime, endTime }) => `${hourText(startTime)}–${hourText(endTime)}`).join(' and ');
}

export const zoneText = (zone: string): string =>
  zone === 'device' ? 'in the zone of each device' : `in ${zone.replaceAll('_', ' ')}`;

/** Names of the tz database that this browser knows. */
export const ZONES: readonly string[] = [
  'UTC',
  'device',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
];

/** The hour of the day that it is in a zone at an instant; undefined where the zone is unknown here. */
export function localHours(zone: string): (at: number) => number {
  if (zone === 'device' || zone === 'UTC') return (at) => new Date(at).getUTCHours();
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' });
  return (at) => Number(format.format(at));
}

// Whether something may happen at a moment, judged by other means than the engine's: the clock of the land, hour by hour.
import type { Campaign, Zone } from '../../src/campaigns/index.ts';

const DAY = 86_400_000;
/** Every zone changes its clocks at a whole quarter of an hour. */
const QUARTER = 900_000;

const formats = new Map<Zone, Intl.DateTimeFormat>();
const hours = new Map<string, number>();

function localHour(zone: Zone, at: number): number {
  const quarter = Math.floor(at / QUARTER);
  const key = `${zone} ${quarter}`;
  const known = hours.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' });
  formats.set(zone, format);
  const hour = Number(format.format(quarter * QUARTER));
  hours.set(key, hour);
  return hour;
}

const day = (text: string | undefined): number =>
  text === undefined ? Number.NEGATIVE_INFINITY : Date.parse(`${text}T00:00:00Z`);

export type Act = 'download' | 'install';

/** The hours alone: of the campaign's zone or of the device's. */
export function hoursAreOpen({ timetable }: Campaign, deviceZone: Zone | undefined, act: Act, at: number): boolean {
  const zone = timetable.zone === 'device' ? (deviceZone ?? timetable.fallbackZone) : timetable.zone;
  const windows = act === 'download' ? timetable.downloadWindows : timetable.installWindows;
  if (windows.length === 0) return true;
  const hour = localHour(zone, at);
  return windows.some((window) => hour >= window.from && hour < window.until);
}

/** Dates and phase: it has begun, it is not over, nobody holds it. */
export function isUnderWay({ timetable, phase, hold }: Campaign, act: Act, at: number): boolean {
  if (phase.name !== 'scheduled' || hold !== undefined) return false;
  if (at < day(timetable.startDate) || at >= day(timetable.endDate) + DAY) return false;
  return at >= day(act === 'download' ? timetable.downloadAfterDate : timetable.installAfterDate);
}

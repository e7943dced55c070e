// Dates, windows and zone of a request made into the timetable that the campaign keeps (engine.md §3).
import type { AccountSettings } from '../accounts/index.ts';
import {
  after,
  type Day,
  dayOf,
  days,
  type HourWindow,
  isZone,
  mergeWindows,
  type Timetable,
} from '../campaigns/index.ts';
import type { TimeWindow, WindowRule } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import { invalid, type Refusal } from './refusal.ts';

/** Absent fields keep what they are compared with (contract.md §9-4). */
export interface RequestedTimes {
  readonly startDate: string;
  readonly endDate: string;
  readonly downloadAfterDate?: string;
  readonly installAfterDate?: string;
  readonly downloadWindows?: readonly TimeWindow[];
  readonly installWindows?: readonly TimeWindow[];
  readonly timeZone?: string;
  readonly rule?: WindowRule;
}

interface SoftwareTimes {
  readonly startDate: string;
  readonly endDate: string;
  readonly downloadAfterDate?: string;
  readonly installAfterDate?: string;
  readonly downloadTimeWindowList?: readonly TimeWindow[];
  readonly installTimeWindowList?: readonly TimeWindow[];
  readonly timeZone?: string;
  readonly rule?: WindowRule;
}

export function softwareTimes(body: SoftwareTimes): RequestedTimes {
  const { downloadTimeWindowList, installTimeWindowList } = body;
  return {
    ...body,
    ...(downloadTimeWindowList === undefined ? {} : { downloadWindows: downloadTimeWindowList }),
    ...(installTimeWindowList === undefined ? {} : { installWindows: installTimeWindowList }),
  };
}

interface FirmwareTimes {
  readonly startDate: string;
  readonly endDate: string;
  readonly campaignTimeWindowList?: readonly TimeWindow[];
  readonly timeZone?: string;
  readonly rule?: WindowRule;
}

/** contract.md §2.6: the one list holds for downloading and installing. */
export function firmwareTimes(body: FirmwareTimes): RequestedTimes {
  const { campaignTimeWindowList: windows } = body;
  return { ...body, ...(windows === undefined ? {} : { downloadWindows: windows, installWindows: windows }) };
}

export type Standing = Omit<Timetable, 'startDate' | 'endDate'>;

/** What holds for a new campaign of this account where its request says nothing. */
export const standingOf = (settings: AccountSettings): Standing => ({
  downloadWindows: [],
  installWindows: [],
  zone: settings.windowTimeZone,
  fallbackZone: settings.deviceTimeZoneDefault,
  rule: 'strict',
});

export const hourWindowsOf = (windows: readonly TimeWindow[]): readonly HourWindow[] =>
  mergeWindows(windows.map(({ startTime, endTime }) => ({ from: startTime, until: endTime })));

export function timetableOf(times: RequestedTimes, standing: Standing): Timetable {
  const { downloadAfterDate, installAfterDate, downloadWindows, installWindows, timeZone, rule } = times;
  return {
    ...standing,
    startDate: times.startDate as Day,
    endDate: times.endDate as Day,
    ...(downloadAfterDate === undefined ? {} : { downloadAfterDate: downloadAfterDate as Day }),
    ...(installAfterDate === undefined ? {} : { installAfterDate: installAfterDate as Day }),
    ...(downloadWindows === undefined ? {} : { downloadWindows: hourWindowsOf(downloadWindows) }),
    ...(installWindows === undefined ? {} : { installWindows: hourWindowsOf(installWindows) }),
    ...(timeZone === undefined ? {} : { zone: timeZone }),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** `device` stands for the zone of each device. */
export function refuseZone(
  field: string,
  zone: string | undefined,
  orDevice: 'orDevice' | 'only',
): Refusal | undefined {
  if (zone === undefined || isZone(zone) || (orDevice === 'orDevice' && zone === 'device')) return undefined;
  const also = orDevice === 'orDevice' ? '"UTC", "device"' : '"UTC"';
  return invalid(
    `${field}: given ${JSON.stringify(zone)}, accepted: ${also} or a name of the tz database like Europe/Berlin.`,
  );
}

/** The horizon that the operator has set; the engine has one of its own, which is never nearer. */
export function refuseHorizon(endDate: string, { clock, limits }: ApiContext): Refusal | undefined {
  const { horizonDaysMax } = limits;
  const last = dayOf(after(clock.now(), days(horizonDaysMax)));
  if (endDate <= last) return undefined;
  return invalid(
    `endDate: given ${endDate}, accepted: at most ${horizonDaysMax} days from today (UTC ${dayOf(clock.now())}).`,
  );
}

// Times, spans and sizes as people read them: UTC first, then the clock on the wall there; no Intl, whose wording changes with its data.
import { type Duration, days, hours, type Instant, minutes, rfc3339, seconds } from '../time.ts';
import { type HourWindow, offsetAt, type Zone } from '../windows.ts';

/** From when times are told, and whose clock on the wall counts. */
export interface Here {
  readonly now: Instant;
  readonly zone: Zone;
}

interface Shown {
  readonly date: string;
  readonly time: string;
}

const shown = (at: Instant, offset: number): Shown => {
  const text = rfc3339((at + offset) as Instant);
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
};

/** What the clock on the wall shows: `15:41`. */
export const clockText = (at: Instant, zone: Zone): string => shown(at, offsetAt(zone, at)).time;

/** With its date: `2026-03-03 02:12`. */
export function wallText(at: Instant, zone: Zone): string {
  const { date, time } = shown(at, offsetAt(zone, at));
  return `${date} ${time}`;
}

/** Of the next 24 hours, and of the part of today that is over, the time of day says it all. */
const isNear = (at: Instant, now: Instant): boolean =>
  at >= now ? at - now < days(1) : shown(at, 0).date === shown(now, 0).date;

/** `08:12Z = 02:12 local`, with dates where the time of day would not say which day is meant. */
export function momentText(at: Instant, { now, zone }: Here): string {
  const utc = shown(at, 0);
  const near = isNear(at, now);
  const first = near ? `${utc.time}Z` : `${utc.date} ${utc.time}Z`;
  if (zone === 'UTC') return first;
  const local = shown(at, offsetAt(zone, at));
  return `${first} = ${near || local.date === utc.date ? '' : `${local.date} `}${local.time} local`;
}

/** `15 min`, `3 h`, `2 d`: the largest unit of which there is more than one and a half. */
export function spanText(span: Duration | number): string {
  const length = Math.max(0, span);
  if (length < seconds(90)) return `${Math.round(length / seconds(1))} s`;
  if (length < minutes(90)) return `${Math.round(length / minutes(1))} min`;
  if (length < hours(36)) return `${Math.round(length / hours(1))} h`;
  return `${Math.round(length / days(1))} d`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const hour = (value: number): string => String(value).padStart(2, '0');

/** `02-04, 22-24`. */
export const hoursText = (windows: readonly HourWindow[]): string =>
  windows.length === 0 ? 'all day' : windows.map(({ from, until }) => `${hour(from)}-${hour(until)}`).join(', ');

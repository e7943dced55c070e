// When something may happen: hour windows in a zone, as intervals of instants (engine.md §3).
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './time.ts';

/** Whole local hours, `from <= hour < until`, 0..23 and 1..24 (contract.md §2.0). */
export interface HourWindow {
  readonly from: number;
  readonly until: number;
}

/** Open from `from` until just before `until`. */
export interface Interval {
  readonly from: Instant;
  readonly until: Instant;
}

/** `UTC` or an IANA name. */
export type Zone = string;

const HOUR = 3_600_000;
const ZONE_SPANS_MAX = 4_096;
const FOREVER = 8.64e15;

interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

// Between two transitions the offset of a zone is constant; the spans are kept because asking for them is slow.
const spans = new Map<Zone, Span[]>();

export function isZone(text: string): boolean {
  if (text === 'UTC') return true;
  // Offsets like "+02:00" are accepted by Temporal but have no name and no rules: refuse them.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}

function spanAt(zone: Zone, at: number): Span {
  if (zone === 'UTC') return { from: -FOREVER, until: FOREVER, offset: 0 };
  const known = spans.get(zone)?.find((span) => span.from <= at && at < span.until);
  if (known !== undefined) return known;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const next = local.getTimeZoneTransition('next');
  // A transition at `at` itself is where its span begins.
  const previous = local.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const span = {
    from: previous === null ? -FOREVER : previous.epochMilliseconds,
    until: next === null ? FOREVER : next.epochMilliseconds,
    offset: Math.round(local.offsetNanoseconds / 1e6),
  };
  if (spans.size > ZONE_SPANS_MAX) spans.clear();
  spans.set(zone, [...(spans.get(zone) ?? []).slice(-7), span]);
  return span;
}

/** Milliseconds that local time is ahead of UTC. */
export function offsetAt(zone: Zone, at: Instant): number {
  return spanAt(zone, at).offset;
}

/** The wall-clock hour of an instant; instant to local is total, so nothing is ambiguous. */
export function localHour(zone: Zone, at: Instant): number {
  return hourIn(spanAt(zone, at), at);
}

const hourIn = (span: Span, at: number): number => {
  const local = Math.floor((at + span.offset) / HOUR) % 24;
  return local < 0 ? local + 24 : local;
};

const holds = (windows: readonly HourWindow[], hour: number): boolean =>
  windows.length === 0 || windows.some((window) => window.from <= hour && hour < window.until);

/** Where the wall-clock hour ends or the zone changes its offset, whichever is first. */
const stepEnd = (span: Span, at: number): number =>
  Math.min(span.until, (Math.floor((at + span.offset) / HOUR) + 1) * HOUR - span.offset);

/** No window at all means always (contract.md §3.4). */
export function isOpen(windows: readonly HourWindow[], zone: Zone, at: Instant): boolean {
  return windows.length === 0 || holds(windows, localHour(zone, at));
}

/** The first instant from `at` on, before `before`, whose local hour is open or not, as `open` asks. */
function search(
  windows: readonly HourWindow[],
  zone: Zone,
  at: Instant,
  before: Instant,
  open: boolean,
): Instant | undefined {
  let now: number = at;
  while (now < before) {
    const span = spanAt(zone, now);
    if (holds(windows, hourIn(span, now)) === open) return now as Instant;
    now = stepEnd(span, now);
  }
  return undefined;
}

/** The rest of the opening that holds `at`, cut at `before`; undefined when it is closed. */
export function openingAt(
  windows: readonly HourWindow[],
  zone: Zone,
  at: Instant,
  before: Instant,
): Interval | undefined {
  if (at >= before || !isOpen(windows, zone, at)) return undefined;
  if (windows.length === 0) return { from: at, until: before };
  return { from: at, until: search(windows, zone, at, before, false) ?? before };
}

/** The next opening at or after `at`, cut at `before`; undefined when there is none before it. */
export function nextOpening(
  windows: readonly HourWindow[],
  zone: Zone,
  at: Instant,
  before: Instant,
): Interval | undefined {
  const from = windows.length === 0 ? (at < before ? at : undefined) : search(windows, zone, at, before, true);
  return from === undefined ? undefined : openingAt(windows, zone, from, before);
}

/** The last instant from which on it has been open without a break until `at`, not before `floor`. */
function openSince(windows: readonly HourWindow[], zone: Zone, at: Instant, floor: Instant): Instant {
  let from: number = at;
  while (from > floor) {
    // The hour before: found from its last millisecond, so that a change of the offset in between is seen.
    const earlier = from - 1;
    const span = spanAt(zone, earlier);
    if (!holds(windows, hourIn(span, earlier))) break;
    from = Math.max(span.from, Math.floor((earlier + span.offset) / HOUR) * HOUR - span.offset);
  }
  return Math.max(from, floor) as Instant;
}

/** The whole opening that holds `at`, cut at the bounds; undefined when it is closed or out of bounds. */
export function openingAround(
  windows: readonly HourWindow[],
  zone: Zone,
  at: Instant,
  bounds: Interval,
): Interval | undefined {
  if (at < bounds.from) return undefined;
  const rest = openingAt(windows, zone, at, bounds.until);
  if (rest === undefined) return undefined;
  const from = windows.length === 0 ? bounds.from : openSince(windows, zone, at, bounds.from);
  return { from, until: rest.until };
}

/** Sorted, overlaps and neighbours joined: what is stored and answered is the union (contract.md §9-7). */
export function mergeWindows(windows: readonly HourWindow[]): readonly HourWindow[] {
  const sorted = [...windows].sort((a, b) => a.from - b.from || a.until - b.until);
  const merged: HourWindow[] = [];
  for (const window of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && window.from <= last.until) {
      merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, window.until) };
    } else merged.push(window);
  }
  return merged;
}

/** Whether both lists leave a common hour of the day; a list without windows is always open. */
export function windowsOverlap(one: readonly HourWindow[], other: readonly HourWindow[]): boolean {
  for (let hour = 0; hour < 24; hour += 1) if (holds(one, hour) && holds(other, hour)) return true;
  return false;
}

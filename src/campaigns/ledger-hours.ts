// The hours of a campaign as its ledger tells them: which timetables were in force at an instant, and what they allow.
import type { Timetable } from './campaign.ts';
import { type Act, openingAfter, openingOf } from './judged.ts';
import { objectIn } from './ledger-line.ts';
import { LIMITS } from './limits.ts';
import type { Day, Instant } from './time.ts';
import { type HourWindow, type Interval, isZone, offsetAt, type Zone } from './windows.ts';

/** An order bites within this time on every node (engine.md §4); clocks of nodes differ by less. */
export const REACH = LIMITS.permitMax;

interface Known {
  readonly from: Instant;
  readonly timetable: Timetable;
  /** The opening that was found last, by act and zone: most questions are about the same one. */
  readonly openings: Map<string, Interval>;
}

/** An act as an entry records it. */
export interface Asked extends Act {
  readonly zone: Zone;
  readonly at: Instant;
}

const same = (one: Interval | undefined, other: Interval | undefined): boolean =>
  one?.from === other?.from && one?.until === other?.until;

export class LedgerHours {
  readonly #known: Known[] = [];
  readonly #zones = new Map<string, boolean>();

  /** From `from` on this one is in force. */
  change(from: Instant, timetable: Timetable): void {
    this.#known.push({ from, timetable, openings: new Map() });
  }

  get isEmpty(): boolean {
    return this.#known.length === 0;
  }

  /** Those that a node may have gone by at this instant; more than one only just before and after a change. */
  #inForce(at: Instant, zone: Zone): readonly Known[] {
    if (!this.#isZone(zone)) return [];
    return this.#known.filter(({ from, timetable }, place) => {
      const next = this.#known[place + 1]?.from ?? Number.POSITIVE_INFINITY;
      const applies = from - REACH <= at && at < next + REACH;
      return applies && (timetable.zone === 'device' || timetable.zone === zone);
    });
  }

  #isZone(zone: Zone): boolean {
    const known = this.#zones.get(zone);
    if (known !== undefined) return known;
    const found = isZone(zone);
    if (this.#zones.size < LIMITS.zonesMax) this.#zones.set(zone, found);
    return found;
  }

  /** Whether one of them has this opening at `at`. */
  hasOpening(asked: Asked, bounds: Interval): boolean {
    return this.#inForce(asked.at, asked.zone).some((known) => same(opening(known, asked), bounds));
  }

  isOpen(asked: Asked): boolean {
    return this.#inForce(asked.at, asked.zone).some((known) => opening(known, asked) !== undefined);
  }

  isClosed(asked: Asked): boolean {
    return this.#inForce(asked.at, asked.zone).some((known) => opening(known, asked) === undefined);
  }

  /** Whether one of them opens next at these bounds. */
  opensNext(asked: Asked, bounds: Interval): boolean {
    return this.#inForce(asked.at, asked.zone).some(({ timetable }) =>
      same(openingAfter(timetable, asked, asked.zone, asked.at), bounds),
    );
  }

  hasOffset({ zone, at }: Asked, offset: number): boolean {
    return this.#isZone(zone) && offsetAt(zone, at) === offset;
  }

  /** How long a transfer may go on that is begun in an opening that ends at `until`. */
  latestEnd({ at, zone }: Asked, until: Instant, end: (timetable: Timetable, until: Instant) => Instant): Instant {
    const ends = this.#inForce(at, zone).map(({ timetable }) => end(timetable, until));
    return Math.max(until, ...ends) as Instant;
  }

  /** Whether no timetable in force lets a transfer go on after the close. */
  isStrict({ at, zone }: Asked): boolean {
    return this.#inForce(at, zone).every(({ timetable }) => timetable.rule === 'strict');
  }
}

function opening({ timetable, openings }: Known, { act, installs, zone, at }: Asked): Interval | undefined {
  const key = `${act} ${installs} ${zone}`;
  const last = openings.get(key);
  if (last !== undefined && last.from <= at && at < last.until) return last;
  const found = openingOf(timetable, { act, installs }, zone, at);
  if (found !== undefined) openings.set(key, found);
  return found;
}

/** A timetable out of an entry's fact; undefined when it is none. */
export function readTimetable(text: unknown): Timetable | undefined {
  const value = typeof text === 'string' ? objectIn(text) : undefined;
  if (value === undefined) return undefined;
  const { startDate, endDate, downloadAfterDate, installAfterDate, zone, fallbackZone, rule } = value;
  const { downloadWindows, installWindows } = value;
  const days = [startDate, endDate].every(isDay) && [downloadAfterDate, installAfterDate].every(isNoneOrDay);
  const zones = typeof zone === 'string' && typeof fallbackZone === 'string';
  const hours = isWindows(downloadWindows) && isWindows(installWindows);
  const rules = rule === 'strict' || rule === 'start-before-close';
  return days && zones && hours && rules ? (value as unknown as Timetable) : undefined;
}

const isDay = (value: unknown): value is Day => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
const isNoneOrDay = (value: unknown): boolean => value === undefined || isDay(value);
const isHour = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 24;
const isWindows = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one: Partial<HourWindow> | null) => isHour(one?.from) && isHour(one?.until));

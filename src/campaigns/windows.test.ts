// Windows in every kind of zone, compared with Intl.DateTimeFormat as an independent clock on the wall.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utc } from './testing/given.ts';
import { hours, type Instant, instant } from './time.ts';
import {
  type HourWindow,
  isOpen,
  isZone,
  localHour,
  mergeWindows,
  nextOpening,
  offsetAt,
  openingAround,
  openingAt,
  windowsOverlap,
  type Zone,
} from './windows.ts';

const MINUTE = 60_000;
const SEED = 20_260_302;

const NEW_YORK = 'America/New_York';
const SYDNEY = 'Australia/Sydney';
const LORD_HOWE = 'Australia/Lord_Howe';
const ZONES = [
  'UTC',
  NEW_YORK,
  SYDNEY,
  LORD_HOWE,
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Santiago',
] as const;

const formats = new Map<Zone, Intl.DateTimeFormat>();
function hourOnTheWall(zone: Zone, at: number): number {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
  formats.set(zone, format);
  return Number(format.formatToParts(at).find(({ type }) => type === 'hour')?.value);
}
const openOnTheWall = (windows: readonly HourWindow[], zone: Zone, at: number): boolean => {
  const hour = hourOnTheWall(zone, at);
  return windows.length === 0 || windows.some(({ from, until }) => from <= hour && hour < until);
};

const windows = (...pairs: readonly (readonly [number, number])[]): readonly HourWindow[] =>
  pairs.map(([from, until]) => ({ from, until }));

describe('hours', () => {
  test('a window is open from its first hour until just before its last', () => {
    const night = windows([2, 4]);
    expect(isOpen(night, 'UTC', utc('2026-03-02T01:59:59.999Z'))).toBe(false);
    expect(isOpen(night, 'UTC', utc('2026-03-02T02:00:00Z'))).toBe(true);
    expect(isOpen(night, 'UTC', utc('2026-03-02T03:59:59.999Z'))).toBe(true);
    expect(isOpen(night, 'UTC', utc('2026-03-02T04:00:00Z'))).toBe(false);
  });

  test('several windows are open when any of them is', () => {
    const both = windows([2, 4], [22, 24]);
    expect(isOpen(both, 'UTC', utc('2026-03-02T23:30:00Z'))).toBe(true);
    expect(isOpen(both, 'UTC', utc('2026-03-02T03:30:00Z'))).toBe(true);
    expect(isOpen(both, 'UTC', utc('2026-03-02T12:00:00Z'))).toBe(false);
  });

  test('no window at all means always', () => {
    const now = utc('2026-03-02T12:00:00Z');
    const before = utc('2026-03-05T00:00:00Z');
    expect(isOpen([], SYDNEY, now)).toBe(true);
    expect(openingAt([], SYDNEY, now, before)).toEqual({ from: now, until: before });
    expect(nextOpening([], SYDNEY, now, before)).toEqual({ from: now, until: before });
    expect(nextOpening([], SYDNEY, before, before)).toBeUndefined();
  });

  test('a window that reaches midnight goes on into one that begins there', () => {
    const night = windows([0, 4], [22, 24]);
    const opening = openingAt(night, 'UTC', utc('2026-03-02T22:00:00Z'), utc('2026-03-09T00:00:00Z'));
    expect(opening?.until).toBe(utc('2026-03-03T04:00:00Z'));
  });

  test('an opening is cut where the campaign ends', () => {
    const cut = utc('2026-03-02T03:00:00Z');
    expect(openingAt(windows([2, 4]), 'UTC', utc('2026-03-02T02:30:00Z'), cut)?.until).toBe(cut);
    expect(nextOpening(windows([5, 6]), 'UTC', utc('2026-03-02T02:30:00Z'), cut)).toBeUndefined();
  });

  test('before 1970 the hours are those on the wall too', () => {
    expect(localHour('UTC', utc('1969-12-31T23:30:00Z'))).toBe(23);
    expect(localHour(NEW_YORK, utc('1969-12-31T23:30:00Z'))).toBe(18);
  });
});

describe('clock changes', () => {
  const before = utc('2027-01-01T00:00:00Z');

  test('New York in spring: the hour from two to three does not exist and opens nothing that day', () => {
    const opening = nextOpening(windows([2, 3]), NEW_YORK, utc('2026-03-08T05:00:00Z'), before);
    expect(opening).toEqual({ from: utc('2026-03-09T06:00:00Z'), until: utc('2026-03-09T07:00:00Z') });
    const around = openingAt(windows([1, 4]), NEW_YORK, utc('2026-03-08T06:00:00Z'), before);
    expect(around?.until).toBe(utc('2026-03-08T08:00:00Z'));
  });

  test('New York in autumn: the hour from one to two comes twice and is open both times', () => {
    const opening = nextOpening(windows([1, 2]), NEW_YORK, utc('2026-11-01T04:30:00Z'), before);
    expect(opening).toEqual({ from: utc('2026-11-01T05:00:00Z'), until: utc('2026-11-01T07:00:00Z') });
  });

  test('Sydney goes the other way round in the same months', () => {
    const gap = nextOpening(windows([2, 3]), SYDNEY, utc('2026-10-03T14:00:00Z'), before);
    expect(gap?.from).toBe(utc('2026-10-04T15:00:00Z'));
    const overlap = nextOpening(windows([2, 3]), SYDNEY, utc('2026-04-04T14:00:00Z'), before);
    expect(overlap).toEqual({ from: utc('2026-04-04T15:00:00Z'), until: utc('2026-04-04T17:00:00Z') });
  });

  test('Lord Howe moves its clocks by half an hour', () => {
    const gap = nextOpening(windows([2, 3]), LORD_HOWE, utc('2026-10-03T14:00:00Z'), before);
    expect(gap).toEqual({ from: utc('2026-10-03T15:30:00Z'), until: utc('2026-10-03T16:00:00Z') });
    const overlap = nextOpening(windows([1, 2]), LORD_HOWE, utc('2026-04-04T13:00:00Z'), before);
    expect(overlap).toEqual({ from: utc('2026-04-04T14:00:00Z'), until: utc('2026-04-04T15:30:00Z') });
  });

  test.each<[string, Zone, readonly HourWindow[], string, string, string]>([
    [
      'New York skips an hour',
      NEW_YORK,
      windows([1, 4]),
      '2026-03-08T07:30Z',
      '2026-03-08T06:00Z',
      '2026-03-08T08:00Z',
    ],
    ['New York repeats one', NEW_YORK, windows([1, 2]), '2026-11-01T06:30Z', '2026-11-01T05:00Z', '2026-11-01T07:00Z'],
    ['Sydney skips an hour', SYDNEY, windows([1, 4]), '2026-10-03T16:30Z', '2026-10-03T15:00Z', '2026-10-03T17:00Z'],
    ['Sydney repeats one', SYDNEY, windows([2, 3]), '2026-04-04T16:30Z', '2026-04-04T15:00Z', '2026-04-04T17:00Z'],
    [
      'Lord Howe skips half an hour',
      LORD_HOWE,
      windows([1, 3]),
      '2026-10-03T15:45Z',
      '2026-10-03T14:30Z',
      '2026-10-03T16:00Z',
    ],
    [
      'a Lord Howe hour begins late',
      LORD_HOWE,
      windows([2, 3]),
      '2026-10-03T15:45Z',
      '2026-10-03T15:30Z',
      '2026-10-03T16:00Z',
    ],
    [
      'Lord Howe repeats half an hour',
      LORD_HOWE,
      windows([1, 2]),
      '2026-04-04T15:15Z',
      '2026-04-04T14:00Z',
      '2026-04-04T15:30Z',
    ],
  ])('the whole opening is found where %s', (_, zone, open, at, from, until) => {
    const bounds = { from: utc('2026-01-01T00:00Z'), until: before };
    const whole = { from: utc(from), until: utc(until) };
    expect(openingAround(open, zone, utc(at), bounds)).toEqual(whole);
    expect(openingAround(open, zone, whole.from, bounds)).toEqual(whole);
    expect(openingAround(open, zone, instant(whole.until - 1), bounds)).toEqual(whole);
    expect(openingAround(open, zone, whole.until, bounds)).toBeUndefined();
    expect(openingAround(open, zone, utc(at), { from: utc(at), until: before })?.from).toBe(utc(at));
  });

  test('zones of half and quarter hours open on their own full hours', () => {
    const from = utc('2026-03-02T00:00:00Z');
    expect(nextOpening(windows([6, 7]), 'Asia/Kolkata', from, before)?.from).toBe(utc('2026-03-02T00:30:00Z'));
    expect(nextOpening(windows([6, 7]), 'Asia/Kathmandu', from, before)?.from).toBe(utc('2026-03-02T00:15:00Z'));
    expect(offsetAt('Asia/Kathmandu', from)).toBe(345 * MINUTE);
  });
});

const anyWindows = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
    .filter(([from, until]) => from < until)
    .map(([from, until]) => ({ from, until })),
  { maxLength: 3 },
);
// Half of the instants lie within a day of a clock change in one of the zones.
const CHANGES = [
  '2026-03-08T07:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
  '2026-10-03T15:30Z',
  '2026-03-29T01:00Z',
];
const anyInstant = fc.oneof(
  fc.integer({ min: utc('2025-01-01T00:00Z') / MINUTE, max: utc('2028-01-01T00:00Z') / MINUTE }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -1_440, max: 1_440 }))
    .map(([change, minutes]) => utc(change) / MINUTE + minutes),
);
const anyCase = fc.record({ windows: anyWindows, zone: fc.constantFrom(...ZONES), minute: anyInstant });

describe('compared with another clock, minute by minute', () => {
  const runs = { seed: SEED, numRuns: 150 };

  test('an instant is open exactly when the hour on the wall lies in a window', () => {
    fc.assert(
      fc.property(anyCase, ({ windows, zone, minute }) => {
        const at = instant(minute * MINUTE);
        expect(localHour(zone, at)).toBe(hourOnTheWall(zone, at));
        expect(isOpen(windows, zone, at)).toBe(openOnTheWall(windows, zone, at));
      }),
      { ...runs, numRuns: 400 },
    );
  });

  test('the next opening begins at the first open minute and ends before the first closed one', () => {
    fc.assert(
      fc.property(anyCase, ({ windows, zone, minute }) => {
        const at = instant(minute * MINUTE);
        const before = instant(at + hours(30));
        const seen: boolean[] = [];
        for (let now = at; now < before; now = (now + 15 * MINUTE) as Instant) {
          // All offsets of these zones are multiples of a quarter of an hour; the phase of the search is kept.
          const quarter = instant(Math.floor(now / (15 * MINUTE)) * 15 * MINUTE);
          seen.push(openOnTheWall(windows, zone, Math.max(quarter, at)));
        }
        const quarterAt = (index: number): number =>
          index === 0 ? at : Math.floor((at + index * 15 * MINUTE) / (15 * MINUTE)) * 15 * MINUTE;
        const opens = seen.indexOf(true);
        const opening = nextOpening(windows, zone, at, before);
        if (opens === -1) {
          expect(opening === undefined || opening.from >= quarterAt(seen.length - 1)).toBe(true);
          return;
        }
        expect(opening?.from).toBe(quarterAt(opens));
        const closes = seen.indexOf(false, opens);
        if (closes !== -1) expect(opening?.until).toBe(quarterAt(closes));
        else expect(opening?.until).toBeGreaterThanOrEqual(quarterAt(seen.length - 1));
      }),
      runs,
    );
  });

  test('an opening holds the instant it was asked for, and touches no closed minute', () => {
    fc.assert(
      fc.property(anyCase, ({ windows, zone, minute }) => {
        const at = instant(minute * MINUTE);
        const opening = openingAt(windows, zone, at, instant(at + hours(26)));
        expect(opening !== undefined).toBe(openOnTheWall(windows, zone, at));
        if (opening === undefined) return;
        expect(opening.from).toBe(at);
        expect(openOnTheWall(windows, zone, opening.until - 1)).toBe(true);
        if (opening.until < at + hours(26)) expect(openOnTheWall(windows, zone, opening.until)).toBe(false);
      }),
      runs,
    );
  });

  test('the whole opening is the same from each of its minutes, and before it and after it is closed', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(30 * 60), ({ windows, zone, minute }, back) => {
        const at = instant(minute * MINUTE);
        const bounds = { from: instant(at - back * MINUTE), until: instant(at + hours(26)) };
        const whole = openingAround(windows, zone, at, bounds);
        expect(whole !== undefined).toBe(openOnTheWall(windows, zone, at));
        if (whole === undefined) return;
        if (whole.from > bounds.from) expect(openOnTheWall(windows, zone, whole.from - 1)).toBe(false);
        if (whole.until < bounds.until) expect(openOnTheWall(windows, zone, whole.until)).toBe(false);
        for (let now: number = whole.from; now < whole.until; now += 30 * MINUTE) {
          expect(openOnTheWall(windows, zone, now)).toBe(true);
          expect(openingAround(windows, zone, instant(now), bounds)).toEqual(whole);
        }
      }),
      runs,
    );
  });

  test('merging and overlap say the same as the hours one by one', () => {
    fc.assert(
      fc.property(anyWindows, anyWindows, (one, other) => {
        const merged = mergeWindows(one);
        const hoursOf = (list: readonly HourWindow[]) =>
          Array.from({ length: 24 }, (_, hour) => list.some(({ from, until }) => from <= hour && hour < until));
        expect(hoursOf(merged)).toEqual(hoursOf(one));
        for (const [index, window] of merged.entries()) {
          if (index > 0) expect(window.from).toBeGreaterThan(merged[index - 1]?.until ?? 0);
        }
        const always = (list: readonly HourWindow[]) => (list.length === 0 ? windows([0, 24]) : list);
        const common = hoursOf(always(one)).some((open, hour) => open && hoursOf(always(other))[hour]);
        expect(windowsOverlap(one, other)).toBe(common);
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

describe('merging', () => {
  test('joins overlaps and neighbours and sorts', () => {
    expect(mergeWindows(windows([5, 8], [1, 3], [3, 4], [6, 7]))).toEqual(windows([1, 4], [5, 8]));
    expect(mergeWindows([])).toEqual([]);
  });
});

describe('zone names', () => {
  test.each(['UTC', NEW_YORK, 'Asia/Kolkata', 'Etc/GMT+5'])('%s is a zone', (name) => expect(isZone(name)).toBe(true));
  test.each(['', 'Mars/Olympus', '+02:00', 'device', 'New York', 'America'])('"%s" is none', (name) =>
    expect(isZone(name)).toBe(false),
  );
});

// By which hours a decision was judged, as the ledger records it: zone, offset, bounds in UTC, zone data (engine.md §8).
import { campaignEnd, downloadFrom, installFrom, type Timetable } from './campaign.ts';
import type { Entry } from './change.ts';
import type { Moment, Snapshot } from './input.ts';
import { installsAsItDownloads, zoneOf } from './permits.ts';
import type { Instant } from './time.ts';
import { type HourWindow, type Interval, nextOpening, offsetAt, openingAround, type Zone } from './windows.ts';

type Facts = NonNullable<Entry['facts']>;

/** What is done; `installs`: who downloads installs at once, so that both hours have to be open (engine.md §3). */
export interface Act {
  readonly act: 'download' | 'install';
  readonly installs: boolean;
}

interface Hours {
  readonly windows: readonly HourWindow[];
  /** The first instant that no date forbids. */
  readonly from: Instant;
}

function hoursOf(timetable: Timetable, { act, installs }: Act): readonly Hours[] {
  const download = { windows: timetable.downloadWindows, from: downloadFrom(timetable) };
  const install = { windows: timetable.installWindows, from: installFrom(timetable) };
  if (act === 'install') return [install];
  return installs ? [download, install] : [download];
}

/** The opening that holds `at`, where all of the hours are open; undefined when they are not. */
export function openingOf(timetable: Timetable, act: Act, zone: Zone, at: Instant): Interval | undefined {
  const end = campaignEnd(timetable);
  let bounds: Interval | undefined;
  for (const { windows, from } of hoursOf(timetable, act)) {
    const opening = openingAround(windows, zone, at, { from, until: end });
    if (opening === undefined) return undefined;
    bounds = {
      from: Math.max(bounds?.from ?? opening.from, opening.from) as Instant,
      until: Math.min(bounds?.until ?? opening.until, opening.until) as Instant,
    };
  }
  return bounds;
}

/** The opening that is named when something is refused at `at`: of the first of the hours. */
export function openingAfter(timetable: Timetable, act: Act, zone: Zone, at: Instant): Interval | undefined {
  const end = campaignEnd(timetable);
  const [first] = hoursOf(timetable, act).map(({ windows, from }) =>
    nextOpening(windows, zone, Math.max(from, at) as Instant, end),
  );
  return first;
}

const zoneFacts = (zone: Zone, at: Instant, tzdata: string | undefined): Facts => ({
  zone,
  utcOffset: offsetAt(zone, at),
  ...(tzdata === undefined ? {} : { tzdata }),
});

const boundsFacts = (bounds: Interval | undefined): Facts =>
  bounds === undefined ? {} : { windowFrom: bounds.from, windowUntil: bounds.until };

/** Why something was allowed at this moment. */
export function allowedBy(snapshot: Snapshot, act: Act['act'], { now, tzdata }: Moment): Facts {
  const { timetable } = snapshot.campaign;
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  const installs = act === 'download' && installsAsItDownloads(snapshot);
  const bounds = openingOf(timetable, { act, installs }, zone, now);
  return { act, ...(installs ? { installs } : {}), ...zoneFacts(zone, now, tzdata), ...boundsFacts(bounds) };
}

/** Why something was refused at this moment: the hours that open next. */
export function refusedBy(snapshot: Snapshot, act: Act['act'], { now, tzdata }: Moment): Facts {
  const { timetable } = snapshot.campaign;
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  const bounds = openingAfter(timetable, { act, installs: false }, zone, now);
  return { act, ...zoneFacts(zone, now, tzdata), ...boundsFacts(bounds) };
}

/** The whole timetable in one fact: by it and the zone a verifier finds every opening again. */
export const timetableFacts = (timetable: Timetable): Facts => ({ timetable: JSON.stringify(timetable) });

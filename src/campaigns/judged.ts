// By which hours a decision was judged, as the ledger records it: zone, offset, bounds in UTC, zone data (engine.md §8).
import { campaignEnd, downloadFrom, installFrom } from './campaign.ts';
import type { Entry } from './change.ts';
import type { Moment, Snapshot } from './input.ts';
import { installsAsItDownloads, zoneOf } from './permits.ts';
import type { Instant } from './time.ts';
import { type HourWindow, nextOpening, offsetAt, openingAround, type Zone } from './windows.ts';

type Facts = NonNullable<Entry['facts']>;

interface Hours {
  readonly windows: readonly HourWindow[];
  /** The first instant that no date forbids. */
  readonly from: Instant;
}

const hoursOf = (snapshot: Snapshot, act: 'download' | 'install'): readonly Hours[] => {
  const { timetable } = snapshot.campaign;
  const download = { windows: timetable.downloadWindows, from: downloadFrom(timetable) };
  const install = { windows: timetable.installWindows, from: installFrom(timetable) };
  if (act === 'install') return [install];
  return installsAsItDownloads(snapshot) ? [download, install] : [download];
};

/** The opening that holds `at`, where all of the hours are open; undefined when they are not. */
function openingOf(snapshot: Snapshot, act: 'download' | 'install', zone: Zone, at: Instant) {
  const end = campaignEnd(snapshot.campaign.timetable);
  let bounds: { from: number; until: number } | undefined;
  for (const { windows, from } of hoursOf(snapshot, act)) {
    const opening = openingAround(windows, zone, at, { from, until: end });
    if (opening === undefined) return undefined;
    bounds = {
      from: Math.max(bounds?.from ?? opening.from, opening.from),
      until: Math.min(bounds?.until ?? opening.until, opening.until),
    };
  }
  return bounds;
}

const zoneFacts = (zone: Zone, at: Instant, tzdata: string | undefined): Facts => ({
  zone,
  utcOffset: offsetAt(zone, at),
  ...(tzdata === undefined ? {} : { tzdata }),
});

/** Why something was allowed at this moment. */
export function allowedBy(snapshot: Snapshot, act: 'download' | 'install', { now, tzdata }: Moment): Facts {
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  const opening = openingOf(snapshot, act, zone, now);
  const bounds = opening === undefined ? {} : { windowFrom: opening.from, windowUntil: opening.until };
  return { act, ...zoneFacts(zone, now, tzdata), ...bounds };
}

/** Why something was refused at this moment: the hours that open next. */
export function refusedBy(snapshot: Snapshot, act: 'download' | 'install', { now, tzdata }: Moment): Facts {
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  const end = campaignEnd(snapshot.campaign.timetable);
  const [first] = hoursOf(snapshot, act).map(({ windows, from }) =>
    nextOpening(windows, zone, Math.max(from, now) as Instant, end),
  );
  const bounds = first === undefined ? {} : { windowFrom: first.from, windowUntil: first.until };
  return { act, ...zoneFacts(zone, now, tzdata), ...bounds };
}

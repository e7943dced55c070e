// Which hours of the coming days are open, for downloads and for installs, in UTC and in the zone of the campaign.

import type { ReactNode } from 'react';
import { HOURS, hoursOf, localHours, type Windows, zoneText } from './hours.ts';

interface WeekGridProps {
  readonly startDate: string;
  readonly endDate: string;
  readonly zone: string;
  readonly downloads: Windows;
  readonly installs: Windows;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS_MAX = 7;
const DAY_WORD = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

type Open = 'both' | 'download' | 'install' | 'none';
const OPEN_WORDS: Readonly<Record<Open, string>> = {
  both: 'downloads and installs',
  download: 'downloads only',
  install: 'installs only',
  none: 'nothing',
};

export function WeekGrid({ startDate, endDate, zone, downloads, installs }: WeekGridProps): ReactNode {
  const first = Date.parse(`${startDate}T00:00:00Z`);
  const last = Date.parse(`${endDate}T00:00:00Z`);
  if (!(last >= first)) return null;
  const days = Array.from(
    { length: Math.min(DAYS_MAX, (last - first) / DAY_MS + 1) },
    (_, day) => first + day * DAY_MS,
  );
  const [mayDownload, mayInstall, hourIn] = [hoursOf(downloads), hoursOf(installs), localHours(zone)];
  const openAt = (at: number): Open => {
    const hour = hourIn(at);
    if (mayDownload.has(hour)) return mayInstall.has(hour) ? 'both' : 'download';
    return mayInstall.has(hour) ? 'install' : 'none';
  };
  const isDevice = zone === 'device';
  return (
    <div className="stack-tight">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <section className="table-room" tabIndex={0} aria-label="Open hours">
        <table className="week">
          <caption className="hidden-word">Open hours {zoneText(zone)}</caption>
          <thead>
            <tr>
              <th scope="row">{isDevice ? 'Its own time' : 'UTC'}</th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {hour % 3 === 0 ? hour : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day}>
                <th scope="row">{DAY_WORD.format(day)}</th>
                {HOURS.map((hour) => {
                  const open = openAt(day + hour * HOUR_MS);
                  const there = isDevice ? '' : ` UTC = ${hourIn(day + hour * HOUR_MS)}:00 ${zoneText(zone)}`;
                  return <td key={hour} className={`open-${open}`} title={`${hour}:00${there}: ${OPEN_WORDS[open]}`} />;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="legend small">
        {(['both', 'download', 'install', 'none'] as const).map((open) => (
          <span key={open} className="state">
            <span className={`state-dot week-${open}`} aria-hidden="true" /> {OPEN_WORDS[open]}
          </span>
        ))}
      </div>
    </div>
  );
}

// The one way in which the console shows an instant: in UTC and in the zone of the browser, and how long ago it was.

import { type ReactNode, useSyncExternalStore } from 'react';
import { clock } from '../clock.ts';

const TICK_MS = 5_000;
let now = clock.now();
const listeners = new Set<() => void>();

function tick(): void {
  clock.after(TICK_MS, () => {
    now = clock.now();
    for (const tell of listeners) tell();
    if (listeners.size > 0) tick();
  });
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = clock.now();
    tick();
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The time of day, looked at every few seconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat('en-GB', options);
const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const HOUR = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY_UTC = format({ ...DAY, timeZone: 'UTC' });
const HOUR_UTC = format({ ...HOUR, timeZone: 'UTC' });
const DAY_LOCAL = format(DAY);
const HOUR_LOCAL = format(HOUR);
const LOCAL_ZONE = DAY_LOCAL.resolvedOptions().timeZone;
const isUtc = /^(?:Etc\/)?(?:UTC|GMT|UCT|Zulu|Universal)$/.test(LOCAL_ZONE);

/** `23 Nov 2026, 02:02 UTC`. */
export const utcText = (at: number): string => `${DAY_UTC.format(at)}, ${HOUR_UTC.format(at)} UTC`;

/** `03:02 in Europe/Berlin`, with the day where that is another one; undefined where local is UTC. */
function localText(at: number): string | undefined {
  if (isUtc) return undefined;
  const day = DAY_LOCAL.format(at) === DAY_UTC.format(at) ? '' : `${DAY_LOCAL.format(at)}, `;
  return `${day}${HOUR_LOCAL.format(at)} in ${LOCAL_ZONE.replaceAll('_', ' ')}`;
}

const STEPS: readonly (readonly [ms: number, word: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** `5 min ago`, `in 3 h`, `just now`. */
export function awayText(at: number, from: number): string {
  const away = at - from;
  const [size, word] = STEPS.find(([ms]) => Math.abs(away) >= ms) ?? [0, ''];
  if (size === 0) return away > 0 ? 'in a moment' : 'just now';
  const count = Math.floor(Math.abs(away) / size);
  return away > 0 ? `in ${count} ${word}` : `${count} ${word} ago`;
}

interface TimeProps {
  /** RFC 3339; absent is shown as a dash. */
  readonly at: string | undefined;
  /** `full`: both zones and how long ago. `short`: how long ago, the rest on hovering. */
  readonly mode?: 'full' | 'short';
}

export function Time({ at, mode = 'full' }: TimeProps): ReactNode {
  const current = useNow();
  if (at === undefined) return <span className="dimmed">–</span>;
  const instant = Date.parse(at);
  const [utc, local, away] = [utcText(instant), localText(instant), awayText(instant, current)];
  const all = [utc, local].filter((one) => one !== undefined).join(' = ');
  if (mode === 'short') {
    return (
      <time dateTime={at} title={all}>
        {away}
      </time>
    );
  }
  return (
    <time dateTime={at} title={all} className="time">
      {utc} <span className="dimmed">{[local, away].filter((one) => one !== undefined).join(' · ')}</span>
    </time>
  );
}

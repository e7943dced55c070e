// For tests only: explains where a story stands, for a device that polls every 15 minutes and was heard 14 minutes ago.
import { explain } from '../explain/explain.ts';
import type { Explanation, Part, Seen } from '../explain/explanation.ts';
import { type Instant, instant, minutes } from '../time.ts';
import type { Story } from './given.ts';

export const everyQuarter = (now: Instant): Seen => ({
  instants: [0, 1, 2, 3].map((back) => instant(now - minutes(14) - back * minutes(15))),
  pollEvery: minutes(5),
});

export const tell = (
  { snapshot, now }: Story,
  { seen = everyQuarter(now), parts = [] }: { readonly seen?: Seen; readonly parts?: readonly Part[] } = {},
): Explanation => explain({ is: 'update', now, seen, parts, snapshot });

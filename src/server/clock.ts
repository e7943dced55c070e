// The server's only touch with real time: what time it is, waking somebody later, letting others go first.
import { type Instant, instant } from '../campaigns/index.ts';
import type { Timers } from '../delivery/ports.ts';
import type { Clock } from '../engine/ports.ts';

export const systemClock: Clock = { now: (): Instant => instant(Date.now()) };

/** Milliseconds with fractions, from any beginning: for how long something took. */
export const systemStopwatch = (): number => performance.now();

/** Node's timers hold 31 bits; whoever is woken too early looks again. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemTimers: Timers = {
  after(wait, then) {
    const timer = setTimeout(then, Math.min(Math.max(wait, 0), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};

/** Runs something once what has arrived meanwhile has been heard. */
export const afterOthers = (run: () => void): void => {
  setImmediate(run);
};

// The fleet's only touch with real time.

export interface Clock {
  now(): number;
  /** Runs something once after so many milliseconds; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** Node's timers hold 31 bits; whoever is woken too early just asks to be woken again. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};

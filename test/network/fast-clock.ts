// A clock that runs many times as fast as real time, so that waits of minutes are seconds on real sockets.
import { type Instant, instant } from '../../src/campaigns/index.ts';
import { type Clock, systemClock } from '../../src/simulator/index.ts';

/** Fits the devices' clock as well as the server's. */
export interface FastClock extends Clock {
  now(): Instant;
}

export function fastClock(times: number): FastClock {
  const began = systemClock.now();
  return {
    now: () => instant(Math.round(began + (systemClock.now() - began) * times)),
    after: (ms, run) => systemClock.after(ms / times, run),
  };
}

// When a callback that failed is tried again, and when it is given up. Pure: time and chance are handed in.
import { type AfterTurn, after, type Duration, type Instant } from '../campaigns/index.ts';
import { CALLBACK_LIMITS } from './limits.ts';
import type { Chance } from './ports.ts';

export type AfterFailure = Extract<AfterTurn, { readonly is: 'again' }> | { readonly is: 'dead' };

/**
 * Back-off by doubling, with jitter; the last try is at the end of the hold, so that an event holds up its campaign's
 * later ones for fifteen minutes and no longer. Events of the operator hold up nothing and are tried for longer.
 */
export function afterFailure(
  tries: { readonly tries: number; readonly since?: Instant },
  now: Instant,
  chance: Chance,
  holdMax: Duration = CALLBACK_LIMITS.holdMax,
): AfterFailure {
  const since = tries.since ?? now;
  const end = after(since, holdMax);
  if (now >= end) return { is: 'dead' };
  const { retryWait, retryWaitMax, jitter } = CALLBACK_LIMITS;
  const whole = Math.min(retryWaitMax, retryWait * 2 ** Math.min(tries.tries, 20));
  const wait = Math.ceil(whole * (1 - jitter * chance())) as Duration;
  return { is: 'again', at: Math.min(end, after(now, wait)) as Instant, tries: tries.tries + 1, since };
}

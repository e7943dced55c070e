// Sends a call again that may be repeated, when the service asked for patience or did not answer; bounded in number and time.

import type { Chance } from './chance.ts';
import type { Now, Wait } from './clock.ts';
import { CampanileError } from './error.ts';

export interface RetryPorts {
  readonly now: Now;
  readonly wait: Wait;
  readonly chance: Chance;
}

export interface Repeatable {
  readonly retriesMax: number;
  readonly signal?: AbortSignal;
}

export const RETRIES_DEFAULT = 3;
const FIRST_WAIT = 200;
/** A service that asks for more patience than this gets none: the caller is told. */
const WAIT_MAX = 60_000;

/** 0 is no answer at all. Nothing else tells that the same call may go well a moment later. */
const PASSING: ReadonlySet<number> = new Set([0, 408, 429, 502, 503, 504]);

/** The call before had no answer, and is still carried out under the same Idempotency-Key. */
const IN_PROGRESS = 'IDEMPOTENCY_KEY_IN_PROGRESS';

export async function withRetries<Answer>(
  ports: RetryPorts,
  { retriesMax, signal }: Repeatable,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await send();
    } catch (error) {
      const pause = retry < retriesMax ? pauseAfter(error, retry, ports) : undefined;
      if (pause === undefined) throw error;
      await ports.wait(pause, signal);
    }
  }
}

function pauseAfter(error: unknown, retry: number, { now, chance }: RetryPorts): number | undefined {
  if (!(error instanceof CampanileError)) return undefined;
  if (!PASSING.has(error.status) && error.errorCode !== IN_PROGRESS) return undefined;
  const asked = askedFor(error.retryAfter, now);
  // The spread keeps callers that failed together from coming back together.
  const pause = asked ?? FIRST_WAIT * 2 ** retry * (0.5 + chance.fraction() / 2);
  return pause > WAIT_MAX ? undefined : pause;
}

/** RFC 9110 §10.2.3: seconds, or an HTTP date. */
function askedFor(retryAfter: string | undefined, now: Now): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const instant = Date.parse(retryAfter);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now());
}

// How calls of the operator API are sent: with a key, or in the session of a browser with its token for changes.

import { type Chance, systemChance } from './chance.ts';
import { type Now, systemNow, systemWait, type Wait } from './clock.ts';
import { exchange, type Fetch, join, platformFetch } from './http.ts';
import { type Caller, withAccount } from './operator-call.ts';
import { type LiveEvent, type LiveOptions, liveEvents } from './operator-live.ts';
import { RETRIES_DEFAULT, type RetryPorts, withRetries } from './retry.ts';

export interface OperatorClientOptions {
  readonly baseUrl: string;
  /** Absent in a browser, where the cookie of a session tells who calls. */
  readonly operatorKey?: string;
  /** How often a call is sent again after 429, 503 and the like, or no answer. Default 3. */
  readonly retriesMax?: number;
  readonly fetch?: Fetch;
  readonly now?: Now;
  readonly wait?: Wait;
  readonly chance?: Chance;
}

export interface OperatorCalls {
  readonly call: Caller;
  readonly live: (accountName: string, options?: LiveOptions) => AsyncGenerator<LiveEvent, void, undefined>;
  readonly wait: Wait;
  /** From now on changes carry this token, or none. */
  readonly begun: (csrfToken: string | undefined) => void;
}

export function operatorCalls(options: OperatorClientOptions): OperatorCalls {
  const { baseUrl, operatorKey, retriesMax = RETRIES_DEFAULT, fetch = platformFetch } = options;
  const { now = systemNow, wait = systemWait, chance = systemChance } = options;
  const ports: RetryPorts = { now, wait, chance };
  let csrfToken: string | undefined;
  const proof = (method: string): Readonly<Record<string, string>> => {
    if (operatorKey !== undefined) return { authorization: `Bearer ${operatorKey}` };
    return csrfToken === undefined || method === 'GET' ? {} : { 'x-campanile-csrf': csrfToken };
  };
  const call: Caller = ({ path, headers, idempotencyKey, once = false, ...rest }) => {
    const key = rest.method === 'POST' ? { 'idempotency-key': idempotencyKey ?? chance.key() } : {};
    const order = { ...rest, url: join(baseUrl, path), headers: { ...proof(rest.method), ...key, ...headers } };
    // A stream is gone once it was sent, and a change of a part is no repetition of itself.
    const isOnce = once || rest.body instanceof ReadableStream || rest.method === 'PATCH';
    const { signal } = rest;
    const limits = { retriesMax: isOnce ? 0 : retriesMax, ...(signal === undefined ? {} : { signal }) };
    return withRetries(ports, limits, () => exchange(fetch, order));
  };
  return {
    call,
    live: (accountName, live = {}) => {
      const url = join(baseUrl, withAccount('/operator/v1/live', accountName));
      return liveEvents(fetch, { ...live, url, headers: proof('GET') });
    },
    wait,
    begun: (token) => {
      csrfToken = token;
    },
  };
}

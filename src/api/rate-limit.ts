// How many requests a credential may make: a bucket of tokens for each, refilled as time passes.
import type { Limits } from '../contract/index.ts';
import type { Clock } from '../engine/ports.ts';
import { Refusal, refuse } from './refusal.ts';

/** A bucket: full after a rest, and refilled at a steady rate. */
export interface Rate {
  readonly burstMax: number;
  readonly perSecondMax: number;
}

export interface RateLimits {
  /** Requests with one client's access tokens. */
  readonly client: Rate;
  /** Requests with the operator key. */
  readonly operator: Rate;
  /** Requests of one network address that show no credential, or one that is refused. */
  readonly address: Rate;
  /** Attempts of one network address to sign in as an operator. */
  readonly signIn: Rate;
}

export const ratesOf = (limits: Limits): RateLimits => ({
  client: { burstMax: limits.clientRequestsMax, perSecondMax: limits.clientRequestsPerSecondMax },
  operator: { burstMax: limits.operatorRequestsMax, perSecondMax: limits.operatorRequestsPerSecondMax },
  address: { burstMax: limits.addressRequestsMax, perSecondMax: limits.addressRequestsPerSecondMax },
  signIn: { burstMax: limits.signInRequestsMax, perSecondMax: limits.signInRequestsPerMinuteMax / 60 },
});

/** Buckets that are remembered; whoever was forgotten has a full one. */
const BUCKETS_MAX = 10_000;

export interface Requester {
  readonly kind: keyof RateLimits;
  readonly name: string;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export class RateLimiter {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  /** The one that was used last is the last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a request; the refusal where it is one too many. */
  refuse({ kind, name }: Requester): Refusal | undefined {
    const { burstMax, perSecondMax } = this.#limits[kind];
    const now: number = this.#clock.now();
    const key = `${kind} ${name}`;
    const last = this.#buckets.get(key) ?? { tokens: burstMax, at: now };
    const refilled = last.tokens + (Math.max(0, now - last.at) * perSecondMax) / 1000;
    const tokens = Math.min(burstMax, refilled);
    this.#keep(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? undefined : tooMany(Math.max(1, Math.ceil((1 - tokens) / perSecondMax)));
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.size > BUCKETS_MAX ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

function tooMany(seconds: number): Refusal {
  const { status, body } = refuse('TOO_MANY_REQUESTS', { seconds });
  return new Refusal(status, body, { 'retry-after': String(seconds) });
}

// What callbacks need from the outside: time, chance, names of hosts, connections, the customer's words. Types only.
import type { Instant } from '../campaigns/index.ts';
import type { CallbackSettlement } from '../engine/index.ts';

export interface CallbackClock {
  now(): Instant;
}

export interface CallbackTimers {
  /** Calls `then` once, `wait` milliseconds from now; what it returns takes that back. */
  after(wait: number, then: () => void): () => void;
}

/** A share from 0 up to, not including, 1. */
export type Chance = () => number;

export interface FoundAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a host name, as the machine's resolver has them. Rejects where there are none. */
export type Resolve = (host: string) => Promise<readonly FoundAddress[]>;

/** How a try ended: the status of the answer, or why there was none. */
export type PostResult =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly error: string };

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Hosts and address ranges that may be reached although they are not public. */
  readonly allowed: readonly string[];
}

export type Post = (request: PostRequest) => Promise<PostResult>;

/** What is kept of something that went wrong and that nobody can be told. */
export interface CallbackLog {
  failed(message: string, error: unknown): void;
}

export type Settled = (settlement: CallbackSettlement) => Promise<void>;

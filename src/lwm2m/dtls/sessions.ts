// Sessions that may be resumed by their id: the one unused for longest goes first (RFC 5246 §7.3, RFC 7627 §5.3).

import type { Instant } from '../ports.ts';
import { keyOf } from './bytes.ts';
import type { DtlsLimits } from './limits.ts';
import type { Suite } from './suites.ts';

export const SESSION_ID_BYTES = 16;

/** Only of handshakes with an extended master secret; others are never resumed. */
export interface Session {
  readonly id: Uint8Array;
  readonly identity: Uint8Array;
  readonly suite: Suite;
  readonly master: Uint8Array;
  readonly endsAt: Instant;
}

export class Sessions {
  readonly #limits: DtlsLimits;
  readonly #byId = new Map<string, Session>();
  /** One session for each identity: a newer one takes the place of the one before. */
  readonly #idOfIdentity = new Map<string, string>();

  constructor(limits: DtlsLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byId.size;
  }

  find(id: Uint8Array, now: Instant): Session | undefined {
    const key = keyOf(id);
    const session = this.#byId.get(key);
    if (session === undefined) return undefined;
    this.#byId.delete(key);
    if (session.endsAt > now) {
      this.#byId.set(key, session);
      return session;
    }
    this.#idOfIdentity.delete(keyOf(session.identity));
    return undefined;
  }

  keep(session: Session): void {
    if (this.#limits.sessionsMax === 0) return;
    this.forget(session.identity);
    const key = keyOf(session.id);
    this.#byId.set(key, session);
    this.#idOfIdentity.set(keyOf(session.identity), key);
    if (this.#byId.size <= this.#limits.sessionsMax) return;
    const [eldest] = this.#byId.values();
    if (eldest !== undefined) this.forget(eldest.identity);
  }

  forget(identity: Uint8Array): void {
    const name = keyOf(identity);
    const key = this.#idOfIdentity.get(name);
    if (key === undefined) return;
    this.#idOfIdentity.delete(name);
    this.#byId.delete(key);
  }
}

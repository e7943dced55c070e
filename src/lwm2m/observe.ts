// Observing a resource (RFC 7641): which of two notifications is the newer one, and who observes what on a serving side.

import { LIMITS } from './limits.ts';
import { OPTION, type Option, uintOption } from './options.ts';
import type { Instant, Peer } from './ports.ts';

export interface Freshness {
  /** The value of the Observe option: 24 bits that wrap around. */
  readonly sequence: number;
  readonly at: Instant;
}

const HALF_OF_THE_RING = 2 ** 23;
const RING = 2 ** 24;
/** RFC 7641 §3.4: after so long a silence any notification is newer than the last one. */
const ORDER_EXPIRES_MS = 128_000;

export function isNewer(last: Freshness, next: Freshness): boolean {
  if (next.at > last.at + ORDER_EXPIRES_MS) return true;
  const ahead = (next.sequence - last.sequence + RING) % RING;
  return ahead > 0 && ahead < HALF_OF_THE_RING;
}

export const OBSERVE_BEGIN: Option = uintOption(OPTION.OBSERVE, 0);
export const OBSERVE_END: Option = uintOption(OPTION.OBSERVE, 1);

/** One client that observes one path of ours. */
export interface Observer {
  readonly peer: Peer;
  readonly token: Uint8Array;
  readonly path: string;
  readonly sequence: number;
  /** The next notification is to be confirmable: whether somebody still listens is asked once a day (RFC 7641 §4.5). */
  readonly confirm: boolean;
}

interface Relation extends Observer {
  readonly confirmedAt: Instant;
}

const CONFIRMED_EVERY_MS = 24 * 60 * 60 * 1_000;

/**
 * The observers of a serving side. A relation is known by its peer and token (RFC 7641 §4.1); it ends by a GET with
 * Observe 1, a Reset, or a notification that nobody acknowledges.
 */
export class Observers {
  readonly #byRelation = new Map<string, Relation>();

  get size(): number {
    return this.#byRelation.size;
  }

  /** Adds or renews. `undefined` when there are too many: the GET is then answered without an Observe option. */
  add(peer: Peer, token: Uint8Array, path: string, now: Instant): Observer | undefined {
    const key = keyOf(peer, token);
    if (!this.#byRelation.has(key) && this.#byRelation.size >= LIMITS.observersMax) return undefined;
    const sequence = this.#byRelation.get(key)?.sequence ?? 1;
    const observer: Relation = { peer, token: token.slice(), path, sequence, confirm: false, confirmedAt: now };
    this.#byRelation.set(key, observer);
    return observer;
  }

  remove(peer: Peer, token: Uint8Array): boolean {
    return this.#byRelation.delete(keyOf(peer, token));
  }

  clear(): void {
    this.#byRelation.clear();
  }

  /** Those who observe a path, each with the sequence number of its next notification. */
  next(path: string, now: Instant): readonly Observer[] {
    const due: Observer[] = [];
    for (const [key, observer] of this.#byRelation) {
      if (observer.path !== path) continue;
      const confirm = now >= observer.confirmedAt + CONFIRMED_EVERY_MS;
      const confirmedAt = confirm ? now : observer.confirmedAt;
      const stepped = { ...observer, sequence: (observer.sequence + 1) % RING, confirm, confirmedAt };
      this.#byRelation.set(key, stepped);
      due.push(stepped);
    }
    return due;
  }
}

const keyOf = (peer: Peer, token: Uint8Array): string => `${peer} ${token.join('.')}`;

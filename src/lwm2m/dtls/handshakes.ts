// The handshakes in flight on the serving side: by number, address and CID, with their next deadlines.

import { Deadlines } from '../deadlines.ts';
import type { Instant, Peer } from '../ports.ts';
import { keyOf } from './bytes.ts';
import type { ServerHandshake } from './serverhandshake.ts';

export class Handshakes {
  readonly #byId = new Map<number, ServerHandshake>();
  readonly #byPeer = new Map<Peer, ServerHandshake>();
  readonly #byCid = new Map<string, ServerHandshake>();
  /** The oldest first. */
  readonly #young = new Set<ServerHandshake>();
  readonly #deadlines = new Deadlines<ServerHandshake>();

  get size(): number {
    return this.#byId.size;
  }

  get dueAt(): Instant | undefined {
    return this.#deadlines.first?.dueAt;
  }

  /** The oldest one whose client has not named its identity yet. */
  get oldestYoung(): ServerHandshake | undefined {
    for (const one of this.#young) return one;
    return undefined;
  }

  byId(id: number): ServerHandshake | undefined {
    return this.#byId.get(id);
  }

  byPeer(peer: Peer): ServerHandshake | undefined {
    return this.#byPeer.get(peer);
  }

  byCid(cidKey: string): ServerHandshake | undefined {
    return this.#byCid.get(cidKey);
  }

  add(handshake: ServerHandshake): void {
    this.#byId.set(handshake.id, handshake);
    this.#byPeer.set(handshake.peer, handshake);
    if (handshake.ownCid.length > 0) this.#byCid.set(keyOf(handshake.ownCid), handshake);
    this.moved(handshake);
  }

  /** Its deadline or its stage has changed. */
  moved(handshake: ServerHandshake): void {
    this.#deadlines.set(handshake, handshake.dueAt);
    if (handshake.isYoung) this.#young.add(handshake);
    else this.#young.delete(handshake);
  }

  remove(handshake: ServerHandshake): void {
    this.#byId.delete(handshake.id);
    if (this.#byPeer.get(handshake.peer) === handshake) this.#byPeer.delete(handshake.peer);
    this.#byCid.delete(keyOf(handshake.ownCid));
    this.#young.delete(handshake);
    this.#deadlines.remove(handshake);
  }

  /** The next one whose time has come. */
  due(now: Instant): ServerHandshake | undefined {
    const first = this.#deadlines.first;
    return first !== undefined && first.dueAt <= now ? first : undefined;
  }
}

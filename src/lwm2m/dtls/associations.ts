// The table of associations: by number, CID, address and identity, and in the order of their last use.

import type { Instant, Peer } from '../ports.ts';
import type { Association } from './association.ts';
import { keyOf } from './bytes.ts';
import type { DtlsLimits } from './limits.ts';

/** Why one gives way to a new one. */
export type Displaced = 'replaced' | 'too_many_of_identity' | 'too_many';

export class Associations {
  readonly #limits: DtlsLimits;
  readonly #byId = new Map<number, Association>();
  readonly #byCid = new Map<string, Association>();
  /** Only those whose client sends no CID: the others are not found by their address. */
  readonly #byPeer = new Map<Peer, Association>();
  readonly #byIdentity = new Map<string, Association[]>();
  #eldest: Association | undefined;
  #newest: Association | undefined;

  constructor(limits: DtlsLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** When the one unused for longest has been idle for too long. */
  get idleAt(): Instant | undefined {
    return this.#eldest === undefined ? undefined : this.#eldest.usedAt + this.#limits.associationIdleMsMax;
  }

  get eldest(): Association | undefined {
    return this.#eldest;
  }

  byId(id: number): Association | undefined {
    return this.#byId.get(id);
  }

  byCid(cidKey: string): Association | undefined {
    return this.#byCid.get(cidKey);
  }

  byPeer(peer: Peer): Association | undefined {
    return this.#byPeer.get(peer);
  }

  ofIdentity(identity: Uint8Array): readonly Association[] {
    return this.#byIdentity.get(keyOf(identity)) ?? [];
  }

  /** Those that must go before `newcomer` is added, each with the reason. */
  displacedBy(newcomer: Association): ReadonlyMap<Association, Displaced> {
    const displaced = new Map<Association, Displaced>();
    const family = this.ofIdentity(newcomer.identity);
    for (const one of family) if (one.peer === newcomer.peer) displaced.set(one, 'replaced');
    const neighbour = this.#byPeer.get(newcomer.peer);
    if (neighbour !== undefined) displaced.set(neighbour, 'replaced');
    const left = family.filter((one) => !displaced.has(one)).toSorted((a, b) => a.usedAt - b.usedAt);
    const surplus = Math.max(0, left.length + 1 - this.#limits.associationsPerIdentityMax);
    for (const one of left.slice(0, surplus)) displaced.set(one, 'too_many_of_identity');
    const full = this.size - displaced.size >= this.#limits.associationsMax;
    if (full && this.#eldest !== undefined) displaced.set(this.#eldest, 'too_many');
    return displaced;
  }

  add(association: Association): void {
    this.#byId.set(association.id, association);
    if (association.cidKey === '') this.#byPeer.set(association.peer, association);
    else this.#byCid.set(association.cidKey, association);
    const name = keyOf(association.identity);
    const family = this.#byIdentity.get(name);
    if (family === undefined) this.#byIdentity.set(name, [association]);
    else family.push(association);
    this.#append(association);
  }

  remove(association: Association): void {
    if (!this.#byId.delete(association.id)) return;
    this.#byCid.delete(association.cidKey);
    if (this.#byPeer.get(association.peer) === association) this.#byPeer.delete(association.peer);
    const name = keyOf(association.identity);
    const family = this.#byIdentity.get(name) ?? [];
    const rest = family.filter((one) => one !== association);
    if (rest.length === 0) this.#byIdentity.delete(name);
    else this.#byIdentity.set(name, rest);
    this.#unlink(association);
  }

  used(association: Association, now: Instant): void {
    association.usedAt = now;
    if (this.#newest === association) return;
    this.#unlink(association);
    this.#append(association);
  }

  #append(association: Association): void {
    association.before = this.#newest;
    association.after = undefined;
    if (this.#newest === undefined) this.#eldest = association;
    else this.#newest.after = association;
    this.#newest = association;
  }

  #unlink(association: Association): void {
    const { before, after } = association;
    if (before === undefined) this.#eldest = after;
    else before.after = after;
    if (after === undefined) this.#newest = before;
    else after.before = before;
    association.before = undefined;
    association.after = undefined;
  }
}

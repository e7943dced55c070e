// What we have sent and still care about: retransmission, one exchange at a time per peer, giving up (RFC 7252 §4.2, §4.7).

import { Deadlines, type Timed } from './deadlines.ts';
import type { EndpointEvent } from './events.ts';
import { LIMITS } from './limits.ts';
import { encode, type Request, TYPE } from './message.ts';
import type { Freshness } from './observe.ts';
import { exchangeLifetimeMs, nonLifetimeMs, type TransmissionParameters } from './parameters.ts';
import type { Datagram, Instant, Peer, Random } from './ports.ts';
import { sameBytes } from './token.ts';

/** Where the machines put what a call leads to. */
export interface Sink {
  readonly datagrams: Datagram[];
  readonly events: EndpointEvent[];
}

/** Lists begin with the first message that needs them: most peers only ask and are answered. */
interface PeerState {
  readonly key: Peer;
  sent: Map<number, Outgoing> | undefined;
  open: Set<Outgoing> | undefined;
  queue: Outgoing[] | undefined;
  nextId: number;
  /** Confirmable exchanges that the peer is asked to bear now. */
  inFlight: number;
  usedAt: Instant;
}

export interface Plan {
  readonly handle: number;
  readonly role: 'request' | 'response' | 'notification';
  readonly confirmable: boolean;
  /** Whether it counts against NSTART. Answers do not: a peer may wait for one before it answers us. */
  readonly waitsForTurn: boolean;
  readonly wantsRelation: boolean;
  readonly content: Request;
  readonly token: Uint8Array;
  readonly notAfter: Instant;
}

export interface Newer {
  readonly content: Request;
  readonly notAfter: Instant;
}

/** Beside its payload, an open message takes about this much. */
const OUTGOING_BYTES = 256;
const bytesOf = ({ payload }: Request): number => OUTGOING_BYTES + payload.length;

/**
 * queued → sent → acknowledged → ended, and from sent or acknowledged to observing. Fields change in place: there is
 * one of these for each block of a transfer.
 */
export interface Outgoing extends Plan, Timed {
  readonly peer: PeerState;
  content: Request;
  /** What is to be told in place of it as soon as it may be. */
  newer: Newer | undefined;
  stage: 'queued' | 'sent' | 'acknowledged' | 'observing' | 'ended';
  notAfter: Instant;
  id: number;
  bytes: Uint8Array | undefined;
  retransmissions: number;
  waitMs: number;
  holdsTurn: boolean;
  freshness: Freshness | undefined;
}

export class Transmissions {
  readonly #parameters: TransmissionParameters;
  readonly #random: Random;
  readonly #exchangeLifetimeMs: number;
  readonly #onEnd: (ended: Outgoing) => void;
  /** Least recently used first. */
  readonly #peers = new Map<Peer, PeerState>();
  readonly #deadlines = new Deadlines<Outgoing>();
  #looseId: number;
  #bytes = 0;

  constructor(parameters: TransmissionParameters, random: Random, onEnd: (ended: Outgoing) => void) {
    this.#parameters = parameters;
    this.#random = random;
    this.#onEnd = onEnd;
    this.#exchangeLifetimeMs = exchangeLifetimeMs(parameters);
    this.#looseId = random.uint32() & 0xffff;
  }

  get peers(): number {
    return this.#peers.size;
  }

  /** What all open messages hold. */
  get bytes(): number {
    return this.#bytes;
  }

  get wakeAt(): Instant | undefined {
    const due = this.#deadlines.first?.dueAt;
    const oldest = this.#oldestPeer();
    if (oldest === undefined) return due;
    const forgetAt = oldest.usedAt + this.#exchangeLifetimeMs;
    return due === undefined || forgetAt < due ? forgetAt : due;
  }

  /** What may become of a new exchange with this peer, asked before it is made. */
  room(key: Peer): 'free' | 'too_many_peers' | 'queue_full' {
    const peer = this.#peers.get(key);
    if (peer === undefined) return this.#peers.size >= LIMITS.peersMax ? 'too_many_peers' : 'free';
    return (peer.queue?.length ?? 0) >= LIMITS.queuedPerPeerMax ? 'queue_full' : 'free';
  }

  begin(key: Peer, plan: Plan, now: Instant, sink: Sink): Outgoing {
    const peer = this.#use(key, now);
    const outgoing: Outgoing = {
      ...plan,
      peer,
      stage: 'queued',
      id: 0,
      bytes: undefined,
      retransmissions: 0,
      waitMs: 0,
      holdsTurn: false,
      freshness: undefined,
      newer: undefined,
      dueAt: 0,
      place: -1,
    };
    peer.open ??= new Set();
    peer.open.add(outgoing);
    this.#bytes += bytesOf(plan.content);
    if (plan.waitsForTurn && peer.inFlight >= this.#parameters.nstart) {
      peer.queue ??= [];
      peer.queue.push(outgoing);
    } else this.#transmit(outgoing, now, sink);
    return outgoing;
  }

  /** The notification that has not been acknowledged yet, which now tells this; `undefined` when there is none. */
  supersede(key: Peer, token: Uint8Array, newer: Newer): Outgoing | undefined {
    for (const outgoing of this.#peers.get(key)?.open ?? []) {
      if (outgoing.role !== 'notification' || !outgoing.confirmable || !sameBytes(outgoing.token, token)) continue;
      if (outgoing.stage === 'queued') this.#retell(outgoing, newer);
      else outgoing.newer = newer;
      return outgoing;
    }
    return undefined;
  }

  #retell(outgoing: Outgoing, { content, notAfter }: Newer): void {
    this.#bytes += bytesOf(content) - bytesOf(outgoing.content);
    outgoing.content = content;
    outgoing.notAfter = notAfter;
    outgoing.newer = undefined;
  }

  /** The id of a message that nobody will ask about again. */
  idFor(key: Peer, now: Instant): number {
    if (!this.#peers.has(key) && this.#peers.size >= LIMITS.peersMax) {
      this.#looseId = (this.#looseId + 1) & 0xffff;
      return this.#looseId;
    }
    return this.#takeId(this.#use(key, now));
  }

  byId(key: Peer, id: number): Outgoing | undefined {
    return this.#peers.get(key)?.sent?.get(id);
  }

  openWith(key: Peer): readonly Outgoing[] {
    return [...(this.#peers.get(key)?.open ?? [])];
  }

  /** The peer has it; a request now waits for its separate response, and the next one may go out. */
  acknowledged(outgoing: Outgoing, now: Instant, sink: Sink): void {
    outgoing.stage = 'acknowledged';
    outgoing.peer.sent?.delete(outgoing.id);
    outgoing.bytes = undefined;
    this.#deadlines.set(outgoing, now + this.#parameters.responseWaitMs);
    this.#passTurn(outgoing, now, sink);
  }

  observing(outgoing: Outgoing, freshness: Freshness, sink: Sink): void {
    outgoing.freshness = freshness;
    outgoing.peer.sent?.delete(outgoing.id);
    outgoing.stage = 'observing';
    outgoing.bytes = undefined;
    this.#deadlines.set(outgoing, freshness.at + this.#parameters.relationIdleMs);
    this.#passTurn(outgoing, freshness.at, sink);
  }

  end(outgoing: Outgoing, now: Instant, sink: Sink): void {
    if (outgoing.stage === 'ended') return;
    const { peer } = outgoing;
    if (outgoing.stage === 'queued') {
      const place = peer.queue?.indexOf(outgoing) ?? -1;
      if (place >= 0) peer.queue?.splice(place, 1);
    }
    outgoing.stage = 'ended';
    outgoing.bytes = undefined;
    this.#bytes -= bytesOf(outgoing.content);
    peer.open?.delete(outgoing);
    if (peer.sent?.get(outgoing.id) === outgoing) peer.sent.delete(outgoing.id);
    this.#deadlines.remove(outgoing);
    this.#onEnd(outgoing);
    this.#passTurn(outgoing, now, sink);
  }

  elapse(now: Instant, sink: Sink): void {
    for (let due = this.#deadlines.first; due !== undefined && due.dueAt <= now; due = this.#deadlines.first) {
      this.#due(due, now, sink);
    }
    this.#forgetIdlePeers(now);
  }

  #due(outgoing: Outgoing, now: Instant, sink: Sink): void {
    const { bytes } = outgoing;
    const again = outgoing.stage === 'sent' && outgoing.confirmable;
    if (again && bytes !== undefined && outgoing.retransmissions < this.#parameters.retransmitMax) {
      outgoing.retransmissions += 1;
      outgoing.waitMs *= 2;
      this.#deadlines.set(outgoing, now + outgoing.waitMs);
      const repeated = outgoing.newer === undefined ? bytes : this.#renew(outgoing, outgoing.newer);
      // Past its time the message is not sent again, but an answer to an earlier copy is still waited for.
      if (now < outgoing.notAfter) sink.datagrams.push({ peer: outgoing.peer.key, bytes: repeated });
      return;
    }
    // A notification that was sent once is kept only so that a Reset finds it.
    if (outgoing.role === 'request' || outgoing.confirmable) {
      sink.events.push({ type: 'timeout', handle: outgoing.handle });
    }
    this.end(outgoing, now, sink);
  }

  #transmit(outgoing: Outgoing, now: Instant, sink: Sink): void {
    const { peer, content, confirmable } = outgoing;
    if (now >= outgoing.notAfter) {
      sink.events.push({ type: 'withheld', handle: outgoing.handle });
      this.end(outgoing, now, sink);
      return;
    }
    outgoing.id = this.#takeId(peer);
    const { code, options, payload } = content;
    const type = confirmable ? TYPE.CON : TYPE.NON;
    const bytes = encode({ type, id: outgoing.id, token: outgoing.token, code, options, payload });
    outgoing.bytes = confirmable ? bytes : undefined;
    outgoing.stage = 'sent';
    outgoing.waitMs = confirmable ? this.#firstWaitMs() : nonLifetimeMs(this.#parameters);
    if (confirmable && outgoing.waitsForTurn) {
      outgoing.holdsTurn = true;
      peer.inFlight += 1;
    }
    peer.sent ??= new Map();
    peer.sent.set(outgoing.id, outgoing);
    this.#deadlines.set(outgoing, now + outgoing.waitMs);
    sink.datagrams.push({ peer: peer.key, bytes });
  }

  /** A newer state takes over the repeats of the older one, as a message of its own (RFC 7641 §4.5.2). */
  #renew(outgoing: Outgoing, newer: Newer): Uint8Array {
    const { peer, token } = outgoing;
    peer.sent?.delete(outgoing.id);
    this.#retell(outgoing, newer);
    outgoing.id = this.#takeId(peer);
    peer.sent?.set(outgoing.id, outgoing);
    const { code, options, payload } = outgoing.content;
    const bytes = encode({ type: TYPE.CON, id: outgoing.id, token, code, options, payload });
    outgoing.bytes = bytes;
    return bytes;
  }

  // RFC 7252 §4.2: the first wait is drawn at random, so that devices woken by the same power cut do not keep colliding.
  #firstWaitMs(): number {
    const { ackTimeoutMs, ackRandomFactor } = this.#parameters;
    return Math.round(ackTimeoutMs * (1 + (this.#random.uint32() / 2 ** 32) * (ackRandomFactor - 1)));
  }

  #passTurn(outgoing: Outgoing, now: Instant, sink: Sink): void {
    const { peer } = outgoing;
    if (outgoing.holdsTurn) {
      outgoing.holdsTurn = false;
      peer.inFlight -= 1;
    }
    while (peer.inFlight < this.#parameters.nstart) {
      const next = peer.queue?.shift();
      if (next === undefined) return;
      this.#transmit(next, now, sink);
    }
  }

  #use(key: Peer, now: Instant): PeerState {
    const known = this.#peers.get(key);
    const peer = known ?? this.#newPeer(key);
    if (known !== undefined) this.#peers.delete(key);
    this.#peers.set(key, peer);
    peer.usedAt = now;
    return peer;
  }

  #newPeer(key: Peer): PeerState {
    const nextId = this.#random.uint32() & 0xffff;
    return { key, sent: undefined, open: undefined, queue: undefined, nextId, inFlight: 0, usedAt: 0 };
  }

  /** The next id that is not still out; a peer with 65,536 open messages is beyond every other limit. */
  #takeId(peer: PeerState): number {
    do peer.nextId = (peer.nextId + 1) & 0xffff;
    while (peer.sent?.has(peer.nextId) === true);
    return peer.nextId;
  }

  #oldestPeer(): PeerState | undefined {
    return this.#peers.size === 0 ? undefined : this.#peers.values().next().value;
  }

  /** A message id may be used again after the exchange lifetime, so nothing of an idle peer is needed after it. */
  #forgetIdlePeers(now: Instant): void {
    for (let peer = this.#oldestPeer(); peer !== undefined; peer = this.#oldestPeer()) {
      if (peer.usedAt + this.#exchangeLifetimeMs > now) return;
      if ((peer.open?.size ?? 0) === 0) this.#peers.delete(peer.key);
      else this.#use(peer.key, now);
    }
  }
}

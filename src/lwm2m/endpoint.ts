// One CoAP endpoint, client and server at once on one socket, without the socket (RFC 7252 §4 and §5, RFC 7641).

import { encodeWith, refusalOf, sendEmpty } from './answers.ts';
import { CODE, isRequestCode, isSafeMethod, isSuccessCode } from './codes.ts';
import { Duplicates, fingerprintOf, type Remembered } from './duplicates.ts';
import type { EndpointEvent, Output } from './events.ts';
import { Exchange } from './exchange.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { fitted, type Message, parse, type Request, type Response, Slab, TYPE } from './message.ts';
import { isNewer } from './observe.ts';
import { OPTION, uintOf, unusableOption } from './options.ts';
import { exchangeLifetimeMs, RFC_7252, type TransmissionParameters } from './parameters.ts';
import type { Datagram, Instant, Peer, Random } from './ports.ts';
import { newToken, sameBytes, tokenKey } from './token.ts';
import { type Outgoing, type Plan, type Sink, Transmissions } from './transmissions.ts';

export interface SendOptions {
  /** Default true for requests and separate responses, false for notifications. */
  readonly confirmable?: boolean;
  /** No copy of the message leaves at or after this instant, not even a retransmission. */
  readonly notAfter?: Instant;
  /** An answer that would be longer loses its explanation: nobody gets a stranger more bytes than he has sent himself. */
  readonly bytesMax?: number;
}

export type Sent =
  | { readonly ok: true; readonly handle: number; readonly output: Output }
  | { readonly ok: false; readonly reason: NoRoom };

export type NoRoom = 'too_many_outstanding' | 'too_many_bytes' | 'too_many_peers' | 'queue_full';

/** What is remembered now, for metrics, for judging the load, and for tests of the bounds. */
export interface EndpointCounts {
  readonly outstanding: number;
  readonly outstandingBytes: number;
  readonly exchanges: number;
  readonly exchangesBytes: number;
  readonly duplicates: number;
  readonly duplicatesBytes: number;
  readonly peers: number;
  /** Datagrams, since the beginning, that were no CoAP. */
  readonly malformed: number;
}

export interface EndpointOptions {
  readonly random: Random;
  readonly parameters?: TransmissionParameters;
}

export class Endpoint {
  readonly #random: Random;
  readonly #duplicates: Duplicates;
  readonly #transmissions: Transmissions;
  readonly #byHandle = new Map<number, Outgoing>();
  readonly #byToken = new Map<string, Outgoing>();
  readonly #slab = new Slab();
  #nextHandle = 1;
  #exchanges = 0;
  #exchangesBytes = 0;
  #malformed = 0;

  constructor({ random, parameters = RFC_7252 }: EndpointOptions) {
    this.#random = random;
    this.#duplicates = new Duplicates(exchangeLifetimeMs(parameters));
    this.#transmissions = new Transmissions(parameters, random, (ended) => {
      this.#byHandle.delete(ended.handle);
      const key = tokenKey(ended.token);
      if (this.#byToken.get(key) === ended) this.#byToken.delete(key);
    });
  }

  get counts(): EndpointCounts {
    return {
      outstanding: this.#byHandle.size,
      outstandingBytes: this.#transmissions.bytes,
      exchanges: this.#exchanges,
      exchangesBytes: this.#exchangesBytes,
      duplicates: this.#duplicates.size,
      duplicatesBytes: this.#duplicates.bytes,
      peers: this.#transmissions.peers,
      malformed: this.#malformed,
    };
  }

  /** A datagram has arrived. Never throws, whatever it holds; its memory belongs to the endpoint from now on. */
  receive(bytes: Uint8Array, peer: Peer, now: Instant): Output {
    const sink = newSink();
    this.#duplicates.expire(now);
    const parsed = parse(bytes);
    if (!parsed.ok) {
      this.#malformed += 1;
      // RFC 7252 §4.2 and §4.3: what cannot be understood is reset if it was confirmable, else ignored.
      if (parsed.header?.type === TYPE.CON) sendEmpty(sink, peer, TYPE.RST, parsed.header.id);
    } else if (parsed.message.code === CODE.EMPTY) {
      this.#onEmpty(parsed.message, peer, now, sink);
    } else if (isRequestCode(parsed.message.code)) {
      this.#onRequest(parsed.message, bytes, peer, now, sink);
    } else {
      this.#onResponse(parsed.message, bytes, peer, now, sink);
    }
    return this.#output(sink);
  }

  /** Time has passed: retransmits, gives up, forgets. */
  elapse(now: Instant): Output {
    const sink = newSink();
    this.#duplicates.expire(now);
    this.#transmissions.elapse(now, sink);
    return this.#output(sink);
  }

  /** Asks a peer. A GET with Observe 0 that is answered with an Observe option becomes a relation. */
  request(peer: Peer, content: Request, now: Instant, options: SendOptions = {}): Sent {
    return this.#begin(
      peer,
      this.#planRequest(
        content,
        newToken(this.#random, (key) => this.#byToken.has(key)),
        options,
      ),
      now,
    );
  }

  /** Says goodbye to a relation: `content` is the GET with Observe 1, sent with the relation's token (RFC 7641 §3.6). */
  stopObserving(handle: number, content: Request, now: Instant, options: SendOptions = {}): Sent | undefined {
    const relation = this.#byHandle.get(handle);
    if (relation === undefined) return undefined;
    const peer = relation.peer.key;
    const room = this.#room(peer);
    if (room !== 'free') return { ok: false, reason: room };
    const sink = newSink();
    this.#transmissions.end(relation, now, sink);
    return this.#begin(peer, this.#planRequest(content, relation.token, options), now, sink);
  }

  /** Stops caring about a request, or about a relation, whose next notification is then answered with a Reset. */
  cancel(handle: number, now: Instant): Output {
    const sink = newSink();
    const outgoing = this.#byHandle.get(handle);
    if (outgoing !== undefined) this.#transmissions.end(outgoing, now, sink);
    return this.#output(sink);
  }

  /** The permit of an open request has been renewed (or withdrawn, with an instant that has passed). */
  permit(handle: number, notAfter: Instant): void {
    const outgoing = this.#byHandle.get(handle);
    if (outgoing !== undefined) outgoing.notAfter = notAfter;
  }

  /** Asks for a sign of life: the Reset that answers it leads to no event (RFC 7252 §4.3). */
  ping(peer: Peer, now: Instant): Output {
    const sink = newSink();
    sendEmpty(sink, peer, TYPE.CON, this.#transmissions.idFor(peer, now));
    return this.#output(sink);
  }

  /** A device has come back from elsewhere: what was open with its old address is dropped and reported. */
  forgetPeer(peer: Peer, now: Instant): Output {
    const sink = newSink();
    const open = this.#transmissions.openWith(peer);
    // The queue first, so that nothing of it is sent while its turn comes by the ends of the others.
    for (const stage of ['queued', 'sent', 'acknowledged', 'observing'] as const) {
      for (const outgoing of open) {
        if (outgoing.stage !== stage) continue;
        sink.events.push({ type: 'forgotten', handle: outgoing.handle });
        this.#transmissions.end(outgoing, now, sink);
      }
    }
    return this.#output(sink);
  }

  /** "I have it, the answer comes later": stops the peer's retransmissions while a commit takes its time. */
  acknowledge(exchange: Exchange, now: Instant): Output {
    const sink = newSink();
    this.#duplicates.expire(now);
    if (exchange.confirmable && exchange.stage === 'open') {
      const bytes = sendEmpty(sink, exchange.peer, TYPE.ACK, exchange.id);
      exchange.stage = 'acknowledged';
      if (exchange.remembered !== undefined) this.#duplicates.answer(exchange.remembered, bytes);
    }
    return this.#output(sink);
  }

  /** Answers a request: in its acknowledgement if that has not been sent yet, else in a message of its own. */
  respond(exchange: Exchange, answer: Response, now: Instant, options: SendOptions = {}): Output {
    invariant(exchange.stage !== 'answered', 'a request is answered once');
    const sink = newSink();
    this.#exchanges -= 1;
    this.#exchangesBytes -= exchange.bytes;
    const { peer, token, handle } = exchange;
    const { bytesMax } = options;
    const content = bytesMax === undefined ? answer : fitted(answer, token.length, bytesMax);
    const piggybacked = exchange.confirmable && exchange.stage === 'open';
    exchange.stage = 'answered';
    const { notAfter = Number.POSITIVE_INFINITY } = options;
    if (piggybacked) {
      if (now < notAfter) this.#piggyback(exchange, content, sink);
    } else if ((options.confirmable ?? exchange.confirmable) && this.#room(peer) === 'free') {
      const plan: Plan = {
        handle,
        role: 'response',
        confirmable: true,
        waitsForTurn: false,
        wantsRelation: false,
        content,
        token,
        notAfter,
      };
      this.#track(this.#transmissions.begin(peer, plan, now, sink));
    } else if (now < notAfter) {
      const id = this.#transmissions.idFor(peer, now);
      sink.datagrams.push({ peer, bytes: encodeWith(TYPE.NON, id, token, content) });
    }
    return this.#output(sink);
  }

  /**
   * Tells an observer of ours. `content` carries the Observe option; a `reset` or `timeout` ends the relation. A newer
   * state takes the place of one that has not been acknowledged, under the same handle (RFC 7641 §4.5.2).
   */
  notify(peer: Peer, token: Uint8Array, content: Response, now: Instant, options: SendOptions = {}): Sent {
    const { confirmable = false, notAfter = Number.POSITIVE_INFINITY } = options;
    const before = this.#transmissions.supersede(peer, token, { content, notAfter });
    if (before !== undefined) return { ok: true, handle: before.handle, output: this.#output(newSink()) };
    const plan: Plan = {
      handle: this.#takeHandle(),
      role: 'notification',
      confirmable,
      waitsForTurn: confirmable,
      wantsRelation: false,
      content,
      token,
      notAfter,
    };
    return this.#begin(peer, plan, now);
  }

  #planRequest(content: Request, token: Uint8Array, options: SendOptions): Plan {
    const { confirmable = true, notAfter = Number.POSITIVE_INFINITY } = options;
    const wantsRelation = isSafeMethod(content.code) && uintOf(content.options, OPTION.OBSERVE) === 0;
    const handle = this.#takeHandle();
    return { handle, role: 'request', confirmable, waitsForTurn: confirmable, wantsRelation, content, token, notAfter };
  }

  #begin(peer: Peer, plan: Plan, now: Instant, sink: Sink = newSink()): Sent {
    const room = this.#room(peer);
    if (room !== 'free') return { ok: false, reason: room };
    const outgoing = this.#transmissions.begin(peer, plan, now, sink);
    this.#track(outgoing);
    if (plan.role === 'request' && outgoing.stage !== 'ended') this.#byToken.set(tokenKey(plan.token), outgoing);
    return { ok: true, handle: plan.handle, output: this.#output(sink) };
  }

  #room(peer: Peer): 'free' | NoRoom {
    if (this.#byHandle.size >= LIMITS.outstandingMax) return 'too_many_outstanding';
    if (this.#transmissions.bytes >= LIMITS.outstandingBytesMax) return 'too_many_bytes';
    return this.#transmissions.room(peer);
  }

  #track(outgoing: Outgoing): void {
    if (outgoing.stage !== 'ended') this.#byHandle.set(outgoing.handle, outgoing);
  }

  #onEmpty(message: Message, peer: Peer, now: Instant, sink: Sink): void {
    if (message.type === TYPE.CON) {
      // RFC 7252 §4.3: an empty confirmable message is a ping.
      sendEmpty(sink, peer, TYPE.RST, message.id);
      return;
    }
    const outgoing = message.type === TYPE.NON ? undefined : this.#transmissions.byId(peer, message.id);
    if (outgoing === undefined) return;
    if (message.type === TYPE.RST) {
      this.#refused(outgoing, now, sink);
    } else if (outgoing.confirmable) {
      sink.events.push({ type: 'acknowledged', handle: outgoing.handle });
      if (outgoing.role === 'request') this.#transmissions.acknowledged(outgoing, now, sink);
      else this.#delivered(outgoing, now, sink);
    }
  }

  /** What has become newer meanwhile follows at once (RFC 7641 §4.5.2). */
  #delivered(outgoing: Outgoing, now: Instant, sink: Sink): void {
    const { newer } = outgoing;
    this.#transmissions.end(outgoing, now, sink);
    if (newer === undefined) return;
    const { handle, role, confirmable, waitsForTurn, wantsRelation, token } = outgoing;
    const plan: Plan = { handle, role, confirmable, waitsForTurn, wantsRelation, token, ...newer };
    this.#track(this.#transmissions.begin(outgoing.peer.key, plan, now, sink));
  }

  #onRequest(message: Message, bytes: Uint8Array, peer: Peer, now: Instant, sink: Sink): void {
    if (message.type === TYPE.ACK || message.type === TYPE.RST) return;
    const refusal = refusalOf(message);
    if (refusal !== undefined) {
      // RFC 7252 §5.4.1: with a non-confirmable request the whole message is rejected in silence.
      if (message.type === TYPE.NON) return;
      sink.datagrams.push({ peer, bytes: encodeWith(TYPE.ACK, message.id, message.token, refusal) });
      return;
    }
    if (isSafeMethod(message.code)) {
      this.#ask(message, { peer, bytes: bytes.length, remembered: undefined }, sink);
      return;
    }
    const fingerprint = fingerprintOf(bytes);
    const repeated = this.#duplicates.find(peer, message.id, fingerprint);
    if (repeated !== undefined) {
      if (repeated.answer !== undefined) sink.datagrams.push({ peer, bytes: repeated.answer });
      return;
    }
    const remembered = this.#duplicates.remember(peer, message.id, fingerprint, now);
    this.#ask(message, { peer, bytes: bytes.length, remembered }, sink);
  }

  #ask(
    request: Message,
    from: { readonly peer: Peer; readonly bytes: number; readonly remembered: Remembered | undefined },
    sink: Sink,
  ): void {
    this.#exchanges += 1;
    this.#exchangesBytes += from.bytes;
    const { peer, bytes, remembered } = from;
    const exchange = new Exchange(peer, request, { handle: this.#takeHandle(), bytes, remembered });
    sink.events.push({ type: 'request', peer, request, exchange });
  }

  #onResponse(message: Message, bytes: Uint8Array, peer: Peer, now: Instant, sink: Sink): void {
    if (message.type === TYPE.RST) return;
    if (message.type === TYPE.ACK) {
      const outgoing = this.#transmissions.byId(peer, message.id);
      if (outgoing?.role !== 'request' || !sameBytes(outgoing.token, message.token)) return;
      if (unusableOption(message.options) === undefined) this.#answered(outgoing, message, now, sink);
      else this.#refused(outgoing, now, sink);
      return;
    }
    const fingerprint = message.type === TYPE.CON ? fingerprintOf(bytes) : 0;
    const repeated = message.type === TYPE.CON ? this.#duplicates.find(peer, message.id, fingerprint) : undefined;
    if (repeated?.answer !== undefined) {
      sink.datagrams.push({ peer, bytes: repeated.answer });
      return;
    }
    const outgoing = this.#byToken.get(tokenKey(message.token));
    const known = outgoing !== undefined && outgoing.peer.key === peer && outgoing.stage !== 'queued';
    if (!known || unusableOption(message.options) !== undefined) {
      // RFC 7641 §3.6: a Reset also tells an observed device, whose relation we no longer know, to stop.
      sendEmpty(sink, peer, TYPE.RST, message.id);
      if (known && outgoing.stage !== 'observing') this.#refused(outgoing, now, sink);
      return;
    }
    if (message.type === TYPE.CON) {
      const acknowledgement = sendEmpty(sink, peer, TYPE.ACK, message.id);
      this.#duplicates.answer(this.#duplicates.remember(peer, message.id, fingerprint, now), acknowledgement);
    }
    this.#answered(outgoing, message, now, sink);
  }

  #answered(outgoing: Outgoing, message: Message, now: Instant, sink: Sink): void {
    const sequence = uintOf(message.options, OPTION.OBSERVE);
    const observing = outgoing.wantsRelation && sequence !== undefined && isSuccessCode(message.code);
    const freshness = { sequence: sequence ?? 0, at: now };
    if (observing && outgoing.freshness !== undefined && !isNewer(outgoing.freshness, freshness)) return;
    const { handle, stage } = outgoing;
    const type = stage === 'observing' ? 'notification' : 'response';
    sink.events.push({ type, handle, response: message, observing });
    if (observing) this.#transmissions.observing(outgoing, freshness, sink);
    else this.#transmissions.end(outgoing, now, sink);
  }

  #refused(outgoing: Outgoing, now: Instant, sink: Sink): void {
    sink.events.push({ type: 'reset', handle: outgoing.handle });
    this.#transmissions.end(outgoing, now, sink);
  }

  #piggyback(exchange: Exchange, answer: Response, sink: Sink): void {
    // A block is sent and forgotten; what may have to be sent again has memory of its own.
    const slab = exchange.remembered === undefined ? this.#slab : undefined;
    const bytes = encodeWith(TYPE.ACK, exchange.id, exchange.token, answer, slab);
    if (exchange.remembered !== undefined) this.#duplicates.answer(exchange.remembered, bytes);
    sink.datagrams.push({ peer: exchange.peer, bytes });
  }

  #takeHandle(): number {
    const handle = this.#nextHandle;
    this.#nextHandle += 1;
    return handle;
  }

  #output(sink: Sink): Output {
    const due = this.#transmissions.wakeAt;
    const expiry = this.#duplicates.wakeAt;
    const wakeAt = due === undefined || (expiry !== undefined && expiry < due) ? expiry : due;
    return { datagrams: sink.datagrams, events: sink.events, wakeAt };
  }
}

const newSink = (): Sink => ({ datagrams: [] as Datagram[], events: [] as EndpointEvent[] });

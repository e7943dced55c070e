// A DTLS 1.2 server for pre-shared keys with Connection IDs, without socket, clock, chance or cryptography of its own.

/*
 * How it is used (the same shape as `Endpoint`):
 *
 *   receive(bytes, peer, now)   a datagram has arrived          } each gives { datagrams, events, wakeAt }:
 *   elapse(now)                 `wakeAt` has come               } send the datagrams in this order first,
 *   pskFound(id, psk, now)      the directory has answered      } then act on the events,
 *   close(association, now)     we are done with it             } then call `elapse` at `wakeAt`
 *   forget(identity, now)       its key was changed or taken away: associations and sessions end
 *   send(association, plaintext, now)   the same inside { ok: true, output }, or { ok: false, reason }
 *
 * An association is a number that outlives changes of the device's address, so it can serve as the peer of what is
 * spoken inside; a device that restarts gets a new one. After a `moved` event only little may be sent until the device
 * has answered on its new address; asking for an answer (a CoAP ping) at once lets what waits leave one round trip later.
 */

import type { Instant, Peer } from '../ports.ts';
import { encodeAlert } from './alerts.ts';
import { keyOf, NOTHING } from './bytes.ts';
import { Cookies } from './cookie.ts';
import { type DtlsCounters, newCounters } from './counters.ts';
import type { CryptoPort } from './crypto.ts';
import { Established, markOf } from './established.ts';
import { type DtlsOutput, type DtlsSent, type DtlsServerEvent, type DtlsSink, newSink, put } from './events.ts';
import {
  type ClientHello,
  encodeHelloVerifyRequest,
  encodeMessage,
  MESSAGE,
  type Message,
  parseClientHello,
  parseFragments,
} from './handshake.ts';
import { Handshakes } from './handshakes.ts';
import { DTLS_LIMITS, type DtlsLimits } from './limits.ts';
import { type Negotiated, negotiate } from './negotiation.ts';
import { EPOCH } from './protection.ts';
import { Rate } from './rate.ts';
import { CONTENT, type DtlsRecord, plainRecord, recordAt } from './record.ts';
import { type HandshakeFailure, ServerHandshake, type Step } from './serverhandshake.ts';
import { Sessions } from './sessions.ts';
import { SUITES, type Suite } from './suites.ts';

type Sink = DtlsSink<DtlsServerEvent>;

export interface DtlsServerOptions {
  readonly crypto: CryptoPort;
  readonly limits?: Partial<DtlsLimits>;
  /** The best first. */
  readonly suites?: readonly Suite[];
  /** RFC 4279 §5.2: helps a client that has several keys to choose; left out when empty. */
  readonly identityHint?: Uint8Array;
  /** Records with a CID are filled up to a multiple of this; 1 fills up nothing. */
  readonly padTo?: number;
}

export class DtlsServer {
  readonly #crypto: CryptoPort;
  readonly #limits: DtlsLimits;
  readonly #suites: readonly Suite[];
  readonly #identityHint: Uint8Array;
  readonly #padTo: number;
  readonly #cookies: Cookies;
  readonly #sessions: Sessions;
  readonly #established: Established;
  readonly #handshakes = new Handshakes();
  readonly #rates: { readonly cookies: Rate; readonly handshakes: Rate; readonly alerts: Rate };
  readonly #counters: DtlsCounters = newCounters();
  /** Numbers of handshakes and associations; an association keeps that of its handshake. */
  #nextId = 1;

  constructor(options: DtlsServerOptions) {
    const limits = { ...DTLS_LIMITS, ...options.limits };
    this.#crypto = options.crypto;
    this.#limits = limits;
    this.#suites = options.suites ?? SUITES;
    this.#identityHint = options.identityHint ?? NOTHING;
    this.#padTo = options.padTo ?? 1;
    this.#cookies = new Cookies(options.crypto, limits.cookieSecretMsMax);
    this.#sessions = new Sessions(limits);
    this.#established = new Established(limits, this.#counters);
    this.#rates = {
      cookies: new Rate(limits.cookiesPerSecondMax),
      handshakes: new Rate(limits.handshakesPerSecondMax),
      alerts: new Rate(limits.alertsPerSecondMax),
    };
  }

  /** What is remembered now. */
  get counts(): { readonly associations: number; readonly handshakes: number; readonly sessions: number } {
    const associations = this.#established.table.size;
    return { associations, handshakes: this.#handshakes.size, sessions: this.#sessions.size };
  }

  /** What has happened since the start. */
  get counters(): Readonly<DtlsCounters> {
    return this.#counters;
  }

  peerOf(association: number): Peer | undefined {
    return this.#established.table.byId(association)?.peer;
  }

  /** A datagram has arrived. Never throws, whatever it holds; its memory belongs to the server from now on. */
  receive(bytes: Uint8Array, peer: Peer, now: Instant): DtlsOutput<DtlsServerEvent> {
    const sink = newSink<DtlsServerEvent>();
    let offset = 0;
    for (let count = 0; offset < bytes.length && count < this.#limits.recordsPerDatagramMax; count += 1) {
      const record = recordAt(bytes, offset, this.#limits.connectionIdBytes);
      if (record === undefined) {
        this.#counters.recordsMalformed += 1;
        break;
      }
      offset += record.size;
      this.#onRecord(record, peer, now, sink);
    }
    return this.#output(sink);
  }

  /** Time has passed: repeats flights, gives up handshakes, forgets idle associations. */
  elapse(now: Instant): DtlsOutput<DtlsServerEvent> {
    const sink = newSink<DtlsServerEvent>();
    for (let due = this.#handshakes.due(now); due !== undefined; due = this.#handshakes.due(now)) {
      if (now >= due.endsAt) {
        this.#fail(due, { reason: 'timeout' }, now, sink);
      } else {
        put(sink, due.peer, due.repeat(now));
        this.#handshakes.moved(due);
      }
    }
    this.#established.elapse(now, sink);
    return this.#output(sink);
  }

  /** The answer to `psk-wanted`; undefined for an identity that nobody knows. */
  pskFound(handshake: number, psk: Uint8Array | undefined, now: Instant): DtlsOutput<DtlsServerEvent> {
    const sink = newSink<DtlsServerEvent>();
    const one = this.#handshakes.byId(handshake);
    if (one !== undefined) this.#follow(one, one.pskFound(psk), now, sink);
    return this.#output(sink);
  }

  /** At most `plaintextBytesMax` bytes; whether they arrive is not for DTLS to say. */
  send(association: number, plaintext: Uint8Array): DtlsSent<DtlsServerEvent> {
    const one = this.#established.table.byId(association);
    if (one === undefined) return { ok: false, reason: 'no_association' };
    if (plaintext.length > this.#limits.plaintextBytesMax) return { ok: false, reason: 'too_long' };
    if (one.sealer.exhausted) return { ok: false, reason: 'exhausted' };
    const sink = newSink<DtlsServerEvent>();
    const left = this.#established.transmit(one, CONTENT.APPLICATION_DATA, plaintext, sink);
    if (!left) return { ok: false, reason: 'path_unproven' };
    return { ok: true, output: this.#output(sink) };
  }

  close(association: number): DtlsOutput<DtlsServerEvent> {
    const sink = newSink<DtlsServerEvent>();
    const one = this.#established.table.byId(association);
    if (one !== undefined) this.#established.close(one, 'closed_here', sink);
    return this.#output(sink);
  }

  /** The identity's key is no longer good: its associations are closed, its session cannot be resumed. */
  forget(identity: Uint8Array): DtlsOutput<DtlsServerEvent> {
    const sink = newSink<DtlsServerEvent>();
    this.#sessions.forget(identity);
    for (const one of [...this.#established.table.ofIdentity(identity)])
      this.#established.close(one, 'closed_here', sink);
    return this.#output(sink);
  }

  #onRecord(record: DtlsRecord, peer: Peer, now: Instant, sink: Sink): void {
    if (record.epoch === 0 && record.type !== CONTENT.CID) return this.#onPlain(record, peer, now, sink);
    if (record.epoch !== EPOCH) {
      this.#counters.recordsUnknown += 1;
      return;
    }
    const withCid = record.type === CONTENT.CID;
    const { table } = this.#established;
    const association = withCid ? table.byCid(keyOf(record.cid)) : table.byPeer(peer);
    const result =
      association === undefined ? 'unknown' : this.#established.receive(association, record, peer, now, sink);
    if (result === 'opened') return;
    // Whose record it is shows in who can open it: an old association and a new handshake may share an address.
    const handshake = withCid ? this.#handshakes.byCid(keyOf(record.cid)) : this.#handshakes.byPeer(peer);
    const mayBeItsOwn = handshake?.peer === peer && withCid === handshake.ownCid.length > 0;
    if (handshake !== undefined && mayBeItsOwn) this.#follow(handshake, handshake.receive(record), now, sink);
    else this.#counters[REFUSALS[result]] += 1;
  }

  #onPlain(record: DtlsRecord, peer: Peer, now: Instant, sink: Sink): void {
    if (record.type === CONTENT.HANDSHAKE) {
      const fragments = parseFragments(record.fragment);
      const [first] = fragments ?? [];
      if (first === undefined) {
        this.#counters.recordsMalformed += 1;
        return;
      }
      if (first.type === MESSAGE.CLIENT_HELLO) {
        // Without a cookie nothing is remembered, so a hello has to come in one piece (RFC 6347 §4.2.1).
        if (first.body.length < first.length) this.#counters.hellosFragmented += 1;
        else if (first.length > this.#limits.handshakeMessageBytesMax) this.#counters.hellosMalformed += 1;
        // A copy: what is kept of it must not keep the rest of a large datagram alive.
        else this.#onHello({ ...first, body: first.body.slice() }, record.sequence, peer, now, sink);
        return;
      }
    }
    const handshake = this.#handshakes.byPeer(peer);
    // In the clear anybody may say anything: an established association does not listen.
    if (handshake !== undefined) this.#follow(handshake, handshake.receive(record), now, sink);
  }

  #onHello(message: Message, sequence: number, peer: Peer, now: Instant, sink: Sink): void {
    const hello = parseClientHello(message.body, this.#limits.extensionsMax);
    if (hello === undefined) {
      this.#counters.hellosMalformed += 1;
      return;
    }
    if (!this.#cookies.isGood(hello, peer, now)) {
      this.#sendCookie(hello, message.sequence, sequence, peer, now, sink);
      return;
    }
    const pending = this.#handshakes.byPeer(peer);
    if (pending !== undefined && markOf(pending.hello.random) === markOf(hello.random)) {
      put(sink, peer, pending.repeatOnRequest());
      return;
    }
    // A late copy of the hello that led to the association that is there.
    if (this.#established.table.byPeer(peer)?.helloMark === markOf(hello.random)) return;
    if (!this.#rates.handshakes.take(now)) {
      this.#counters.hellosWithheld += 1;
      return;
    }
    const find = (id: Uint8Array) => this.#sessions.find(id, now);
    const negotiated = negotiate(hello, { suites: this.#suites, find });
    if ('alert' in negotiated) {
      this.#counters.hellosRefused += 1;
      this.#alert(plainRecord(CONTENT.ALERT, sequence, encodeAlert(negotiated.alert)), peer, now, sink);
      return;
    }
    if (pending !== undefined) this.#fail(pending, { reason: 'displaced' }, now, sink);
    if (this.#makeRoom(now, sink)) this.#begin({ hello, message, sequence, negotiated, peer, now }, sink);
  }

  /** RFC 6347 §4.2.1: nothing is remembered, the answer is no longer than the question and bears its number. */
  #sendCookie(
    hello: ClientHello,
    messageSequence: number,
    recordSequence: number,
    peer: Peer,
    now: Instant,
    sink: Sink,
  ): void {
    if (!this.#rates.cookies.take(now)) {
      this.#counters.cookiesWithheld += 1;
      return;
    }
    this.#counters.cookiesSent += 1;
    const body = encodeHelloVerifyRequest(this.#cookies.cookieFor(hello, peer, now));
    const request = encodeMessage({ type: MESSAGE.HELLO_VERIFY_REQUEST, sequence: messageSequence, body });
    sink.datagrams.push({ peer, bytes: plainRecord(CONTENT.HANDSHAKE, recordSequence, request) });
  }

  #makeRoom(now: Instant, sink: Sink): boolean {
    if (this.#handshakes.size < this.#limits.handshakesMax) return true;
    const oldest = this.#handshakes.oldestYoung;
    if (oldest !== undefined) {
      this.#fail(oldest, { reason: 'displaced' }, now, sink);
      return true;
    }
    this.#counters.hellosWithheld += 1;
    return false;
  }

  #begin({ hello, message, sequence, negotiated, peer, now }: Greeting, sink: Sink): void {
    const handshake = new ServerHandshake({
      crypto: this.#crypto,
      limits: this.#limits,
      id: this.#nextId,
      peer,
      hello,
      helloMessage: message,
      helloSequence: sequence,
      negotiated,
      ownCid: negotiated.offer.cid === undefined ? undefined : this.#newCid(),
      identityHint: this.#identityHint,
      padTo: this.#padTo,
      now,
    });
    this.#nextId += 1;
    this.#counters.handshakesBegun += 1;
    put(sink, peer, handshake.begin());
    this.#handshakes.add(handshake);
  }

  #follow(handshake: ServerHandshake, step: Step, now: Instant, sink: Sink): void {
    switch (step.type) {
      case 'waits':
        return;
      case 'psk-wanted':
        this.#handshakes.moved(handshake);
        sink.events.push({ type: 'psk-wanted', handshake: handshake.id, identity: step.identity });
        return;
      case 'failed':
        this.#fail(handshake, step, now, sink);
        return;
      case 'done':
        this.#done(handshake, now, sink);
    }
  }

  #done(handshake: ServerHandshake, now: Instant, sink: Sink): void {
    this.#handshakes.remove(handshake);
    this.#counters.handshakesDone += 1;
    if (handshake.resumes !== undefined) this.#counters.handshakesResumed += 1;
    if (handshake.session !== undefined) {
      this.#sessions.keep({ ...handshake.session, endsAt: now + this.#limits.sessionMsMax });
    }
    const association = this.#established.begin(handshake, now, sink);
    for (const record of handshake.takeEarly()) {
      this.#established.receive(association, record, association.peer, now, sink);
    }
  }

  #fail(handshake: ServerHandshake, why: Failure, now: Instant, sink: Sink): void {
    const { id, peer, identity, writer } = handshake;
    this.#handshakes.remove(handshake);
    this.#counters.handshakesFailed += 1;
    if (why.reason === 'wrong_key') this.#counters.wrongKeys += 1;
    if (why.reason === 'displaced') this.#counters.handshakesDisplaced += 1;
    if (why.alert !== undefined) this.#alert(writer.plain(CONTENT.ALERT, encodeAlert(why.alert)), peer, now, sink);
    sink.events.push({ type: 'handshake-failed', handshake: id, peer, reason: why.reason, identity });
  }

  /** In the clear, to somebody who has no association. */
  #alert(record: Uint8Array, peer: Peer, now: Instant, sink: Sink): void {
    const mayLeave = this.#rates.alerts.take(now);
    this.#counters[mayLeave ? 'alertsSent' : 'alertsWithheld'] += 1;
    if (mayLeave) sink.datagrams.push({ peer, bytes: record });
  }

  /** Drawn at random, so that nobody can guess a CID or tell from it how many devices there are. */
  #newCid(): Uint8Array {
    const { connectionIdBytes } = this.#limits;
    for (let attempt = 0; attempt < CID_ATTEMPTS_MAX; attempt += 1) {
      const cid = this.#crypto.randomBytes(connectionIdBytes);
      const key = keyOf(cid);
      const taken = this.#handshakes.byCid(key) !== undefined || this.#established.table.byCid(key) !== undefined;
      if (connectionIdBytes === 0 || !taken) return cid;
    }
    throw new Error('Broken invariant: chance repeats itself, no connection id is free');
  }

  #output(sink: Sink): DtlsOutput<DtlsServerEvent> {
    const due = this.#handshakes.dueAt;
    const idleAt = this.#established.table.idleAt;
    const wakeAt = due === undefined || (idleAt !== undefined && idleAt < due) ? idleAt : due;
    return { datagrams: sink.datagrams, events: sink.events, wakeAt };
  }
}

const CID_ATTEMPTS_MAX = 32;

const REFUSALS = { unknown: 'recordsUnknown', replayed: 'recordsReplayed', forged: 'recordsForged' } as const;

interface Greeting {
  readonly hello: ClientHello;
  readonly message: Message;
  readonly sequence: number;
  readonly negotiated: Negotiated;
  readonly peer: Peer;
  readonly now: Instant;
}

interface Failure {
  readonly reason: HandshakeFailure;
  readonly alert?: number;
}

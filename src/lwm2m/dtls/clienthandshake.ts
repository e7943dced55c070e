// One handshake on the asking side, full or resumed, from the first hello to the server's Finished (RFC 5246 §7.3, RFC 6347 §4.2).

import { invariant } from '../invariant.ts';
import type { Instant } from '../ports.ts';
import { ALERT, parseAlert } from './alerts.ts';
import type { LastFlight } from './association.ts';
import { equalBytes, NOTHING } from './bytes.ts';
import type { CryptoPort } from './crypto.ts';
import { readExtensions, writeExtensions } from './extensions.ts';
import { Backoff, CHANGE_CIPHER_SPEC, type FlightPart, messagePart, Writer } from './flight.ts';
import { Fragments } from './fragments.ts';
import {
  encodeClientHello,
  encodePskMessage,
  MESSAGE,
  type Message,
  parseFragments,
  parseHelloVerifyRequest,
  parsePskMessage,
  parseServerHello,
  RANDOM_BYTES,
  type ServerHello,
} from './handshake.ts';
import { masterOf, type Schedule, scheduleOf } from './keys.ts';
import type { DtlsLimits } from './limits.ts';
import { type Opened, Opener, Sealer } from './protection.ts';
import { CONTENT, copyOf, DTLS_1_2, type DtlsRecord } from './record.ts';
import type { Session } from './sessions.ts';
import { RENEGOTIATION_SCSV, type Suite } from './suites.ts';
import { Transcript } from './transcript.ts';

export interface ClientOffer {
  readonly identity: Uint8Array;
  readonly psk: Uint8Array;
  readonly suites: readonly Suite[];
  readonly extendedMasterSecret: boolean;
  /** What the server shall put in front of its records; empty: only we put one; undefined: no CIDs at all. */
  readonly cid: Uint8Array | undefined;
  readonly session: Session | undefined;
  readonly padTo: number;
}

export type ClientFailure = 'wrong_key' | 'refused_by_peer' | 'malformed' | 'timeout';

export type ClientStep =
  | { readonly type: 'waits' }
  | { readonly type: 'speaks'; readonly datagrams: readonly Uint8Array[] }
  | { readonly type: 'done'; readonly datagrams: readonly Uint8Array[] }
  | { readonly type: 'failed'; readonly reason: ClientFailure; readonly alert?: number; readonly heard?: number };

const WAITS: ClientStep = { type: 'waits' };
const malformed = (alert: number): ClientStep => ({ type: 'failed', reason: 'malformed', alert });

export class ClientHandshake {
  readonly writer: Writer;
  readonly endsAt: Instant;
  readonly earlyData: Uint8Array[] = [];
  opener: Opener | undefined;
  lastFlight: LastFlight | undefined;
  suite: Suite | undefined;
  resumed = false;
  hint: Uint8Array = NOTHING;
  /** What we put in front of our records. */
  peerCid: Uint8Array = NOTHING;
  session: Session | undefined;
  readonly #crypto: CryptoPort;
  readonly #limits: DtlsLimits;
  readonly #offer: ClientOffer;
  readonly #random: Uint8Array;
  readonly #fragments: Fragments;
  #transcript: Transcript;
  #backoff: Backoff;
  #flight: readonly FlightPart[] = [];
  #nextMessage = 0;
  #stage: 'hello' | 'server-flight' | 'finished' = 'hello';
  #serverHello: ServerHello | undefined;
  #extended = false;
  #schedule: Schedule | undefined;
  #early: DtlsRecord[] = [];
  #bad = 0;
  #cookies = 0;

  constructor(crypto: CryptoPort, limits: DtlsLimits, offer: ClientOffer, now: Instant) {
    this.#crypto = crypto;
    this.#limits = limits;
    this.#offer = offer;
    this.#random = crypto.randomBytes(RANDOM_BYTES);
    this.writer = new Writer(0, limits);
    this.#fragments = new Fragments(0, limits);
    this.#transcript = new Transcript(crypto);
    this.#backoff = new Backoff(limits, now);
    this.endsAt = now + limits.handshakeMsMax;
  }

  get dueAt(): Instant {
    return Math.min(this.#backoff.dueAt, this.endsAt);
  }

  begin(): readonly Uint8Array[] {
    return this.#greet(NOTHING);
  }

  /** Nothing came in time: our last flight once more. */
  repeat(now: Instant): readonly Uint8Array[] {
    this.#backoff.again(now);
    return this.writer.datagrams(this.#flight);
  }

  receive(record: DtlsRecord, now: Instant): ClientStep {
    if (record.epoch !== 0) return this.#receiveSealed(record, now);
    if (record.type === CONTENT.ALERT) return this.#onAlert(record.fragment);
    return record.type === CONTENT.HANDSHAKE ? this.#onFragments(record.fragment, false, now) : WAITS;
  }

  /** Sealed records that nobody has looked at yet. */
  takeEarly(): DtlsRecord[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  #greet(cookie: Uint8Array): readonly Uint8Array[] {
    const { suites, extendedMasterSecret, cid, session } = this.#offer;
    this.#transcript = new Transcript(this.#crypto);
    const body = encodeClientHello({
      version: DTLS_1_2,
      random: this.#random,
      sessionId: session?.id ?? NOTHING,
      cookie,
      suites: [...suites.map(({ id }) => id), RENEGOTIATION_SCSV],
      compressions: Uint8Array.of(0),
      extensions: writeExtensions({ cid, extendedMasterSecret, renegotiationInfo: false }),
    });
    return this.#fly([this.#say(MESSAGE.CLIENT_HELLO, body)]);
  }

  #receiveSealed(record: DtlsRecord, now: Instant): ClientStep {
    if (this.opener === undefined) {
      if (this.#early.length < this.#limits.earlyRecordsMax) this.#early.push(copyOf(record));
      return WAITS;
    }
    const opened = this.opener.open(record);
    if (opened === 'replayed') return WAITS;
    if (opened === 'forged') {
      this.#bad += 1;
      if (this.#bad < this.#limits.badFinishedMax) return WAITS;
      return { type: 'failed', reason: 'wrong_key', alert: ALERT.DECRYPT_ERROR };
    }
    return this.#onOpened(opened, now);
  }

  #onOpened({ type, content }: Opened, now: Instant): ClientStep {
    if (type === CONTENT.HANDSHAKE) return this.#onFragments(content, true, now);
    if (type === CONTENT.ALERT) return this.#onAlert(content);
    if (type !== CONTENT.APPLICATION_DATA) return malformed(ALERT.UNEXPECTED_MESSAGE);
    if (this.earlyData.length < this.#limits.earlyRecordsMax) this.earlyData.push(content);
    return WAITS;
  }

  #onAlert(body: Uint8Array): ClientStep {
    const alert = parseAlert(body);
    if (alert === undefined || (!alert.fatal && alert.description !== ALERT.CLOSE_NOTIFY)) return WAITS;
    return { type: 'failed', reason: 'refused_by_peer', heard: alert.description };
  }

  #onFragments(bytes: Uint8Array, sealed: boolean, now: Instant): ClientStep {
    for (const fragment of parseFragments(bytes) ?? []) {
      if ((fragment.type === MESSAGE.FINISHED) === sealed) this.#fragments.add(fragment);
    }
    let step = WAITS;
    for (let message = this.#fragments.take(); message !== undefined; message = this.#fragments.take()) {
      step = this.#onMessage(message);
      if (step.type === 'speaks') this.#backoff = new Backoff(this.#limits, now);
      if (step.type === 'failed' || step.type === 'done') return step;
    }
    // Records that waited for the key are looked at once it is there.
    if (this.opener === undefined || this.#early.length === 0) return step;
    const waiting = this.takeEarly();
    for (const [place, record] of waiting.entries()) {
      const next = this.#receiveSealed(record, now);
      if (next.type === 'waits') continue;
      this.#early = waiting.slice(place + 1);
      return next;
    }
    return step;
  }

  #onMessage(message: Message): ClientStep {
    const { type } = message;
    if (this.#stage === 'hello') {
      if (type === MESSAGE.HELLO_VERIFY_REQUEST) return this.#onVerifyRequest(message);
      return type === MESSAGE.SERVER_HELLO ? this.#onServerHello(message) : malformed(ALERT.UNEXPECTED_MESSAGE);
    }
    if (this.#stage === 'finished') {
      return type === MESSAGE.FINISHED ? this.#onFinished(message) : malformed(ALERT.UNEXPECTED_MESSAGE);
    }
    this.#transcript.add(message);
    if (type === MESSAGE.SERVER_KEY_EXCHANGE) {
      const hint = parsePskMessage(message.body);
      this.hint = hint?.slice() ?? NOTHING;
      return hint === undefined ? malformed(ALERT.DECODE_ERROR) : WAITS;
    }
    return type === MESSAGE.SERVER_HELLO_DONE ? this.#onHelloDone() : malformed(ALERT.UNEXPECTED_MESSAGE);
  }

  #onVerifyRequest(message: Message): ClientStep {
    const request = parseHelloVerifyRequest(message.body);
    this.#cookies += 1;
    if (request === undefined || this.#cookies > COOKIES_MAX) return malformed(ALERT.HANDSHAKE_FAILURE);
    return { type: 'speaks', datagrams: this.#greet(request.cookie.slice()) };
  }

  #onServerHello(message: Message): ClientStep {
    const hello = parseServerHello(message.body, this.#limits.extensionsMax);
    if (hello === undefined) return malformed(ALERT.DECODE_ERROR);
    const { suites, cid, extendedMasterSecret, session } = this.#offer;
    const suite = suites.find(({ id }) => id === hello.suite);
    const extensions = readExtensions(hello.extensions);
    if (hello.version !== DTLS_1_2) return malformed(ALERT.PROTOCOL_VERSION);
    if (suite === undefined || hello.compression !== 0) return malformed(ALERT.ILLEGAL_PARAMETER);
    // What was not offered must not come back (RFC 5246 §7.4.1.4).
    if (extensions === 'malformed' || (extensions.cid !== undefined && cid === undefined)) {
      return malformed(ALERT.HANDSHAKE_FAILURE);
    }
    if (extensions.extendedMasterSecret && !extendedMasterSecret) return malformed(ALERT.HANDSHAKE_FAILURE);
    this.#transcript.add(message);
    this.#serverHello = { ...hello, random: hello.random.slice(), sessionId: hello.sessionId.slice() };
    this.suite = suite;
    this.#extended = extensions.extendedMasterSecret;
    this.peerCid = extensions.cid?.slice() ?? NOTHING;
    if (session === undefined || !equalBytes(session.id, hello.sessionId)) {
      this.#stage = 'server-flight';
      return WAITS;
    }
    // RFC 7627 §5.3: only sessions with the extended master secret are kept, so it has to be there again.
    if (!this.#extended || suite !== session.suite) return malformed(ALERT.HANDSHAKE_FAILURE);
    this.resumed = true;
    this.session = session;
    this.#takeMaster(session.master);
    this.#stage = 'finished';
    return WAITS;
  }

  #onHelloDone(): ClientStep {
    const hello = this.#serverHello;
    invariant(hello !== undefined && this.suite !== undefined, 'a server flight begins with its hello');
    const { identity, psk } = this.#offer;
    const exchange = this.#say(MESSAGE.CLIENT_KEY_EXCHANGE, encodePskMessage(identity));
    const randoms = { client: this.#random, server: hello.random };
    const master = masterOf(this.#crypto, psk, randoms, this.#extended ? this.#transcript.hash() : undefined);
    this.#takeMaster(master);
    if (this.#extended && hello.sessionId.length > 0) {
      this.session = { id: hello.sessionId, identity, suite: this.suite, master, endsAt: Number.POSITIVE_INFINITY };
    }
    this.#stage = 'finished';
    return { type: 'speaks', datagrams: this.#fly([exchange, CHANGE_CIPHER_SPEC, this.#sayFinished()]) };
  }

  #onFinished(message: Message): ClientStep {
    const schedule = this.#schedule;
    invariant(schedule !== undefined, 'Finished is opened with a key');
    const wanted = schedule.verifyData('server', this.#transcript.hash());
    if (!this.#crypto.timingSafeEqual(message.body, wanted)) {
      return { type: 'failed', reason: 'wrong_key', alert: ALERT.DECRYPT_ERROR };
    }
    if (!this.resumed) return { type: 'done', datagrams: [] };
    this.#transcript.add(message);
    const parts = [CHANGE_CIPHER_SPEC, this.#sayFinished()];
    this.lastFlight = { parts, answers: message.sequence, repeats: 0 };
    return { type: 'done', datagrams: this.writer.datagrams(parts) };
  }

  #takeMaster(master: Uint8Array): void {
    const hello = this.#serverHello;
    invariant(hello !== undefined && this.suite !== undefined, 'keys come after the hellos');
    const randoms = { client: this.#random, server: hello.random };
    this.#schedule = scheduleOf(this.#crypto, this.suite, master, randoms);
    this.opener = new Opener(this.#schedule.server);
    this.writer.sealer = new Sealer(this.#schedule.client, this.peerCid, this.#offer.padTo);
  }

  #sayFinished(): FlightPart {
    invariant(this.#schedule !== undefined, 'Finished is made with a key');
    return this.#say(MESSAGE.FINISHED, this.#schedule.verifyData('client', this.#transcript.hash()), true);
  }

  #say(type: number, body: Uint8Array, sealed = false): FlightPart {
    const message: Message = { type, sequence: this.#nextMessage, body };
    this.#nextMessage += 1;
    this.#transcript.add(message);
    return messagePart(message, sealed);
  }

  #fly(parts: readonly FlightPart[]): readonly Uint8Array[] {
    this.#flight = parts;
    return this.writer.datagrams(parts);
  }
}

/** A server that asks for ever new cookies is none. */
const COOKIES_MAX = 4;

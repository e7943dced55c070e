// One handshake on the serving side, from the hello whose cookie was good to the client's Finished (RFC 5246 §7.3, RFC 6347 §4.2).

import type { Timed } from '../deadlines.ts';
import { invariant } from '../invariant.ts';
import type { Instant, Peer } from '../ports.ts';
import { ALERT, parseAlert } from './alerts.ts';
import type { LastFlight } from './association.ts';
import { NOTHING } from './bytes.ts';
import type { CryptoPort } from './crypto.ts';
import { writeExtensions } from './extensions.ts';
import { Backoff, CHANGE_CIPHER_SPEC, type FlightPart, messagePart, Writer } from './flight.ts';
import { Fragments } from './fragments.ts';
import {
  type ClientHello,
  encodePskMessage,
  encodeServerHello,
  MESSAGE,
  type Message,
  parseFragments,
  parsePskMessage,
  RANDOM_BYTES,
} from './handshake.ts';
import { masterOf, type Randoms, type Schedule, scheduleOf } from './keys.ts';
import type { DtlsLimits } from './limits.ts';
import type { Negotiated } from './negotiation.ts';
import { type Opened, Opener, Sealer } from './protection.ts';
import { CONTENT, copyOf, DTLS_1_2, type DtlsRecord } from './record.ts';
import { SESSION_ID_BYTES, type Session } from './sessions.ts';
import type { Suite } from './suites.ts';
import { Transcript } from './transcript.ts';

export type HandshakeFailure = 'wrong_key' | 'refused_by_peer' | 'malformed' | 'timeout' | 'displaced';

/** What a record has led to. */
export type Step =
  | { readonly type: 'waits' }
  | { readonly type: 'psk-wanted'; readonly identity: Uint8Array }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: HandshakeFailure; readonly alert?: number };

const WAITS: Step = { type: 'waits' };
const malformed = (alert: number): Step => ({ type: 'failed', reason: 'malformed', alert });
const DECOY_BYTES = 32;

export interface ServerHandshakeParts {
  readonly crypto: CryptoPort;
  readonly limits: DtlsLimits;
  readonly id: number;
  readonly peer: Peer;
  readonly hello: ClientHello;
  readonly helloMessage: Message;
  /** RFC 6347 §4.2.1: our numbers begin with that of the hello's record, for we remember none of our own. */
  readonly helloSequence: number;
  readonly negotiated: Negotiated;
  /** What the client shall put in front of its records; undefined when it offered no CID. */
  readonly ownCid: Uint8Array | undefined;
  readonly identityHint: Uint8Array;
  readonly padTo: number;
  readonly now: Instant;
}

export class ServerHandshake implements Timed {
  readonly id: number;
  readonly peer: Peer;
  readonly hello: ClientHello;
  readonly ownCid: Uint8Array;
  readonly endsAt: Instant;
  readonly writer: Writer;
  readonly resumes: Session | undefined;
  readonly suite: Suite;
  dueAt: Instant;
  place = -1;
  identity: Uint8Array | undefined;
  opener: Opener | undefined;
  lastFlight: LastFlight | undefined;
  /** What is to be remembered for a resumption; undefined without an extended master secret. */
  session: Omit<Session, 'endsAt'> | undefined;
  /** Authentic application data that came before Finished. */
  readonly earlyData: Uint8Array[] = [];
  readonly #parts: ServerHandshakeParts;
  readonly #randoms: Randoms;
  readonly #sessionId: Uint8Array;
  readonly #transcript: Transcript;
  readonly #fragments: Fragments;
  readonly #backoff: Backoff;
  #early: DtlsRecord[] = [];
  #earlyBytes = 0;
  #stage: 'key-exchange-wanted' | 'psk-wanted' | 'finished-wanted' = 'key-exchange-wanted';
  #schedule: Schedule | undefined;
  #flight: readonly FlightPart[] = [];
  #nextMessage: number;
  #repeats = 0;
  #bad = 0;

  constructor(parts: ServerHandshakeParts) {
    const { crypto, limits, hello, helloMessage, negotiated, now } = parts;
    this.#parts = parts;
    this.id = parts.id;
    this.peer = parts.peer;
    this.hello = hello;
    this.ownCid = parts.ownCid ?? NOTHING;
    this.endsAt = now + limits.handshakeMsMax;
    this.writer = new Writer(parts.helloSequence, limits);
    this.resumes = negotiated.session;
    this.suite = negotiated.suite;
    this.#randoms = { client: hello.random, server: crypto.randomBytes(RANDOM_BYTES) };
    const remembers = negotiated.offer.extendedMasterSecret && limits.sessionsMax > 0;
    this.#sessionId = negotiated.session?.id ?? (remembers ? crypto.randomBytes(SESSION_ID_BYTES) : NOTHING);
    this.#transcript = new Transcript(crypto);
    this.#transcript.add(helloMessage);
    this.#fragments = new Fragments(helloMessage.sequence + 1, limits);
    this.#nextMessage = helloMessage.sequence;
    this.#backoff = new Backoff(limits, now);
    this.dueAt = this.#backoff.dueAt;
  }

  /** Whether the client has shown nothing yet but that it receives at its address. */
  get isYoung(): boolean {
    return this.#stage === 'key-exchange-wanted';
  }

  /** Our first flight. */
  begin(): readonly Uint8Array[] {
    const { negotiated, identityHint, ownCid } = this.#parts;
    const extensions = writeExtensions({ ...negotiated.offer, cid: ownCid });
    const body = encodeServerHello({
      version: DTLS_1_2,
      random: this.#randoms.server,
      sessionId: this.#sessionId,
      suite: negotiated.suite.id,
      compression: 0,
      extensions,
    });
    const parts = [this.#say(MESSAGE.SERVER_HELLO, body)];
    if (negotiated.session !== undefined) {
      this.identity = negotiated.session.identity;
      this.#takeMaster(negotiated.session.master);
      parts.push(CHANGE_CIPHER_SPEC, this.#sayFinished());
      this.#stage = 'finished-wanted';
    } else {
      // RFC 4279 §2: without a hint the message is left out.
      if (identityHint.length > 0) parts.push(this.#say(MESSAGE.SERVER_KEY_EXCHANGE, encodePskMessage(identityHint)));
      parts.push(this.#say(MESSAGE.SERVER_HELLO_DONE, NOTHING));
    }
    this.#flight = parts;
    return this.writer.datagrams(parts);
  }

  /** The time of `dueAt` has come and it is not over: our flight once more. */
  repeat(now: Instant): readonly Uint8Array[] {
    this.#backoff.again(now);
    this.#setDue();
    return this.writer.datagrams(this.#flight);
  }

  /** The client has sent its hello again: it did not get our flight. */
  repeatOnRequest(): readonly Uint8Array[] {
    if (this.#flight.length === 0 || this.#repeats >= this.#parts.limits.repeatsOnRequestMax) return [];
    this.#repeats += 1;
    return this.writer.datagrams(this.#flight);
  }

  receive(record: DtlsRecord): Step {
    if (record.epoch !== 0) return this.#receiveSealed(record);
    if (record.type === CONTENT.ALERT) return this.#onAlert(record.fragment);
    return record.type === CONTENT.HANDSHAKE ? this.#onFragments(record.fragment, false) : WAITS;
  }

  /** The directory's answer. Without a key the handshake goes on with one that nobody has, and fails as a wrong one does. */
  pskFound(psk: Uint8Array | undefined): Step {
    if (this.#stage !== 'psk-wanted') return WAITS;
    const { crypto, negotiated } = this.#parts;
    const decoy = crypto.randomBytes(DECOY_BYTES);
    const extended = negotiated.offer.extendedMasterSecret ? this.#transcript.hash() : undefined;
    const master = masterOf(crypto, psk ?? decoy, this.#randoms, extended);
    this.#takeMaster(master);
    this.#stage = 'finished-wanted';
    invariant(this.identity !== undefined, 'a key is found for somebody');
    if (this.#sessionId.length > 0) {
      this.session = { id: this.#sessionId, identity: this.identity, suite: negotiated.suite, master };
    }
    const waiting = this.takeEarly();
    for (const [place, record] of waiting.entries()) {
      const step = this.#receiveSealed(record);
      if (step.type === 'waits') continue;
      this.#early = waiting.slice(place + 1);
      return step;
    }
    return WAITS;
  }

  /** Sealed records that came before they could be opened and that nobody has looked at yet. */
  takeEarly(): DtlsRecord[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  #receiveSealed(record: DtlsRecord): Step {
    if (this.opener === undefined) {
      const { earlyRecordsMax, earlyBytesMax } = this.#parts.limits;
      if (this.#early.length >= earlyRecordsMax || this.#earlyBytes + record.size > earlyBytesMax) return WAITS;
      this.#early.push(copyOf(record));
      this.#earlyBytes += record.size;
      return WAITS;
    }
    const opened = this.opener.open(record);
    if (opened === 'replayed') return WAITS;
    if (opened === 'forged') {
      this.#bad += 1;
      // Not at once: one forged datagram must not end an honest handshake.
      if (this.#bad < this.#parts.limits.badFinishedMax) return WAITS;
      return { type: 'failed', reason: 'wrong_key', alert: ALERT.DECRYPT_ERROR };
    }
    return this.#onOpened(opened);
  }

  #onOpened({ type, content }: Opened): Step {
    switch (type) {
      case CONTENT.HANDSHAKE:
        return this.#onFragments(content, true);
      case CONTENT.ALERT:
        return this.#onAlert(content);
      case CONTENT.APPLICATION_DATA:
        if (this.earlyData.length < this.#parts.limits.earlyRecordsMax) this.earlyData.push(content);
        return WAITS;
      default:
        return malformed(ALERT.UNEXPECTED_MESSAGE);
    }
  }

  #onAlert(body: Uint8Array): Step {
    const alert = parseAlert(body);
    const ends = alert?.fatal === true || alert?.description === ALERT.CLOSE_NOTIFY;
    return ends ? { type: 'failed', reason: 'refused_by_peer' } : WAITS;
  }

  /** A message counts only in the epoch it belongs to: Finished sealed, all before it in the clear. */
  #onFragments(bytes: Uint8Array, sealed: boolean): Step {
    const fragments = parseFragments(bytes);
    if (fragments === undefined) return WAITS;
    for (const fragment of fragments) {
      if ((fragment.type === MESSAGE.FINISHED) === sealed) this.#fragments.add(fragment);
    }
    let step = WAITS;
    for (let message = this.#fragments.take(); message !== undefined; message = this.#fragments.take()) {
      step = this.#onMessage(message);
      if (step.type === 'failed' || step.type === 'done') return step;
    }
    return step;
  }

  #onMessage(message: Message): Step {
    if (message.type === MESSAGE.CLIENT_KEY_EXCHANGE && this.#stage === 'key-exchange-wanted') {
      return this.#onKeyExchange(message);
    }
    if (message.type === MESSAGE.FINISHED && this.#stage === 'finished-wanted') return this.#onFinished(message);
    return malformed(ALERT.UNEXPECTED_MESSAGE);
  }

  #onKeyExchange(message: Message): Step {
    const identity = parsePskMessage(message.body);
    if (identity === undefined || identity.length > this.#parts.limits.identityBytesMax) {
      return malformed(ALERT.DECODE_ERROR);
    }
    this.#transcript.add(message);
    this.identity = identity.slice();
    this.#stage = 'psk-wanted';
    // The client has our flight; from here on it is the client that repeats.
    this.#flight = [];
    this.#setDue();
    return { type: 'psk-wanted', identity: this.identity };
  }

  #onFinished(message: Message): Step {
    const schedule = this.#schedule;
    invariant(schedule !== undefined, 'Finished is opened with a key');
    const wanted = schedule.verifyData('client', this.#transcript.hash());
    if (!this.#parts.crypto.timingSafeEqual(message.body, wanted)) {
      return { type: 'failed', reason: 'wrong_key', alert: ALERT.DECRYPT_ERROR };
    }
    if (this.resumes === undefined) {
      this.#transcript.add(message);
      const parts = [CHANGE_CIPHER_SPEC, this.#sayFinished()];
      this.lastFlight = { parts, answers: message.sequence, repeats: 0 };
    }
    return { type: 'done' };
  }

  #takeMaster(master: Uint8Array): void {
    const { crypto, negotiated, padTo } = this.#parts;
    this.#schedule = scheduleOf(crypto, negotiated.suite, master, this.#randoms);
    this.opener = new Opener(this.#schedule.client);
    this.writer.sealer = new Sealer(this.#schedule.server, negotiated.offer.cid ?? NOTHING, padTo);
  }

  #sayFinished(): FlightPart {
    invariant(this.#schedule !== undefined, 'Finished is made with a key');
    return this.#say(MESSAGE.FINISHED, this.#schedule.verifyData('server', this.#transcript.hash()), true);
  }

  #say(type: number, body: Uint8Array, sealed = false): FlightPart {
    const message: Message = { type, sequence: this.#nextMessage, body };
    this.#nextMessage += 1;
    this.#transcript.add(message);
    return messagePart(message, sealed);
  }

  #setDue(): void {
    this.dueAt = this.#flight.length === 0 ? this.endsAt : Math.min(this.#backoff.dueAt, this.endsAt);
  }
}

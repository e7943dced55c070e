// A DTLS 1.2 client for one server, with a pre-shared key and Connection IDs; the simulated devices and the tests speak through it.

/*
 * connect(now), then receive / elapse / send / close as with `DtlsServer`. A client that is made with the `session` of
 * an earlier one resumes it where the server still knows it. A restart of a device is a new client.
 */

import type { Instant, Peer } from '../ports.ts';
import { ALERT, encodeAlert, parseAlert } from './alerts.ts';
import type { LastFlight } from './association.ts';
import { equalBytes, NOTHING } from './bytes.ts';
import { type ClientFailure, ClientHandshake, type ClientStep } from './clienthandshake.ts';
import type { CryptoPort } from './crypto.ts';
import { type ClosedReason, type DtlsOutput, type DtlsSent, type DtlsSink, newSink, put } from './events.ts';
import type { Writer } from './flight.ts';
import { MESSAGE, parseFragments } from './handshake.ts';
import { DTLS_LIMITS, type DtlsLimits } from './limits.ts';
import type { Opened, Opener, Sealer } from './protection.ts';
import { CONTENT, type DtlsRecord, recordAt } from './record.ts';
import type { Session } from './sessions.ts';
import { SUITES, type Suite } from './suites.ts';

export interface DtlsClientOptions {
  readonly crypto: CryptoPort;
  readonly peer: Peer;
  readonly identity: Uint8Array;
  readonly psk: Uint8Array;
  readonly suites?: readonly Suite[];
  /** Default true (RFC 7627). */
  readonly extendedMasterSecret?: boolean;
  /** The CID we want to see; default empty, so that only we put one; `'none'` offers no CIDs at all. */
  readonly cid?: Uint8Array | 'none';
  readonly session?: Session;
  readonly padTo?: number;
  readonly limits?: Partial<DtlsLimits>;
}

export type DtlsClientEvent =
  | {
      readonly type: 'established';
      readonly suite: string;
      readonly resumed: boolean;
      readonly hint: Uint8Array;
      /** Whether we put a CID in front of our records, and so may change our address. */
      readonly withCid: boolean;
    }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'closed'; readonly reason: ClosedReason }
  /** `alert` is what the server said when it refused. */
  | { readonly type: 'handshake-failed'; readonly reason: ClientFailure; readonly alert: number | undefined };

type Sink = DtlsSink<DtlsClientEvent>;

interface Open {
  readonly writer: Writer;
  readonly sealer: Sealer;
  readonly opener: Opener;
  readonly lastFlight: LastFlight | undefined;
}

export class DtlsClient {
  readonly #options: DtlsClientOptions;
  readonly #limits: DtlsLimits;
  readonly #cid: Uint8Array | undefined;
  #handshake: ClientHandshake | undefined;
  #open: Open | undefined;
  #session: Session | undefined;

  constructor(options: DtlsClientOptions) {
    this.#options = options;
    this.#limits = { ...DTLS_LIMITS, ...options.limits };
    this.#cid = options.cid === 'none' ? undefined : (options.cid ?? NOTHING);
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** What a later client can resume; undefined where the server gave no session or no extended master secret. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Begins, or begins again; an association that is open stays so until the new handshake is done. */
  connect(now: Instant): DtlsOutput<DtlsClientEvent> {
    const { crypto, identity, psk, suites = SUITES, extendedMasterSecret = true, session, padTo = 1 } = this.#options;
    const offer = { identity, psk, suites, extendedMasterSecret, cid: this.#cid, session, padTo };
    const sink = newSink<DtlsClientEvent>();
    this.#handshake = new ClientHandshake(crypto, this.#limits, offer, now);
    put(sink, this.#options.peer, this.#handshake.begin());
    return this.#output(sink);
  }

  receive(bytes: Uint8Array, peer: Peer, now: Instant): DtlsOutput<DtlsClientEvent> {
    const sink = newSink<DtlsClientEvent>();
    let offset = peer === this.#options.peer ? 0 : bytes.length;
    for (let count = 0; offset < bytes.length && count < this.#limits.recordsPerDatagramMax; count += 1) {
      const record = recordAt(bytes, offset, this.#cid?.length ?? 0);
      if (record === undefined) break;
      offset += record.size;
      this.#onRecord(record, now, sink);
    }
    return this.#output(sink);
  }

  elapse(now: Instant): DtlsOutput<DtlsClientEvent> {
    const sink = newSink<DtlsClientEvent>();
    const handshake = this.#handshake;
    if (handshake !== undefined && now >= handshake.endsAt) {
      this.#fail({ type: 'failed', reason: 'timeout' }, handshake, sink);
    } else if (handshake !== undefined && now >= handshake.dueAt) {
      put(sink, this.#options.peer, handshake.repeat(now));
    }
    return this.#output(sink);
  }

  send(plaintext: Uint8Array): DtlsSent<DtlsClientEvent> {
    const open = this.#open;
    if (open === undefined) return { ok: false, reason: 'no_association' };
    if (plaintext.length > this.#limits.plaintextBytesMax) return { ok: false, reason: 'too_long' };
    if (open.sealer.exhausted) return { ok: false, reason: 'exhausted' };
    const sink = newSink<DtlsClientEvent>();
    this.#say(open, CONTENT.APPLICATION_DATA, plaintext, sink);
    return { ok: true, output: this.#output(sink) };
  }

  close(): DtlsOutput<DtlsClientEvent> {
    const sink = newSink<DtlsClientEvent>();
    if (this.#open !== undefined) this.#close(this.#open, 'closed_here', sink);
    this.#handshake = undefined;
    return this.#output(sink);
  }

  #onRecord(record: DtlsRecord, now: Instant, sink: Sink): void {
    const bearsCid = record.type === CONTENT.CID;
    const wantsCid = this.#cid !== undefined && this.#cid.length > 0;
    if (bearsCid && !(wantsCid && this.#cid !== undefined && equalBytes(record.cid, this.#cid))) return;
    const open = this.#open;
    if (open !== undefined && record.epoch !== 0) {
      const opened = open.opener.open(record);
      if (typeof opened !== 'string') {
        this.#onOpened(open, opened, sink);
        return;
      }
    }
    const handshake = this.#handshake;
    if (handshake !== undefined) this.#follow(handshake, handshake.receive(record, now), now, sink);
  }

  #follow(handshake: ClientHandshake, step: ClientStep, now: Instant, sink: Sink): void {
    if (step.type === 'waits') return;
    if (step.type === 'failed') {
      this.#fail(step, handshake, sink);
      return;
    }
    put(sink, this.#options.peer, step.datagrams);
    if (step.type === 'done') this.#done(handshake, now, sink);
  }

  #done(handshake: ClientHandshake, now: Instant, sink: Sink): void {
    const { writer, opener, lastFlight, suite, resumed, hint, peerCid } = handshake;
    const { sealer } = writer;
    if (opener === undefined || sealer === undefined || suite === undefined) return;
    if (this.#open !== undefined) sink.events.push({ type: 'closed', reason: 'replaced' });
    this.#open = { writer, sealer, opener, lastFlight };
    this.#session = handshake.session;
    this.#handshake = undefined;
    sink.events.push({ type: 'established', suite: suite.name, resumed, hint, withCid: peerCid.length > 0 });
    for (const bytes of handshake.earlyData) sink.events.push({ type: 'data', bytes });
    for (const record of handshake.takeEarly()) this.#onRecord(record, now, sink);
  }

  #fail(failed: Extract<ClientStep, { type: 'failed' }>, handshake: ClientHandshake, sink: Sink): void {
    this.#handshake = undefined;
    if (failed.alert !== undefined) {
      put(sink, this.#options.peer, [handshake.writer.plain(CONTENT.ALERT, encodeAlert(failed.alert))]);
    }
    sink.events.push({ type: 'handshake-failed', reason: failed.reason, alert: failed.heard });
  }

  #onOpened(open: Open, { type, content }: Opened, sink: Sink): void {
    if (type === CONTENT.APPLICATION_DATA) {
      sink.events.push({ type: 'data', bytes: content });
    } else if (type === CONTENT.ALERT) {
      const alert = parseAlert(content);
      if (alert?.description === ALERT.CLOSE_NOTIFY) this.#close(open, 'closed_by_peer', sink);
      else if (alert?.fatal === true) this.#drop('failed_by_peer', sink);
    } else if (type === CONTENT.HANDSHAKE) {
      const [first] = parseFragments(content) ?? [];
      const last = open.lastFlight;
      if (first?.type !== MESSAGE.FINISHED || last === undefined || first.sequence !== last.answers) return;
      if (last.repeats >= this.#limits.repeatsOnRequestMax) return;
      last.repeats += 1;
      put(sink, this.#options.peer, open.writer.datagrams(last.parts));
    } else {
      this.#close(open, 'misbehaved', sink);
    }
  }

  #say(open: Open, type: number, content: Uint8Array, sink: Sink): void {
    put(sink, this.#options.peer, [open.sealer.seal(type, content)]);
  }

  #close(open: Open, reason: ClosedReason, sink: Sink): void {
    if (!open.sealer.exhausted) this.#say(open, CONTENT.ALERT, encodeAlert(ALERT.CLOSE_NOTIFY), sink);
    this.#drop(reason, sink);
  }

  #drop(reason: ClosedReason, sink: Sink): void {
    this.#open = undefined;
    sink.events.push({ type: 'closed', reason });
  }

  #output(sink: Sink): DtlsOutput<DtlsClientEvent> {
    return { datagrams: sink.datagrams, events: sink.events, wakeAt: this.#handshake?.dueAt };
  }
}

// What a server does with the associations it has: opens and seals their records, follows them to new addresses, ends them.

import { invariant } from '../invariant.ts';
import type { Instant, Peer } from '../ports.ts';
import { ALERT, encodeAlert, parseAlert } from './alerts.ts';
import { Association } from './association.ts';
import { Associations } from './associations.ts';
import { keyOf, readUint } from './bytes.ts';
import type { DtlsCounters } from './counters.ts';
import { type ClosedReason, type DtlsServerEvent, type DtlsSink, put } from './events.ts';
import { MESSAGE, parseFragments } from './handshake.ts';
import type { DtlsLimits } from './limits.ts';
import type { Opened } from './protection.ts';
import { CONTENT, type DtlsRecord } from './record.ts';
import type { ServerHandshake } from './serverhandshake.ts';

type Sink = DtlsSink<DtlsServerEvent>;

export class Established {
  readonly #limits: DtlsLimits;
  readonly #counters: DtlsCounters;
  readonly table: Associations;

  constructor(limits: DtlsLimits, counters: DtlsCounters) {
    this.#limits = limits;
    this.#counters = counters;
    this.table = new Associations(limits);
  }

  /** The client's Finished was good: only now do older associations give way (RFC 6347 §4.2.8). */
  begin(handshake: ServerHandshake, now: Instant, sink: Sink): Association {
    const { id, peer, identity, opener, writer, lastFlight } = handshake;
    const { sealer } = writer;
    const isWhole = identity !== undefined && opener !== undefined && sealer !== undefined;
    invariant(isWhole, 'a finished handshake has an identity and keys');
    const cidKey = keyOf(handshake.ownCid);
    const helloMark = markOf(handshake.hello.random);
    const parts = { id, identity, peer, cidKey, helloMark, writer, sealer, opener, lastFlight, now };
    const association = new Association(parts);
    for (const [old, reason] of this.table.displacedBy(association)) this.drop(old, reason, sink);
    this.table.add(association);
    if (lastFlight !== undefined) put(sink, peer, writer.datagrams(lastFlight.parts));
    const suite = handshake.suite.name;
    const resumed = handshake.resumes !== undefined;
    const withCid = cidKey !== '';
    sink.events.push({ type: 'established', association: id, peer, identity, suite, resumed, withCid });
    for (const bytes of handshake.earlyData) sink.events.push({ type: 'data', association: id, bytes });
    return association;
  }

  /** A sealed record that may be this association's; what is not authentic leaves no trace. */
  receive(
    association: Association,
    record: DtlsRecord,
    peer: Peer,
    now: Instant,
    sink: Sink,
  ): 'opened' | 'replayed' | 'forged' {
    const opened = association.opener.open(record);
    if (typeof opened === 'string') return opened;
    this.#counters.recordsOpened += 1;
    this.table.used(association, now);
    if (opened.newest) this.#follow(association, record, peer, sink);
    this.#onContent(association, opened, sink);
    return 'opened';
  }

  /** False when the device's new address has to answer first and nothing more can wait for it. */
  transmit(association: Association, type: number, content: Uint8Array, sink: Sink): boolean {
    const datagram = association.sealer.seal(type, content);
    this.#counters.recordsSealed += 1;
    const passes = association.pass(datagram, this.#limits);
    if (passes === 'now') sink.datagrams.push({ peer: association.peer, bytes: datagram });
    else this.#counters[passes === 'held' ? 'datagramsHeld' : 'datagramsWithheld'] += 1;
    return passes !== 'full';
  }

  /** Ends it and says so to the device. */
  close(association: Association, reason: ClosedReason, sink: Sink, alert: number = ALERT.CLOSE_NOTIFY): void {
    if (!association.sealer.exhausted) this.#alert(association, alert, sink);
    this.drop(association, reason, sink);
  }

  /** Ends it without a word. */
  drop(association: Association, reason: ClosedReason, sink: Sink): void {
    this.table.remove(association);
    this.#counters.associationsClosed += 1;
    sink.events.push({ type: 'closed', association: association.id, reason });
  }

  elapse(now: Instant, sink: Sink): void {
    for (let eldest = this.table.eldest; eldest !== undefined; eldest = this.table.eldest) {
      if (eldest.usedAt + this.#limits.associationIdleMsMax > now) return;
      this.drop(eldest, 'idle', sink);
    }
  }

  /** RFC 9146 §6: only an authentic record with a CID, newer than all before, tells of a new address. */
  #follow(association: Association, record: DtlsRecord, peer: Peer, sink: Sink): void {
    if (association.peer !== peer) {
      const from = association.peer;
      association.move(peer, record.size, this.#limits);
      this.#counters.associationsMoved += 1;
      sink.events.push({ type: 'moved', association: association.id, from, to: peer });
      return;
    }
    put(sink, peer, association.heard(record.size, this.#limits));
  }

  #onContent(association: Association, { type, content }: Opened, sink: Sink): void {
    switch (type) {
      case CONTENT.APPLICATION_DATA:
        // Whoever sends data has our last flight.
        association.lastFlight = undefined;
        sink.events.push({ type: 'data', association: association.id, bytes: content });
        return;
      case CONTENT.ALERT:
        this.#onAlert(association, content, sink);
        return;
      case CONTENT.HANDSHAKE:
        this.#onHandshake(association, content, sink);
        return;
      default:
        this.close(association, 'misbehaved', sink, ALERT.UNEXPECTED_MESSAGE);
    }
  }

  #onAlert(association: Association, content: Uint8Array, sink: Sink): void {
    const alert = parseAlert(content);
    if (alert?.description === ALERT.CLOSE_NOTIFY) this.close(association, 'closed_by_peer', sink);
    else if (alert?.fatal === true) this.drop(association, 'failed_by_peer', sink);
  }

  #onHandshake(association: Association, content: Uint8Array, sink: Sink): void {
    const [first] = parseFragments(content) ?? [];
    if (first?.type === MESSAGE.CLIENT_HELLO) {
      // RFC 5746 would allow a second handshake inside this one; nothing here needs it.
      this.#counters.renegotiationsRefused += 1;
      this.#alert(association, ALERT.NO_RENEGOTIATION, sink);
      return;
    }
    const last = association.lastFlight;
    if (first?.type !== MESSAGE.FINISHED || last === undefined || first.sequence !== last.answers) return;
    if (last.repeats >= this.#limits.repeatsOnRequestMax) return;
    last.repeats += 1;
    for (const bytes of association.writer.datagrams(last.parts)) {
      if (association.pass(bytes, this.#limits) === 'now') put(sink, association.peer, [bytes]);
    }
  }

  #alert(association: Association, description: number, sink: Sink): void {
    this.#counters.alertsSent += 1;
    this.transmit(association, CONTENT.ALERT, encodeAlert(description), sink);
  }
}

/** Enough of a client's random to know a copy of its hello by; 48 bits. */
export const markOf = (random: Uint8Array): number => readUint(random, 4, 6);

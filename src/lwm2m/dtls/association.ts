// One established association of a server: its keys, its address, and what may be sent to an address that is new.

import type { Instant, Peer } from '../ports.ts';
import type { FlightPart, Writer } from './flight.ts';
import type { DtlsLimits } from './limits.ts';
import type { Opener, Sealer } from './protection.ts';

/** A way to the device that it has not answered on yet (RFC 9146 §6). */
interface UnprovenPath {
  creditBytes: number;
  /** Whether something was sent on it, so that what comes back now answers it. */
  spoken: boolean;
  readonly held: Uint8Array[];
}

export interface LastFlight {
  readonly parts: readonly FlightPart[];
  /** The number of the client's Finished, whose repetition asks for the flight again. */
  readonly answers: number;
  repeats: number;
}

export interface AssociationParts {
  readonly id: number;
  readonly identity: Uint8Array;
  readonly peer: Peer;
  /** The CID that the client puts in front of its records, as a key; empty when it puts none. */
  readonly cidKey: string;
  /** The first bytes of the client's random: a late copy of its hello is known by them. */
  readonly helloMark: number;
  readonly writer: Writer;
  readonly sealer: Sealer;
  readonly opener: Opener;
  readonly lastFlight: LastFlight | undefined;
  readonly now: Instant;
}

export class Association {
  readonly id: number;
  readonly identity: Uint8Array;
  readonly cidKey: string;
  readonly helloMark: number;
  readonly writer: Writer;
  readonly sealer: Sealer;
  readonly opener: Opener;
  peer: Peer;
  usedAt: Instant;
  lastFlight: LastFlight | undefined;
  /** Neighbours in the order of use; only the table writes them. */
  before: Association | undefined;
  after: Association | undefined;
  #path: UnprovenPath | undefined;

  constructor(parts: AssociationParts) {
    this.id = parts.id;
    this.identity = parts.identity;
    this.cidKey = parts.cidKey;
    this.helloMark = parts.helloMark;
    this.writer = parts.writer;
    this.sealer = parts.sealer;
    this.opener = parts.opener;
    this.peer = parts.peer;
    this.usedAt = parts.now;
    this.lastFlight = parts.lastFlight;
  }

  get onUnprovenPath(): boolean {
    return this.#path !== undefined;
  }

  /** An authentic record, newer than all before, came from a new address: what waited goes on waiting. */
  move(peer: Peer, bytes: number, limits: DtlsLimits): void {
    this.peer = peer;
    const creditBytes = bytes * limits.unprovenPathFactorMax;
    this.#path = { creditBytes, spoken: false, held: this.#path?.held ?? [] };
  }

  /** A further such record from the same address: an answer, if we have spoken. What waited may leave then. */
  heard(bytes: number, limits: DtlsLimits): readonly Uint8Array[] {
    const path = this.#path;
    if (path === undefined) return [];
    if (path.spoken) {
      this.#path = undefined;
      return path.held;
    }
    path.creditBytes += bytes * limits.unprovenPathFactorMax;
    return [];
  }

  /** Whether a datagram may leave now, waits for the address's answer, or finds no room to wait. */
  pass(datagram: Uint8Array, limits: DtlsLimits): 'now' | 'held' | 'full' {
    const path = this.#path;
    if (path === undefined) return 'now';
    if (datagram.length <= path.creditBytes) {
      path.creditBytes -= datagram.length;
      path.spoken = true;
      return 'now';
    }
    const heldBytes = path.held.reduce((sum, { length }) => sum + length, 0);
    if (path.held.length >= limits.heldDatagramsMax || heldBytes + datagram.length > limits.heldBytesMax) return 'full';
    path.held.push(datagram);
    return 'held';
  }
}

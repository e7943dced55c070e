// A flight of handshake messages: written afresh for each transmission, repeated with doubling waits (RFC 6347 §4.2.4).

import type { Instant } from '../ports.ts';
import { concat } from './bytes.ts';
import { encodeMessage, type Message } from './handshake.ts';
import type { DtlsLimits } from './limits.ts';
import type { Sealer } from './protection.ts';
import { CONTENT, plainRecord } from './record.ts';

export interface FlightPart {
  readonly type: number;
  readonly sealed: boolean;
  readonly body: Uint8Array;
}

export const messagePart = (message: Message, sealed = false): FlightPart => ({
  type: CONTENT.HANDSHAKE,
  sealed,
  body: encodeMessage(message),
});

export const CHANGE_CIPHER_SPEC: FlightPart = {
  type: CONTENT.CHANGE_CIPHER_SPEC,
  sealed: false,
  body: Uint8Array.of(1),
};

/** What we write: epoch 0 with its own numbers, and epoch 1 once there is a key. */
export class Writer {
  readonly #limits: DtlsLimits;
  #plainSequence: number;
  sealer: Sealer | undefined;

  constructor(plainSequence: number, limits: DtlsLimits) {
    this.#plainSequence = plainSequence;
    this.#limits = limits;
  }

  plain(type: number, body: Uint8Array): Uint8Array {
    const record = plainRecord(type, this.#plainSequence, body);
    this.#plainSequence += 1;
    return record;
  }

  /** The parts as records, as many to a datagram as fit. */
  datagrams(parts: readonly FlightPart[]): readonly Uint8Array[] {
    const datagrams: Uint8Array[] = [];
    let together: Uint8Array[] = [];
    let size = 0;
    for (const { type, sealed, body } of parts) {
      const record = sealed && this.sealer !== undefined ? this.sealer.seal(type, body) : this.plain(type, body);
      if (size > 0 && size + record.length > this.#limits.flightDatagramBytesMax) {
        datagrams.push(concat(...together));
        together = [];
        size = 0;
      }
      together.push(record);
      size += record.length;
    }
    if (size > 0) datagrams.push(concat(...together));
    return datagrams;
  }
}

/** When a flight is due again. */
export class Backoff {
  readonly #limits: DtlsLimits;
  #waitMs: number;
  dueAt: Instant;

  constructor(limits: DtlsLimits, now: Instant) {
    this.#limits = limits;
    this.#waitMs = limits.retransmitMsMin;
    this.dueAt = now + this.#waitMs;
  }

  /** It was sent again: the next wait is twice as long. */
  again(now: Instant): void {
    this.#waitMs = Math.min(2 * this.#waitMs, this.#limits.retransmitMsMax);
    this.dueAt = now + this.#waitMs;
  }
}

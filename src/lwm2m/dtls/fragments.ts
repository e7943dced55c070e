// Puts handshake messages together from their fragments and hands them out in order (RFC 6347 §4.2.2 and §4.2.3).

import type { Fragment, Message } from './handshake.ts';
import type { DtlsLimits } from './limits.ts';

interface Body {
  readonly type: number;
  readonly body: Uint8Array;
  /** Which bytes are there: one byte each, for a message has at most a few hundred. */
  readonly present: Uint8Array;
  missing: number;
}

export class Fragments {
  readonly #limits: DtlsLimits;
  readonly #bodies = new Map<number, Body>();
  #next: number;

  /** `next` is the number of the first message that is awaited. */
  constructor(next: number, limits: DtlsLimits) {
    this.#next = next;
    this.#limits = limits;
  }

  get next(): number {
    return this.#next;
  }

  /** Keeps what fits; what is old, too large, too far ahead or contradicts an earlier fragment is dropped. */
  add({ type, sequence, length, offset, body }: Fragment): void {
    const ahead = sequence - this.#next;
    if (ahead < 0 || ahead >= this.#limits.handshakeMessagesAheadMax) return;
    if (length > this.#limits.handshakeMessageBytesMax) return;
    let known = this.#bodies.get(sequence);
    if (known === undefined) {
      known = { type, body: new Uint8Array(length), present: new Uint8Array(length), missing: length };
      this.#bodies.set(sequence, known);
    }
    if (known.type !== type || known.body.length !== length) return;
    for (let place = 0; place < body.length; place += 1) {
      const at = offset + place;
      if (known.present[at] !== 0) continue;
      known.present[at] = 1;
      known.body[at] = body[place] ?? 0;
      known.missing -= 1;
    }
  }

  /** The next message, once it is complete. */
  take(): Message | undefined {
    const sequence = this.#next;
    const known = this.#bodies.get(sequence);
    if (known === undefined || known.missing > 0) return undefined;
    this.#bodies.delete(sequence);
    this.#next += 1;
    return { type: known.type, sequence, body: known.body };
  }
}

// All messages of a handshake so far, in the form in which both sides hash them (RFC 5246 §7.4.9, RFC 6347 §4.2.6).

import { concat, NOTHING } from './bytes.ts';
import type { CryptoPort } from './crypto.ts';
import { encodeMessage, type Message } from './handshake.ts';

export class Transcript {
  readonly #crypto: CryptoPort;
  #bytes = NOTHING;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  add(message: Message): void {
    this.#bytes = concat(this.#bytes, encodeMessage(message));
  }

  hash(): Uint8Array {
    return this.#crypto.sha256(this.#bytes);
  }
}

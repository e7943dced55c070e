// The cookie that shows that a client receives at its address, checked without remembering anything about him (RFC 6347 §4.2.1).

import type { Instant, Peer } from '../ports.ts';
import { utf8Bytes } from '../utf8.ts';
import { concat, vector } from './bytes.ts';
import type { CryptoPort, Hmac } from './crypto.ts';
import { type ClientHello, cookieBound } from './handshake.ts';

const COOKIE_BYTES = 16;
const SECRET_BYTES = 32;

export class Cookies {
  readonly #crypto: CryptoPort;
  readonly #secretMsMax: number;
  #current: Hmac;
  /** Cookies of the secret before this one are still good, so that a change of secrets disturbs no handshake. */
  #previous: Hmac;
  #changesAt: Instant | undefined;

  constructor(crypto: CryptoPort, secretMsMax: number) {
    this.#crypto = crypto;
    this.#secretMsMax = secretMsMax;
    this.#current = this.#newSecret();
    this.#previous = this.#newSecret();
  }

  cookieFor(hello: ClientHello, peer: Peer, now: Instant): Uint8Array {
    this.#turn(now);
    return cookieOf(this.#current, hello, peer);
  }

  isGood(hello: ClientHello, peer: Peer, now: Instant): boolean {
    if (hello.cookie.length !== COOKIE_BYTES) return false;
    this.#turn(now);
    const isOf = (secret: Hmac): boolean => this.#crypto.timingSafeEqual(hello.cookie, cookieOf(secret, hello, peer));
    return isOf(this.#current) || isOf(this.#previous);
  }

  /** No timer: a secret is changed when it is used after its time. */
  #turn(now: Instant): void {
    const due = this.#changesAt;
    if (due !== undefined && now < due) return;
    if (due !== undefined) {
      this.#previous = now < due + this.#secretMsMax ? this.#current : this.#newSecret();
      this.#current = this.#newSecret();
    }
    this.#changesAt = now + this.#secretMsMax;
  }

  #newSecret(): Hmac {
    return this.#crypto.hmacSha256(this.#crypto.randomBytes(SECRET_BYTES));
  }
}

const cookieOf = (secret: Hmac, hello: ClientHello, peer: Peer): Uint8Array =>
  secret(concat(vector(2, utf8Bytes(peer)), cookieBound(hello))).slice(0, COOKIE_BYTES);

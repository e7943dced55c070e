// The key schedule: from the pre-shared key to the keys of both directions (RFC 5246 §5, §6.3, §8.1; RFC 4279 §2; RFC 7627 §4).

import { utf8Bytes } from '../utf8.ts';
import { concat, vector } from './bytes.ts';
import type { CryptoPort, Hmac } from './crypto.ts';
import { VERIFY_DATA_BYTES } from './handshake.ts';
import type { KeyAndSalt } from './protection.ts';
import type { Suite } from './suites.ts';

const MASTER_BYTES = 48;
const KEY_BYTES = 16;
const SALT_BYTES = 4;

/** PRF(secret, label, seed) of TLS 1.2 with SHA-256, cut to `length`; the secret is the key inside `hmac`. */
export function prf(hmac: Hmac, label: string, seed: Uint8Array, length: number): Uint8Array {
  const labelled = concat(utf8Bytes(label), seed);
  const output = new Uint8Array(length);
  let chain = labelled;
  for (let offset = 0; offset < length; offset += 32) {
    chain = hmac(chain);
    const part = hmac(concat(chain, labelled));
    output.set(part.subarray(0, length - offset), offset);
  }
  return output;
}

/** RFC 4279 §2: as many zeros as the key has bytes, and the key, each with its length. */
export const premasterOf = (psk: Uint8Array): Uint8Array =>
  concat(vector(2, new Uint8Array(psk.length)), vector(2, psk));

export interface Randoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** With `sessionHash` the extended master secret, without it the one of RFC 5246. */
export function masterOf(
  crypto: CryptoPort,
  psk: Uint8Array,
  randoms: Randoms,
  sessionHash: Uint8Array | undefined,
): Uint8Array {
  const hmac = crypto.hmacSha256(premasterOf(psk));
  return sessionHash === undefined
    ? prf(hmac, 'master secret', concat(randoms.client, randoms.server), MASTER_BYTES)
    : prf(hmac, 'extended master secret', sessionHash, MASTER_BYTES);
}

/** What both sides know once they have the master secret. */
export interface Schedule {
  readonly client: KeyAndSalt;
  readonly server: KeyAndSalt;
  verifyData(who: 'client' | 'server', transcriptHash: Uint8Array): Uint8Array;
}

export function scheduleOf(crypto: CryptoPort, suite: Suite, master: Uint8Array, randoms: Randoms): Schedule {
  const hmac = crypto.hmacSha256(master);
  const block = prf(hmac, 'key expansion', concat(randoms.server, randoms.client), 2 * (KEY_BYTES + SALT_BYTES));
  const direction = (place: 0 | 1): KeyAndSalt => {
    const saltAt = 2 * KEY_BYTES + place * SALT_BYTES;
    return {
      key: crypto.aead(suite.aead, block.slice(place * KEY_BYTES, (place + 1) * KEY_BYTES)),
      salt: block.slice(saltAt, saltAt + SALT_BYTES),
      tagBytes: suite.tagBytes,
    };
  };
  return {
    client: direction(0),
    server: direction(1),
    verifyData: (who, transcriptHash) => prf(hmac, `${who} finished`, transcriptHash, VERIFY_DATA_BYTES),
  };
}

// Tokens, by which an answer finds its request (RFC 7252 §5.3.1).

import { LIMITS } from './limits.ts';
import type { Random } from './ports.ts';

const ATTEMPTS_MAX = 32;

/** Long and random, so that nobody off the path can guess an answer into our hands. */
export function newToken(random: Random, isTaken: (key: string) => boolean): Uint8Array {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const token = new Uint8Array(LIMITS.tokenBytesMax);
    for (let place = 0; place < token.length; place += 4) {
      const word = random.uint32();
      token[place] = word >>> 24;
      token[place + 1] = word >>> 16;
      token[place + 2] = word >>> 8;
      token[place + 3] = word;
    }
    if (!isTaken(tokenKey(token))) return token;
  }
  throw new Error('Broken invariant: chance repeats itself, no token is free');
}

export function tokenKey(token: Uint8Array): string {
  let key = '';
  for (const byte of token) key += String.fromCharCode(byte);
  return key;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let place = 0; place < a.length; place += 1) if (a[place] !== b[place]) return false;
  return true;
}

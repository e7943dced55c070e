// Hashes and proofs: scrypt for secrets that people choose, SHA-256 and HMAC for tokens that we draw.
import { createHash, createHmac, scrypt, timingSafeEqual } from 'node:crypto';
import type { Passwords } from './ports.ts';

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}
/** RFC 7914 §2 for logins that somebody waits for; every secret is drawn by the server, so none can be guessed. */
export const SCRYPT_COST: ScryptCost = { N: 2 ** 14, r: 8, p: 1 };
const HASH_BYTES = 32;

/** `salt` draws 16 random bytes. */
export function scryptPasswords(salt: () => Uint8Array, cost: ScryptCost = SCRYPT_COST): Passwords {
  return {
    async hashPassword(plain) {
      const grain = salt();
      const hash = await derive(plain, grain, cost);
      return ['scrypt', cost.N, cost.r, cost.p, encode(grain), encode(hash)].join('$');
    },
    async verifyPassword(plain, stored) {
      const [scheme, N, r, p, grain = '', hash = ''] = stored.split('$');
      if (scheme !== 'scrypt') return false;
      const wanted = Buffer.from(hash, 'base64url');
      if (wanted.length !== HASH_BYTES) return false;
      const given = await derive(plain, Buffer.from(grain, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
      return timingSafeEqual(given, wanted);
    },
  };
}

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function derive(plain: string, salt: Uint8Array, cost: ScryptCost): Promise<Buffer> {
  // Twice the blocks of RFC 7914 §6, and room for the rest.
  const maxmem = 256 * cost.N * cost.r + 2 ** 20;
  return new Promise((resolve, reject) => {
    scrypt(plain.normalize('NFC'), salt, HASH_BYTES, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const hmac = (secret: Uint8Array, text: string): Buffer => createHmac('sha256', secret).update(text).digest();

/** Equal texts, in a time that tells nothing about where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

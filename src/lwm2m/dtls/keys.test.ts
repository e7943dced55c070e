// The key schedule against its published vector, over a SHA-256 written out here: this folder sees no library.

import { expect, test } from 'vitest';
import type { Hmac } from './crypto.ts';
import { premasterOf, prf } from './keys.ts';

const hex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const digits = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** FIPS 180-4 §4.2.2 and §5.3.3: the first 32 bits of the fractional parts of roots of the first primes. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const isPrime = (n: number): boolean =>
  n > 1 && !Array.from({ length: n - 2 }, (_, k) => k + 2).some((k) => n % k === 0);
const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(isPrime);
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function sha256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, data.length * 8);
  const state = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  for (let block = 0; block < padded.length; block += 64) {
    const w = Array.from({ length: 16 }, (_, t) => view.getInt32(block + 4 * t));
    for (let t = 16; t < 64; t += 1) {
      const [x, y] = [w[t - 15]!, w[t - 2]!];
      const small = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      w.push((w[t - 16]! + small + w[t - 7]! + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))) | 0);
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t]! + w[t]!) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [place, word] of [a, b, c, d, e, f, g, h].entries()) state[place] = (state[place]! + word) | 0;
  }
  const result = new DataView(new ArrayBuffer(32));
  for (const [place, word] of state.entries()) result.setInt32(4 * place, word);
  return new Uint8Array(result.buffer);
}

/** RFC 2104, for keys of at most one block. */
function hmacOf(key: Uint8Array): Hmac {
  const pad = (value: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, place) => (key[place] ?? 0) ^ value);
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
  return (data) => sha256(join(pad(0x5c), sha256(join(pad(0x36), data))));
}

test('the hash it is tested with is SHA-256 (FIPS 180)', () => {
  expect(digits(sha256(hex('616263')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('the PRF agrees with the vector for P_SHA256 of the TLS working group', () => {
  const output = prf(
    hmacOf(hex('9bbe436ba940f017b17652849a71db35')),
    'test label',
    hex('a0ba9f936cda311827a6f796ffd5198c'),
    100,
  );
  expect(digits(output)).toBe(
    'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
  );
});

test('the premaster secret is the key behind as many zeros (RFC 4279 §2)', () => {
  expect(digits(premasterOf(hex('a1b2c3')))).toBe('00030000000003a1b2c3');
});

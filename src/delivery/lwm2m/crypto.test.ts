// The primitives against the published vectors.

import { expect, test } from 'vitest';
import type { AeadKey } from '../../lwm2m/index.ts';
import { nodeCrypto } from './crypto.ts';

/** No secret: the vectors bring their own bytes. */
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, place) => 7 * place + count);
const crypto = nodeCrypto(bytes);
const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const digits = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function seal(key: AeadKey, tagBytes: number, ...[nonce, additional, plaintext]: readonly Uint8Array[]): Uint8Array {
  const into = new Uint8Array(plaintext!.length + tagBytes);
  key.seal(nonce!, additional!, plaintext!, into, 0);
  return into;
}

const VECTORS = [
  {
    name: 'AES_128_CCM_8',
    from: 'RFC 3610 §8, packet vector 1',
    key: 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
    nonce: '00000003020100a0a1a2a3a4a5',
    additional: '0001020304050607',
    plaintext: '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
    sealed: '588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0',
  },
  {
    name: 'AES_128_CCM_8',
    from: 'NIST SP 800-38C, example 3',
    key: '404142434445464748494a4b4c4d4e4f',
    nonce: '101112131415161718191a1b',
    additional: '000102030405060708090a0b0c0d0e0f10111213',
    plaintext: '202122232425262728292a2b2c2d2e2f3031323334353637',
    sealed: 'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951',
  },
  {
    name: 'AES_128_GCM',
    from: 'the GCM specification, test case 4',
    key: 'feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    additional: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
  },
] as const;

for (const { name, from, key, nonce, additional, plaintext, sealed } of VECTORS) {
  test(`${name} agrees with ${from}, and opens nothing that was changed`, () => {
    const aead = crypto.aead(name, hex(key));
    expect(
      digits(seal(aead, (sealed.length - plaintext.length) / 2, hex(nonce), hex(additional), hex(plaintext))),
    ).toBe(sealed);
    expect(digits(aead.open(hex(nonce), hex(additional), hex(sealed)))).toBe(plaintext);
    for (let place = 0; place < sealed.length / 2; place += 1) {
      const changed = hex(sealed);
      changed[place]! ^= 1;
      expect(aead.open(hex(nonce), hex(additional), changed)).toBeUndefined();
    }
    expect(aead.open(hex(nonce), hex(`${additional}00`), hex(sealed))).toBeUndefined();
    for (let length = 0; length < 10; length += 1) {
      expect(aead.open(hex(nonce), hex(additional), hex(sealed).subarray(0, length))).toBeUndefined();
    }
  });
}

test('AES_128_CCM has a tag of 16 bytes and opens what it has sealed, nothing included', () => {
  const aead = crypto.aead('AES_128_CCM', bytes(16));
  for (const size of [0, 1, 1_024]) {
    const [nonce, additional, plaintext] = [bytes(12), bytes(13), bytes(size)];
    const sealed = seal(aead, 16, nonce, additional, plaintext);
    expect(digits(aead.open(nonce, additional, sealed))).toBe(digits(plaintext));
  }
});

test('HMAC-SHA256 agrees with RFC 4231, test cases 1 and 2, SHA-256 with FIPS 180', () => {
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  expect(digits(crypto.hmacSha256(new Uint8Array(20).fill(0x0b))(text('Hi There')))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(digits(crypto.hmacSha256(text('Jefe'))(text('what do ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(digits(crypto.sha256(text('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('unequal lengths are unequal', () => {
  expect(crypto.timingSafeEqual(hex('0102'), hex('010203'))).toBe(false);
  expect(crypto.timingSafeEqual(hex('0102'), hex('0102'))).toBe(true);
});

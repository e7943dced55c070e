// Records as RFC 6347 and RFC 9146 write them, over a cipher that hides nothing and shows what it was given.

import { expect, test } from 'vitest';
import type { AeadKey } from './crypto.ts';
import { additionalOf, Opener, Sealer } from './protection.ts';
import { recordAt } from './record.ts';

const hex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const digits = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const TAG = hex('7a 7a 7a 7a 7a 7a 7a 7a');

function glass(): { readonly key: AeadKey; readonly nonces: string[]; readonly additions: string[] } {
  const [nonces, additions]: [string[], string[]] = [[], []];
  const note = (nonce: Uint8Array, additional: Uint8Array): void => {
    nonces.push(digits(nonce));
    additions.push(digits(additional));
  };
  const key: AeadKey = {
    seal: (nonce, additional, plaintext, into, offset) => {
      note(nonce, additional);
      into.set(plaintext, offset);
      into.set(TAG, offset + plaintext.length);
    },
    open: (nonce, additional, sealed) => {
      note(nonce, additional);
      return sealed.slice(0, -TAG.length);
    },
  };
  return { key, nonces, additions };
}

const keysOf = (key: AeadKey) => ({ key, salt: hex('f0f1f2f3'), tagBytes: TAG.length });

test('what is authenticated besides the content is written as RFC 6347 and RFC 9146 §5 say', () => {
  const outside = { version: 0xfefd, epoch: 1, sequence: 0x0203_0405_0607 };
  const plain = digits(additionalOf({ ...outside, type: 23 }, hex(''), 0x1234));
  expect(plain).toBe(digits(hex('0001 020304050607 17 fefd 1234')));
  const withCid = digits(additionalOf({ ...outside, type: 25 }, hex('aabbcc'), 0x1234));
  expect(withCid).toBe(digits(hex('ffffffffffffffff 19 03 19 fefd 0001 020304050607 aabbcc 1234')));
});

test('a record without a CID, byte for byte', () => {
  const { key, nonces } = glass();
  const sealer = new Sealer(keysOf(key), hex(''));
  sealer.seal(23, hex('01'));
  expect(digits(sealer.seal(23, hex('c0ffee')))).toBe(
    digits(hex('17 fefd 0001 000000000001 0013 0001000000000001 c0ffee 7a7a7a7a7a7a7a7a')),
  );
  expect(nonces[1]).toBe(digits(hex('f0f1f2f3 0001000000000001')));
});

test('a record with a CID, byte for byte: its true type and the zeros behind it are inside', () => {
  const { key, additions } = glass();
  const record = new Sealer(keysOf(key), hex('aabb'), 8).seal(21, hex('c0ffee'));
  expect(digits(record)).toBe(
    digits(hex('19 fefd 0001 000000000000 aabb 0018 0001000000000000 c0ffee 15 00000000 7a7a7a7a7a7a7a7a')),
  );
  expect(additions[0]).toBe(digits(hex('ffffffffffffffff 19 02 19 fefd 0001 000000000000 aabb 0008')));
});

test('what was sealed is opened with the same nonce and addition, whatever its length and its zeros', () => {
  for (const cid of ['', 'aabbcc']) {
    const { key, nonces, additions } = glass();
    const sealer = new Sealer(keysOf(key), hex(cid), 32);
    const opener = new Opener(keysOf(key));
    for (const content of [hex(''), hex('00'), hex('0900'), new Uint8Array(31), new Uint8Array(100).fill(7)]) {
      const opened = opener.open(recordAt(sealer.seal(23, content), 0, cid.length / 2)!);
      expect(opened).toEqual({ type: 23, content, newest: true });
      expect(nonces.at(-1)).toBe(nonces.at(-2));
      expect(additions.at(-1)).toBe(additions.at(-2));
    }
  }
});

test('an authentic record that hides no type, or nothing at all, is told apart', () => {
  const { key } = glass();
  for (const inner of ['', '00', '000000']) {
    const fragment = hex(`0001000000000004 ${inner} 7a7a7a7a7a7a7a7a`);
    const record = { type: 25, version: 0xfefd, epoch: 1, sequence: 4, cid: hex('aa'), fragment, size: 0 };
    expect(new Opener(keysOf(key)).open(record)).toMatchObject({ type: 0 });
  }
});

test('a record too short for nonce and tag, of another version or epoch, is a forgery', () => {
  const { key } = glass();
  const good = {
    type: 23,
    version: 0xfefd,
    epoch: 1,
    sequence: 4,
    cid: hex(''),
    fragment: new Uint8Array(16),
    size: 0,
  };
  expect(new Opener(keysOf(key)).open(good)).toMatchObject({ type: 23 });
  for (const bad of [{ fragment: new Uint8Array(15) }, { version: 0xfeff }, { epoch: 2 }]) {
    expect(new Opener(keysOf(key)).open({ ...good, ...bad })).toBe('forged');
  }
});

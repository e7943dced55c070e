// What is written can be read, what is damaged is refused, and nothing throws.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUint, uint } from './bytes.ts';
import { readExtensions, writeExtensions } from './extensions.ts';
import { Fragments } from './fragments.ts';
import {
  encodeClientHello,
  encodeHelloVerifyRequest,
  encodeMessage,
  encodePskMessage,
  encodeServerHello,
  parseClientHello,
  parseFragments,
  parseHelloVerifyRequest,
  parsePskMessage,
  parseServerHello,
} from './handshake.ts';
import { DTLS_LIMITS } from './limits.ts';
import { DTLS_1_2, plainRecord, recordAt } from './record.ts';

const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength });
const offer = fc.record({
  cid: fc.option(bytes(20), { nil: undefined }),
  extendedMasterSecret: fc.boolean(),
  renegotiationInfo: fc.boolean(),
});

describe('hellos', () => {
  test('come back as they were written', () => {
    const hello = fc.record({
      random: bytes(32, 32),
      sessionId: bytes(32),
      cookie: bytes(255),
      suites: fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 40 }),
      compressions: bytes(3, 1),
      offer,
    });
    fc.assert(
      fc.property(hello, ({ offer: said, ...rest }) => {
        const written = { version: DTLS_1_2, ...rest, extensions: writeExtensions(said) };
        const read = parseClientHello(encodeClientHello(written), 8);
        expect(read).toEqual(written);
        expect(readExtensions(read!.extensions)).toEqual(said);
        const { random, sessionId, extensions } = written;
        const answer = { version: DTLS_1_2, random, sessionId, suite: 0xc0a8, compression: 0, extensions };
        expect(parseServerHello(encodeServerHello(answer), 8)).toEqual(answer);
      }),
    );
  });

  test('an extension that stands there twice, or too many of them, are refused', () => {
    const hello = {
      version: DTLS_1_2,
      random: new Uint8Array(32),
      sessionId: new Uint8Array(0),
      cookie: new Uint8Array(0),
      suites: [0xc0a8],
      compressions: Uint8Array.of(0),
      extensions: new Map([
        [23, new Uint8Array(0)],
        [24, new Uint8Array(0)],
      ]),
    };
    const written = encodeClientHello(hello);
    expect(parseClientHello(written, 2)).toBeDefined();
    expect(parseClientHello(written, 1)).toBeUndefined();
    written[written.length - 3] = 23;
    expect(parseClientHello(written, 2)).toBeUndefined();
  });

  test('extensions of ours that are not as they must be are malformed', () => {
    expect(readExtensions(new Map([[0x17, Uint8Array.of(1)]]))).toBe('malformed');
    expect(readExtensions(new Map([[54, Uint8Array.of(2, 1)]]))).toBe('malformed');
    expect(readExtensions(new Map([[0xff01, Uint8Array.of(1, 9)]]))).toBe('malformed');
  });
});

test('small messages come back as they were written', () => {
  fc.assert(
    fc.property(bytes(255), (content) => {
      expect(parsePskMessage(encodePskMessage(content))).toEqual(content);
      expect(parseHelloVerifyRequest(encodeHelloVerifyRequest(content))).toEqual({ cookie: content });
    }),
  );
});

test('numbers of up to 48 bits come back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (value) => {
      expect(readUint(uint(6, value), 0, 6)).toBe(value);
    }),
  );
});

test('no bytes make a parser throw, and no length is believed', () => {
  fc.assert(
    fc.property(bytes(120), fc.integer({ min: 0, max: 20 }), (anything, cidBytes) => {
      parseClientHello(anything, 8);
      parseServerHello(anything, 8);
      parseHelloVerifyRequest(anything);
      parsePskMessage(anything);
      for (const { length, offset, body } of parseFragments(anything) ?? []) {
        expect(offset + body.length).toBeLessThanOrEqual(length);
      }
      const record = recordAt(anything, 0, cidBytes);
      if (record !== undefined) expect(record.size).toBeLessThanOrEqual(anything.length);
    }),
    { numRuns: 2_000 },
  );
});

test('a record of a version before or after 1.2, or of a type that is none, is not one', () => {
  const record = plainRecord(22, 7, Uint8Array.of(1, 2, 3));
  expect(recordAt(record, 0, 0)).toMatchObject({ type: 22, sequence: 7, size: 16 });
  for (const [place, value] of [
    [0, 19],
    [0, 26],
    [1, 3],
    [2, 0xfc],
    [12, 4],
  ] as const) {
    const other = record.slice();
    other[place] = value;
    expect(recordAt(other, 0, 0)).toBeUndefined();
  }
});

describe('fragments', () => {
  const message = { type: 16, sequence: 2, body: Uint8Array.from({ length: 50 }, (_, place) => place) };

  test('in any order and overlap add up to the message', () => {
    const cut = fc.record({ offset: fc.nat(49), length: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 30 }), (cuts) => {
        const fragments = new Fragments(2, DTLS_LIMITS);
        const have = new Set<number>();
        for (const { offset, length } of cuts) {
          const body = message.body.subarray(offset, offset + length);
          fragments.add({ ...message, offset, length: 50, body });
          for (let place = 0; place < body.length; place += 1) have.add(offset + place);
        }
        expect(fragments.take()).toEqual(have.size === 50 ? message : undefined);
      }),
    );
  });

  test('that are too far ahead, too large or contradict the first are dropped', () => {
    const fragments = new Fragments(2, DTLS_LIMITS);
    const whole = { ...message, offset: 0, length: 50 };
    fragments.add({ ...whole, sequence: 2 + DTLS_LIMITS.handshakeMessagesAheadMax });
    fragments.add({ ...whole, length: DTLS_LIMITS.handshakeMessageBytesMax + 1 });
    fragments.add({ ...whole, body: message.body.subarray(0, 10) });
    fragments.add({ ...whole, type: 20 });
    fragments.add({ ...whole, length: 60 });
    expect(fragments.take()).toBeUndefined();
    fragments.add(whole);
    expect(fragments.take()).toEqual(message);
    fragments.add(whole);
    expect(fragments.take()).toBeUndefined();
  });

  test('an empty message is complete at once', () => {
    const [done] = parseFragments(encodeMessage({ type: 14, sequence: 0, body: new Uint8Array(0) }))!;
    const fragments = new Fragments(0, DTLS_LIMITS);
    fragments.add(done!);
    expect(fragments.take()).toMatchObject({ type: 14 });
  });
});

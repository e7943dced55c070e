// TLV and plain text, and what is made of them when a device answers a read.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_FORMAT } from './options.ts';
import { decodeTlv, encodeTlv, type TlvEntry, tlvInteger, tlvIntegerBytes } from './tlv.ts';
import { utf8Bytes } from './utf8.ts';
import { decodeRead, decodeResource, integerOf, textOf, valuesIn } from './value.ts';

const ids = fc.integer({ min: 0, max: 65_535 });
const values = fc.uint8Array({ maxLength: 300 });
const resource = fc.record({ kind: fc.constant('resource' as const), id: ids, value: values });
const multiple = fc.record({
  kind: fc.constant('multiple' as const),
  id: ids,
  entries: fc.array(fc.record({ kind: fc.constant('resource_instance' as const), id: ids, value: values }), {
    maxLength: 4,
  }),
});
const instance = fc.record({
  kind: fc.constant('instance' as const),
  id: ids,
  entries: fc.array(fc.oneof(resource, multiple), { maxLength: 4 }),
});
const entries: fc.Arbitrary<TlvEntry[]> = fc.array(fc.oneof(resource, multiple, instance), { maxLength: 6 });

describe('TLV', () => {
  test('what is encoded is decoded unchanged', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(decodeTlv(encodeTlv(list))).toEqual({ ok: true, entries: list });
      }),
      { numRuns: 200 },
    );
  });

  test('arbitrary and damaged bytes never make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), entries, fc.nat(), fc.nat(255), (bytes, list, at, value) => {
        decodeTlv(bytes);
        const damaged = encodeTlv(list);
        if (damaged.length > 0) damaged[at % damaged.length] = value;
        decodeTlv(damaged);
        decodeTlv(damaged.subarray(0, at % (damaged.length + 1)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('each form of length and id is written as short as it can be', () => {
    const heads = [0, 7, 8, 255, 256, 65_536].map((length) => {
      const bytes = encodeTlv([{ kind: 'resource', id: 3, value: new Uint8Array(length) }]);
      return [bytes[0], bytes.length - length];
    });
    expect(heads).toEqual([
      [0xc0, 2],
      [0xc7, 2],
      [0xc8, 3],
      [0xc8, 3],
      [0xd0, 4],
      [0xd8, 5],
    ]);
    expect(encodeTlv([{ kind: 'resource', id: 300, value: Uint8Array.of(1) }])).toEqual(Uint8Array.of(0xe1, 1, 44, 1));
  });

  test('whole numbers have 1, 2, 4 or 8 bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(tlvInteger(tlvIntegerBytes(value))).toBe(value);
      }),
    );
    expect([0, 127, 128, -129, 32_768, 2 ** 31, -(2 ** 31)].map((value) => tlvIntegerBytes(value).length)).toEqual([
      1, 1, 2, 2, 4, 8, 4,
    ]);
    expect(tlvInteger(new Uint8Array(3))).toBeUndefined();
    expect(tlvInteger(Uint8Array.of(127, 255, 255, 255, 255, 255, 255, 255))).toBeUndefined();
  });

  test('too deep, cut off and endless lists are refused', () => {
    expect(decodeTlv(Uint8Array.of(0x82, 1, 0xc0, 1))).toEqual({ ok: false, reason: 'nesting' });
    expect(decodeTlv(Uint8Array.of(0xc8, 1, 9))).toEqual({ ok: false, reason: 'truncated' });
    const endless = new Uint8Array(20_000).fill(0xc0);
    expect(decodeTlv(endless)).toEqual({ ok: false, reason: 'too_many_entries' });
  });
});

describe('a read', () => {
  const state = (format: number | undefined, bytes: Uint8Array): number | string | undefined => {
    const decoded = decodeResource(format, bytes, '/5/0/3');
    return decoded.ok ? integerOf(valuesIn(decoded.resource)[0]!) : decoded.reason;
  };

  test('a state is understood as text, as TLV, and without a content format as either', () => {
    const tlv = encodeTlv([{ kind: 'resource', id: 3, value: Uint8Array.of(2) }]);
    expect(state(CONTENT_FORMAT.TEXT, utf8Bytes('2'))).toBe(2);
    expect(state(CONTENT_FORMAT.TLV, tlv)).toBe(2);
    expect(state(CONTENT_FORMAT.TLV_DRAFT, tlv)).toBe(2);
    expect(state(undefined, tlv)).toBe(2);
    expect(state(undefined, utf8Bytes('2'))).toBe(2);
    expect(state(CONTENT_FORMAT.TEXT, utf8Bytes('two'))).toBeUndefined();
  });

  test('formats that are not known, broken bytes and other resources are told apart', () => {
    expect(state(11_544, utf8Bytes('{}'))).toBe('unknown_format');
    expect(state(CONTENT_FORMAT.TLV, Uint8Array.of(0xc8))).toBe('malformed');
    expect(state(CONTENT_FORMAT.TLV, encodeTlv([]))).toBe('absent');
    expect(decodeRead(CONTENT_FORMAT.TLV, new Uint8Array(0), '/5')).toEqual({ ok: false, reason: 'wrong_path' });
  });

  test('a version is found inside a wrapping instance, a multiple resource among its bare instances', () => {
    const wrapped = encodeTlv([
      { kind: 'instance', id: 0, entries: [{ kind: 'resource', id: 3, value: utf8Bytes('2.1.0') }] },
    ]);
    const version = decodeResource(CONTENT_FORMAT.TLV, wrapped, '/3/0/3');
    expect(version.ok && valuesIn(version.resource).map(textOf)).toEqual(['2.1.0']);
    const bare = encodeTlv([
      { kind: 'resource_instance', id: 0, value: Uint8Array.of(0) },
      { kind: 'resource_instance', id: 1, value: Uint8Array.of(2) },
    ]);
    const protocols = decodeResource(undefined, bare, '/5/0/8');
    expect(protocols.ok && valuesIn(protocols.resource).map(integerOf)).toEqual([0, 2]);
  });

  test('no bytes and no format make it throw', () => {
    const formats = fc.constantFrom(undefined, 0, 42, 110, 1_542, 11_542);
    fc.assert(
      fc.property(
        formats,
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('/5/0', '/5/0/3', '/x', ''),
        (format, bytes, path) => {
          const decoded = decodeRead(format, bytes, path);
          if (!decoded.ok) return;
          for (const each of decoded.resources.values()) for (const value of valuesIn(each)) integerOf(value);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

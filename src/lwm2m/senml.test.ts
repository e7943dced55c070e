// SenML in JSON and in CBOR: the examples of the standards, what devices make of them, and what must cost nothing.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64urlOf, bytesOfBase64url } from './base64.ts';
import { LIMITS } from './limits.ts';
import { CONTENT_FORMAT } from './options.ts';
import type { SenmlDecoded, SenmlRecord, SenmlValue } from './senml.ts';
import { decodeSenmlCbor, encodeSenmlCbor } from './senml-cbor.ts';
import { decodeOldJson, decodeSenmlJson, encodeSenmlJson } from './senml-json.ts';
import { utf8Bytes } from './utf8.ts';
import { decodeRead, integerOf, textOf, valuesIn } from './value.ts';

const json = (text: string): SenmlDecoded => decodeSenmlJson(utf8Bytes(text));
const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[\da-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
const records = (decoded: SenmlDecoded): readonly SenmlRecord[] => (decoded.ok ? decoded.records : []);
const reason = (decoded: SenmlDecoded): string => (decoded.ok ? 'ok' : decoded.reason);
const number = (value: number | bigint): SenmlValue => ({ kind: 'number', value });
const text = (value: string): SenmlValue => ({ kind: 'text', value });

describe('a pack', () => {
  test('its base name, time and value go with every record until they are told anew', () => {
    const pack =
      '[{"bn":"/3303/0/","bt":100,"bv":20,"n":"5700","v":1,"t":2},{"n":"5701","vs":"C"},{"bn":"/3303/1/","n":"5700","v":-1}]';
    expect(records(json(pack))).toEqual([
      { path: '/3303/0/5700', value: number(21), time: 102 },
      { path: '/3303/0/5701', value: text('C'), time: 100 },
      { path: '/3303/1/5700', value: number(19), time: 100 },
    ]);
  });

  test('each kind of value has a field of its own, in both forms', () => {
    const pack = '[{"bn":"/9/0/","n":"1","vb":true},{"n":"2","vd":"AQ-_"},{"n":"3","vlo":"66:1"},{"n":"4/7","v":1.5}]';
    const values = records(json(pack));
    expect(values.map(({ value }) => value)).toEqual([
      { kind: 'boolean', value: true },
      { kind: 'opaque', value: Uint8Array.of(1, 0x0f, 0xbf) },
      { kind: 'link', value: '66:1' },
      number(1.5),
    ]);
    expect(records(decodeSenmlCbor(encodeSenmlCbor(values)))).toEqual(values);
  });

  test('a name without a value asks for a path, a record of base values alone says nothing', () => {
    expect(records(json('[{"bn":"/3/0"},{"n":"/1"},{"n":"/2","v":1}]'))).toEqual([
      { path: '/3/0/1' },
      { path: '/3/0/2', value: number(1) },
    ]);
    expect(records(json('[{"bn":"3/0/","n":"3","vs":"x"}]'))).toEqual([{ path: '/3/0/3', value: text('x') }]);
  });

  test.each([
    ['a newer version', '[{"bver":11,"n":"/1/0/0","v":1}]', 'unsupported'],
    ['a field that must be understood', '[{"n":"/1/0/0","v":1,"new_":1}]', 'unsupported'],
    ['two values', '[{"n":"/1/0/0","v":1,"vs":"1"}]', 'malformed'],
    ['a value of the wrong kind', '[{"n":"/1/0/0","v":"1"}]', 'malformed'],
    ['bytes that are none', '[{"n":"/1/0/0","vd":"?"}]', 'malformed'],
    ['a path of letters', '[{"n":"/1/0/x","v":1}]', 'malformed'],
    ['a path too deep', '[{"n":"/1/2/3/4/5","v":1}]', 'malformed'],
    ['a link that is none', '[{"n":"/1/0/0","vlo":"1-1"}]', 'malformed'],
    ['no list', '{"n":"/1/0/0","v":1}', 'malformed'],
    ['no JSON', '[{"n":', 'malformed'],
  ])('with %s is refused', (_what, pack, why) => {
    expect(reason(json(pack))).toBe(why);
  });

  test('fields that are not known are passed over', () => {
    expect(records(json('[{"n":"/1/0/0","v":1,"u":"Cel","colour":"red"}]'))).toEqual([
      { path: '/1/0/0', value: number(1) },
    ]);
  });
});

describe('SenML CBOR', () => {
  test('lists may be open-ended, labels are numbers, decimal fractions are numbers', () => {
    // [_ {-2: "/5/0/", 0: "3", 2: 2}, {0: "7", 3: "1.0"}, {0: "9", 2: 4([-1, 15])}]
    const pack = hex('9f a3 21 65 2f352f302f 00 61 33 02 02 a2 00 61 37 03 63 312e30 a2 00 61 39 02 c4 82 20 0f ff');
    expect(records(decodeSenmlCbor(pack))).toEqual([
      { path: '/5/0/3', value: number(2) },
      { path: '/5/0/7', value: text('1.0') },
      { path: '/5/0/9', value: number(1.5) },
    ]);
  });

  test('is written with the labels of RFC 8428', () => {
    const bytes = encodeSenmlCbor([{ path: '/5/0/1', value: text('u') }]);
    expect([...bytes]).toEqual([...hex('81 a3 00 61 31 03 61 75 21 65 2f352f302f')]);
  });

  test('whole numbers beyond those of JavaScript keep their figures', () => {
    const pack = hex('81 a2 00 66 2f312f302f30 02 1b 7fffffffffffffff');
    expect(records(decodeSenmlCbor(pack))[0]?.value).toEqual(number(9_223_372_036_854_775_807n));
  });

  test.each([
    ['cut off', '82 a2 00 66 2f312f302f30 02 01', 'malformed'],
    ['with something behind it', '81 a2 00 66 2f312f302f30 02 01 00', 'malformed'],
    ['with a text in pieces', '81 a1 00 7f 61 61 ff', 'malformed'],
    ['with a break where nothing is open', '81 ff', 'malformed'],
    ['with one label twice', '81 a2 00 61 31 00 61 32', 'malformed'],
    ['of tags in tags', '81 c4 c4 c4 c4 01', 'nesting'],
    ['that claims a length it has not', '9b ffffffffffffffff', 'malformed'],
  ])('%s is refused', (_what, bytes, why) => {
    expect(reason(decodeSenmlCbor(hex(bytes)))).toBe(why);
  });
});

describe('the JSON of LwM2M 1.0', () => {
  test('has one base name and entries with names of their own', () => {
    const pack =
      '{"bn":"/3/0/","e":[{"n":"3","sv":"1.0"},{"n":"9","v":80},{"n":"20","bv":false},{"n":"22","ov":"66:0"}]}';
    expect(records(decodeOldJson(utf8Bytes(pack)))).toEqual([
      { path: '/3/0/3', value: text('1.0') },
      { path: '/3/0/9', value: number(80) },
      { path: '/3/0/20', value: { kind: 'boolean', value: false } },
      { path: '/3/0/22', value: { kind: 'link', value: '66:0' } },
    ]);
    expect(reason(decodeOldJson(utf8Bytes('[]')))).toBe('malformed');
  });
});

describe('limits', () => {
  const many = (count: number): string => `[${Array.from({ length: count }, () => '{"n":"/1/0/0","v":1}').join(',')}]`;

  test('so many records and no more, so many bytes and no more, whatever they hold', () => {
    expect(reason(json(many(LIMITS.senmlRecordsMax)))).toBe('ok');
    expect(reason(json(many(LIMITS.senmlRecordsMax + 1)))).toBe('too_many_records');
    const body = Array.from({ length: LIMITS.senmlRecordsMax + 1 }, () => ({ path: '/1/0/0', value: number(1) }));
    expect(reason(decodeSenmlCbor(encodeSenmlCbor(body)))).toBe('too_many_records');
    expect(reason(decodeSenmlCbor(new Uint8Array(LIMITS.senmlBytesMax + 1)))).toBe('too_large');
    expect(reason(decodeSenmlJson(new Uint8Array(LIMITS.senmlBytesMax + 1)))).toBe('too_large');
  });

  test('what is nested deeper than a value can be is not opened', () => {
    expect(reason(json('['.repeat(60_000)))).toBe('nesting');
    expect(reason(json('["[[[[[[", {"n":"/1/0/0","v":1}]'))).toBe('malformed');
    expect(reason(decodeSenmlCbor(new Uint8Array(60_000).fill(0x81)))).toBe('nesting');
    expect(reason(decodeSenmlCbor(new Uint8Array(60_000).fill(0x9f)))).toBe('nesting');
    expect(reason(decodeSenmlCbor(new Uint8Array(60_000).fill(0xc1)))).toBe('nesting');
    const name = `/${'1'.repeat(LIMITS.senmlNameCharactersMax)}`;
    expect(reason(json(`[{"n":"${name}","v":1}]`))).toBe('malformed');
  });
});

const anyValue: fc.Arbitrary<SenmlValue> = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), value: fc.integer() }),
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('opaque' as const), value: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('link' as const), value: fc.constantFrom('0:0', '65535:65535') }),
);
const anyId = fc.integer({ min: 0, max: 65_535 });
const anyRecord: fc.Arbitrary<SenmlRecord> = fc
  .tuple(fc.array(anyId, { minLength: 3, maxLength: 4 }), anyValue)
  .map(([ids, value]) => ({ path: `/${ids.join('/')}`, value }));

describe('both forms', () => {
  test('what is encoded is decoded unchanged', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 20 }), (all) => {
        expect(records(decodeSenmlJson(encodeSenmlJson(all)))).toEqual(all);
        expect(records(decodeSenmlCbor(encodeSenmlCbor(all)))).toEqual(all);
      }),
      { numRuns: 200 },
    );
  });

  test('arbitrary and damaged bytes never make them throw', () => {
    const damaged = fc
      .tuple(fc.array(anyRecord, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(255))
      .map(([all, at, byte]) => {
        const bytes = encodeSenmlCbor(all);
        bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), (bytes) => {
        decodeSenmlCbor(bytes);
        decodeSenmlJson(bytes);
        decodeOldJson(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test('base64url goes back and forth, with padding and the older letters too', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesOfBase64url(base64urlOf(bytes))).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
    expect(bytesOfBase64url('AQ==')).toEqual(Uint8Array.of(1));
    expect(bytesOfBase64url('+/==')).toEqual(Uint8Array.of(0xfb));
    expect(bytesOfBase64url('A')).toBeUndefined();
  });
});

describe('a read answered in SenML', () => {
  const object5 =
    '[{"bn":"/5/0/","n":"3","v":2},{"n":"5","v":0},{"n":"7","vs":"2.0"},{"n":"8/0","v":0},{"n":"8/1","v":2}]';
  const cbor = encodeSenmlCbor(records(json(object5)));

  test.each([
    ['JSON', CONTENT_FORMAT.SENML_JSON, utf8Bytes(object5)],
    ['CBOR', CONTENT_FORMAT.SENML_CBOR, cbor],
  ])('in %s gives resources, also those with several instances', (_form, format, bytes) => {
    const decoded = decodeRead(format, bytes, '/5/0');
    const resources = decoded.ok ? decoded.resources : new Map();
    expect(valuesIn(resources.get(3)).map(integerOf)).toEqual([2]);
    expect(valuesIn(resources.get(7)).map(textOf)).toEqual(['2.0']);
    expect(valuesIn(resources.get(8)).map(integerOf)).toEqual([0, 2]);
  });

  test('holds only what was asked for', () => {
    const more = utf8Bytes('[{"n":"/5/0/3","v":2},{"n":"/5/1/3","v":1},{"n":"/50/0/3","v":1},{"n":"/5","v":3}]');
    const decoded = decodeRead(CONTENT_FORMAT.SENML_JSON, more, '/5/0/3');
    expect(decoded.ok && [...decoded.resources.keys()]).toEqual([3]);
    expect(decodeRead(CONTENT_FORMAT.SENML_CBOR, utf8Bytes('x'), '/5/0')).toEqual({ ok: false, reason: 'malformed' });
  });

  test('shows truth as 1 and 0, and links and bytes as they are', () => {
    const pack = utf8Bytes('[{"bn":"/9/0/","n":"1","vb":true},{"n":"2","vlo":"5:0"},{"n":"3","vd":"AQ"}]');
    const decoded = decodeRead(CONTENT_FORMAT.SENML_JSON, pack, '/9/0');
    const values = [...(decoded.ok ? decoded.resources.values() : [])].flatMap(valuesIn);
    expect(values.map(integerOf)).toEqual([1, undefined, undefined]);
    expect(values.map(textOf)).toEqual(['1', '5:0', '\u0001']);
  });
});

// The codec against every kind of message, and against bytes that are none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODE, codeName } from './codes.ts';
import { encode, encodeEmpty, type Message, type MessageType, parse, TYPE } from './message.ts';
import { OPTION, pathOf, pathOptions, textOption, uintOf, uintOption, unusableOption } from './options.ts';

const codes = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 0x40, max: 0xbf }));
const options = fc
  .array(fc.record({ number: fc.integer({ min: 0, max: 65_535 }), value: fc.uint8Array({ maxLength: 300 }) }), {
    maxLength: 12,
  })
  .map((list) => list.toSorted((a, b) => a.number - b.number));
const messages: fc.Arbitrary<Message> = fc.record({
  type: fc.constantFrom<MessageType>(0, 1, 2, 3),
  code: codes,
  id: fc.integer({ min: 0, max: 65_535 }),
  token: fc.uint8Array({ maxLength: 8 }),
  options,
  payload: fc.uint8Array({ maxLength: 1200 }),
});

describe('the CoAP codec', () => {
  test('what is encoded is parsed back unchanged', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const parsed = parse(encode(message));
        expect(parsed).toEqual({ ok: true, message });
      }),
      { numRuns: 300 },
    );
  });

  test('whatever is accepted is encoded back to the same bytes', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (message, changes) => {
        const bytes = encode(message);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const parsed = parse(bytes);
        if (parsed.ok) expect(encode(parsed.message)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('arbitrary bytes never make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parse(bytes);
        if (bytes.length > 0) bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
        parse(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('options are put in order, repeats keep theirs', () => {
    const bytes = encode({
      type: TYPE.CON,
      code: CODE.GET,
      id: 1,
      token: new Uint8Array(0),
      options: [uintOption(OPTION.BLOCK2, 6), ...pathOptions('/f/abc')],
      payload: new Uint8Array(0),
    });
    const parsed = parse(bytes);
    expect(parsed.ok && pathOf(parsed.message.options)).toBe('/f/abc');
    expect(parsed.ok && uintOf(parsed.message.options, OPTION.BLOCK2)).toBe(6);
  });

  test('the example of RFC 7252 appendix A is read', () => {
    // CON GET /temperature, message id 0x7d34
    const bytes = Uint8Array.from([0x40, 0x01, 0x7d, 0x34, 0xbb, ...new TextEncoder().encode('temperature')]);
    const parsed = parse(bytes);
    expect(parsed.ok && [parsed.message.id, pathOf(parsed.message.options)]).toEqual([0x7d34, '/temperature']);
  });

  test('each kind of damage has its reason, and says whether a Reset is possible', () => {
    const reason = (...bytes: number[]) => {
      const parsed = parse(Uint8Array.from(bytes));
      return parsed.ok ? 'ok' : `${parsed.reason}${parsed.header === undefined ? '' : ' +header'}`;
    };
    expect(reason(0x40, 1, 0)).toBe('too_short');
    expect(reason(0x80, 1, 0, 0)).toBe('version');
    expect(reason(0x49, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)).toBe('token_length +header');
    expect(reason(0x44, 1, 0, 0, 1)).toBe('token_length +header');
    expect(reason(0x40, 0x20, 0, 0)).toBe('reserved_code +header');
    expect(reason(0x40, 0xe1, 0, 0)).toBe('reserved_code +header');
    expect(reason(0x40, 0, 0, 0, 0)).toBe('empty_with_content +header');
    expect(reason(0x40, 1, 0, 0, 0xff)).toBe('payload_missing +header');
    expect(reason(0x40, 1, 0, 0, 0xf1, 0)).toBe('option +header');
    expect(reason(0x40, 1, 0, 0, 0xb5, 1, 2)).toBe('option +header');
    expect(reason(0x40, 1, 0, 0, 0xe0, 0xff, 0xff)).toBe('option +header');
    expect(reason(0x40, 1, 0, 0, ...new Array<number>(65).fill(0))).toBe('too_many_options +header');
  });

  test('an empty message has four bytes', () => {
    expect(encodeEmpty(TYPE.RST, 0x1234)).toEqual(Uint8Array.of(0x70, 0, 0x12, 0x34));
    expect(parse(encodeEmpty(TYPE.ACK, 7)).ok).toBe(true);
  });
});

describe('options', () => {
  test('numbers take as few bytes as they need', () => {
    const lengths = [0, 1, 255, 256, 65_535, 65_536, 16_777_216, 4_294_967_295].map(
      (value) => uintOption(OPTION.SIZE1, value).value.length,
    );
    expect(lengths).toEqual([0, 1, 1, 2, 2, 3, 4, 4]);
    expect(uintOf([uintOption(OPTION.SIZE1, 4_294_967_295)], OPTION.SIZE1)).toBe(4_294_967_295);
  });

  test('critical options that are unknown, of wrong length or doubled cannot be used', () => {
    expect(unusableOption([{ number: 9, value: new Uint8Array(1) }])).toBe(9);
    expect(unusableOption([{ number: OPTION.BLOCK2, value: new Uint8Array(4) }])).toBe(OPTION.BLOCK2);
    expect(unusableOption([uintOption(OPTION.ACCEPT, 1), uintOption(OPTION.ACCEPT, 2)])).toBe(OPTION.ACCEPT);
    expect(unusableOption([...pathOptions('/a/b'), textOption(OPTION.URI_QUERY, 'x')])).toBeUndefined();
    expect(unusableOption([{ number: 2048, value: new Uint8Array(20) }])).toBeUndefined();
  });

  test('codes are named as people write them', () => {
    expect([codeName(CODE.NOT_FOUND), codeName(0x5f), codeName(0xbf)]).toEqual([
      '4.04 Not Found',
      '2.31 Continue',
      '5.31',
    ]);
  });
});

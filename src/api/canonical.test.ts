// Contents are the same whatever the order of their fields, and different when anything in them is.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText, contentHash } from './canonical.ts';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, reversed(field)]),
  );
};

test('the order of fields means nothing, an absent field is one that is undefined', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(contentHash(reversed(value))).toBe(contentHash(value));
      expect(canonicalText(reversed(value))).toBe(canonicalText(value));
    }),
    { seed: 3, numRuns: 300 },
  );
  expect(contentHash({ a: 1, b: undefined })).toBe(contentHash({ a: 1 }));
});

test('contents that differ have different texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      // As they come over the wire: -0 is 0 there.
      const [mine, theirs] = [one, other].map((value) => JSON.parse(JSON.stringify(value)));
      fc.pre(!isDeepStrictEqual(mine, theirs));
      expect(contentHash(one)).not.toBe(contentHash(other));
    }),
    { seed: 4, numRuns: 300 },
  );
  expect(canonicalText(['a', 'b'])).not.toBe(canonicalText(['a,b']));
  expect(canonicalText([[], []])).not.toBe(canonicalText([[[]]]));
  expect(canonicalText({ a: { b: 1 } })).not.toBe(canonicalText({ a: {}, b: 1 }));
  expect(contentHash('ab', 'c')).not.toBe(contentHash('a', 'bc'));
});

test('a list of many pieces is hashed like any other: one changed element is another content', () => {
  const list = Array.from({ length: 2_500 }, (_, place) => `${place}`);
  expect(contentHash(list.with(1_700, 'x'))).not.toBe(contentHash(list));
  expect(contentHash([...list, '2500'])).not.toBe(contentHash(list));
});

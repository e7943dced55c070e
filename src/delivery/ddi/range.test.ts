// Which bytes a request asks for: the header as clients write it, and as nobody should.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeConditions, rangeThatCounts, selectBytes } from './range.ts';

const SIZE = 100_000;
const one = (from: number, until: number) => ({ is: 'ranges', ranges: [{ from, until }] });

test('one range is read in its three forms', () => {
  expect(selectBytes('bytes=0-499', SIZE)).toEqual(one(0, 500));
  expect(selectBytes('bytes=70000-', SIZE)).toEqual(one(70_000, SIZE));
  expect(selectBytes('bytes=-1000', SIZE)).toEqual(one(99_000, SIZE));
  expect(selectBytes('Bytes = 5-5', SIZE)).toEqual(one(5, 6));
});

test('a range is cut at the end of the image', () => {
  expect(selectBytes('bytes=99999-200000', SIZE)).toEqual(one(99_999, SIZE));
  expect(selectBytes('bytes=-200000', SIZE)).toEqual(one(0, SIZE));
  expect(selectBytes('bytes=0-99999999999999999999999', SIZE)).toEqual(one(0, SIZE));
});

test('what lies outside cannot be satisfied, unless another range can', () => {
  expect(selectBytes('bytes=100000-', SIZE)).toEqual({ is: 'unsatisfiable' });
  expect(selectBytes('bytes=-0', SIZE)).toEqual({ is: 'unsatisfiable' });
  expect(selectBytes('bytes=100000-,0-0', SIZE)).toEqual(one(0, 1));
});

test('what cannot be read is ignored', () => {
  for (const header of [
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'items=0-5',
    'bytes=9-5',
    'bytes=1-2,x',
  ])
    expect(selectBytes(header, SIZE)).toEqual({ is: 'whole' });
});

test('a request that asks for the same bytes again and again gets the image once', () => {
  expect(selectBytes(`bytes=${Array(3).fill('0-').join(',')}`, SIZE)).toEqual({ is: 'whole' });
  expect(selectBytes(`bytes=${Array(17).fill('0-0').join(',')}`, SIZE)).toEqual({ is: 'whole' });
});

test('any header selects only bytes of the image', () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=[0-9,\- ]{0,30}$/));
  fc.assert(
    fc.property(header, fc.nat(5_000), (text, size) => {
      const selected = selectBytes(text, size);
      if (selected.is !== 'ranges') return;
      for (const { from, until } of selected.ranges) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(until).toBeGreaterThan(from);
        expect(until).toBeLessThanOrEqual(size);
      }
    }),
  );
});

test('conditions count in the order of RFC 9110', () => {
  const tag = '"abc"';
  expect(judgeConditions({ 'if-match': '"abc"' }, tag)).toBe('go-on');
  expect(judgeConditions({ 'if-match': 'W/"abc"' }, tag)).toBe('failed');
  expect(judgeConditions({ 'if-match': '"x", *' }, tag)).toBe('go-on');
  expect(judgeConditions({ 'if-match': '"x"', 'if-none-match': '"abc"' }, tag)).toBe('failed');
  expect(judgeConditions({ 'if-none-match': '"x", W/"abc"' }, tag)).toBe('not-modified');
  expect(rangeThatCounts({ 'if-range': '"x"', range: 'bytes=5-' }, tag)).toBeUndefined();
  expect(rangeThatCounts({ 'if-range': tag, range: 'bytes=5-' }, tag)).toBe('bytes=5-');
});

// What is known of the bytes that a device was sent.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Coverage, Coverages } from './coverage.ts';

test('a download that was cut at 70000 and resumed there is whole', () => {
  const coverage = new Coverage();
  coverage.add(0, 70_000);
  expect(coverage.isWhole(100_000)).toBe(false);
  coverage.add(70_000, 100_000);
  expect(coverage.isWhole(100_000)).toBe(true);
  expect(coverage.bytes).toBe(100_000);
});

test('the last bytes alone are not the image', () => {
  const coverage = new Coverage();
  coverage.add(99_000, 100_000);
  expect(coverage.isWhole(100_000)).toBe(false);
});

test('spans in any order cover what they cover', () => {
  const span = fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const coverage = new Coverage();
      const bytes = new Set<number>();
      for (const { from, until } of spans) {
        coverage.add(from, until);
        for (let at = from; at < until; at += 1) bytes.add(at);
      }
      expect(coverage.bytes).toBe(bytes.size);
      expect(coverage.isWhole(40)).toBe(bytes.size === 40);
    }),
  );
});

test('after a restart a device that resumes beyond what was stored has the bytes before', () => {
  const coverages = new Coverages();
  const coverage = coverages.of('a', { offset: 70_000, sentBefore: 65_000 });
  coverage.add(70_000, 100_000);
  expect(coverage.isWhole(100_000)).toBe(true);
  expect(coverages.of('a', { offset: 90_000, sentBefore: 0 })).toBe(coverage);
  coverages.forget('a');
  expect(coverages.of('a', { offset: 500, sentBefore: 0 }).isEmpty).toBe(true);
});

test('a device that begins again has lost what it had', () => {
  const coverages = new Coverages();
  coverages.of('a', { offset: 0, sentBefore: 0 }).add(0, 60_000);
  coverages.of('a', { offset: 60_000, sentBefore: 60_000 }).add(60_000, 90_000);
  const again = coverages.of('a', { offset: 0, sentBefore: 90_000 });
  again.add(0, 70_000);
  expect(again.bytes).toBe(70_000);
});

// Buckets that fill with time, and the count of feedbacks.
import { expect, test } from 'vitest';
import { DDI_LIMITS } from './limits.ts';
import { Buckets, Rates } from './rates.ts';

const RATE = { burst: 3, perSecond: 0.5 };

test('a bucket gives so many at once and tells how long the next one takes', () => {
  const buckets = new Buckets();
  for (let count = 0; count < 3; count += 1) expect(buckets.take('a', RATE, 0)).toBe(0);
  expect(buckets.take('a', RATE, 0)).toBe(2);
  expect(buckets.take('a', RATE, 1_000)).toBe(1);
  expect(buckets.take('a', RATE, 2_000)).toBe(0);
  expect(buckets.take('b', RATE, 2_000)).toBe(0);
});

test('looking takes nothing, and a clock that goes back gives nothing', () => {
  const buckets = new Buckets();
  expect(buckets.wait('a', RATE, 0)).toBe(0);
  for (let count = 0; count < 3; count += 1) buckets.take('a', RATE, 5_000);
  expect(buckets.wait('a', RATE, 0)).toBe(2);
  expect(buckets.wait('a', RATE, 9_000)).toBe(0);
  expect(buckets.take('a', RATE, 9_000)).toBe(0);
});

test('the feedbacks of one action are counted, those of another are not its own', () => {
  const rates = new Rates();
  for (let count = 0; count < DDI_LIMITS.feedbacksPerActionMax; count += 1) {
    expect(rates.takesFeedback('a 1')).toBe(true);
  }
  expect(rates.takesFeedback('a 1')).toBe(false);
  expect(rates.takesFeedback('a 2')).toBe(true);
});

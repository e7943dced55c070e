// Each device polls at its own place in the interval.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Imei, instant } from '../../campaigns/index.ts';
import { sleepOf } from './sleep.ts';

const imeiOf = (number: number): Imei => String(350_000_000_000_000 + number) as Imei;
const START = instant(Date.parse('2026-03-10T10:00:00Z'));

test('a fleet that starts at once is spread over the interval after one sleep', () => {
  const tenths = Array<number>(10).fill(0);
  for (let number = 0; number < 10_000; number += 1) {
    const next = START / 1_000 + sleepOf(imeiOf(number), 300, START);
    tenths[Math.floor((next % 300) / 30)]! += 1;
  }
  for (const count of tenths) expect(count).toBeGreaterThan(500);
});

test('a device is led to its place once, and hears the same from then on, however it dawdles a little', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: 60, max: 86_399 }), fc.nat(1e6), (number, interval, late) => {
      const imei = imeiOf(number);
      const at = instant(START + late * 1_000);
      const first = sleepOf(imei, interval, at);
      expect(first).toBeGreaterThanOrEqual(interval / 2);
      expect(first).toBeLessThanOrEqual(interval * 1.5 + 1);
      const there = instant(at + first * 1_000);
      expect(sleepOf(imei, interval, there)).toBe(interval);
      const dawdling = instant(there + (interval + interval / 80) * 1_000);
      if (first !== interval) expect(sleepOf(imei, interval, dawdling)).toBe(interval);
    }),
  );
});

test('who polls every few seconds is not steered', () => {
  for (let number = 0; number < 100; number += 1) expect(sleepOf(imeiOf(number), 5, START)).toBe(5);
});

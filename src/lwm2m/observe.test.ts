// The order of notifications, the observers of a device, and the heap of what is due.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deadlines, type Timed } from './deadlines.ts';
import { LIMITS } from './limits.ts';
import { isNewer, Observers } from './observe.ts';
import { exchangeLifetimeMs, nonLifetimeMs, RFC_7252, transmitWaitMs, wrongParameters } from './parameters.ts';

describe('order', () => {
  test('24 bits wrap around, and after 128 s everything is newer', () => {
    const last = { sequence: 2 ** 24 - 1, at: 0 };
    expect(isNewer(last, { sequence: 0, at: 1 })).toBe(true);
    expect(isNewer(last, { sequence: 2 ** 24 - 2, at: 1 })).toBe(false);
    expect(isNewer(last, last)).toBe(false);
    expect(isNewer(last, { sequence: 5_000_000 + 2 ** 23, at: 1 })).toBe(false);
    expect(isNewer(last, { sequence: 3, at: 128_001 })).toBe(true);
    expect(isNewer(last, { ...last, at: 128_001 })).toBe(true);
  });
});

describe('observers', () => {
  test('each notification of a path has the next number, an ended relation hears nothing', () => {
    const observers = new Observers();
    observers.add('a', Uint8Array.of(1), '/5/0/3', 0);
    observers.add('b', Uint8Array.of(1), '/5/0/3', 0);
    observers.add('a', Uint8Array.of(2), '/5/0/5', 0);
    expect(observers.next('/5/0/3', 1).map(({ peer, sequence }) => [peer, sequence])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
    expect(observers.remove('b', Uint8Array.of(1))).toBe(true);
    expect(observers.next('/5/0/3', 1).map(({ peer, sequence }) => [peer, sequence])).toEqual([['a', 3]]);
    observers.clear();
    expect(observers.size).toBe(0);
  });

  test('once a day one of the notifications asks whether somebody still listens', () => {
    const day = 24 * 60 * 60 * 1_000;
    const observers = new Observers();
    observers.add('a', Uint8Array.of(1), '/5/0/3', 0);
    const confirms = [1, day - 1, day, day + 1, 2 * day].map((now) => observers.next('/5/0/3', now)[0]?.confirm);
    expect(confirms).toEqual([false, false, true, false, true]);
  });

  test('there is room for so many and no more', () => {
    const observers = new Observers();
    for (let peer = 0; peer < LIMITS.observersMax; peer += 1) observers.add(String(peer), Uint8Array.of(1), '/', 0);
    expect(observers.add('x', Uint8Array.of(1), '/', 0)).toBeUndefined();
    expect(observers.add('7', Uint8Array.of(1), '/', 0)).toBeDefined();
  });
});

test('the times of RFC 7252 follow from its five parameters', () => {
  expect([transmitWaitMs(RFC_7252), exchangeLifetimeMs(RFC_7252), nonLifetimeMs(RFC_7252)]).toEqual([
    93_000, 247_000, 145_000,
  ]);
});

test('parameters may be changed within bounds, and what is wrong is named', () => {
  expect(wrongParameters(RFC_7252)).toBeUndefined();
  expect(wrongParameters({ ...RFC_7252, ackTimeoutMs: 10_000, retransmitMax: 2, nstart: 2 })).toBeUndefined();
  expect(wrongParameters({ ...RFC_7252, ackTimeoutMs: 999 })).toMatch(/^ackTimeoutMs/);
  expect(wrongParameters({ ...RFC_7252, ackRandomFactor: 0.9 })).toMatch(/^ackRandomFactor/);
  expect(wrongParameters({ ...RFC_7252, retransmitMax: 1.5 })).toMatch(/^retransmitMax/);
  expect(wrongParameters({ ...RFC_7252, nstart: 0 })).toMatch(/^nstart/);
  expect(wrongParameters({ ...RFC_7252, latencyMsMax: Number.NaN })).toMatch(/milliseconds/);
});

test('the heap gives things up in order, whatever was moved or taken out before', () => {
  const step = fc.tuple(fc.nat(20), fc.nat(1_000), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const items: Timed[] = Array.from({ length: 21 }, () => ({ dueAt: 0, place: -1 }));
      const heap = new Deadlines<Timed>();
      const kept = new Map<Timed, number>();
      for (const [place, dueAt, takeOut] of steps) {
        const item = items[place]!;
        if (takeOut) {
          heap.remove(item);
          kept.delete(item);
        } else {
          heap.set(item, dueAt);
          kept.set(item, dueAt);
        }
      }
      const order: number[] = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        order.push(first.dueAt);
        heap.remove(first);
      }
      expect(order).toEqual([...kept.values()].toSorted((a, b) => a - b));
    }),
  );
});

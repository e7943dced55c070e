// Who is turned away first when there is too much to do, and when he is told to come again.

import { describe, expect, test } from 'vitest';
import { fullness, Gate, type Load, WORKS } from './gate.ts';
import { LIMITS } from './limits.ts';

const IDLE: Load = { outstanding: 0, outstandingBytes: 0, exchanges: 0, exchangesBytes: 0 };
const gateAt = (load: Load, draws: readonly number[] = [0]): Gate => {
  let draw = -1;
  const uint32 = (): number => {
    draw += 1;
    return draws[draw % draws.length] ?? 0;
  };
  return new Gate({ uint32 }, () => load);
};
const admitted = (load: Load): readonly string[] => WORKS.filter((work) => gateAt(load).admits(work));

describe('the gate', () => {
  test('turns away offers first, then blocks, and registrations and reports last', () => {
    const share = (part: number): Load => ({ ...IDLE, exchanges: LIMITS.exchangesMax * part });
    expect(admitted(IDLE)).toEqual(WORKS);
    expect(admitted(share(0.5))).toEqual(WORKS);
    expect(admitted(share(0.51))).toEqual(['registration', 'report', 'block']);
    expect(admitted(share(0.75))).toEqual(['registration', 'report', 'block']);
    expect(admitted(share(0.76))).toEqual(['registration', 'report']);
    expect(admitted(share(1))).toEqual(['registration', 'report']);
    expect(admitted(share(1.01))).toEqual([]);
  });

  test.each([
    ['exchanges', LIMITS.exchangesMax],
    ['exchangesBytes', LIMITS.exchangesBytesMax],
    ['outstanding', LIMITS.outstandingMax],
    ['outstandingBytes', LIMITS.outstandingBytesMax],
  ])('is full when %s are beyond their bound, whatever else is idle', (what, most) => {
    expect(fullness({ ...IDLE, [what]: most })).toBe(100);
    expect(admitted({ ...IDLE, [what]: most + 1 })).toEqual([]);
  });

  test('counts what it turned away, by kind', () => {
    const gate = gateAt({ ...IDLE, exchanges: LIMITS.exchangesMax * 0.8 });
    for (const work of WORKS) gate.admits(work);
    gate.admits('block');
    expect(gate.refused).toEqual({ registration: 0, report: 0, block: 2, offer: 1 });
  });

  test('tells everybody another time to come again, within bounds', () => {
    const gate = gateAt(IDLE, [0, 2 ** 31, 2 ** 32 - 1]);
    const told = [gate.laterSeconds(), gate.laterSeconds(), gate.laterSeconds()];
    expect(told).toEqual([LIMITS.laterSecondsMin, 60, LIMITS.laterSecondsMax]);
  });
});

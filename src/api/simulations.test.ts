// Simulations run a few at a time and in slices; more of them are told to come again.
import { describe, expect, test } from 'vitest';
import type { Simulation } from '../campaigns/index.ts';
import { instant } from '../campaigns/index.ts';
import { Refusal } from './refusal.ts';
import { Simulations } from './simulations.ts';

/** Each look at the clock takes a millisecond. */
function given(simulationsMax: number) {
  let [now, pauses] = [0, 0];
  const clock = {
    now: () => {
      now += 1;
      return instant(now);
    },
  };
  const pause = async () => {
    pauses += 1;
  };
  return { parts: { clock, pause, simulationsMax }, paused: () => pauses };
}

/** Over after so many looks at it. */
const lasting = (slices: number): Simulation => {
  let left = slices;
  const advance = (): boolean => {
    left -= 1;
    return left <= 0;
  };
  return { advance } as unknown as Simulation;
};

describe('simulations', () => {
  test('let everything else have its turn between two slices', async () => {
    const { parts, paused } = given(1);
    await new Simulations().run(parts, (playOn) => playOn(lasting(200)));
    expect(paused()).toBeGreaterThanOrEqual(9);
  });

  test('beyond the limit are refused with the time to wait, and run once another has ended or failed', async () => {
    const { parts } = given(1);
    const simulations = new Simulations();
    let end: () => void = () => {};
    const first = simulations.run(parts, () => new Promise<string>((resolve) => (end = () => resolve('first'))));
    const second = await simulations.run(parts, async () => 'second');
    expect(second).toBeInstanceOf(Refusal);
    expect(second).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    end();
    expect(await first).toBe('first');
    await expect(simulations.run(parts, async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await simulations.run(parts, async () => 'third')).toBe('third');
  });
});

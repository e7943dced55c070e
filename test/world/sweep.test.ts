// The crash sweep: a calm campaign of three devices is struck at crash point 1, 2, 3 … one run each, until none is left.
import { describe, expect, test } from 'vitest';
import { given, http, lwm2m, type Scenario } from './scenario.ts';
import { World } from './world.ts';

async function points(scenario: Scenario): Promise<number> {
  const world = await World.open(scenario, { crashAt: Number.POSITIVE_INFINITY });
  return (await world.run()).points;
}

async function survives(scenario: Scenario): Promise<number> {
  const last = await points(scenario);
  for (let crashAt = 1; crashAt <= last; crashAt += 1) {
    try {
      const world = await (await World.open(scenario, { crashAt })).run();
      for (const { imei } of scenario.devices)
        expect(world.stateOf(imei), `${imei} after crash ${crashAt}`).toBe('succeeded');
    } catch (error) {
      throw new Error(`crash point ${crashAt} of ${last}: ${(error as Error).message}`, { cause: error });
    }
  }
  return last;
}

describe('a crash at any point of a calm campaign of three devices', () => {
  test('over LwM2M, by pull and by push, awake and asleep', async () => {
    const devices = [lwm2m(1, 'pull-only'), lwm2m(2, 'push-only'), lwm2m(3, 'queue-mode', 'new-port')];
    expect(await survives(given({ devices, lastDay: 1 }))).toBeGreaterThan(100);
  }, 120_000);

  test('over HTTP, closing at once, closing after the restart, splitting', async () => {
    const devices = [http(1), http(2, 'reboots-then-closes'), http(3)];
    expect(await survives(given({ devices, lastDay: 1 }))).toBeGreaterThan(60);
  }, 120_000);
});

// The checks are checked: every planted fault is noticed by some world.
import { describe, expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { given, http, lwm2m, type Scenario, swarm } from './scenario.ts';
import { World } from './world.ts';

const worlds: readonly Scenario[] = [
  given({
    devices: [lwm2m(1), lwm2m(2)],
    downloadWindows: [{ from: 13, until: 15 }],
    installWindows: [{ from: 13, until: 15 }],
  }),
  given({
    devices: [http(1), http(2)],
    downloadWindows: [{ from: 13, until: 15 }],
    installWindows: [{ from: 13, until: 15 }],
  }),
  ...[1, 2, 3, 4].map(swarm),
];

async function noticed(mutate: (typeof MUTANTS)[number]['mutate']): Promise<string | undefined> {
  for (const scenario of worlds) {
    try {
      await (await World.open(scenario, { mutate })).run();
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}

describe('a planted fault is noticed', () => {
  for (const { title, mutate } of MUTANTS) {
    test(title, async () => {
      expect(await noticed(mutate)).toBeDefined();
    });
  }

  test('and without one all is well', async () => {
    expect(await noticed((store) => store)).toBeUndefined();
  });
});

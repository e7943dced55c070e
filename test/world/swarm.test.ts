// The swarm: worlds drawn from seeds, with crashes, loss and odd devices; a failing one names the command that replays it.
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/index.ts';
import { swarm } from './scenario.ts';
import { World } from './world.ts';

const SEEDS = 60;
const PER_TEST = 20;

/** All that was stored about devices, in which order, and by how many events and commits. */
const toldBy = (world: World): string => JSON.stringify([[...world.checks.updates], world.agenda.count, world.points]);

describe('worlds drawn from seeds', () => {
  for (let from = 1; from <= SEEDS; from += PER_TEST) {
    test(`seeds ${from} to ${from + PER_TEST - 1}`, async () => {
      for (let seed = from; seed < from + PER_TEST; seed += 1) {
        try {
          await (await World.open(swarm(seed))).run();
        } catch (error) {
          throw new Error(`npm run world -- --seeds 1 --from ${seed}: ${(error as Error).message}`, { cause: error });
        }
      }
    }, 120_000);
  }

  test('the same on SQLite as in memory', async () => {
    for (const seed of [2]) {
      await using store = await openSqliteStore({ directory: ':memory:' });
      const inMemory = await (await World.open(swarm(seed))).run();
      const onSqlite = await (await World.open(swarm(seed), { store })).run();
      expect(toldBy(onSqlite), `seed ${seed}`).toBe(toldBy(inMemory));
    }
  }, 120_000);

  test('one seed run twice is one and the same world', async () => {
    const [one, other] = [await World.open(swarm(7)), await World.open(swarm(7))];
    await one.run();
    await other.run();
    expect(toldBy(one)).toBe(toldBy(other));
  });
});

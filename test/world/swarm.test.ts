// What a world is: the same for one seed, on every store, and whether or not idle moments are run.
import { describe, expect, test } from 'vitest';
import { openPostgresStore, openSqliteStore, type Store } from '../../src/store/index.ts';
import { freshDatabase, postgresAvailable } from '../postgres.ts';
import { Hits, runSeed } from './survey.ts';
import { swarm } from './swarm.ts';
import { World, type WorldOptions } from './world.ts';

const TIME = 200_000;

const run = (seed: number, options: WorldOptions = {}): Promise<World> => runSeed(seed, new Hits(), options);

/** How each device went through its campaigns, and what the campaigns made of it. */
const toldBy = ({ checks, points }: World): string =>
  JSON.stringify([[...checks.updates], [...checks.mirror.campaigns], points]);

/** Image tokens and locations count what was run. */
const withoutTokens = (told: string): string => told.replaceAll(/"token":"[^"]*"/g, '');

describe('a world', () => {
  test('of one seed is one and the same world', async () => {
    expect(toldBy(await run(7))).toBe(toldBy(await run(7)));
  });

  test(
    'goes the same way whether idle contacts and ticks are run or not',
    async () => {
      let skipped = 0;
      for (const seed of [3, 8, 11, 14, 19, 24]) {
        const drawn = swarm(seed);
        // A load that fails is a fault of its own, also where it would have changed nothing.
        const scenario = { ...drawn, trouble: { ...drawn.trouble, failLoad: 0 } };
        const short = await (await World.open(scenario)).run();
        const whole = await (await World.open(scenario, { runsIdle: true })).run();
        expect(withoutTokens(toldBy(short)), `seed ${seed}`).toBe(withoutTokens(toldBy(whole)));
        expect(whole.idle.skipped).toBe(0);
        skipped += short.idle.skipped;
      }
      expect(skipped).toBeGreaterThan(1_000);
    },
    TIME,
  );
});

describe('on a real database a world goes as in memory', () => {
  async function same(seed: number, store: Store): Promise<void> {
    const inMemory = await run(seed);
    expect(toldBy(await run(seed, { store })), `seed ${seed}`).toBe(toldBy(inMemory));
  }

  test.each([5, 7])(
    'seed %i on SQLite',
    async (seed) => {
      await using store = await openSqliteStore({ directory: ':memory:' });
      await same(seed, store);
    },
    TIME,
  );

  test.runIf(postgresAvailable).each([5])(
    'seed %i on PostgreSQL',
    async (seed) => {
      await using database = await freshDatabase();
      await using store = await openPostgresStore({ url: database.url });
      await same(seed, store);
    },
    TIME,
  );
});

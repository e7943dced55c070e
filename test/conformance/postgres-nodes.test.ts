/** What only several servers on one PostgreSQL can be asked: one clock for leases, rows that both want, one migration. */
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { instant } from '../../src/campaigns/index.ts';
import { openPostgresStore } from '../../src/store/index.ts';
import { freshDatabase, postgresAvailable } from '../postgres.ts';
import {
  campaign,
  change,
  device,
  deviceKey,
  entry,
  KEY,
  later,
  NOW,
  ONE,
  put,
  TWO,
  update,
  updateKey,
} from './given.ts';

describe.runIf(postgresAvailable)('nodes on one PostgreSQL', () => {
  test('by its clock, one that runs ahead does not take what another has just claimed', async () => {
    await using database = await freshDatabase();
    await using store = await openPostgresStore({ url: database.url, databaseClock: true });
    await put(store, {
      campaigns: [campaign({ nextActionAt: NOW })],
      updates: [update(1, { nextActionAt: NOW })],
      intents: [{ kind: 'ask', device: deviceKey(1) }],
    });
    const ahead = later(86_400_000);
    expect(await store.claimDue(NOW, 9)).toEqual([updateKey(1)]);
    expect(await store.claimDue(ahead, 9)).toEqual([]);
    expect(await store.claimCampaigns(NOW, 9, ONE)).toEqual([KEY]);
    expect(await store.claimCampaigns(ahead, 9, TWO)).toEqual([]);
    expect(await store.claimIntents(NOW, 9, ONE)).toHaveLength(1);
    expect(await store.claimIntents(ahead, 9, TWO)).toEqual([]);
    await store.beat(ONE, NOW, later(60_000));
    await store.beat(TWO, NOW, instant(NOW - 1));
    expect(await store.nodes(ahead)).toEqual([ONE]);
  });

  test('two servers may start on an empty database at once', async () => {
    await using database = await freshDatabase();
    const [one, two] = await Promise.all([0, 1].map(() => openPostgresStore({ url: database.url })));
    await put(one!, { updates: [update(1)] });
    expect(await two!.update(KEY, update(1).imei)).toEqual(update(1));
    await one![Symbol.asyncDispose]();
    await two![Symbol.asyncDispose]();
  });

  test("that want each other's rows do not fail: the change of one is stale", async () => {
    await using database = await freshDatabase();
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query(
      "do $$ begin execute format('alter database %I set deadlock_timeout = 300', current_database()); end $$",
    );
    await using store = await openPostgresStore({ url: database.url });
    await put(store, { devices: [device(1), device(2)] });
    const lock = (number: number) =>
      other.query('update devices set make = make where imei = $1', [device(number).imei]);
    await other.query('begin');
    await lock(2);
    const row = (number: number) => ({ op: 'replace-device', row: device(number) }) as const;
    const crossing = store.commit([change([row(1), row(2)], { entries: [entry(1)] })], NOW);
    await waiting(database.url);
    await lock(1);
    expect(await crossing).toEqual(['stale']);
    await other.query('commit');
    await other.end();
    expect(await store.commit([change([row(1), row(2)])], NOW)).toEqual(['saved']);
  });
});

/** Until the server says that somebody waits for a lock. */
async function waiting(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const text = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await client.query(text)).rowCount === 0);
  await client.end();
}

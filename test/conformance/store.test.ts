/** One suite on every store: memory, SQLite in a file and in memory, PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { openMemoryStore, openPostgresStore, openSqliteStore, type Store } from '../../src/store/index.ts';
import { type FreshDatabase, freshDatabase, postgresAvailable } from '../postgres.ts';
import { storeConformance } from './store-conformance.ts';

describe('the store in memory', () => storeConformance(async () => openMemoryStore()));

describe('the store on SQLite in memory', () => storeConformance(() => openSqliteStore({ directory: ':memory:' })));

describe('the store on SQLite', () =>
  storeConformance(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'campanile-store-'));
    return closing(await openSqliteStore({ directory }), () => rm(directory, { recursive: true }));
  }));

describe.runIf(postgresAvailable)('the store on PostgreSQL', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  storeConformance(async () => {
    const store = await openPostgresStore({ url: database.url });
    await empty(database.url);
    return store;
  });
});

const closing = (store: Store, afterwards: () => Promise<void>): Store => ({
  ...store,
  [Symbol.asyncDispose]: async () => {
    await store[Symbol.asyncDispose]();
    await afterwards();
  },
});

/** Cheaper than a database for each test. */
async function empty(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select string_agg(tablename, ', ') as tables from pg_tables where schemaname = 'public' and tablename not like 'kysely%'",
  );
  await client.query(`truncate ${rows[0].tables}`);
  await client.end();
}

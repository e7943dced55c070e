// The stores on which the API is told its stories: `use` gives a desk on an empty store, closed again after the test.

import { Client } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openMemoryStore, openPostgresStore, openSqliteStore, type Store } from '../../src/store/index.ts';
import { type FreshDatabase, freshDatabase, postgresAvailable } from '../postgres.ts';
import { type Desk, type DeskOptions, openDesk } from './desk.ts';

type OpenDesk = (options?: DeskOptions) => Promise<Desk>;

export interface OnStore {
  readonly name: string;
  /** To be called once where the tests are told. */
  use(): OpenDesk;
}

const memory: OnStore = { name: 'memory', use: () => closing(async () => openMemoryStore()) };

const sqlite: OnStore = { name: 'SQLite', use: () => closing(() => openSqliteStore({ directory: ':memory:' })) };

const postgres: OnStore = {
  name: 'PostgreSQL',
  use: () => {
    let database: FreshDatabase | undefined;
    beforeAll(async () => {
      database = await freshDatabase();
    });
    afterAll(() => database?.[Symbol.asyncDispose]());
    return closing(async () => {
      if (database === undefined) throw new Error('a desk is opened outside its tests');
      const store = await openPostgresStore({ url: database.url });
      await empty(database.url);
      return store;
    });
  },
};

/** For suites in which SQL decides what is answered. */
export const ON_SQL: readonly OnStore[] = [memory, sqlite];

/** For those of them that stand for all in PostgreSQL too. */
export const ON_EVERY_STORE: readonly OnStore[] = postgresAvailable ? [...ON_SQL, postgres] : ON_SQL;

function closing(open: () => Promise<Store>): OpenDesk {
  const opened: Store[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store[Symbol.asyncDispose]();
  });
  return async (options = {}) => {
    const store = await open();
    opened.push(store);
    return openDesk({ ...options, store });
  };
}

/** Cheaper than a database for each test. */
async function empty(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select string_agg(tablename, ', ') as tables from pg_tables where schemaname = 'public' and tablename not like 'kysely%'",
    );
    await client.query(`truncate ${rows[0].tables}`);
  } finally {
    await client.end();
  }
}

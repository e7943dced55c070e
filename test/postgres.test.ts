/** The databases that tests get are real, empty, apart from one another, and gone afterwards. */
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { freshDatabase, postgresAvailable } from './postgres.ts';

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.runIf(postgresAvailable)('a fresh PostgreSQL database', () => {
  test('is a real server that knows row locks', async () => {
    await using database = await freshDatabase();
    await ask(database.url, 'create table t as select 1 as n');
    expect(await ask(database.url, 'select n from t for update skip locked')).toEqual([{ n: 1 }]);
  });

  test('shares nothing with the next one', async () => {
    await using first = await freshDatabase();
    await using second = await freshDatabase();
    await ask(first.url, 'create table mine (n int)');
    const tables = "select tablename from pg_tables where schemaname = 'public'";
    expect(await ask(first.url, tables)).toEqual([{ tablename: 'mine' }]);
    expect(await ask(second.url, tables)).toEqual([]);
  });

  test('is dropped when disposed of, even under an open connection', async () => {
    const database = await freshDatabase();
    const lingering = new Client({ connectionString: database.url });
    const lost: Error[] = [];
    lingering.on('error', (error) => lost.push(error));
    await lingering.connect();
    await database[Symbol.asyncDispose]();
    await expect(ask(database.url, 'select 1')).rejects.toThrow(/does not exist/);
    expect(lost.map(String).join()).toMatch(/terminat/i);
  });

  test('orders text by its bytes, as SQLite does', async () => {
    await using database = await freshDatabase();
    const rows = await ask(database.url, "select x from (values ('a'), ('B'), ('ä')) as v (x) order by x");
    expect(rows.map((row) => row['x'])).toEqual(['B', 'a', 'ä']);
  });
});

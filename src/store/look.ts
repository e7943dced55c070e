// A look at a database from outside, which changes nothing: is it there, whose schema has it, what time is it there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { knownSteps } from './migrate.ts';

export interface DatabaseLook {
  /** Steps of the schema that the next start takes. */
  readonly missing: readonly string[];
  /** Steps that a newer version took; this one cannot run on them. */
  readonly unknown: readonly string[];
  /** By the clock of the database, in milliseconds. */
  readonly now?: number;
}

const STEPS = 'select name from kysely_migration order by name';

function compare(known: readonly string[], taken: readonly string[]): DatabaseLook {
  return {
    missing: known.filter((name) => !taken.includes(name)),
    unknown: taken.filter((name) => !known.includes(name)),
  };
}

/** `undefined`: there is no database yet. Throws where the file cannot be read. */
export async function lookAtSqlite(directory: string): Promise<DatabaseLook | undefined> {
  const path = join(directory, 'campanile.db');
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const taken = database.prepare(STEPS).all();
    return compare(
      await knownSteps('sqlite'),
      taken.map(({ name }) => String(name)),
    );
  } finally {
    database.close();
  }
}

/** 42P01: undefined_table. */
const hasNoTable = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42P01';

/** Throws where it cannot be reached within `waitMax` milliseconds, or does not let us in. */
export async function lookAtPostgres(url: string, waitMax: number): Promise<DatabaseLook> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: waitMax, query_timeout: waitMax });
  // The error of a lost connection is that of the question that waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    const asked = await client.query<{ ms: string }>('select extract(epoch from clock_timestamp()) * 1000 as ms');
    const now = Number(asked.rows[0]?.ms);
    return { ...compare(await knownSteps('postgres'), await takenSteps(client)), now };
  } finally {
    await client.end();
  }
}

async function takenSteps(client: Client): Promise<readonly string[]> {
  try {
    return (await client.query<{ name: string }>(STEPS)).rows.map(({ name }) => name);
  } catch (error) {
    if (hasNoTable(error)) return [];
    throw error;
  }
}

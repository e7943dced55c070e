// The store in PostgreSQL: any number of nodes share it.
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, type PoolClient, TypeOverrides, types } from 'pg';
import { migrate } from './migrate.ts';
import type { Tables } from './schema.ts';
import type { Outcome, Statement } from './sql.ts';
import { storeOver } from './sql-store.ts';
import type { Store } from './store.ts';

export interface PostgresOptions {
  readonly url: string;
  /** Connections of this node. */
  readonly connectionsMax?: number;
  /** Leases are judged by the database's clock instead of the instant handed in, so that nodes agree on it. */
  readonly databaseClock?: boolean;
  /** What becomes of the error of a connection that was lost while nobody used it; the next question opens another. */
  readonly lost?: (error: Error) => void;
}

const CONNECTIONS_MAX = 10;
/** Batches of one transaction. */
const GATHERED_MAX = 50;

export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { url, connectionsMax = CONNECTIONS_MAX, databaseClock = false, lost = () => {} } = options;
  const numbers = new TypeOverrides(types);
  // Identities, instants and revisions are far below 2^53.
  numbers.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({ connectionString: url, max: connectionsMax, types: numbers, pipeline: true });
  pool.on('error', lost);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, 'postgres');
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOver({
    dialect: 'postgres',
    read: db,
    write: db,
    apply: (batches) => apply(pool, batches),
    leaseClock: (now) =>
      databaseClock ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint` : sql<number>`${now}::bigint`,
    [Symbol.asyncDispose]: () => db.destroy(),
  });
}

type Batch = readonly Statement[];

async function apply(pool: Pool, batches: readonly Batch[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < batches.length; at += GATHERED_MAX) {
    outcomes.push(...(await applyTogether(pool, batches.slice(at, at + GATHERED_MAX))));
  }
  return outcomes;
}

async function applyTogether(pool: Pool, batches: readonly Batch[]): Promise<readonly Outcome[]> {
  try {
    return await inTransaction(pool, (client) => storeAll(client, batches));
  } catch (error) {
    if (!isConflict(error)) throw error;
    // Two nodes wanted each other's rows: one by one nobody else is held up, and what fails again is stale.
    const [only] = batches;
    if (batches.length === 1 && only !== undefined) return ['stale'];
    const outcomes: Outcome[] = [];
    for (const batch of batches) outcomes.push(...(await applyTogether(pool, [batch])));
    return outcomes;
  }
}

/** 40P01 deadlock detected, 40001 serialization failure. */
const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');

async function inTransaction<Result>(
  pool: Pool,
  run: (client: PoolClient) => Promise<{ readonly result: Result; readonly isSaved: boolean }>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  try {
    const { result, isSaved } = await run(client);
    await client.query(isSaved ? 'commit' : 'rollback');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function storeAll(client: PoolClient, batches: readonly Batch[]) {
  const [only, ...others] = batches;
  if (only !== undefined && others.length === 0) {
    // The transaction itself is all or nothing.
    const outcome = await perform(client, only, ['begin']);
    return { result: [outcome], isSaved: outcome === 'saved' };
  }
  const outcomes: Outcome[] = [];
  let before = ['begin'];
  for (const batch of batches) {
    const outcome = await perform(client, batch, [...before, 'savepoint batch']);
    before = [outcome === 'saved' ? 'release savepoint batch' : 'rollback to savepoint batch'];
    outcomes.push(outcome);
  }
  await sendAll(client, before.map(plain));
  return { result: outcomes, isSaved: true };
}

const plain = (text: string) => ({ text, values: [] });

/** All statements travel together; what a failed one should have stopped goes with the savepoint or the transaction. */
async function perform(client: PoolClient, batch: Batch, before: readonly string[] = []): Promise<Outcome> {
  const statements = batch.map(({ query }) => ({ ...named(query.sql), values: [...query.parameters] }));
  const changed = await sendAll(client, [...before.map(plain), ...statements]);
  for (const [place, { rows, fails = 'stale', otherwise }] of batch.entries()) {
    if (rows === undefined || changed[before.length + place] === rows) continue;
    const outcome = otherwise === undefined ? fails : await perform(client, otherwise);
    if (outcome !== 'saved') return outcome;
  }
  return 'saved';
}

/** Statements that a connection keeps prepared; the commit path has about forty texts, long inserts a text for each length. */
const NAMED_MAX = 200;
const NAMED_CHARACTERS_MAX = 2_000;
const names = new Map<string, string>();

/** One text has one name on all connections. */
function named(text: string): { readonly text: string; readonly name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { text, name: known };
  if (names.size >= NAMED_MAX || text.length > NAMED_CHARACTERS_MAX) return { text };
  const name = `campanile_${names.size + 1}`;
  names.set(text, name);
  return { text, name };
}

/** How many rows each has changed. The first error is the reason of those behind it. */
async function sendAll(
  client: PoolClient,
  queries: readonly { readonly text: string; readonly name?: string; readonly values: unknown[] }[],
): Promise<readonly (number | null)[]> {
  const settled = await Promise.allSettled(queries.map((query) => client.query(query)));
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value.rowCount;
  });
}

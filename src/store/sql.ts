// What the SQL stores share: a database that can be asked, and that stores batches of statements whole or not at all.
import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Duration, Instant } from '../campaigns/index.ts';
import type { Dialect } from './migrations/0001-first.ts';
import type { Tables } from './schema.ts';

export type Db = Kysely<Tables>;
export type Outcome = 'saved' | 'stale' | 'taken';

export interface Statement {
  readonly query: CompiledQuery;
  /** Only where the dialect is SQLite: it is run with each of these lists of parameters, and `rows` counts them all. */
  readonly each?: readonly (readonly Value[])[];
  /** How many rows it must change; absent: any number will do. */
  readonly rows?: number;
  /** What the batch has come to when it changes another number. Absent: `stale`. */
  readonly fails?: Outcome;
  /** Done instead when it changes another number. */
  readonly otherwise?: readonly Statement[];
}

export interface Sql extends AsyncDisposable {
  readonly dialect: Dialect;
  /** For questions. */
  readonly read: Db;
  /** Answers at once, where the database can do that: for the one question that is asked thousands of times a second. */
  readonly ask?: (query: CompiledQuery) => readonly unknown[];
  /** For single statements that change and answer, and for building statements. */
  readonly write: Db;
  /** Stores each batch whole or not at all, one after the other. */
  apply(batches: readonly (readonly Statement[])[]): Promise<readonly Outcome[]>;
  /** The clock by which leases are judged. */
  leaseClock(now: Instant): RawBuilder<number>;
}

/** For building statements. */
export type Target = Pick<Sql, 'write' | 'dialect'>;

/** Rows of a CTE are locked for us; what another node has locked is left to it. */
export const skipLocked = ({ dialect }: Pick<Sql, 'dialect'>, table?: string): RawBuilder<unknown> =>
  dialect === 'sqlite'
    ? sql``
    : table === undefined
      ? sql`for update skip locked`
      : sql`for update of ${sql.ref(table)} skip locked`;

export const leaseUntil = (store: Sql, now: Instant, lease: Duration): RawBuilder<number> =>
  sql<number>`${store.leaseClock(now)} + ${sql.lit(lease)}`;

/**
 * A list of keys as a table: one parameter however many there are, so that the statement's text stays the same. Columns
 * are named by their types.
 */
export function keyTable(dialect: Dialect, keys: readonly (readonly Value[])[], columns: readonly KeyColumn[]) {
  const json = JSON.stringify(keys);
  const list = columns.map(([name, type], place) =>
    dialect === 'sqlite'
      ? sql`value ->> ${sql.lit(place)} as ${sql.ref(name)}`
      : sql`(value ->> ${sql.lit(place)})${sql.raw(type === 'integer' ? '::bigint' : '')} as ${sql.ref(name)}`,
  );
  return dialect === 'sqlite'
    ? sql`(select ${sql.join(list)} from json_each(${json}))`
    : sql`(select ${sql.join(list)} from jsonb_array_elements(${json}::jsonb) as list (value))`;
}

export type Value = string | number | null;

export type KeyColumn = readonly [name: string, type: 'text' | 'integer'];

// Statements that write many rows of one kind, each dialect in its fastest way.
import { type RawBuilder, sql } from 'kysely';
import type { Tables } from './schema.ts';
import { type KeyColumn, keyTable, type Statement, type Target, type Value } from './sql.ts';

/**
 * PostgreSQL is given the rows as one parameter. SQLite, which has no wire to save, is given a statement of one row that is
 * run for each: one that writes many rows keeps a journal of its own, with a copy of every page that it touches.
 */
export function insertRows(
  { write: db, dialect }: Target,
  table: keyof Tables,
  columns: readonly KeyColumn[],
  rows: readonly (readonly Value[])[],
): Statement {
  const names = sql.join(columns.map(([name]) => sql.ref(name)));
  const into = sql`insert into ${sql.table(table)} (${names})`;
  const query =
    dialect === 'sqlite'
      ? sql`${into} values (${sql.join(rows[0] ?? [])}) on conflict do nothing`
      : sql`${into} select ${names} from ${keyTable(dialect, rows, columns)} as k on conflict do nothing`;
  return manyRows({ write: db, dialect }, query, rows);
}

/** For SQLite `query` is that of the first row. */
export const manyRows = (
  { write: db, dialect }: Target,
  query: RawBuilder<unknown>,
  rows: readonly (readonly Value[])[],
): Statement => ({
  query: query.compile(db),
  rows: rows.length,
  ...(dialect === 'sqlite' ? { each: rows } : {}),
});

// Statements that have to change exactly one row.
import type { Db, Outcome, Statement } from './sql.ts';

/** Changes exactly one row. */
export const one = (query: { compile(): Statement['query'] }, fails: Outcome = 'stale'): Statement => ({
  query: query.compile(),
  rows: 1,
  fails,
});

type Inserted =
  | 'updates'
  | 'devices'
  | 'campaigns'
  | 'slots'
  | 'intake'
  | 'accounts'
  | 'clients'
  | 'users'
  | 'operators'
  | 'packages';

/** Where the key is there already, nothing is inserted, and that is too few. */
export const insert = <Table extends Inserted>(
  db: Db,
  table: Table,
  row: Parameters<ReturnType<typeof db.insertInto<Table>>['values']>[0],
): Statement =>
  one(
    db
      .insertInto(table)
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  );

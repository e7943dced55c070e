// Reading from SQLite: every question is answered at once, so nobody has to wait for the connection.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { invariant } from '../campaigns/index.ts';
import type { Tables } from './schema.ts';
import { StatementCache } from './sqlite-writer.ts';

/**
 * Kysely's own driver lends its one connection to one caller at a time and wakes all that wait whenever it comes back:
 * with a hundred devices asking at once each question costs a hundred looks at the lock. A connection that only reads,
 * and never over several questions, needs no lock.
 */
export const kyselyReader = (database: DatabaseSync): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new Reading(database),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });

/** The same question without Kysely around it. */
export function asker(database: DatabaseSync): (query: CompiledQuery) => readonly unknown[] {
  const statements = new StatementCache(database);
  return ({ sql, parameters }) => statements.of(sql).all(...(parameters as readonly SQLInputValue[]));
}

class Reading implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(database: DatabaseSync) {
    this.#connection = new ReadingConnection(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    invariant(false, 'the connection that reads has no transactions: it is lent to everybody at once');
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  /** Whoever opened the database closes it. */
  async destroy(): Promise<void> {}
}

class ReadingConnection implements DatabaseConnection {
  readonly #statements: StatementCache;

  constructor(database: DatabaseSync) {
    this.#statements = new StatementCache(database);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#statements.of(sql);
    return { rows: statement.all(...(parameters as readonly SQLInputValue[])) as Row[] };
  }

  // biome-ignore lint/correctness/useYield: nobody reads row by row.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    invariant(false, 'rows are read a page at a time, never as a stream');
  }
}

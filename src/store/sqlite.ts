// The store in one SQLite file: for one server, which holds its directory for as long as it lives.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import { migrate } from './migrate.ts';
import type { Tables } from './schema.ts';
import { storeOver } from './sql-store.ts';
import { asker, kyselyReader } from './sqlite-reader.ts';
import { type Schedule, SqliteWriter, StatementCache } from './sqlite-writer.ts';
import type { Store } from './store.ts';

export interface SqliteOptions {
  /** Made when it is not there; `:memory:` keeps nothing. */
  readonly directory: string;
  /** When a gathered commit is stored. Default: once the code that is running has come to its end. */
  readonly schedule?: Schedule;
}

/** Another server runs on this directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    super(`The data directory ${directory} is in use by another server; stop that one or choose another directory.`, {
      cause,
    });
    this.directory = directory;
  }
}

const MEMORY = ':memory:';
/** How long a statement waits for a lock, in milliseconds. */
const BUSY_WAIT_MAX = 5_000;

/** Pages in the log before they go into the database: a page that is written often goes there once. Everybody waits for it. */
const WAL_PAGES_MAX = 16_384;
/** Pages that a connection keeps in memory, in KiB. What the reading one has is worth nothing after the next commit. */
const CACHE_KIB_MAX = { writing: 65_536, reading: 16_384 } as const;
const soon: Schedule = (run) => {
  void Promise.resolve().then(run);
};

export async function openSqliteStore({ directory, schedule = soon }: SqliteOptions): Promise<Store> {
  const inMemory = directory === MEMORY;
  if (!inMemory) mkdirSync(directory, { recursive: true });
  const lock = inMemory ? undefined : lockDirectory(directory);
  try {
    const path = inMemory ? MEMORY : join(directory, 'campanile.db');
    const writing = openDatabase(path);
    const write = kyselyOver(writing);
    await migrate(write, 'sqlite');
    // A database in memory belongs to its connection alone.
    const reading = inMemory ? undefined : openDatabase(path, { readOnly: true });
    const writer = new SqliteWriter(writing, schedule);
    return storeOver({
      dialect: 'sqlite',
      write,
      read: reading === undefined ? write : kyselyReader(reading),
      ask: asker(reading ?? writing),
      apply: (batches) => writer.apply(batches),
      leaseClock: (now) => sql<number>`${now}`,
      [Symbol.asyncDispose]: async () => {
        writer.flush();
        reading?.close();
        writing.close();
        lock?.close();
      },
    });
  } catch (error) {
    lock?.close();
    throw error;
  }
}

function openDatabase(path: string, { readOnly = false }: { readonly readOnly?: boolean } = {}): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_WAIT_MAX, enableForeignKeyConstraints: false, readOnly });
  if (!readOnly) {
    database.exec('pragma journal_mode = wal; pragma synchronous = full');
    database.exec(`pragma wal_autocheckpoint = ${WAL_PAGES_MAX}`);
  }
  database.exec(`pragma cache_size = -${CACHE_KIB_MAX[readOnly ? 'reading' : 'writing']}`);
  return database;
}

/** A lock of the operating system on a file of its own: it ends with the process, however that ends. */
function lockDirectory(directory: string): DatabaseSync {
  const lock = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? new DirectoryInUse(directory, cause) : cause;
  }
}

/** SQLITE_BUSY. */
const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 5;

/** Kysely asks for prepared statements by text; it gets them from the cache. */
function kyselyOver(database: DatabaseSync): Kysely<Tables> {
  const statements = new StatementCache(database);
  const shim: SqliteDatabase = {
    close: () => {},
    prepare: (text) => {
      const statement = statements.of(text);
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: shim }) });
}

// A copy of the database file while a server writes it; the copy carries a mark by which its first server pauses everything.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const FILE = 'campanile.db';
/** In the header of the file (`pragma user_version`): whatever way a copy came to its place, it is known as one. */
const IS_COPY = 1;
const BUSY_WAIT_MAX = 5_000;
const OWNER_ONLY = 0o600;

/** The directory holds no database. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

/** The copy did not turn out as it should. */
export class CopyDamaged extends Error {
  override readonly name = 'CopyDamaged';
}

/**
 * One read transaction of SQLite (VACUUM INTO): what was committed before it is in the copy, nothing after it, and nobody
 * who writes waits. It runs synchronously: call it in a process of its own, not in a server's.
 */
export function copySqlite(directory: string, target: string): void {
  const source = join(directory, FILE);
  if (!existsSync(source)) throw new NoDatabase(`${directory} holds no database.`);
  const database = new DatabaseSync(source, { readOnly: true, timeout: BUSY_WAIT_MAX });
  try {
    database.prepare('vacuum into ?').run(target);
  } finally {
    database.close();
  }
  chmodSync(target, OWNER_ONLY);
  markAndCheck(target);
  // VACUUM INTO leaves it to us that the bytes are on the disk.
  const file = openSync(target, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function markAndCheck(target: string): void {
  const copy = new DatabaseSync(target);
  try {
    copy.exec(`pragma user_version = ${IS_COPY}`);
    const [first] = copy.prepare('pragma quick_check(1)').all();
    const said = String(first?.['quick_check']);
    if (said !== 'ok') throw new CopyDamaged(`The copy of the database is damaged: ${said}.`);
  } finally {
    copy.close();
  }
}

/** Whether the database is a copy on which no server has paused the campaigns yet. */
export function isCopy(directory: string): boolean {
  const path = join(directory, FILE);
  if (!existsSync(path)) return false;
  return onDatabase(path, (database) => database.prepare('pragma user_version').get()?.['user_version'] === IS_COPY);
}

/** From now on it is a database like any other. */
export function copyIsTaken(directory: string): void {
  onDatabase(join(directory, FILE), (database) => database.exec('pragma user_version = 0'));
}

function onDatabase<Result>(path: string, run: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(path, { timeout: BUSY_WAIT_MAX });
  try {
    return run(database);
  } finally {
    database.close();
  }
}

// The one door of the store.
export { CopyDamaged, copyIsTaken, copySqlite, isCopy, NoDatabase } from './copy.ts';
export { type DatabaseLook, lookAtPostgres, lookAtSqlite } from './look.ts';
export { openMemoryStore } from './memory.ts';
export { openPostgresStore, type PostgresOptions } from './postgres.ts';
export { DirectoryInUse, openSqliteStore, type SqliteOptions } from './sqlite.ts';
export type { Schedule } from './sqlite-writer.ts';
export type { Store } from './store.ts';

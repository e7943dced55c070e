// Those who run the server: operators, links that sign in once, sessions of browsers, and who has ever signed in.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

export const operators = (dialect: Dialect): Migration => ({
  up: async (db: Kysely<unknown>) => {
    // Lists are paged in the order of bytes, whatever the database's own order is.
    const text = dialect === 'sqlite' ? ('text' as const) : sql`text collate "C"`;
    await db.schema
      .createTable('operators')
      .addColumn('name', text, (column) => column.primaryKey().notNull())
      .addColumn('key_hash', 'text', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('operators_by_key').unique().on('operators').column('key_hash').execute();
    await db.schema
      .createTable('sign_in_links')
      .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('operator', text, (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('operator_sessions')
      .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('operator', text, (column) => column.notNull())
      .addColumn('last_used_at', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('sign_ins')
      .addColumn('operator', text, (column) => column.primaryKey().notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
});

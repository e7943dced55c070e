// What the operator of the server is told, and where: events with at most one open one for each cause, and one listener.
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;

export const operatorEvents = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    const table = db.schema.createTable('operator_events');
    const numbered =
      dialect === 'sqlite'
        ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement().notNull())
        : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
    await numbered
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('open', 'integer', (column) => column.notNull())
      .addColumn('cleared_at', 'bigint')
      .addColumn('due_at', 'bigint')
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await indexes(db);
    await db.schema
      .createTable('event_listeners')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
  },
});

async function indexes(db: Db): Promise<void> {
  await db.schema
    .createIndex('operator_events_open')
    .unique()
    .on('operator_events')
    .column('cause')
    .where(sql<SqlBool>`open = 1`)
    .execute();
  await db.schema.createIndex('operator_events_of_kind').on('operator_events').columns(['kind', 'id']).execute();
  await db.schema
    .createIndex('operator_events_due')
    .on('operator_events')
    .columns(['due_at', 'id'])
    .where(sql<SqlBool>`due_at is not null`)
    .execute();
  await db.schema
    .createIndex('operator_events_by_age')
    .on('operator_events')
    .column('cleared_at')
    .where(sql<SqlBool>`cleared_at is not null`)
    .execute();
}

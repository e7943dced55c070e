// Callbacks leave the outbox: listeners, the events that they are told, a line for each of them, and the delivery log.
import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;
type ColumnType = ColumnDataType | RawBuilder<unknown>;

export const callbacks = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    // Lists are paged in the order of bytes, whatever the database's own order is.
    const text: ColumnType = dialect === 'postgres' ? sql`text collate "C"` : 'text';
    await eventTables(db, text);
    await lineTable(db, text);
    await deliveryTable(db, text, dialect);
    // Nobody listened to those that were numbered before there were listeners.
    await sql`delete from outbox where number is not null`.execute(db);
    await db.schema.dropIndex('outbox_callbacks').execute();
  },
});

async function eventTables(db: Db, text: ColumnType): Promise<void> {
  await db.schema
    .createTable('listeners')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('generation', text, (column) => column.notNull())
    .addColumn('failing_since', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('listeners_key', ['account', 'generation'])
    .execute();
  await db.schema
    .createTable('gathered')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('gathered_key', ['account', 'campaign'])
    .execute();
  await db.schema
    .createTable('callbacks')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('callbacks_key', ['account', 'campaign', 'number'])
    .execute();
  await db.schema.createIndex('callbacks_by_age').on('callbacks').column('at').execute();
}

async function lineTable(db: Db, text: ColumnType): Promise<void> {
  await db.schema
    .createTable('callback_lines')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('generation', text, (column) => column.notNull())
    .addColumn('next', 'bigint', (column) => column.notNull())
    .addColumn('last', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint')
    .addColumn('claims', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', text)
    .addColumn('claimed_until', 'bigint')
    .addPrimaryKeyConstraint('callback_lines_key', ['account', 'generation', 'campaign'])
    .execute();
  await db.schema
    .createIndex('callback_lines_due')
    .on('callback_lines')
    .columns(['due_at', 'account', 'generation', 'campaign'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('callback_lines_claimed')
    .on('callback_lines')
    .columns(['account', 'generation', 'claimed_until'])
    .where(sql.ref('claimed_until'), 'is not', null)
    .execute();
}

async function deliveryTable(db: Db, text: ColumnType, dialect: Dialect): Promise<void> {
  const table = db.schema.createTable('deliveries');
  const numbered =
    dialect === 'sqlite'
      ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement().notNull())
      : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
  await numbered
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('generation', text, (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('deliveries_in_order').on('deliveries').columns(['account', 'id']).execute();
  await db.schema.createIndex('deliveries_by_age').on('deliveries').column('at').execute();
  await db.schema
    .createIndex('deliveries_of_callback')
    .on('deliveries')
    .columns(['account', 'campaign', 'generation', 'number'])
    .execute();
  await db.schema
    .createIndex('deliveries_dead')
    .on('deliveries')
    .columns(['account', 'id'])
    .where(sql.ref('outcome'), '=', 'dead')
    .execute();
}

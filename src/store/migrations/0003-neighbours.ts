// What stands beside campaigns: licences, devices that join by themselves, check-ins, device logs, the audit log.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;

export const neighbours = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    await campaignColumns(db, dialect);
    await licenceTables(db, dialect);
    await historyTables(db, dialect);
    await auditTable(db, dialect);
    await db.schema
      .createIndex('devices_of_transport')
      .on('devices')
      .columns(['account', 'transport', 'imei'])
      .execute();
  },
});

/** Lists are paged in the order of bytes, whatever the database's own order is. */
const textOf = (dialect: Dialect) => (dialect === 'sqlite' ? ('text' as const) : sql`text collate "C"`);

/** What the rows that are there already say is taken out of them. */
async function campaignColumns(db: Db, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('campaigns').addColumn('generation', 'text').execute();
  await db.schema
    .alterTable('campaigns')
    .addColumn('adding', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  const field = (name: string) =>
    dialect === 'sqlite' ? sql`body ->> ${sql.lit(name)}` : sql`body::json ->> ${sql.lit(name)}`;
  const truth = dialect === 'sqlite' ? sql.lit(1) : sql.lit('true');
  await sql`
    update campaigns set
      generation = ${field('generation')},
      adding = case
        when ${field('autoAddDevices')} = ${truth} and phase in ('pending', 'queued', 'prescheduled', 'scheduled')
        then 1 else 0 end`.execute(db);
  await db.schema
    .createIndex('campaigns_adding')
    .on('campaigns')
    .columns(['account', 'id'])
    .where(sql.ref('adding'), '=', 1)
    .execute();
}

async function licenceTables(db: Db, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  await db.schema
    .createTable('licences')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('bucket', 'integer', (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addColumn('assigned_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('licences_key', ['account', 'bucket', 'imei'])
    .execute();
  await db.schema.createIndex('licences_in_order').on('licences').columns(['account', 'imei']).execute();
  await db.schema
    .createTable('licence_pools')
    .addColumn('account', text, (column) => column.primaryKey().notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('account_lists')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('account_lists_key', ['account', 'kind'])
    .execute();
  await db.schema
    .createTable('joiners')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('joiners_key', ['account', 'campaign', 'imei'])
    .execute();
}

async function historyTables(db: Db, dialect: Dialect): Promise<void> {
  const text = textOf(dialect);
  for (const table of ['check_ins', 'device_logs']) {
    await numbered(db, table, dialect)
      .addColumn('account', text, (column) => column.notNull())
      .addColumn('bucket', 'integer', (column) => column.notNull())
      .addColumn('imei', text, (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    const index = db.schema.createIndex(`${table}_of_device`).on(table);
    await index.columns(['account', 'bucket', 'imei', 'id']).execute();
  }
}

async function auditTable(db: Db, dialect: Dialect): Promise<void> {
  await numbered(db, 'audit', dialect)
    .addColumn('account', textOf(dialect))
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_of_account').on('audit').columns(['account', 'id']).execute();
}

/** A table whose rows are numbered rising; no number is given twice. */
function numbered(db: Db, name: string, dialect: Dialect) {
  const table = db.schema.createTable(name);
  return dialect === 'sqlite'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement().notNull())
    : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
}

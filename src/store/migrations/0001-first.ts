// The first schema: everything that a campaign needs, from account to ledger.
import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export type Dialect = 'sqlite' | 'postgres';

type Db = Kysely<unknown>;
type ColumnType = ColumnDataType | RawBuilder<unknown>;

interface Types {
  readonly text: ColumnType;
  readonly blob: ColumnType;
}

const TYPES: Readonly<Record<Dialect, Types>> = {
  sqlite: { text: 'text', blob: 'blob' },
  // Lists are paged in the order of bytes, whatever the database's own order is.
  postgres: { text: sql`text collate "C"`, blob: 'bytea' },
};

export const first = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    const types = TYPES[dialect];
    await accountTables(db, types);
    await deviceTables(db, types);
    await packageTables(db, types);
    await campaignTables(db, types);
    await updateTable(db, types);
    await entryTable(db, types, dialect);
    await outboxTable(db, types, dialect);
    await nodeTables(db, types);
  },
});

async function accountTables(db: Db, { text }: Types): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('clients')
    .addColumn('client_id', text, (column) => column.primaryKey().notNull())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('clients_of_account').on('clients').columns(['account', 'client_id']).execute();
  await db.schema
    .createTable('bearers')
    .addColumn('token_hash', text, (column) => column.primaryKey().notNull())
    .addColumn('client_id', text, (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('bearers_of_client').on('bearers').column('client_id').execute();
  await db.schema
    .createTable('users')
    .addColumn('username', text, (column) => column.primaryKey().notNull())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', text, (column) => column.primaryKey().notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

async function deviceTables(db: Db, { text }: Types): Promise<void> {
  await db.schema
    .createTable('devices')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('bucket', 'integer', (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('make', text)
    .addColumn('model', text)
    .addColumn('transport', text, (column) => column.notNull())
    .addColumn('awake', 'integer', (column) => column.notNull())
    .addColumn('node', text)
    .addColumn('endpoint', text)
    .addColumn('live_campaign', text)
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('devices_key', ['account', 'bucket', 'imei'])
    .execute();
  await db.schema.createIndex('devices_in_order').on('devices').columns(['account', 'imei']).unique().execute();
  await db.schema.createIndex('devices_by_imei').on('devices').column('imei').execute();
  await db.schema.createIndex('devices_of_model').on('devices').columns(['account', 'make', 'model', 'imei']).execute();
  await db.schema
    .createTable('device_secrets')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('bucket', 'integer', (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_secrets_key', ['account', 'bucket', 'imei'])
    .execute();
  await db.schema
    .createTable('directory')
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_key', ['kind', 'name'])
    .execute();
  await db.schema.createIndex('directory_of_device').on('directory').columns(['account', 'imei', 'kind']).execute();
  await db.schema
    .createTable('last_seen')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('bucket', 'integer', (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('last_seen_key', ['account', 'bucket', 'imei'])
    .execute();
}

async function packageTables(db: Db, { text }: Types): Promise<void> {
  await db.schema
    .createTable('packages')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('packages_key', ['account', 'name'])
    .execute();
  await db.schema
    .createTable('images')
    .addColumn('sha256', text, (column) => column.primaryKey().notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

async function campaignTables(db: Db, { text, blob }: Types): Promise<void> {
  await db.schema
    .createTable('campaigns')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('phase', text, (column) => column.notNull())
    .addColumn('next_action_at', 'bigint')
    .addColumn('lease_node', text)
    .addColumn('lease_until', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('campaigns_key', ['account', 'id'])
    .execute();
  await db.schema
    .createIndex('campaigns_due')
    .on('campaigns')
    .columns(['next_action_at', 'account', 'id'])
    .where(sql.ref('next_action_at'), 'is not', null)
    .execute();
  await db.schema
    .createTable('intake')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('body', blob, (column) => column.notNull())
    .addPrimaryKeyConstraint('intake_key', ['account', 'campaign', 'part'])
    .execute();
}

async function updateTable(db: Db, { text }: Types): Promise<void> {
  await db.schema
    .createTable('updates')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('bucket', 'integer', (column) => column.notNull())
    .addColumn('imei', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('wave', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('hash', 'bigint', (column) => column.notNull())
    .addColumn('ready_at', 'bigint')
    .addColumn('token', text)
    .addColumn('next_action_at', 'bigint')
    .addColumn('claimed_until', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    // One device's updates lie together.
    .addPrimaryKeyConstraint('updates_key', ['account', 'bucket', 'imei', 'campaign'])
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('updates');
  await index('updates_in_order').columns(['account', 'campaign', 'imei']).execute();
  await index('updates_by_state').columns(['account', 'campaign', 'state', 'imei']).execute();
  await index('updates_due')
    .columns(['next_action_at', 'account', 'campaign', 'imei'])
    .where(sql.ref('next_action_at'), 'is not', null)
    .execute();
  await index('updates_ready')
    .columns(['account', 'campaign', 'wave', 'attempts', 'hash', 'imei'])
    .where(sql.ref('state'), '=', 'waiting')
    .execute();
  await index('updates_by_token').column('token').unique().where(sql.ref('token'), 'is not', null).execute();
}

async function entryTable(db: Db, { text }: Types, dialect: Dialect): Promise<void> {
  await numbered(db, 'entries', dialect)
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('imei', text)
    .addColumn('body', 'text')
    .addColumn('sequence', 'bigint')
    .addColumn('text', 'text')
    .addColumn('hash', text)
    .execute();
  await db.schema
    .createIndex('entries_unsealed')
    .on('entries')
    .columns(['account', 'campaign', 'id'])
    .where(sql.ref('sequence'), 'is', null)
    .execute();
  await db.schema
    .createIndex('entries_sealed')
    .on('entries')
    .columns(['account', 'campaign', 'sequence'])
    .unique()
    .where(sql.ref('sequence'), 'is not', null)
    .execute();
}

async function outboxTable(db: Db, { text }: Types, dialect: Dialect): Promise<void> {
  await numbered(db, 'outbox', dialect)
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text)
    .addColumn('imei', text)
    .addColumn('number', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('claims', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', text)
    .addColumn('claimed_until', 'bigint')
    .execute();
  await db.schema
    .createIndex('outbox_claimed')
    .on('outbox')
    .columns(['claimed_by', 'id'])
    .where(sql.ref('claimed_until'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('outbox_callbacks')
    .on('outbox')
    .columns(['account', 'campaign', 'number'])
    .where(sql.ref('number'), 'is not', null)
    .execute();
}

/** A table whose rows are numbered rising; no number is given twice. */
function numbered(db: Db, name: string, dialect: Dialect) {
  const table = db.schema.createTable(name);
  return dialect === 'sqlite'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement().notNull())
    : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
}

async function nodeTables(db: Db, { text }: Types): Promise<void> {
  await db.schema
    .createTable('slots')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('node', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('free', 'integer', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('slots_key', ['account', 'campaign', 'node'])
    .execute();
  await db.schema
    .createTable('nodes')
    .addColumn('node', text, (column) => column.primaryKey().notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('repeats')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('repeats_key', ['account', 'key'])
    .execute();
}

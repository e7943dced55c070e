// What rollouts stand on: strata, arrivals, allowances and score books.
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;

export const rollout = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    await refuseOlderCampaigns(db);
    await db.schema.dropIndex('updates_ready').execute();
    await db.schema.alterTable('updates').renameColumn('wave', 'stratum').execute();
    await db.schema
      .alterTable('updates')
      .addColumn('awake', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    // Only devices that can be spoken to at any time are offered something unasked: sleepers are not even looked at.
    await db.schema
      .createIndex('updates_ready')
      .on('updates')
      .columns(['account', 'campaign', 'stratum', 'attempts', 'hash', 'imei'])
      .where(sql<SqlBool>`state = 'waiting' and awake = 1`)
      .execute();
    await db.schema
      .alterTable('slots')
      .addColumn('arrivals', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await tables(db, dialect);
  },
});

/** Their counts cannot be told apart by state afterwards; nothing that is wrong is shown. */
async function refuseOlderCampaigns(db: Db): Promise<void> {
  const { rows } = await sql<{ readonly count: number | string }>`select count(*) as count from campaigns`.execute(db);
  if (Number(rows[0]?.count ?? 0) > 0)
    throw new Error(
      'The database holds campaigns of Campanile 0.1, which cannot be carried over: begin with an empty database, or finish them with 0.1.',
    );
}

async function tables(db: Db, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? ('text' as const) : sql`text collate "C"`;
  await db.schema
    .createTable('score_books')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('campaign', text, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('score_books_key', ['account', 'campaign'])
    .execute();
  await db.schema
    .createTable('budgets')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('level', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('budgets_key', ['account', 'scope'])
    .execute();
}

// The public keys by which heads of ledgers were ever signed: every node may have one of its own.
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const ledgerKeys: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('ledger_keys')
      .addColumn('key_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
  },
};

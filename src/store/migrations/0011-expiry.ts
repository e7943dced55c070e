// When registrations run out, so that those that nobody has heard of since are found without looking at every device.
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;

export const expiry = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    await db.schema.alterTable('devices').addColumn('registered_until', 'bigint').execute();
    const until =
      dialect === 'sqlite'
        ? sql`json_extract(body, '$.registration.expiresAt')`
        : sql`(body::json -> 'registration' ->> 'expiresAt')::bigint`;
    // Only who has ever registered is looked into.
    await sql`update devices set registered_until = ${until} where endpoint is not null`.execute(db);
    await db.schema
      .createIndex('devices_registered')
      .on('devices')
      .columns(['registered_until', 'account', 'imei'])
      .where(sql<SqlBool>`registered_until is not null`)
      .execute();
  },
});

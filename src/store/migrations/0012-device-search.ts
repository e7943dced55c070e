// How devices are found: by their versions and labels, by the end of their IMEIs, by how long they have been silent.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Device } from '../../campaigns/index.ts';
import { parsed } from '../columns.ts';
import { marksOf, NEVER_SEEN, SILENCE_UNIT_MS } from '../marks.ts';
import { keyTable } from '../sql.ts';
import type { Dialect } from './0001-first.ts';

type Db = Kysely<unknown>;

export const deviceSearch = (dialect: Dialect): Migration => ({
  up: async (db: Db) => {
    // Lists are paged in the order of bytes, whatever the database's own order is.
    const text = dialect === 'sqlite' ? ('text' as const) : sql`text collate "C"`;
    await db.schema
      .createTable('device_marks')
      .addColumn('account', text, (column) => column.notNull())
      .addColumn('mark', text, (column) => column.notNull())
      .addColumn('imei', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('device_marks_key', ['account', 'mark', 'imei'])
      // The key is all there is.
      .modifyEnd(dialect === 'sqlite' ? sql`without rowid` : sql``)
      .execute();
    await db.schema
      .alterTable('devices')
      .addColumn('marks', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
    await markAll(db, dialect);
    await db.schema
      .alterTable('last_seen')
      .addColumn('day', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`update last_seen set day = at / ${sql.lit(SILENCE_UNIT_MS)}`.execute(db);
    await db.schema.createIndex('last_seen_silent').on('last_seen').columns(['account', 'day', 'imei']).execute();
  },
});

const MARKED_AT_ONCE = 1_000;

async function markAll(db: Db, dialect: Dialect): Promise<void> {
  for (let last: Row = { account: '', imei: '', body: '' }; ; ) {
    const { rows } = await sql<Row>`
      select account, imei, body from devices where (account, imei) > (${last.account}, ${last.imei})
      order by account, imei limit ${sql.lit(MARKED_AT_ONCE)}`.execute(db);
    const end = rows.at(-1);
    if (end === undefined) break;
    await markSome(db, dialect, rows);
    last = end;
  }
  await sql`
    insert into device_marks (account, mark, imei)
    select d.account, ${NEVER_SEEN}, d.imei from devices d
    where not exists (
      select 1 from last_seen s where s.account = d.account and s.bucket = d.bucket and s.imei = d.imei)`.execute(db);
}

interface Row {
  readonly account: string;
  readonly imei: string;
  readonly body: string;
}

async function markSome(db: Db, dialect: Dialect, rows: readonly Row[]): Promise<void> {
  const known = rows.map(({ account, imei, body }) => ({ account, imei, marks: marksOf(parsed<Device>(body)) }));
  const list = keyTable(
    dialect,
    known.map(({ account, imei, marks }) => [account, imei, JSON.stringify(marks)]),
    [
      ['account', 'text'],
      ['imei', 'text'],
      ['marks', 'text'],
    ],
  );
  await sql`
    update devices set marks = k.marks from ${list} as k
    where devices.account = k.account and devices.imei = k.imei`.execute(db);
  const marks = keyTable(
    dialect,
    known.flatMap((one) => one.marks.map((mark) => [one.account, mark, one.imei])),
    [
      ['account', 'text'],
      ['mark', 'text'],
      ['imei', 'text'],
    ],
  );
  await sql`
    insert into device_marks (account, mark, imei)
    select k.account, k.mark, k.imei from ${marks} as k where true on conflict do nothing`.execute(db);
}

// Lists of accounts, check-ins, device logs and the audit log in SQL.
import { sql } from 'kysely';
import {
  ACCOUNT_LIMITS,
  type AccountList,
  type AuditEntry,
  type CheckIn,
  type DeviceLog,
  noList,
} from '../accounts/index.ts';
import type { AccountListStore, AuditStore, ContactTimes, DeviceLogStore } from '../accounts/ports.ts';
import type { AccountName, DeviceKey, Imei, Instant } from '../campaigns/index.ts';
import { parsed, placeOf } from './columns.ts';
import { nextRevision } from './derived.ts';
import { keyTable, type Sql } from './sql.ts';
import { isSaved, rowOf, rowsOf, stored } from './sql-accounts.ts';

type HistoryTable = 'check_ins' | 'device_logs';

export const sqlNeighbours = (store: Sql): AccountListStore & DeviceLogStore & AuditStore => ({
  accountList: async (account, kind) => {
    const query = store.read.selectFrom('account_lists').select('body').where('account', '=', account);
    const row = await query.where('kind', '=', kind).executeTakeFirst();
    return rowOf<ReturnType<typeof noList<typeof kind>>>(row) ?? noList(account, kind);
  },
  replaceAccountList: (list) => replaceList(store, list),
  putCheckIns: (all) => keepNewest(store, 'check_ins', all, ACCOUNT_LIMITS.checkInsPerDeviceMax),
  checkIns: async (key) => rowsOf<CheckIn>(await newest(store, 'check_ins', key, ACCOUNT_LIMITS.checkInsPerDeviceMax)),
  contactsOf: (account, imeis) => contactsOf(store, account, imeis),
  putDeviceLogs: (all) => keepNewest(store, 'device_logs', all, ACCOUNT_LIMITS.logsPerDeviceMax),
  deviceLogs: async (key) =>
    rowsOf<DeviceLog>(await newest(store, 'device_logs', key, ACCOUNT_LIMITS.logsPerDeviceMax)),
  putAudit: async (entries) => {
    if (entries.length === 0) return;
    const rows = entries.map((entry) => ({ account: entry.account ?? null, body: JSON.stringify(entry) }));
    await stored(store, store.write.insertInto('audit').values(rows));
  },
  audit: async (account, { before, max }) => {
    const all = store.read.selectFrom('audit').select(['id', 'body']);
    const own = account === undefined ? all : all.where('account', '=', account);
    const older = before === undefined ? own : own.where('id', '<', before);
    const rows = await older.orderBy('id', 'desc').limit(max).execute();
    return rows.map(({ id, body }) => ({ ...parsed<AuditEntry>(body), id }));
  },
});

function replaceList(store: Sql, list: AccountList): Promise<boolean> {
  const { account, kind, revision } = nextRevision(list);
  const row = { revision, body: JSON.stringify(nextRevision(list)) };
  const query = store.write.insertInto('account_lists').values({ account, kind, ...row });
  const fenced = query.onConflict((conflict) =>
    conflict.columns(['account', 'kind']).doUpdateSet(row).where('account_lists.revision', '=', list.revision),
  );
  return isSaved(store, [{ query: fenced.compile(), rows: 1 }]);
}

/** Two statements, however many rows: they go in, and what is too old of their devices goes out. */
async function keepNewest(
  store: Sql,
  table: HistoryTable,
  all: readonly (CheckIn | DeviceLog)[],
  max: number,
): Promise<void> {
  if (all.length === 0) return;
  const places = new Map(all.map(({ key }) => [`${key.account} ${key.imei}`, placeOf(key)]));
  const touched = keyTable(
    store.dialect,
    [...places.values()].map(({ account, bucket, imei }) => [account, bucket, imei]),
    [
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );
  const rows = all.map((row) => ({ ...placeOf(row.key), body: JSON.stringify(row) }));
  const old = sql`
    delete from ${sql.table(table)} where id in (
      select c.id
      from ${touched} as k
      join ${sql.table(table)} c on c.account = k.account and c.bucket = k.bucket and c.imei = k.imei
      where c.id <= (
        select n.id from ${sql.table(table)} n
        where n.account = k.account and n.bucket = k.bucket and n.imei = k.imei
        order by n.id desc limit 1 offset ${max}
      )
    )`;
  await store.apply([
    [{ query: store.write.insertInto(table).values(rows).compile() }, { query: old.compile(store.write) }],
  ]);
}

async function newest(
  store: Sql,
  table: HistoryTable,
  key: DeviceKey,
  max: number,
): Promise<readonly { readonly body: string }[]> {
  const { account, bucket, imei } = placeOf(key);
  const query = store.read.selectFrom(table).select('body').where('account', '=', account);
  return query.where('bucket', '=', bucket).where('imei', '=', imei).orderBy('id', 'desc').limit(max).execute();
}

/** Two statements for many devices: their newest check-ins, and when they were seen last. */
async function contactsOf(
  store: Sql,
  account: AccountName,
  imeis: readonly Imei[],
): Promise<ReadonlyMap<Imei, ContactTimes>> {
  const places = imeis.map((imei) => placeOf({ account, imei }));
  const wanted = keyTable(
    store.dialect,
    places.map(({ bucket, imei }) => [account, bucket, imei]),
    [
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );
  const at = store.dialect === 'sqlite' ? sql`c.body ->> 'at'` : sql`(c.body::jsonb ->> 'at')::bigint`;
  const instants = sql<{ readonly imei: Imei; readonly at: number }>`
    select n.imei, n.at from (
      select c.imei, ${at} as at, row_number() over (partition by c.imei order by c.id desc) as place
      from ${wanted} as k
      join check_ins c on c.account = k.account and c.bucket = k.bucket and c.imei = k.imei
    ) as n
    where n.place <= ${sql.lit(ACCOUNT_LIMITS.contactsReadMax)}
    order by n.imei, n.place`;
  const seen = sql<{ readonly imei: Imei; readonly at: number }>`
    select l.imei, l.at
    from ${wanted} as k
    join last_seen l on l.account = k.account and l.bucket = k.bucket and l.imei = k.imei`;
  const told = new Map<Imei, { instants: Instant[]; lastSeenAt?: Instant }>();
  for (const row of (await seen.execute(store.read)).rows)
    told.set(row.imei, { instants: [], lastSeenAt: Number(row.at) as Instant });
  for (const row of (await instants.execute(store.read)).rows) {
    const one = told.get(row.imei) ?? { instants: [] };
    one.instants.push(Number(row.at) as Instant);
    told.set(row.imei, one);
  }
  return told;
}

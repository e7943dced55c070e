// Licences, and devices that join campaigns by themselves, in SQL.
import { sql } from 'kysely';
import {
  type Account,
  DEFAULT_SETTINGS,
  type LicenceLine,
  type LicencesSeen,
  needsLicence,
} from '../accounts/index.ts';
import type { LicenceStore } from '../accounts/ports.ts';
import {
  type AccountName,
  type Campaign,
  type CampaignKey,
  type Device,
  type Imei,
  type Instant,
  type Licence,
  type LicencePool,
  type Licensing,
  type Update,
  unreachable,
} from '../campaigns/index.ts';
import type { NeighbourLoads } from '../engine/ports.ts';
import { keyText, parsed, placeOf } from './columns.ts';
import { nextRevision } from './derived.ts';
import type { NeighbourWrite } from './neighbour-writes.ts';
import { type Db, keyTable, type Sql, type Statement } from './sql.ts';
import { rowOf, rowsOf } from './sql-accounts.ts';
import { paged } from './sql-page.ts';
import { upgradedSince } from './upgraded.ts';

export const sqlLicences = (store: Sql): LicenceStore & NeighbourLoads => ({
  licencePool: (account) => poolOf(store, account),
  licences: async (account, page) => {
    const query = store.read.selectFrom('licences').select(['imei', 'assigned_at']).where('account', '=', account);
    const rows = await paged(query.where('imei', '>', keyText(page.after ?? '')).orderBy('imei'), page).execute();
    return rows.map(({ imei, assigned_at }) => licenceOf(account, imei, assigned_at));
  },
  licencesOf: (account, imeis) => licencesOf(store, account, imeis),
  loadLicensing: (account, imeis) => loadLicensing(store, account, imeis),
  loadLicences: (account, imeis) => loadLicences(store, account, imeis),
  addingCampaigns: async (account) => {
    const query = store.read.selectFrom('campaigns').select('body').where('account', '=', account);
    return rowsOf<Campaign>(await query.where('adding', '=', 1).orderBy('id').execute());
  },
  loadJoiners: async ({ account, campaign }: CampaignKey, max: number) => {
    const query = store.read.selectFrom('joiners').select('imei').where('account', '=', account);
    const rows = await query.where('campaign', '=', campaign).orderBy('imei').limit(max).execute();
    return rows.map(({ imei }) => imei as Imei);
  },
});

const licenceOf = (account: AccountName, imei: string, at: number): Licence => ({
  account,
  imei: imei as Imei,
  assignedAt: at as Instant,
});

async function poolOf(store: Sql, account: AccountName): Promise<LicencePool> {
  const query = store.read.selectFrom('licence_pools').select('body').where('account', '=', account);
  return rowOf<LicencePool>(await query.executeTakeFirst()) ?? { account, revision: 0, assigned: 0 };
}

async function subscriptionOf(store: Sql, account: AccountName) {
  const query = store.read.selectFrom('accounts').select('body').where('name', '=', account);
  // An account that was stored before there were subscriptions has the default one.
  return { ...DEFAULT_SETTINGS, ...rowOf<Account>(await query.executeTakeFirst())?.settings }.subscription;
}

/** With the account in every row: a constant would let SQLite begin with all licences of the account. */
const devicesTable = (store: Sql, account: AccountName, imeis: readonly string[]) =>
  keyTable(
    store.dialect,
    imeis.map((imei, place) => [place, account, placeOf({ account, imei: imei as Imei }).bucket, keyText(imei)]),
    [
      ['place', 'integer'],
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );

async function licencesOf(
  store: Sql,
  account: AccountName,
  imeis: readonly string[],
): Promise<ReadonlyMap<string, Licence>> {
  const { rows } = await sql<{ readonly imei: string; readonly assigned_at: number }>`
    select l.imei, l.assigned_at
    from ${devicesTable(store, account, imeis)} as k
    join licences l on l.account = k.account and l.bucket = k.bucket and l.imei = k.imei`.execute(store.read);
  return new Map(rows.map(({ imei, assigned_at }) => [imei, licenceOf(account, imei, assigned_at)]));
}

/** The pool first: whoever changes a licence afterwards makes what is decided on it stale. */
async function loadLicensing(
  store: Sql,
  account: AccountName,
  imeis: readonly string[],
): Promise<Licensing | undefined> {
  const subscription = await subscriptionOf(store, account);
  if (!needsLicence(subscription)) return undefined;
  const { licenseCount: limit } = subscription;
  const pool = await poolOf(store, account);
  const held = new Set((await licencesOf(store, account, imeis)).keys());
  return { pool, ...(limit === undefined ? {} : { limit }), held };
}

/** The updates last: one that ends meanwhile has left its device and is seen. */
async function loadLicences(store: Sql, account: AccountName, imeis: readonly string[]): Promise<LicencesSeen> {
  const { licenseCount: limit } = await subscriptionOf(store, account);
  const pool = await poolOf(store, account);
  const held = await licencesOf(store, account, imeis);
  const wanted = devicesTable(store, account, imeis);
  const { rows } = await sql<{ readonly place: number; readonly body: string }>`
    select k.place, d.body
    from ${wanted} as k
    join devices d on d.account = k.account and d.bucket = k.bucket and d.imei = k.imei`.execute(store.read);
  const devices = new Map(rows.map(({ place, body }) => [place, parsed<Device>(body)]));
  const updates = await finalUpdates(store, account, [...held.keys()]);
  const lines = imeis.map((imei, place): LicenceLine => {
    const device = devices.get(place);
    const licence = held.get(keyText(imei));
    const upgradedAt = licence === undefined ? undefined : upgradedSince(licence, updates.get(licence.imei) ?? []);
    return {
      imei,
      ...(device === undefined ? {} : { device }),
      ...(licence === undefined ? {} : { licence }),
      ...(upgradedAt === undefined ? {} : { upgradedAt }),
    };
  });
  return { pool, ...(limit === undefined ? {} : { limit }), lines };
}

async function finalUpdates(
  store: Sql,
  account: AccountName,
  imeis: readonly string[],
): Promise<ReadonlyMap<Imei, readonly Update[]>> {
  const { rows } = await sql<{ readonly body: string }>`
    select u.body
    from ${devicesTable(store, account, imeis)} as k
    join updates u on u.account = k.account and u.bucket = k.bucket and u.imei = k.imei`.execute(store.read);
  const found = new Map<Imei, Update[]>();
  for (const update of rowsOf<Update>(rows)) {
    const known = found.get(update.imei);
    if (known === undefined) found.set(update.imei, [update]);
    else known.push(update);
  }
  return found;
}

/** What a change writes about licences and joiners. */
export function ofNeighbour(db: Db, write: NeighbourWrite): readonly Statement[] {
  switch (write.op) {
    case 'insert-licence':
      // They went in together, before.
      return [];
    case 'delete-licence': {
      const { account, bucket, imei } = placeOf(write.row);
      const query = db.deleteFrom('licences').where('account', '=', account).where('bucket', '=', bucket);
      return [once(query.where('imei', '=', imei))];
    }
    case 'replace-pool':
      return [replacePool(db, write.row)];
    case 'insert-joiner': {
      const { account, campaign, imei } = write.key;
      const query = db.insertInto('joiners').values({ account, campaign, imei });
      return [once(query.onConflict((conflict) => conflict.doNothing()))];
    }
    case 'delete-joiner': {
      const query = db.deleteFrom('joiners').where('account', '=', write.key.account);
      return [once(query.where('campaign', '=', write.key.campaign).where('imei', '=', write.key.imei))];
    }
    default:
      return unreachable(write);
  }
}

const once = (query: { compile(): Statement['query'] }): Statement => ({ query: query.compile(), rows: 1 });

function replacePool(db: Db, pool: LicencePool): Statement {
  const { account, revision } = nextRevision(pool);
  const row = { revision, body: JSON.stringify(nextRevision(pool)) };
  const query = db.insertInto('licence_pools').values({ account, ...row });
  return once(
    query.onConflict((conflict) =>
      conflict.column('account').doUpdateSet(row).where('licence_pools.revision', '=', pool.revision),
    ),
  );
}

/** All in one statement: none may be there already. */
export function insertLicences(db: Db, licences: readonly Licence[]): readonly Statement[] {
  if (licences.length === 0) return [];
  const rows = licences.map((one) => ({ ...placeOf(one), assigned_at: one.assignedAt }));
  const query = db.insertInto('licences').values(rows);
  return [{ query: query.onConflict((conflict) => conflict.doNothing()).compile(), rows: rows.length }];
}

// Devices, their secrets and names, packages and images in SQL.
import { sql } from 'kysely';
import type { DeviceSecrets, ImageCheck, ImageRecord, Package } from '../accounts/index.ts';
import type { DeviceWrite, DeviceWriteResult, InventoryStore, PageRequest } from '../accounts/ports.ts';
import type { AccountName, Device, DeviceKey, Imei, Instant } from '../campaigns/index.ts';
import { keyText, parsed, placeOf } from './columns.ts';
import { mergedSecrets } from './derived.ts';
import { SILENCE_UNIT_MS } from './marks.ts';
import { keyTable, type Sql, type Statement } from './sql.ts';
import { isSaved, rowOf, rowsOf, stored } from './sql-accounts.ts';
import { deleteDevice, insertDevice, nameDevice, replaceDevice, unnameDevice } from './sql-devices.ts';
import { httpDevices } from './sql-http-device.ts';
import { insert, one } from './sql-insert.ts';
import { noteSeen } from './sql-marks.ts';
import { paged } from './sql-page.ts';
import { deviceSights, findDevices } from './sql-search.ts';

export const sqlInventory = (store: Sql): InventoryStore => ({
  devices: async (account, page, { transport } = {}) => {
    const query = devicePage(store, account, page);
    return rowsOf<Device>(await (transport === undefined ? query : query.where('transport', '=', transport)).execute());
  },
  devicesByImei: (account, imeis) => devicesByImei(store, account, imeis),
  device: async (key) => {
    const { account, bucket, imei } = placeOf(key);
    const query = store.read.selectFrom('devices').select('body').where('account', '=', account);
    return rowOf<Device>(await query.where('bucket', '=', bucket).where('imei', '=', imei).executeTakeFirst());
  },
  devicesOf: async (account, make, model, page) => {
    const query = devicePage(store, account, page).where('make', '=', make).where('model', '=', model);
    return rowsOf<Device>(await query.execute());
  },
  findDevices: (account, wanted, page) => findDevices(store, account, wanted, page),
  deviceSights: (devices) => deviceSights(store, devices),
  writeDevices: (lines) => writeDevices(store, lines),
  deleteDevice: (device) => isSaved(store, deleteDevice(store, device)),
  secrets: (key) => secretsOf(store, key),
  httpDevice: httpDevices(store),
  lookUp: async (kind, name) => {
    const query = store.read.selectFrom('directory').select(['account', 'imei']).where('kind', '=', kind);
    const row = await query.where('name', '=', keyText(name)).executeTakeFirst();
    return row === undefined ? undefined : { account: row.account as AccountName, imei: row.imei as Imei };
  },
  byImei: async (imei) => {
    const query = store.read.selectFrom('devices').select('account').where('imei', '=', keyText(imei));
    const rows = await query.orderBy('account').execute();
    return rows.map(({ account }) => ({ account: account as AccountName, imei }));
  },
  registrationsOver: (before, max) => registrationsOver(store, before, max),
  lastSeen: (key) => lastSeen(store, key),
  putLastSeen: (seen) => putLastSeen(store, seen),
  insertImage: async (image) => {
    const query = store.write.insertInto('images').values({ sha256: image.sha256, body: JSON.stringify(image) });
    await stored(
      store,
      query.onConflict((conflict) => conflict.doNothing()),
    );
  },
  image: async (sha256) =>
    rowOf<ImageRecord>(
      await store.read.selectFrom('images').select('body').where('sha256', '=', sha256).executeTakeFirst(),
    ),
  images: (page) => imagesOf(store, page),
  noteImageCheck: (sha256, check) => noteImageCheck(store, sha256, check),
  insertPackage: (pack) => insertPackage(store, pack),
  replacePackage: (before, next) => replacePackage(store, before, next),
  package: async (account, name) => {
    const query = store.read.selectFrom('packages').select('body').where('account', '=', account);
    return rowOf<Package>(await query.where('name', '=', keyText(name)).executeTakeFirst());
  },
  packages: async (account, page) => {
    const query = store.read.selectFrom('packages').select('body').where('account', '=', account);
    return rowsOf<Package>(
      await paged(query.where('name', '>', keyText(page.after ?? '')).orderBy('name'), page).execute(),
    );
  },
});

function devicePage(store: Sql, account: AccountName, page: PageRequest) {
  const query = store.read.selectFrom('devices').select('body').where('account', '=', account);
  return paged(query.where('imei', '>', keyText(page.after ?? '')).orderBy('imei'), page);
}

async function secretsOf(store: Sql, key: DeviceKey): Promise<DeviceSecrets> {
  const { account, bucket, imei } = placeOf(key);
  const query = store.read.selectFrom('device_secrets').select('body').where('account', '=', account);
  const row = await query.where('bucket', '=', bucket).where('imei', '=', imei).executeTakeFirst();
  return rowOf<DeviceSecrets>(row) ?? {};
}

async function lastSeen(store: Sql, key: DeviceKey): Promise<Instant | undefined> {
  const { account, bucket, imei } = placeOf(key);
  const query = store.read.selectFrom('last_seen').select('at').where('account', '=', account);
  const row = await query.where('bucket', '=', bucket).where('imei', '=', imei).executeTakeFirst();
  return row === undefined ? undefined : (row.at as Instant);
}

async function registrationsOver(store: Sql, before: Instant, max: number): Promise<readonly DeviceKey[]> {
  const query = store.read.selectFrom('devices').select(['account', 'imei']).where('registered_until', '<', before);
  const rows = await query.orderBy('registered_until').orderBy('account').orderBy('imei').limit(max).execute();
  return rows.map(({ account, imei }) => ({ account: account as AccountName, imei: imei as Imei }));
}

const placeTable = (store: Sql, keys: readonly DeviceKey[]) =>
  keyTable(
    store.dialect,
    keys.map(placeOf).map(({ account, bucket, imei }) => [account, bucket, imei]),
    [
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );

async function devicesByImei(
  store: Sql,
  account: AccountName,
  imeis: readonly Imei[],
): Promise<ReadonlyMap<Imei, Device>> {
  const wanted = placeTable(
    store,
    imeis.map((imei) => ({ account, imei })),
  );
  const { rows } = await sql<{ readonly body: string }>`
    select d.body
    from ${wanted} as k
    join devices d on d.account = k.account and d.bucket = k.bucket and d.imei = k.imei`.execute(store.read);
  const devices = rowsOf<Device>(rows);
  return new Map(devices.map((device) => [device.imei, device]));
}

/** Secrets are changed only under their device's revision, so what is read here is what is changed. */
async function writeDevices(store: Sql, lines: readonly DeviceWrite[]): Promise<readonly DeviceWriteResult[]> {
  const wanted = placeTable(
    store,
    lines.filter(({ secrets }) => secrets !== undefined).map(({ device }) => device),
  );
  const { rows } = await sql<{ readonly account: string; readonly imei: string; readonly body: string }>`
    select s.account, s.imei, s.body
    from ${wanted} as k
    join device_secrets s on s.account = k.account and s.bucket = k.bucket and s.imei = k.imei`.execute(store.read);
  const known = new Map(rows.map(({ account, imei, body }) => [`${account} ${imei}`, parsed<DeviceSecrets>(body)]));
  return store.apply(
    lines.map((line) => ofLine(store, line, known.get(`${line.device.account} ${keyText(line.device.imei)}`) ?? {})),
  );
}

function ofLine(store: Sql, { device, isNew, secrets }: DeviceWrite, known: DeviceSecrets): readonly Statement[] {
  const db = store.write;
  const row = isNew ? insertDevice(store, device) : replaceDevice(store, device);
  if (secrets === undefined) return row;
  const body = JSON.stringify(mergedSecrets(known, secrets));
  const kept = db
    .insertInto('device_secrets')
    .values({ ...placeOf(device), body })
    .onConflict((conflict) => conflict.columns(['account', 'bucket', 'imei']).doUpdateSet({ body }));
  const { pskIdentity } = secrets;
  const name =
    pskIdentity === undefined
      ? []
      : pskIdentity === ''
        ? [unnameDevice(db, 'psk', device)]
        : nameDevice(db, 'psk', pskIdentity, device, 'taken');
  return [...row, ...name, { query: kept.compile() }];
}

/** A few statements, however many devices: contacts of a whole fleet are written together. */
async function putLastSeen(
  store: Sql,
  seen: readonly { readonly key: DeviceKey; readonly at: Instant }[],
): Promise<void> {
  if (seen.length === 0) return;
  const rows = new Map<string, readonly [string, number, string, Instant]>();
  for (const { key, at } of seen) {
    const { account, bucket, imei } = placeOf(key);
    const before = rows.get(`${account} ${imei}`)?.[3];
    if (before === undefined || before < at) rows.set(`${account} ${imei}`, [account, bucket, imei, at]);
  }
  const table = keyTable(
    store.dialect,
    [...rows.values()],
    [
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
      ['at', 'integer'],
    ],
  );
  const query = sql`
    insert into last_seen (account, bucket, imei, at, day)
    select k.account, k.bucket, k.imei, k.at, k.at / ${sql.lit(SILENCE_UNIT_MS)} from ${table} as k where true
    on conflict (account, bucket, imei) do update set at = excluded.at where last_seen.at < excluded.at`;
  // A day is written only where it is another one: most contacts touch no index.
  await store.apply([[{ query: query.compile(store.write) }, ...noteSeen(store, table)]]);
}

async function imagesOf(store: Sql, page: PageRequest): Promise<readonly ImageRecord[]> {
  const query = store.read
    .selectFrom('images')
    .select('body')
    .where('sha256', '>', page.after ?? '');
  return rowsOf<ImageRecord>(await paged(query.orderBy('sha256'), page).execute());
}

/** Nothing is noted of an image that is not known. */
async function noteImageCheck(store: Sql, sha256: string, check: ImageCheck): Promise<void> {
  const row = await store.read.selectFrom('images').select('body').where('sha256', '=', sha256).executeTakeFirst();
  const image = rowOf<ImageRecord>(row);
  if (image === undefined) return;
  const query = store.write.updateTable('images').set({ body: JSON.stringify({ ...image, check }) });
  await stored(store, query.where('sha256', '=', sha256));
}

const insertPackage = (store: Sql, pack: Package): Promise<boolean> =>
  isSaved(store, [
    insert(store.write, 'packages', {
      account: pack.account,
      name: keyText(pack.name),
      kind: pack.kind,
      body: JSON.stringify(pack),
    }),
  ]);

/** What was read is what is stored, text for text, as long as nobody has changed it. */
const replacePackage = (store: Sql, before: Package, next: Package): Promise<boolean> => {
  const query = store.write.updateTable('packages').set({ body: JSON.stringify(next) });
  const stored = query.where('account', '=', before.account).where('name', '=', keyText(before.name));
  return isSaved(store, [one(stored.where('body', '=', JSON.stringify(before)))]);
};

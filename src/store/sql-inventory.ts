// Devices, their secrets and names, packages and images in SQL.
import { sql } from 'kysely';
import type { DeviceSecrets, ImageRecord, Package } from '../accounts/index.ts';
import type { DeviceWrite, DeviceWriteResult, InventoryStore, PageRequest } from '../accounts/ports.ts';
import type { AccountName, Device, DeviceKey, Imei, Instant } from '../campaigns/index.ts';
import { keyText, parsed, placeOf } from './columns.ts';
import { mergedSecrets } from './derived.ts';
import { keyTable, type Sql, type Statement } from './sql.ts';
import { isSaved, rowOf, rowsOf, stored } from './sql-accounts.ts';
import { deleteDevice, insertDevice, nameDevice, replaceDevice, unnameDevice } from './sql-devices.ts';
import { insert } from './sql-insert.ts';
import { paged } from './sql-page.ts';

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
  writeDevices: (lines) => writeDevices(store, lines),
  deleteDevice: (device) => isSaved(store, deleteDevice(store.write, device)),
  secrets: (key) => secretsOf(store, key),
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
  insertPackage: (pack) => insertPackage(store, pack),
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
  const row = isNew ? insertDevice(db, device) : replaceDevice(db, device);
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

async function putLastSeen(
  store: Sql,
  seen: readonly { readonly key: DeviceKey; readonly at: Instant }[],
): Promise<void> {
  const queries = seen.map(({ key, at }) =>
    store.write
      .insertInto('last_seen')
      .values({ ...placeOf(key), at })
      .onConflict((conflict) =>
        conflict.columns(['account', 'bucket', 'imei']).doUpdateSet({ at }).where('last_seen.at', '<', at),
      ),
  );
  await stored(store, ...queries);
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

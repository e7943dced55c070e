// Devices as statements: rows, the names under which they are known on the whole server, what is kept only for them.
import { type RawBuilder, sql } from 'kysely';
import type { Device, DeviceKey } from '../campaigns/index.ts';
import { deviceColumns, keyText, placeOf } from './columns.ts';
import { nextRevision } from './derived.ts';
import { type Db, keyTable, type Outcome, type Statement, type Target, type Value } from './sql.ts';
import { insert, one } from './sql-insert.ts';
import { manyRows } from './sql-many.ts';
import { markDevice, markNeverSeen, unmarkDevice, unmarkNeverSeen } from './sql-marks.ts';

export const insertDevice = (target: Target, row: Device): readonly Statement[] => [
  insert(target.write, 'devices', deviceColumns(row)),
  markDevice(target, row),
  markNeverSeen(target, row),
  ...(row.registration === undefined
    ? []
    : nameDevice(target.write, 'endpoint', row.registration.endpoint, row, 'stale')),
];

/**
 * The columns by which devices are found are written only where they are others than before, and so is the directory:
 * SQLite writes an index anew for every column that is set.
 */
export function replaceDevice(target: Target, row: Device): readonly Statement[] {
  const db = target.write;
  const { account, bucket, imei, ...rest } = deviceColumns(nextRevision(row));
  const { make = null, model = null, transport, endpoint = null, marks, ...others } = rest;
  const { registered_until: until = null, ...usual } = others;
  const update = (columns: Partial<typeof rest>) =>
    db
      .updateTable('devices')
      .set(columns)
      .where('account', '=', account)
      .where('bucket', '=', bucket)
      .where('imei', '=', imei)
      .where('revision', '=', row.revision);
  const query = update(usual)
    .where('make', 'is not distinct from', make)
    .where('model', 'is not distinct from', model)
    .where('transport', '=', transport)
    .where('endpoint', 'is not distinct from', endpoint)
    .where('marks', '=', marks)
    .where('registered_until', 'is not distinct from', until);
  const named =
    row.registration === undefined ? [] : nameDevice(db, 'endpoint', row.registration.endpoint, row, 'stale');
  return [
    { ...one(query), otherwise: [unmarkDevice(target, row), one(update(rest)), markDevice(target, row), ...named] },
  ];
}

/** Rows of one statement. */
const CLAIMED_MAX = 500;

/** Devices of which only the campaign has changed: admission has hundreds at a time, and no index but that of keys is touched. */
export function claimDevices(target: Target, rows: readonly Device[]): readonly Statement[] {
  const statements: Statement[] = [];
  for (let at = 0; at < rows.length; at += CLAIMED_MAX) {
    const wanted = rows.slice(at, at + CLAIMED_MAX).map((row) => {
      const { account, bucket, imei } = placeOf(row);
      return [
        row.revision + 1,
        row.liveCampaign ?? null,
        JSON.stringify(nextRevision(row)),
        account,
        bucket,
        imei,
        row.revision,
      ];
    });
    statements.push(manyRows(target, target.dialect === 'sqlite' ? claimOne(wanted[0]) : claimAll(wanted), wanted));
  }
  return statements;
}

const claimOne = ([
  next = null,
  campaign = null,
  body = null,
  account = null,
  bucket = null,
  imei = null,
  revision = null,
]: readonly Value[] = []) => sql`
  update devices set revision = ${next}, live_campaign = ${campaign}, body = ${body}
  where account = ${account} and bucket = ${bucket} and imei = ${imei} and revision = ${revision}`;

const claimAll = (wanted: readonly (readonly Value[])[]): RawBuilder<unknown> => {
  const table = keyTable('postgres', wanted, [
    ['next', 'integer'],
    ['live_campaign', 'text'],
    ['body', 'text'],
    ['account', 'text'],
    ['bucket', 'integer'],
    ['imei', 'text'],
    ['revision', 'integer'],
  ]);
  return sql`
    update devices set revision = k.next, live_campaign = k.live_campaign, body = k.body
    from ${table} as k
    where devices.account = k.account and devices.bucket = k.bucket and devices.imei = k.imei
      and devices.revision = k.revision`;
};

/** Gives the device this name and no other of the kind; a name that another device has stays there (engine.md §9). */
export function nameDevice(
  db: Db,
  kind: 'psk' | 'endpoint',
  name: string,
  device: DeviceKey,
  fails: Outcome,
): readonly Statement[] {
  const { account, imei } = placeOf(device);
  const row = { kind, name: keyText(name), account, imei };
  const mine = db
    .insertInto('directory')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'name'])
        .doUpdateSet({ imei })
        .where('directory.account', '=', account)
        .where('directory.imei', '=', imei),
    );
  return [{ query: unname(db, kind, device).where('name', '<>', row.name).compile() }, one(mine, fails)];
}

const unname = (db: Db, kind: 'psk' | 'endpoint', device: DeviceKey) => {
  const { account, imei } = placeOf(device);
  return db.deleteFrom('directory').where('account', '=', account).where('imei', '=', imei).where('kind', '=', kind);
};

export const unnameDevice = (db: Db, kind: 'psk' | 'endpoint', device: DeviceKey): Statement => ({
  query: unname(db, kind, device).compile(),
});

/** The device with everything that is kept only for it. */
export function deleteDevice(target: Target, device: DeviceKey, revision?: number): readonly Statement[] {
  const db = target.write;
  const { account, bucket, imei } = placeOf(device);
  const row = db
    .deleteFrom('devices')
    .where('account', '=', account)
    .where('bucket', '=', bucket)
    .where('imei', '=', imei);
  const kept = (['device_secrets', 'last_seen', 'check_ins', 'device_logs'] as const).map((table) =>
    db.deleteFrom(table).where('account', '=', account).where('bucket', '=', bucket).where('imei', '=', imei),
  );
  return [
    unmarkDevice(target, device),
    unmarkNeverSeen(target, device),
    one(revision === undefined ? row : row.where('revision', '=', revision)),
    ...kept.map((query) => ({ query: query.compile() })),
    { query: db.deleteFrom('directory').where('account', '=', account).where('imei', '=', imei).compile() },
  ];
}

// A change as statements: each says how many rows it must change, so that a stale row stops the whole change.
import { sql } from 'kysely';
import {
  type Change,
  type Device,
  type DeviceKey,
  type SealedEntry,
  type SlotLease,
  unreachable,
  type Write,
} from '../campaigns/index.ts';
import {
  campaignColumns,
  deviceColumns,
  endpointOf,
  entryColumns,
  keyText,
  outboxColumns,
  packIntake,
  placeOf,
  updateColumns,
} from './columns.ts';
import { nextRevision } from './derived.ts';
import type { Dialect } from './migrations/0001-first.ts';
import type { Columns } from './schema.ts';
import { type Db, keyTable, type Outcome, type Sql, type Statement } from './sql.ts';

/** Rows of one insert; PostgreSQL takes 65,535 parameters, SQLite 32,766. */
const INSERT_ROWS_MAX = 500;

type Target = Pick<Sql, 'write' | 'dialect'>;

export function statementsOf(target: Target, change: Change): readonly Statement[] {
  const db = target.write;
  const entries = change.entries.map(entryColumns);
  const intents = change.intents.map(outboxColumns);
  const inserted = change.writes.flatMap((write) => (write.op === 'insert-update' ? [updateColumns(write.row)] : []));
  return [
    ...slices(inserted).map((rows) => insertAll(db, rows)),
    ...change.writes.flatMap((write) => ofWrite(target, write)),
    ...slices(entries).map((rows) => ({ query: db.insertInto('entries').values(rows).compile() })),
    ...slices(intents).map((rows) => ({ query: db.insertInto('outbox').values(rows).compile() })),
  ];
}

function slices<Row>(rows: readonly Row[]): readonly Row[][] {
  const found: Row[][] = [];
  for (let at = 0; at < rows.length; at += INSERT_ROWS_MAX) found.push(rows.slice(at, at + INSERT_ROWS_MAX));
  return found;
}

const insertAll = (db: Db, rows: readonly Columns<'updates'>[]): Statement => ({
  query: db
    .insertInto('updates')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
  rows: rows.length,
});

function ofWrite(target: Target, write: Write): readonly Statement[] {
  const db = target.write;
  switch (write.op) {
    case 'insert-update':
      // They went in together, before.
      return [];
    case 'replace-update': {
      const columns = updateColumns(nextRevision(write.row));
      const { account, bucket, imei, campaign, ...rest } = columns;
      const query = db.updateTable('updates').set(rest).where('account', '=', account).where('bucket', '=', bucket);
      return [
        one(query.where('imei', '=', imei).where('campaign', '=', campaign).where('revision', '=', write.row.revision)),
      ];
    }
    case 'delete-update': {
      const { account, bucket, imei } = placeOf(write.row);
      const query = db.deleteFrom('updates').where('account', '=', account).where('bucket', '=', bucket);
      return [
        one(
          query
            .where('imei', '=', imei)
            .where('campaign', '=', write.row.campaign)
            .where('revision', '=', write.row.revision),
        ),
      ];
    }
    case 'insert-device':
      return insertDevice(db, write.row);
    case 'replace-device':
      return replaceDevice(db, write.row);
    case 'delete-device':
      return deleteDevice(db, write.row, write.row.revision);
    case 'insert-campaign':
      return [insert(db, 'campaigns', { ...campaignColumns(write.row), lease_node: null, lease_until: null })];
    case 'replace-campaign': {
      const { account, id, ...rest } = campaignColumns(nextRevision(write.row));
      const query = db.updateTable('campaigns').set(rest).where('account', '=', account).where('id', '=', id);
      return [one(query.where('revision', '=', write.row.revision))];
    }
    case 'insert-slots':
      return [insert(db, 'slots', slotColumns(write.row))];
    case 'replace-slots': {
      const { account, campaign, node, ...rest } = slotColumns(nextRevision(write.row));
      const query = db.updateTable('slots').set(rest).where('account', '=', account).where('campaign', '=', campaign);
      return [one(query.where('node', '=', node).where('revision', '=', write.row.revision))];
    }
    default:
      return ofList(target, write);
  }
}

type ListWrite = Extract<
  Write,
  { readonly op: 'insert-intake' | 'replace-intake' | 'delete-intake' | 'seal' | 'settle' }
>;

function ofList(target: Target, write: ListWrite): readonly Statement[] {
  const db = target.write;
  switch (write.op) {
    case 'insert-intake': {
      const { account, campaign, parts } = write;
      return parts.map((imeis, part) => insert(db, 'intake', { account, campaign, part, body: packIntake(imeis) }));
    }
    case 'replace-intake': {
      const query = db
        .updateTable('intake')
        .set({ body: packIntake(write.imeis) })
        .where('account', '=', write.account);
      return [one(query.where('campaign', '=', write.campaign).where('part', '=', write.part))];
    }
    case 'delete-intake': {
      const query = db.deleteFrom('intake').where('account', '=', write.account);
      return [one(query.where('campaign', '=', write.campaign).where('part', '=', write.part))];
    }
    case 'seal':
      return [seal(target.write, target.dialect, write.sealed)];
    case 'settle':
      // Gone already is as good as settled.
      return [{ query: db.deleteFrom('outbox').where('id', '=', write.intent).compile() }];
    default:
      return unreachable(write);
  }
}

/** All in one statement, however many they are. */
const seal = (db: Db, dialect: Dialect, sealed: readonly SealedEntry[]): Statement => ({
  query: sql`
    update entries set sequence = k.sequence, text = k.text, hash = k.hash, body = null
    from ${sealedTable(dialect, sealed)} as k
    where entries.id = k.id and entries.sequence is null`.compile(db),
  rows: sealed.length,
});

const sealedTable = (dialect: Dialect, sealed: readonly SealedEntry[]) =>
  keyTable(
    dialect,
    sealed.map(({ id, sequence, text, hash }) => [id, sequence, text, hash]),
    [
      ['id', 'integer'],
      ['sequence', 'integer'],
      ['text', 'text'],
      ['hash', 'text'],
    ],
  );

const slotColumns = ({ account, campaign, node, revision, free, until }: SlotLease) => ({
  account,
  campaign,
  node,
  revision,
  free,
  until,
});

/** Changes exactly one row. */
export const one = (query: { compile(): Statement['query'] }, fails: Outcome = 'stale'): Statement => ({
  query: query.compile(),
  rows: 1,
  fails,
});

type Inserted =
  | 'updates'
  | 'devices'
  | 'campaigns'
  | 'slots'
  | 'intake'
  | 'accounts'
  | 'clients'
  | 'users'
  | 'packages';

/** Where the key is there already, nothing is inserted, and that is too few. */
export const insert = <Table extends Inserted>(
  db: Db,
  table: Table,
  row: Parameters<ReturnType<typeof db.insertInto<Table>>['values']>[0],
): Statement =>
  one(
    db
      .insertInto(table)
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  );

export const insertDevice = (db: Db, row: Device): readonly Statement[] => [
  insert(db, 'devices', deviceColumns(row)),
  ...(row.registration === undefined ? [] : nameDevice(db, 'endpoint', row.registration.endpoint, row, 'stale')),
];

/** The directory is touched only where the endpoint is another than before. */
export function replaceDevice(db: Db, row: Device): readonly Statement[] {
  const { account, bucket, imei, ...rest } = deviceColumns(nextRevision(row));
  const anyEndpoint = db
    .updateTable('devices')
    .set(rest)
    .where('account', '=', account)
    .where('bucket', '=', bucket)
    .where('imei', '=', imei)
    .where('revision', '=', row.revision);
  if (row.registration === undefined) return [one(anyEndpoint)];
  const otherwise = [one(anyEndpoint), ...nameDevice(db, 'endpoint', row.registration.endpoint, row, 'stale')];
  return [{ ...one(anyEndpoint.where('endpoint', '=', endpointOf(row))), otherwise }];
}

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
export function deleteDevice(db: Db, device: DeviceKey, revision?: number): readonly Statement[] {
  const { account, bucket, imei } = placeOf(device);
  const row = db
    .deleteFrom('devices')
    .where('account', '=', account)
    .where('bucket', '=', bucket)
    .where('imei', '=', imei);
  const kept = (['device_secrets', 'last_seen'] as const).map((table) =>
    db.deleteFrom(table).where('account', '=', account).where('bucket', '=', bucket).where('imei', '=', imei),
  );
  return [
    one(revision === undefined ? row : row.where('revision', '=', revision)),
    ...kept.map((query) => ({ query: query.compile() })),
    { query: db.deleteFrom('directory').where('account', '=', account).where('imei', '=', imei).compile() },
  ];
}

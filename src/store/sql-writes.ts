// A change as statements: each says how many rows it must change, so that a stale row stops the whole change.
import { sql } from 'kysely';
import { type Change, type SealedEntry, type SlotLease, unreachable, type Write } from '../campaigns/index.ts';
import {
  campaignColumns,
  entryColumns,
  keyText,
  outboxColumns,
  packIntake,
  placeOf,
  updateColumns,
} from './columns.ts';
import { nextRevision } from './derived.ts';
import type { Dialect } from './migrations/0001-first.ts';
import { isNeighbourWrite } from './neighbour-writes.ts';
import type { Columns } from './schema.ts';
import { type Db, keyTable, type Statement, type Target } from './sql.ts';
import { callbackStatements, gatherStatement, settleStatements } from './sql-callback-writes.ts';
import { claimDevices, deleteDevice, insertDevice, replaceDevice } from './sql-devices.ts';
import { insert, one } from './sql-insert.ts';
import { insertLicences, ofNeighbour } from './sql-licences.ts';
import { insertRows } from './sql-many.ts';
import { keepScore, replaceBudget } from './sql-rollout.ts';

/** Rows of one insert; PostgreSQL takes 65,535 parameters, SQLite 32,766. */
const INSERT_ROWS_MAX = 500;

export function statementsOf(target: Target, change: Change): readonly Statement[] {
  const db = target.write;
  const entries = change.entries.map(entryColumns);
  const intents = change.intents.filter((intent) => intent.kind !== 'callback').map(outboxColumns);
  const callbacks = change.intents.filter((intent) => intent.kind === 'callback');
  const inserted = change.writes.flatMap((write) => (write.op === 'insert-update' ? [updateColumns(write.row)] : []));
  const claimed = change.writes.flatMap((write) => (write.op === 'claim-device' ? [write.row] : []));
  const licences = change.writes.flatMap((write) => (write.op === 'insert-licence' ? [write.row] : []));
  return [
    ...slices(inserted).map((rows) => insertAll(target, rows)),
    ...slices(licences).flatMap((rows) => insertLicences(db, rows)),
    ...claimDevices(target, claimed),
    ...change.writes.flatMap((write) => ofWrite(target, write)),
    ...slices(entries).map((rows) => ({ query: db.insertInto('entries').values(rows).compile() })),
    ...slices(intents).map((rows) => ({ query: db.insertInto('outbox').values(rows).compile() })),
    ...callbacks.flatMap((callback) => callbackStatements(db, callback)),
  ];
}

function slices<Row>(rows: readonly Row[]): readonly Row[][] {
  const found: Row[][] = [];
  for (let at = 0; at < rows.length; at += INSERT_ROWS_MAX) found.push(rows.slice(at, at + INSERT_ROWS_MAX));
  return found;
}

const insertAll = (target: Target, rows: readonly Columns<'updates'>[]): Statement =>
  insertRows(
    target,
    'updates',
    UPDATE_COLUMNS,
    rows.map((row) => UPDATE_COLUMNS.map(([name]) => row[name] ?? null)),
  );

/** Every column, or this does not compile. */
const UPDATE_TYPES: Record<keyof Columns<'updates'>, 'text' | 'integer'> = {
  account: 'text',
  bucket: 'integer',
  imei: 'text',
  campaign: 'text',
  revision: 'integer',
  state: 'text',
  stratum: 'integer',
  awake: 'integer',
  attempts: 'integer',
  hash: 'integer',
  ready_at: 'integer',
  token: 'text',
  next_action_at: 'integer',
  claimed_until: 'integer',
  body: 'text',
};
const UPDATE_COLUMNS = Object.entries(UPDATE_TYPES) as readonly (readonly [
  keyof Columns<'updates'>,
  'text' | 'integer',
])[];

function ofWrite(target: Target, write: Write): readonly Statement[] {
  const db = target.write;
  if (isNeighbourWrite(write)) return ofNeighbour(db, write);
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
      return insertDevice(target, write.row);
    case 'replace-device':
      return replaceDevice(target, write.row);
    case 'claim-device':
      // All together, before.
      return [];
    case 'delete-device':
      return deleteDevice(target, write.row, write.row.revision);
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
    case 'replace-budget':
      return [replaceBudget(db, write.row)];
    default:
      return ofList(target, write);
  }
}

type ListWrite = Extract<
  Write,
  {
    readonly op:
      | 'insert-intake'
      | 'replace-intake'
      | 'delete-intake'
      | 'seal'
      | 'insert-sealed'
      | 'settle'
      | 'gather'
      | 'keep-score'
      | 'settle-callback';
  }
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
    case 'insert-sealed':
      return [insertSealed(target, write)];
    case 'settle':
      // Gone already is as good as settled.
      return [{ query: db.deleteFrom('outbox').where('id', '=', write.intent).compile() }];
    case 'gather':
      return [gatherStatement(db, write)];
    case 'keep-score':
      return [keepScore(db, write)];
    case 'settle-callback':
      return settleStatements(db, write);
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

/** A place that is taken is another steward's, who has written the campaign as well. */
const insertSealed = (target: Target, write: Extract<Write, { readonly op: 'insert-sealed' }>): Statement =>
  insertRows(
    target,
    'entries',
    SEALED_COLUMNS,
    write.sealed.map(({ imei, sequence, text, hash }) => [
      write.account,
      write.campaign,
      imei === undefined ? null : keyText(imei),
      sequence,
      text,
      hash,
    ]),
  );

const SEALED_COLUMNS = [
  ['account', 'text'],
  ['campaign', 'text'],
  ['imei', 'text'],
  ['sequence', 'integer'],
  ['text', 'text'],
  ['hash', 'text'],
] as const satisfies readonly (readonly [keyof Columns<'entries'>, 'text' | 'integer'])[];

const slotColumns = ({ account, campaign, node, revision, free, arrivals, until }: SlotLease) => ({
  account,
  campaign,
  node,
  revision,
  free,
  arrivals,
  until,
});

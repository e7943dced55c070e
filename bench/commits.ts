/** Commits of the store, as handlers of devices make them, beside bare single-row durable commits through the same driver. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import {
  type AccountName,
  type CampaignId,
  type CampaignKey,
  type Change,
  type Imei,
  instant,
  type NodeId,
  type SlotLease,
  type Update,
} from '../src/campaigns/index.ts';
import { openPostgresStore, openSqliteStore, type Store } from '../src/store/index.ts';
import { platformHasPostgres, startPostgres } from '../test/postgres-server.ts';
import type { Target } from './target.ts';

const RUN_MS = 8_000;
const WARM_UP_MS = 1_000;
/** Devices that are handled at the same time, each of a campaign of its own: slots are a row of campaign and node. */
const HANDLERS = 100;
/** As many as the store's pool has. */
const CONNECTIONS = 10;
const SQLITE_RATIO_MIN = 1;
const POSTGRES_RATIO_MIN = 0.3;

const ACCOUNT = '0000000001-00001' as AccountName;
const NODE = 'node' as NodeId;
const AT = instant(Date.now());
const FIRST = 350_000_000_000_000;

type Say = (line: string) => void;

export async function run(say: Say): Promise<readonly Target[]> {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    return [await onSqlite(say, directory), ...(await onPostgres(say))];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function onSqlite(say: Say, directory: string): Promise<Target> {
  const bare = bareSqlite(join(directory, 'bare.db'));
  await using store = await openSqliteStore({ directory, schedule: (then) => void setImmediate(then) });
  return target(say, 'SQLite', { store: await commitsOf(store), bare, least: SQLITE_RATIO_MIN });
}

async function onPostgres(say: Say): Promise<readonly Target[]> {
  const given = process.env['DATABASE_URL'];
  if (given === undefined && !platformHasPostgres) {
    say('PostgreSQL is not measured: there are no binaries for this platform; give DATABASE_URL');
    return [];
  }
  await using server = given === undefined ? await startPostgres({ durable: true }) : undefined;
  const url = given ?? server?.url ?? '';
  const bare = await barePostgres(url);
  await using store = await openPostgresStore({ url, connectionsMax: CONNECTIONS });
  return [target(say, 'PostgreSQL', { store: await commitsOf(store), bare, least: POSTGRES_RATIO_MIN })];
}

interface Rates {
  readonly store: number;
  readonly bare: number;
  readonly least: number;
}

function target(say: Say, name: string, { store, bare, least }: Rates): Target {
  say(`${name}: ${Math.round(store)} commits/s of the store, ${Math.round(bare)} bare single-row commits/s`);
  return { what: `commits on ${name}: store against bare single rows`, value: store / bare, unit: '', least };
}

/** A rate by the second, once it has warmed up. */
class Meter {
  readonly #begun = performance.now();
  #count = 0;

  get isOver(): boolean {
    return performance.now() - this.#begun >= WARM_UP_MS + RUN_MS;
  }

  add(): void {
    if (performance.now() - this.#begun >= WARM_UP_MS) this.#count += 1;
  }

  get rate(): number {
    return (this.#count * 1_000) / RUN_MS;
  }
}

/** Each handler waits for its own commit, as an answer to a device does; the store gathers what comes together. */
async function commitsOf(store: Store): Promise<number> {
  const parts = Array.from({ length: HANDLERS }, (_, number) => partOf(number));
  await store.commit(
    parts.map(({ update, slots }) =>
      changeOf([
        { op: 'insert-update', row: update },
        { op: 'insert-slots', row: slots },
      ]),
    ),
    AT,
  );
  const meter = new Meter();
  await Promise.all(parts.map((part) => handle(store, part, meter)));
  return meter.rate;
}

async function handle(store: Store, { update, slots }: Part, meter: Meter): Promise<void> {
  for (let revision = 0; !meter.isOver; revision += 1) {
    const change = changeOf(
      [
        { op: 'replace-update', row: { ...update, revision, attempts: revision % 3 } },
        { op: 'replace-slots', row: { ...slots, revision, free: revision % 10 } },
      ],
      [{ ...keyOf(update), imei: update.imei, at: AT, kind: 'report', rule: 'update.no-change' }],
    );
    const [result] = await store.commit([change], AT);
    if (result !== 'saved') throw new Error(`A commit of ${update.imei} was not stored.`);
    meter.add();
  }
}

const changeOf = (writes: Change['writes'], entries: Change['entries'] = []): Change => ({
  writes,
  entries,
  intents: [],
  rule: 'update.no-change',
});

const keyOf = ({ account, campaign }: CampaignKey): CampaignKey => ({ account, campaign });

interface Part {
  readonly update: Update;
  readonly slots: SlotLease;
}

function partOf(number: number): Part {
  const campaign = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as CampaignId;
  const key = { account: ACCOUNT, campaign };
  return {
    update: {
      ...key,
      imei: String(FIRST + number) as Imei,
      revision: 0,
      stratum: 0,
      awake: false,
      hash: number,
      attempts: 0,
      state: { name: 'waiting', reason: 'not-started', readyAt: AT },
      rule: 'admission.accepted',
      changedAt: AT,
      history: [],
    },
    slots: { ...key, node: NODE, revision: 0, free: 10, arrivals: 10, until: AT },
  };
}

/** One row after the other: this is what an fsync for each costs. */
function bareSqlite(path: string): number {
  const database = new DatabaseSync(path);
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; create table bare (id integer primary key, body text)',
    );
    const insert = database.prepare('insert into bare (body) values (?)');
    const meter = new Meter();
    for (; !meter.isOver; meter.add()) insert.run('x'.repeat(400));
    return meter.rate;
  } finally {
    database.close();
  }
}

/** On as many connections as the store has. */
async function barePostgres(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  try {
    await pool.query('create table bare (id bigint generated always as identity primary key, body text)');
    const meter = new Meter();
    const write = async (): Promise<void> => {
      for (; !meter.isOver; meter.add()) await pool.query('insert into bare (body) values ($1)', ['x'.repeat(400)]);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, write));
    await pool.query('drop table bare');
    return meter.rate;
  } finally {
    await pool.end();
  }
}

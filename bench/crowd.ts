/** A store as a long-lived server has it: many updates that nothing is to be done for, of a campaign that is paused. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type AccountName,
  type Attempt,
  type Campaign,
  type CampaignId,
  type Change,
  type Day,
  type Device,
  days,
  fullArrivals,
  type ImageHash,
  type ImageToken,
  type Imei,
  type Instant,
  instant,
  NO_TALLIES,
  type NodeId,
  type Registration,
  type Update,
} from '../src/campaigns/index.ts';
import { openSqliteStore, type Store } from '../src/store/index.ts';

export const ACCOUNT = '0000000001-00001' as AccountName;
export const NODE = 'node' as NodeId;
export const NOW = instant(Date.parse('2026-03-10T10:00:00Z'));
const FIRST = 350_000_000_000_000;
const CROWD_FIRST = 360_000_000_000_000;

export const imeiOf = (number: number): Imei => String(FIRST + number) as Imei;
export const campaignIdOf = (number: number): CampaignId =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as CampaignId;

export const PACKAGE: Campaign['package'] = {
  kind: 'firmware',
  name: 'fw',
  from: ['1'],
  to: '2',
  make: 'Acme',
  model: 'M1',
  transports: ['LWM2M', 'HTTP'],
  image: { sha256: 'a'.repeat(64) as ImageHash, size: 100_000 },
};

export const TIMETABLE: Campaign['timetable'] = {
  startDate: '2026-03-09' as Day,
  endDate: '2026-04-09' as Day,
  downloadWindows: [],
  installWindows: [],
  zone: 'UTC',
  fallbackZone: 'UTC',
  rule: 'strict',
};

export const campaignRow = (number: number, more: Partial<Campaign>): Campaign => ({
  account: ACCOUNT,
  id: campaignIdOf(number),
  revision: 0,
  generation: 'v3',
  package: PACKAGE,
  from: '1',
  transport: 'LWM2M',
  timetable: TIMETABLE,
  createdAt: NOW,
  phase: { name: 'scheduled', since: NOW, rule: 'campaign.scheduled' },
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  slotsMax: 1_000_000,
  slotsOut: 0,
  strata: [''],
  arrivals: fullArrivals(100_000, NOW),
  intakePending: false,
  devicesTotal: 0,
  tallies: NO_TALLIES,
  rejections: {},
  zones: [],
  sweepPending: false,
  ledger: { length: 0, head: '' },
  callbacks: { last: 0 },
  turn: 0,
  ...more,
});

export const updateRow = (imei: Imei, campaign: CampaignId, more: Partial<Update> = {}): Update => ({
  account: ACCOUNT,
  campaign,
  imei,
  revision: 0,
  stratum: 0,
  awake: true,
  hash: Number(imei) % 4_294_967_296,
  attempts: 0,
  state: { name: 'waiting', reason: 'ready', readyAt: NOW },
  rule: 'admission.accepted',
  changedAt: NOW,
  history: [],
  ...more,
});

export const offered = (imei: Imei, until: Instant): Update['state'] => ({
  name: 'offered',
  untilUntouched: until,
  attempt: {
    number: 1,
    token: `token-${imei}` as ImageToken,
    actionId: 1,
    offeredAt: NOW,
    leastEvidence: 'version',
    executesRefused: 0,
    delivery: 'pull',
    interruptions: 0,
  } satisfies Attempt,
});

const registration = (imei: Imei): Registration => ({
  node: NODE,
  location: `/rd/${imei}`,
  peer: '127.0.0.1:5683',
  endpoint: `urn:imei:${imei}`,
  queueMode: false,
  version: '1.1',
  expiresAt: instant(NOW + days(300)),
  since: NOW,
});

export const deviceRow = (imei: Imei, transport: Device['transport'], more: Partial<Device> = {}): Device => ({
  account: ACCOUNT,
  imei,
  revision: 0,
  make: PACKAGE.make,
  model: PACKAGE.model,
  transport,
  firmware: { value: '1', at: NOW, source: 'reported' },
  software: {},
  attributes: {},
  labels: {},
  ...(transport === 'LWM2M' ? { registration: registration(imei) } : {}),
  reachable: true,
  lastActionId: 1,
  ...more,
});

export async function put(store: Store, writes: Change['writes']): Promise<void> {
  const [result] = await store.commit([{ writes, entries: [], intents: [], rule: 'update.no-change' }], NOW);
  if (result !== 'saved') throw new Error('The rows of the benchmark were not stored.');
}

const PAUSED = 1;

/** `crowd` devices of a paused campaign wait, each with a timer of its own that is not due before long. */
export async function openCrowd(directory: string, crowd: number): Promise<Store> {
  const open = () => openSqliteStore({ directory, schedule: (then) => void setImmediate(then) });
  if (crowd === 0) return open();
  const template = String(CROWD_FIRST) as Imei;
  await seed(await open(), crowd, template);
  multiply(join(directory, 'campanile.db'), template, crowd);
  return open();
}

/** The campaign with the one row that is multiplied. */
async function seed(opened: Store, crowd: number, template: Imei): Promise<void> {
  await using store = opened;
  const hold = { kind: 'paused', reason: 'benchmark', since: NOW, rule: 'campaign.paused' } as const;
  const tallies = { ...NO_TALLIES, waiting: crowd };
  await put(store, [
    { op: 'insert-campaign', row: campaignRow(PAUSED, { hold, tallies, devicesTotal: crowd }) },
    { op: 'insert-update', row: updateRow(template, campaignIdOf(PAUSED), { nextActionAt: instant(NOW + days(300)) }) },
  ]);
}

/** Copies the one row as it stands, each copy with an IMEI and a hash of its own; the indexes grow as in earnest. */
function multiply(path: string, template: string, rows: number): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('pragma synchronous = off; pragma cache_size = -400000; pragma temp_store = memory');
    const columns = database.prepare('select * from updates limit 0').columns();
    const names = columns.map(({ name }) => name);
    const special: Readonly<Record<string, string>> = {
      imei: "printf('%015d', imei + i)",
      bucket: 'i % 4096',
      hash: '(i * 2654435761) % 4294967296',
      next_action_at: 'next_action_at + i',
      body: "replace(body, imei, printf('%015d', imei + i))",
    };
    const selected = names.map((name) => special[name ?? ''] ?? name).join(', ');
    database
      .prepare(
        `insert into updates (${names.join(', ')})
         with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
         select ${selected} from updates, n where imei = ?`,
      )
      .run(rows - 1, template);
    database.exec('pragma wal_checkpoint(truncate)');
  } finally {
    database.close();
  }
}

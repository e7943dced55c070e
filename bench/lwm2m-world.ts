/** What `bench -- lwm2m` runs against: the real server on a real socket, the real engine on SQLite, images on disk. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../src/accounts/index.ts';
import {
  type AccountName,
  type Campaign,
  type CampaignId,
  type Day,
  type Device,
  fullArrivals,
  type ImageHash,
  type ImageToken,
  type Imei,
  type Instant,
  instant,
  NO_TALLIES,
  type NodeId,
  type Update,
} from '../src/campaigns/index.ts';
import { openImages } from '../src/delivery/images/index.ts';
import { type Lwm2mServer, nodeCrypto, openLwm2m } from '../src/delivery/lwm2m/index.ts';
import { Engine } from '../src/engine/index.ts';
import { openSqliteStore } from '../src/store/index.ts';

const ACCOUNT = '0000000001-00001' as AccountName;
const CAMPAIGN = '00000000-0000-4000-8000-00000000beef' as CampaignId;
const IMAGE_BYTES = 64 * 1024 * 1024;
const IMAGE_CHUNK_BYTES = 1024 * 1024;
const DEVICES_PER_WRITE = 2_000;
const DAY_MS = 86_400_000;
const FIRST_IMEI = 350_000_000_000_000;
/** Devices that register come after those that download. */
export const FIRST_REGISTERING = FIRST_IMEI + 1_000;

const now = (): Instant => instant(Date.now());
const day = (at: number): Day => new Date(at).toISOString().slice(0, 10) as Day;
const imeiOf = (place: number): Imei => String(FIRST_IMEI + place) as Imei;
const tokenOf = (place: number): ImageToken => `bench-token-${String(place).padStart(10, '0')}` as ImageToken;

/** Of every device; its identity is its IMEI. */
export const BENCH_PSK = '000102030405060708090a0b0c0d0e0f';
/** What is measured is what it costs, not when it is refused. */
const UNLIMITED = { handshakesPerSecondMax: 1e9, cookiesPerSecondMax: 1e9 };

export interface World extends AsyncDisposable {
  /** A server that knows nothing but the store. */
  serve(): Promise<Lwm2mServer>;
  /** Tokens under which the image is served, one for each of so many devices. */
  offer(devices: number): Promise<readonly string[]>;
  /** Of the last offer. */
  readonly tokens: readonly string[];
  /** Devices that may register. */
  fill(devices: number): Promise<void>;
}

const SERVING = {
  host: '127.0.0.1',
  port: 0,
  coapsPort: 0,
  allowRegistration: true,
  clock: { now },
  timers: { after: timer },
  random: { uint32: () => randomInt(2 ** 32) },
  contacts: { seen: () => undefined },
  coaps: { crypto: nodeCrypto(randomBytes), limits: UNLIMITED },
} as const;

export async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  const images = await openImages({ folder: join(directory, 'images') });
  const store = await openSqliteStore({ directory, schedule: (then) => void setImmediate(then) });
  const log = {
    event: (name: string, facts: unknown) => void process.stderr.write(`${name} ${JSON.stringify(facts)}\n`),
  };
  const node = 'bench' as NodeId;
  let tokens: readonly string[] = [];
  const engine = new Engine({
    store,
    clock: { now },
    random: { token: () => tokenOf(0) },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sender: { send: () => undefined },
    node,
    log,
  });
  const client = { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt: now(), issue: 0 };
  const user = { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 };
  await store.insertAccount({ name: ACCOUNT, revision: 0, createdAt: now(), settings: DEFAULT_SETTINGS }, client, user);
  return {
    serve: () => openLwm2m({ ...SERVING, engine, inventory: store, images, node, log }),
    get tokens() {
      return tokens;
    },
    offer: async (devices) => {
      const image = await images.receive(noise());
      if (!image.ok) throw new Error('the image was not stored');
      await store.commit(
        [{ writes: rowsOf(devices, image.sha256 as ImageHash), entries: [], intents: [], rule: 'campaign.accepted' }],
        now(),
      );
      tokens = Array.from({ length: devices }, (_, place) => tokenOf(place));
      return tokens;
    },
    fill: async (devices) => {
      for (let from = 0; from < devices; from += DEVICES_PER_WRITE) {
        const rows = Array.from({ length: Math.min(DEVICES_PER_WRITE, devices - from) }, (_, at) => ({
          device: device(FIRST_REGISTERING - FIRST_IMEI + from + at),
          isNew: true,
          secrets: { pskIdentity: String(FIRST_REGISTERING + from + at), pskKey: BENCH_PSK },
        }));
        await store.writeDevices(rows);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

function timer(wait: number, then: () => void): () => void {
  const handle = setTimeout(then, Math.min(wait, 2 ** 31 - 1));
  return () => clearTimeout(handle);
}

async function* noise(): AsyncIterable<Uint8Array> {
  for (let sent = 0; sent < IMAGE_BYTES; sent += IMAGE_CHUNK_BYTES) {
    yield new Uint8Array(IMAGE_CHUNK_BYTES).fill(sent / IMAGE_CHUNK_BYTES);
  }
}

const device = (place: number): Device => ({
  account: ACCOUNT,
  imei: imeiOf(place),
  revision: 0,
  make: 'Acme',
  model: 'M1',
  transport: 'LWM2M',
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
});

/** A campaign that is under way: every device has its offer and may fetch. */
function rowsOf(devices: number, sha256: ImageHash) {
  const at = now();
  const places = Array.from({ length: devices }, (_, place) => place);
  return [
    { op: 'insert-campaign', row: campaign(at, devices, sha256) } as const,
    ...places.map((place) => ({ op: 'insert-device', row: { ...device(place), liveCampaign: CAMPAIGN } }) as const),
    ...places.map((place) => ({ op: 'insert-update', row: update(place, at) }) as const),
  ];
}

const campaign = (at: Instant, devices: number, sha256: ImageHash): Campaign => ({
  account: ACCOUNT,
  id: CAMPAIGN,
  revision: 0,
  generation: 'v3',
  package: {
    kind: 'firmware',
    name: 'fw',
    from: ['1'],
    to: '2',
    make: 'Acme',
    model: 'M1',
    transports: ['LWM2M'],
    image: { sha256, size: IMAGE_BYTES },
  },
  from: '1',
  transport: 'LWM2M',
  timetable: {
    startDate: day(at - DAY_MS),
    endDate: day(at + 7 * DAY_MS),
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    fallbackZone: 'UTC',
    rule: 'strict',
  },
  createdAt: at,
  phase: { name: 'scheduled', since: at, rule: 'campaign.scheduled' },
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  slotsMax: devices,
  slotsOut: devices,
  strata: [''],
  arrivals: fullArrivals(1_000, at),
  intakePending: false,
  devicesTotal: devices,
  tallies: NO_TALLIES,
  rejections: {},
  zones: [],
  sweepPending: false,
  ledger: { length: 0, head: '' },
  callbacks: { last: 0 },
  nextActionAt: at,
  turn: 0,
});

const update = (place: number, at: Instant): Update => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: imeiOf(place),
  revision: 0,
  stratum: 0,
  awake: true,
  hash: place,
  attempts: 0,
  rule: 'update.offered',
  changedAt: at,
  nextActionAt: instant(at + DAY_MS),
  history: [],
  state: {
    name: 'offered',
    untilUntouched: instant(at + DAY_MS),
    deliveredAt: at,
    attempt: {
      number: 1,
      token: tokenOf(place),
      actionId: 1,
      offeredAt: at,
      leastEvidence: 'reported',
      executesRefused: 0,
      delivery: 'pull',
      interruptions: 0,
    },
  },
});

/** 400,000 device events of one campaign arrive at 4,000 a second; its listener needs 100 ms for each callback. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../src/accounts/index.ts';
import { CallbackSender, poster } from '../src/callbacks/index.ts';
import {
  type AccountName,
  type Campaign,
  type CampaignId,
  type Day,
  type Entry,
  fullArrivals,
  type ImageHash,
  type ImageToken,
  type Imei,
  type Instant,
  instant,
  NO_TALLIES,
  type NodeId,
} from '../src/campaigns/index.ts';
import { Engine } from '../src/engine/index.ts';
import { openSqliteStore, type Store } from '../src/store/index.ts';
import type { Target } from './target.ts';

const EVENTS = 400_000;
const RATE = 4_000;
const BATCH_MS = 50;
const LISTENER_MS = 100;
const LAG_P99_MS_MAX = 60_000;
/** The run ends here, whatever has arrived. */
const RUN_MS_MAX = 170_000;

const ACCOUNT = '0000000001-00001' as AccountName;
const CAMPAIGN = '00000000-0000-4000-8000-00000000beef' as CampaignId;
/** When each device's update ended, by its number. */
const happened = new Float64Array(EVENTS);
const FIRST = 350_000_000_000_000;
const now = (): Instant => instant(Date.now());
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export async function run(say: (line: string) => void): Promise<readonly Target[]> {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    await using customer = await listen();
    await using store = await openSqliteStore({ directory, schedule: (then) => void setImmediate(then) });
    await prepare(store, customer.url);
    const node = serve(store);
    const begun = Date.now();
    const fed = feed(store);
    while (customer.lags.length < EVENTS && Date.now() - begun < RUN_MS_MAX) {
      await sleep(1_000);
      if (Math.floor((Date.now() - begun) / 1_000) % 20 === 0) say(`${customer.lags.length} of ${EVENTS} told`);
    }
    await fed;
    await node.stop();
    return results(customer.lags);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function results(lags: readonly number[]): readonly Target[] {
  const sorted = lags.toSorted((one, other) => one - other);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  return [
    { what: 'callbacks: device events told', value: lags.length, unit: 'events', least: EVENTS },
    { what: 'callbacks: lag p99', value: p99 / 1_000, unit: 's', most: LAG_P99_MS_MAX / 1_000 },
  ];
}

/** The customer: notes how old each event is when it arrives, and answers late. */
async function listen() {
  const lags: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const arrived = Date.now();
      const body: { deviceList?: readonly { deviceId: string }[] } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      for (const { deviceId } of body.deviceList ?? []) lags.push(arrived - (happened[Number(deviceId) - FIRST] ?? 0));
      setTimeout(() => response.writeHead(204).end(), LISTENER_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    lags,
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function prepare(store: Store, url: string): Promise<void> {
  const at = now();
  const settings = { ...DEFAULT_SETTINGS, allowPrivateCallbackHosts: ['127.0.0.1'] };
  await store.insertAccount(
    { name: ACCOUNT, revision: 0, createdAt: at, settings },
    { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt: at, issue: 0 },
    { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 },
  );
  await store.putListener({ account: ACCOUNT, generation: 'v3', url, secret: 'whsec_c2VjcmV0', createdAt: at });
  const change = { writes: [{ op: 'insert-campaign', row: campaign(at) } as const], entries: [], intents: [] };
  await store.commit([{ ...change, rule: 'campaign.accepted' }], at);
}

const day = (at: number): Day => new Date(at).toISOString().slice(0, 10) as Day;

const campaign = (at: Instant): Campaign => ({
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
    image: { sha256: 'a'.repeat(64) as ImageHash, size: 1_000 },
  },
  from: '1',
  transport: 'LWM2M',
  timetable: {
    startDate: day(at),
    endDate: day(at + 7 * 86_400_000),
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    fallbackZone: 'UTC',
    rule: 'strict',
  },
  createdAt: at,
  phase: { name: 'scheduled', since: at, rule: 'campaign.scheduled' },
  autoAssignLicense: false,
  autoAddDevices: true,
  checkDigits: false,
  slotsMax: 10,
  slotsOut: 0,
  strata: [''],
  arrivals: fullArrivals(1_000, at),
  intakePending: false,
  devicesTotal: EVENTS,
  tallies: { ...NO_TALLIES, waiting: EVENTS },
  rejections: {},
  zones: [],
  sweepPending: false,
  ledger: { length: 0, head: '' },
  callbacks: { last: 0 },
  nextActionAt: at,
  turn: 0,
});

/** One server process: the engine's loop and the sender. */
function serve(store: Store) {
  let stopped = false;
  const sender = new CallbackSender({
    post: poster({
      resolve: async () => [],
      timers: {
        after: (wait, then) => {
          const timer = setTimeout(then, wait);
          return () => clearTimeout(timer);
        },
      },
    }),
    clock: { now },
    chance: Math.random,
    settled: (settlement) => engine.callbackSettled(settlement),
    log: {
      failed: (message, error) => {
        throw new Error(message, { cause: error });
      },
    },
  });
  const engine: Engine = new Engine({
    store,
    clock: { now },
    random: { token: () => 't' as ImageToken },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sender,
    node: 'node' as NodeId,
    log: { event: () => undefined },
  });
  const loop = (async () => {
    while (!stopped) await sleep((await engine.tick()) ? 0 : 10);
    await sender.idle();
  })();
  return {
    stop: () => {
      stopped = true;
      return loop;
    },
  };
}

/** What devices did, as their handlers would store it. */
async function feed(store: Store): Promise<void> {
  const begun = Date.now();
  for (let sent = 0; sent < EVENTS; ) {
    await sleep(BATCH_MS);
    const due = Math.min(EVENTS, Math.floor(((Date.now() - begun) * RATE) / 1_000));
    const at = now();
    happened.fill(at, sent, due);
    const entries = Array.from({ length: due - sent }, (_, place) => ended(sent + place, at));
    sent = due;
    await store.commit([{ writes: [], entries, intents: [], rule: 'update.verified' }], at);
  }
}

const ended = (number: number, at: Instant): Entry => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: String(FIRST + number) as Imei,
  at,
  kind: 'verification',
  rule: 'update.verified',
  move: { from: 'waiting', to: 'succeeded' },
  facts: { evidence: 'version', attempt: 1 },
});

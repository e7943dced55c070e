/** One schedule body that names a million devices: when it is answered, when all are admitted, what that costs the server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AccountName, type Device, type Imei, instant } from '../src/campaigns/index.ts';
import { CampanileClient } from '../src/sdk/index.ts';
import { OperatorClient } from '../src/sdk/operator.ts';
import { openSqliteStore } from '../src/store/index.ts';
import { bareInserts } from './bare.ts';
import { type ServerChild, serve } from './child.ts';
import type { Target } from './target.ts';

const DEVICES = 1_000_000;
const IMPORTED_AT_ONCE = 5_000;
const LOOK_MS = 100;
/** The run ends here, whatever has been admitted. */
const ADMISSION_MS_MAX = 110_000;
const DAY_MS = 86_400_000;

const ANSWERED_S_MAX = 2;
const ADMITTED_S_MAX = 60;
const MEMORY_MB_MAX = 400;
/** engine.md §10: beyond this the writer of SQLite leaves the event loop. */
const DELAY_P99_MS_MAX = 20;

const ACCOUNT = '0000000001-00001' as AccountName;
const MAKE = 'Acme';
const MODEL = 'M1';
const FIRST = 350_000_000_000_000;
const imeiOf = (number: number): Imei => String(FIRST + number) as Imei;

type Say = (line: string) => void;

export async function run(say: Say, args: readonly string[]): Promise<readonly Target[]> {
  const options = { devices: { type: 'string' }, profile: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const devices = Number(values.devices ?? DEVICES);
  const data = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    const imported = await timed(() => importAll(data, devices));
    say(`${devices} devices are in the store after ${seconds(imported.took)}`);
    const measured = await admitAll(say, { data, devices, profile: values.profile });
    const bare = bareInserts(join(data, 'campanile.db'), join(data, 'bare.db'));
    const ratio = (bare.took / measured.admitted).toFixed(2);
    say(`bare inserts of the same ${bare.rows} rows: ${seconds(bare.took)}, ${ratio} of the time of admission`);
    return targetsOf(devices, measured);
  } finally {
    await rm(data, { recursive: true });
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

async function timed<Result>(run: () => Promise<Result>): Promise<{ readonly took: number; readonly result: Result }> {
  const begun = performance.now();
  const result = await run();
  return { took: performance.now() - begun, result };
}

/** Through the store's own door: it is the fleet that was there before. */
async function importAll(directory: string, devices: number): Promise<void> {
  await using store = await openSqliteStore({ directory });
  for (let at = 0; at < devices; at += IMPORTED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(IMPORTED_AT_ONCE, devices - at) }, (_, place) => at + place);
    const results = await store.writeDevices(numbers.map((number) => ({ device: deviceOf(number), isNew: true })));
    if (results.some((result) => result !== 'saved')) throw new Error('A device was not stored.');
  }
}

const deviceOf = (number: number): Device => ({
  account: ACCOUNT,
  imei: imeiOf(number),
  revision: 0,
  make: MAKE,
  model: MODEL,
  transport: 'LWM2M',
  firmware: { value: '1.0', at: instant(0), source: 'import' },
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
});

interface Wanted {
  readonly data: string;
  readonly devices: number;
  readonly profile: string | undefined;
}

interface Measured {
  readonly answered: number;
  readonly admitted: number;
  readonly memory: number;
  readonly delayP99: number;
}

async function admitAll(say: Say, { data, devices, profile }: Wanted): Promise<Measured> {
  await using server = await serve({ data, profile });
  const { url: baseUrl, operatorKey } = server;
  const operator = new OperatorClient({ baseUrl, operatorKey });
  const customer = new CampanileClient({ baseUrl, ...(await operator.accounts.create(ACCOUNT)) });
  const pack = { kind: 'firmware', name: 'fw', from: '1.0', to: '2.0', make: MAKE, model: MODEL } as const;
  await operator.packages.upload(ACCOUNT, { ...pack, transports: ['LWM2M'] }, new Uint8Array(10_000));
  const begun = performance.now();
  const { id } = await customer.campaigns.scheduleAFirmwareUpgrade(ACCOUNT, {
    firmwareName: pack.name,
    firmwareFrom: pack.from,
    firmwareTo: pack.to,
    protocol: 'LWM2M',
    startDate: dayIn(1),
    endDate: dayIn(30),
    deviceList: Array.from({ length: devices }, (_, number) => imeiOf(number)),
  });
  const answered = performance.now() - begun;
  say(`answered after ${seconds(answered)}`);
  const before = await delaysOf(server);
  const { admitted, questions } = await untilAdmitted(say, operator, id, devices);
  const delays = await delaysOf(server);
  say(`the server had ${(delays.cpu - before.cpu).toFixed(1)} s of CPU for it`);
  say(`event loop delay: p50 ${delays.p50} ms, p99 ${delays.p99} ms, at most ${delays.max} ms`);
  say(`${questions.length} questions meanwhile: p99 ${p99(questions).toFixed(1)} ms`);
  return {
    answered,
    admitted,
    memory: await server.memory(),
    delayP99: delays.p99,
  };
}

/** Delays in milliseconds, since they were asked for last; seconds of CPU since the start. */
async function delaysOf(server: ServerChild) {
  const metrics = await server.metrics();
  const of = (name: string): number =>
    Math.round((metrics.get(`nodejs_eventloop_lag_${name}`) ?? Number.NaN) * 1e4) / 10;
  const cpu = metrics.get('process_cpu_seconds_total') ?? Number.NaN;
  return { p50: of('p50_seconds'), p99: of('p99_seconds'), max: of('max_seconds'), cpu };
}

/** Counted from the answer; looks at the campaign all the while, as an operator would. */
async function untilAdmitted(say: Say, operator: OperatorClient, id: string, devices: number) {
  const begun = performance.now();
  const questions: number[] = [];
  for (let look = 0; performance.now() - begun < ADMISSION_MS_MAX; look += 1) {
    const { took, result } = await timed(() => operator.campaigns.get(ACCOUNT, id));
    questions.push(took);
    const { waiting } = result.counts;
    if (result.status !== 'CampaignRequestPending' && waiting === devices) {
      return { admitted: performance.now() - begun, questions };
    }
    if (look % 100 === 99) say(`${waiting} of ${devices} admitted`);
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { admitted: Number.POSITIVE_INFINITY, questions };
}

const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

function targetsOf(devices: number, measured: Measured): readonly Target[] {
  const what = `admission of ${devices}`;
  return [
    { what: `${what}: answered`, value: measured.answered / 1_000, unit: 's', most: ANSWERED_S_MAX },
    { what: `${what}: admitted`, value: measured.admitted / 1_000, unit: 's', most: ADMITTED_S_MAX },
    { what: `${what}: peak memory`, value: measured.memory, unit: 'MB', most: MEMORY_MB_MAX },
    { what: `${what}: event loop delay p99`, value: measured.delayP99, unit: 'ms', most: DELAY_P99_MS_MAX },
  ];
}

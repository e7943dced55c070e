// A customer with devices, images and campaigns on a real server, everything set up through the SDK.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CampanileClient } from '../../src/sdk/index.ts';
import { OperatorClient, type UpdateView } from '../../src/sdk/operator.ts';
import {
  type DeviceSpec,
  type Fleet,
  imageHeader,
  type Psk,
  QUICK_PACE,
  specimens,
  startFleet,
  systemClock,
} from '../../src/simulator/index.ts';
import type { Served } from './child.ts';

export const ACCOUNT = '0000123456-00001';
export const FROM = '1.0.0';
export const TO = '2.0.0';
const PACKAGES = {
  LWM2M: { kind: 'firmware', name: 'modem-firmware', model: 'Modem' },
  HTTP: { kind: 'software', name: 'gateway-application', model: 'Gateway' },
} as const;
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 50;

export interface Stage {
  readonly operator: OperatorClient;
  readonly customer: CampanileClient;
  readonly devices: readonly DeviceSpec[];
  readonly ddiTokens: Readonly<Record<string, string>>;
  readonly psks: Readonly<Record<string, Psk>>;
}

export async function directory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'campanile-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function openStage(
  data: string,
  { http: baseUrl }: Served,
  count: { readonly lwm2m: number; readonly http: number; readonly imageBytes?: number; readonly secure?: number },
): Promise<Stage> {
  const operatorKey = (await readFile(join(data, 'operator.key'), 'utf8')).trim();
  const operator = new OperatorClient({ baseUrl, operatorKey });
  const pair = await operator.accounts.create(ACCOUNT, { settings: { pollSeconds: 5 } });
  const plan = { ...count, make: 'Campanile', lwm2mModel: 'Modem', httpModel: 'Gateway', from: FROM };
  const made = specimens({ ...plan, pace: { ...QUICK_PACE, lifetimeSeconds: 10, spreadMs: 500 } });
  const devices = made;
  const ddiTokens = Object.fromEntries(devices.map(({ imei }) => [imei, `token-of-${imei}`]));
  const secure = devices.filter(({ traits }) => traits.includes('coaps'));
  const psks = Object.fromEntries(secure.map(({ imei }) => [imei, { identity: `id-${imei}`, key: Buffer.from(imei) }]));
  const lines = devices.map(({ imei, make, model, transport }) =>
    transport === 'LWM2M'
      ? { imei, make, model, transport, firmware: FROM, ...secretsOf(psks[imei]) }
      : { imei, make, model, transport, software: { application: FROM }, ddiToken: `token-of-${imei}` },
  );
  const { rejected } = await operator.devices.import(ACCOUNT, lines);
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
  for (const transport of ['LWM2M', 'HTTP'] as const) {
    const part = { ...PACKAGES[transport], from: FROM, to: TO, make: 'Campanile', transports: [transport] } as const;
    await operator.packages.upload(ACCOUNT, part, imageOf(count.imageBytes ?? 100_000));
  }
  return { operator, customer: new CampanileClient({ baseUrl, ...pair }), devices, ddiTokens, psks };
}

const secretsOf = (psk: Psk | undefined) =>
  psk === undefined ? {} : { psk: { identity: psk.identity, key: Buffer.from(psk.key).toString('hex') } };

function imageOf(bytes: number): Uint8Array {
  const image = new Uint8Array(bytes).map((_, place) => place * 31);
  image.set(new TextEncoder().encode(imageHeader(TO)));
  return image;
}

export function switchOn({ devices, ddiTokens, psks }: Stage, { http, coap, coaps }: Served, pollMs = 500): Fleet {
  return startFleet({ http, coap, coaps, psks, account: ACCOUNT, devices, ddiTokens, pollOverrideMs: pollMs });
}

export interface Schedule {
  /** None means always. */
  readonly hours: readonly { readonly startTime: number; readonly endTime: number }[];
  /** On whose UTC day it starts. */
  readonly startingAt: number;
}

/** The UTC day of an instant and the day after it. */
export function days(at = systemClock.now()): { readonly startDate: string; readonly endDate: string } {
  const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
  return { startDate: day(at), endDate: day(at + DAY_MS) };
}

/** Both campaigns: their ids. */
export async function scheduleBoth(
  { customer, devices }: Stage,
  { hours, startingAt }: Schedule = { hours: [], startingAt: systemClock.now() },
): Promise<readonly string[]> {
  const imeis = (transport: string) => devices.filter((one) => one.transport === transport).map(({ imei }) => imei);
  const firmware = await customer.campaigns.scheduleAFirmwareUpgrade(ACCOUNT, {
    ...days(startingAt),
    firmwareName: PACKAGES.LWM2M.name,
    firmwareFrom: FROM,
    firmwareTo: TO,
    protocol: 'LWM2M',
    campaignTimeWindowList: hours,
    deviceList: imeis('LWM2M'),
  });
  const software = await customer.campaigns.scheduleSoftwareUpgrade(ACCOUNT, {
    ...days(startingAt),
    softwareName: PACKAGES.HTTP.name,
    softwareFrom: FROM,
    softwareTo: TO,
    distributionType: 'HTTP',
    downloadTimeWindowList: hours,
    installTimeWindowList: hours,
    deviceList: imeis('HTTP'),
  });
  return [firmware.id, software.id];
}

export async function updatesOf({ operator }: Stage, ids: readonly string[]): Promise<readonly UpdateView[]> {
  const pages = await Promise.all(ids.map((id) => operator.campaigns.updates(ACCOUNT, id, { limit: 1000 })));
  return pages.flatMap(({ items }) => items);
}

/** Looks again and again until it is so; fails with what was seen last. */
export async function until<Seen>(
  look: () => Promise<Seen> | Seen,
  isSo: (seen: Seen) => boolean,
  withinMs: number,
): Promise<Seen> {
  const end = systemClock.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (systemClock.now() > end)
      throw new Error(`It did not come to be within ${withinMs} ms: ${JSON.stringify(seen)}`);
    await pause(LOOK_EVERY_MS);
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    systemClock.after(ms, resolve);
  });

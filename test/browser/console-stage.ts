// A server with its console, a simulated fleet on real sockets and campaigns in several states, for the tests in a browser.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CampanileClient } from '../../src/sdk/index.ts';
import { OperatorClient } from '../../src/sdk/operator.ts';
import { readConfig, type Server, startServer, systemRandom } from '../../src/server/index.ts';
import {
  type DeviceSpec,
  type Fleet,
  imageHeader,
  QUICK_PACE,
  specimens,
  startFleet,
  systemClock,
} from '../../src/simulator/index.ts';

export const ACCOUNT = '0000123456-00001';
const FROM = '1.4.2';
const TO = '1.5.0';
const MAKE = 'Acme';
const DAY_MS = 86_400_000;
const ROOT = join(import.meta.dirname, '../..');
const BUILD = join(ROOT, 'scripts/build-console.ts');
/** Where the built console lies. */
export const CONSOLE = join(ROOT, 'dist/console');

export interface Stage extends AsyncDisposable {
  readonly server: Server;
  readonly operator: OperatorClient;
  readonly customer: CampanileClient;
  readonly devices: readonly DeviceSpec[];
  readonly fleet: Fleet;
}

export const day = (ahead: number): string => new Date(systemClock.now() + ahead * DAY_MS).toISOString().slice(0, 10);

export interface Fleeting {
  readonly lwm2m: number;
  readonly http: number;
  /** Further HTTP devices that report success and run the old version: a campaign of them halts. */
  readonly liars?: number;
}

/** The console is built first, unless what is there is of these sources. */
export async function openStage({ lwm2m, http, liars = 0 }: Fleeting): Promise<Stage> {
  await promisify(execFile)(process.execPath, [BUILD]);
  await using made = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'campanile-console-'));
  made.defer(() => rm(data, { recursive: true, force: true }));
  const config = readConfig({ 'http-port': '0', 'coap-port': '0', data, 'log-level': 'error' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  const server = made.use(await startServer(config.config));
  const operator = new OperatorClient({ baseUrl: server.publicHttpUrl, operatorKey: server.operatorKey });
  const pair = await operator.accounts.create(ACCOUNT, { settings: { pollSeconds: 5 } });
  const plan = { lwm2m, http: http + liars, make: MAKE, lwm2mModel: 'Modem', httpModel: 'Gateway', from: FROM };
  const devices = specimens({ ...plan, pace: QUICK_PACE }).map((device, place) =>
    place < lwm2m + http ? device : { ...device, traits: ['lies'] as const },
  );
  const ddiTokens = Object.fromEntries(
    devices.filter(({ transport }) => transport === 'HTTP').map(({ imei }) => [imei, systemRandom.secret()]),
  );
  await operator.devices.import(
    ACCOUNT,
    devices.map((device) => lineOf(device, ddiTokens[device.imei])),
  );
  const coap = server.ready.coap;
  const fleet = startFleet({
    http: server.publicHttpUrl,
    coap,
    account: ACCOUNT,
    devices,
    ddiTokens,
    pollOverrideMs: 1_000,
  });
  made.use(fleet);
  const { clientId, clientSecret, username, password } = pair;
  const customer = new CampanileClient({ baseUrl: server.publicHttpUrl, clientId, clientSecret, username, password });
  const rest = made.move();
  return { server, operator, customer, devices, fleet, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

function lineOf({ imei, make, model, transport, from }: DeviceSpec, ddiToken: string | undefined) {
  const version = transport === 'LWM2M' ? { firmware: from } : { software: { application: from } };
  return { imei, make, model, transport, ...version, ...(ddiToken === undefined ? {} : { ddiToken }) };
}

/** An image that a simulated device accepts as this version. */
function imageOf(version: string, bytes = 60_000): Uint8Array {
  const image = new Uint8Array(bytes).map((_, place) => (place * 31) & 0xff);
  image.set(new TextEncoder().encode(imageHeader(version)));
  return image;
}

const PACKAGES = {
  LWM2M: { kind: 'firmware', name: 'modem-firmware', model: 'Modem' },
  HTTP: { kind: 'software', name: 'gateway-application', model: 'Gateway' },
} as const;

export async function addPackages({ operator }: Pick<Stage, 'operator'>): Promise<void> {
  for (const transport of ['LWM2M', 'HTTP'] as const) {
    const part = { ...PACKAGES[transport], from: FROM, to: TO, make: MAKE, transports: [transport] } as const;
    await operator.packages.upload(ACCOUNT, part, imageOf(TO));
  }
}

interface Planned {
  readonly name: string;
  readonly transport: 'LWM2M' | 'HTTP';
  readonly imeis: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

/** Made by a customer's program, as most campaigns are. */
export async function schedule({ customer }: Pick<Stage, 'customer'>, planned: Planned): Promise<string> {
  const { name, transport, imeis, from = 0, until = 3 } = planned;
  const shared = { campaignName: name, startDate: day(from), endDate: day(until), deviceList: [...imeis] };
  const { id } =
    transport === 'LWM2M'
      ? await customer.campaigns.scheduleAFirmwareUpgrade(ACCOUNT, {
          ...shared,
          firmwareName: PACKAGES.LWM2M.name,
          firmwareFrom: FROM,
          firmwareTo: TO,
          protocol: 'LWM2M',
        })
      : await customer.campaigns.scheduleSoftwareUpgrade(ACCOUNT, {
          ...shared,
          softwareName: PACKAGES.HTTP.name,
          softwareFrom: FROM,
          softwareTo: TO,
          distributionType: 'HTTP',
        });
  return id;
}

/** Halts by itself after five of these have failed, while others still wait. */
export async function scheduleHalting({ operator, devices }: Pick<Stage, 'operator' | 'devices'>): Promise<string> {
  const liars = devices.filter(({ traits }) => traits.includes('lies')).map(({ imei }) => imei);
  const { id } = await operator.orders.schedule(ACCOUNT, {
    packageName: PACKAGES.HTTP.name,
    campaignName: 'Gateways that lie',
    startDate: day(0),
    endDate: day(3),
    rollout: { maxUnresolved: 5 },
    deviceList: liars,
  });
  return id;
}

export async function until(what: string, holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const start = systemClock.now();
  while (!(await holds())) {
    if (systemClock.now() - start > withinMs) throw new Error(`It took too long until ${what}.`);
    await new Promise<void>((resolve) => void systemClock.after(100, resolve));
  }
}

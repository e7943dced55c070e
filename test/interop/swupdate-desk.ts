// A server, a line and one device with swupdate, and what a customer and an operator do and see.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CampanileClient } from '../../src/sdk/index.ts';
import { OperatorClient, type UpdateView } from '../../src/sdk/operator.ts';
import { readConfig, startServer, systemClock, systemTimers } from '../../src/server/index.ts';
import { type Line, openLine } from './line.ts';
import { Signer, type SwuPlan, swu } from './swu.ts';
import { type DeviceSettings, deviceFolder } from './swupdate-device.ts';

const IMEI = '350000000000006';
const ACCOUNT = '0000000001-00001';
const TOKEN = 'token-of-the-gateway';
const FACTS = { make: 'Acme', model: 'Gateway' };
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 150_000;

export interface Desk extends AsyncDisposable {
  readonly operator: OperatorClient;
  readonly line: Line;
  readonly device: DeviceSettings;
  /** Where the device installs to. */
  readonly target: string;
  /** Uploads a .swu and schedules a campaign with it; its id. */
  campaign(plan: Omit<SwuPlan, 'version' | 'target'> & Plan): Promise<string>;
  /** Looks at the device's update until it is as wanted. */
  until(campaign: string, is: (update: UpdateView) => boolean, log: () => string): Promise<UpdateView>;
  cancel(campaign: string): Promise<void>;
}

interface Plan {
  readonly target?: string;
  /** Hours of the day; absent: always. */
  readonly hours?: { readonly startTime: number; readonly endTime: number };
  readonly bytesPerSecond?: number;
}

export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-swupdate-'));
  await chmod(folder, 0o755);
  const line = await openLine();
  const data = join(folder, 'data');
  const flags = {
    data,
    'http-port': '0',
    'coap-port': '0',
    'coaps-port': '0',
    'log-level': 'error',
    'public-http-url': line.url,
  };
  const read = readConfig(flags, {});
  if (!read.ok) throw new Error(read.sentences.join(' '));
  const server = await startServer(read.config);
  line.leadTo(Number(new URL(`http://${server.ready.http}`).port));
  const operator = new OperatorClient({ baseUrl: line.url, operatorKey: server.operatorKey });
  const pair = await operator.accounts.create(ACCOUNT, { settings: { pollSeconds: 5 } });
  const customer = new CampanileClient({ baseUrl: line.url, ...pair });
  const own = { imei: IMEI, ...FACTS, transport: 'HTTP', ddiToken: TOKEN } as const;
  await operator.devices.import(ACCOUNT, [{ ...own, software: { application: '1' } }]);
  const signer = new Signer(folder);
  const ownFolder = await deviceFolder(folder);
  const target = join(ownFolder, 'installed');
  const given = { operator, customer, signer, target };
  return {
    operator,
    line,
    target,
    device: {
      folder: ownFolder,
      url: line.url,
      account: ACCOUNT,
      imei: IMEI,
      token: TOKEN,
      certificate: signer.certificate,
    },
    campaign: (plan) => newCampaign(given, plan),
    until: (campaign, is, log) => lookUntil(operator, campaign, is, log),
    cancel: async (campaign) => void (await operator.campaigns.abort(ACCOUNT, campaign)),
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await line[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Given {
  readonly operator: OperatorClient;
  readonly customer: CampanileClient;
  readonly signer: Signer;
  readonly target: string;
}

async function newCampaign(
  { operator, customer, signer, target }: Given,
  { hours, bytesPerSecond, ...plan }: Parameters<Desk['campaign']>[0],
): Promise<string> {
  const image = swu({ target, ...plan, version: '2' }, signer);
  const part = { ...FACTS, kind: 'software', name: 'app', from: '1', to: '2', transports: ['HTTP'] } as const;
  const reports = { attribute: 'application' };
  await operator.packages.upload(ACCOUNT, { ...part, reports, fileName: 'app-2.swu' }, image);
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const { id } = await customer.campaigns.scheduleSoftwareUpgrade(ACCOUNT, {
    softwareName: 'app',
    softwareFrom: '1',
    softwareTo: '2',
    distributionType: 'HTTP',
    startDate: day(systemClock.now()),
    endDate: day(systemClock.now() + DAY_MS),
    deviceList: [IMEI],
    ...(hours === undefined ? {} : { downloadTimeWindowList: [hours], installTimeWindowList: [hours] }),
  });
  if (bytesPerSecond !== undefined) await operator.bandwidth.set(ACCOUNT, id, bytesPerSecond);
  return id;
}

async function lookUntil(
  operator: OperatorClient,
  campaign: string,
  is: (update: UpdateView) => boolean,
  log: () => string,
): Promise<UpdateView> {
  const deadline = systemClock.now() + PATIENCE_MS;
  for (;;) {
    const [update] = (await operator.campaigns.updates(ACCOUNT, campaign)).items;
    if (update !== undefined && is(update)) return update;
    if (systemClock.now() > deadline) {
      throw new Error(`It did not come to it: ${JSON.stringify(update)}\n${log().slice(-6_000)}`);
    }
    await new Promise<void>((resolve) => systemTimers.after(LOOK_EVERY_MS, resolve));
  }
}

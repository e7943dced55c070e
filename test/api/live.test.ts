// News over a real connection: what a browser is told, who may listen, and that a server that ends lets go.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CampanileError, type LiveEvent, OperatorClient } from '../../src/sdk/operator.ts';
import { readConfig, type Server, startServer, systemClock } from '../../src/server/index.ts';

const ACCOUNT = '0000123456-00001';
const IMEI = '490154203237518';
const DAY_MS = 86_400_000;
const day = (ahead: number): string => new Date(systemClock.now() + ahead * DAY_MS).toISOString().slice(0, 10);

let data = '';
let server: Server;
let operator: OperatorClient;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'campanile-live-'));
  const config = readConfig({ 'http-port': '0', 'coap-port': '0', data, 'log-level': 'error' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  server = await startServer(config.config);
  operator = new OperatorClient({ baseUrl: server.publicHttpUrl, operatorKey: server.operatorKey, retriesMax: 0 });
  await operator.accounts.create(ACCOUNT);
  await operator.devices.import(ACCOUNT, [
    { imei: IMEI, make: 'Acme', model: 'M1', transport: 'LWM2M', firmware: '1' },
  ]);
  const part = { kind: 'firmware', name: 'modem', from: '1', to: '2', make: 'Acme', model: 'M1' } as const;
  await operator.packages.upload(ACCOUNT, { ...part, transports: ['LWM2M'] }, new Uint8Array(1000));
}, 60_000);

afterAll(async () => {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}, 30_000);

const next = async (events: AsyncGenerator<LiveEvent, void, undefined>): Promise<LiveEvent | undefined> =>
  (await events.next()).value ?? undefined;

const refusalOf = async (client: OperatorClient, account: string): Promise<unknown> => {
  try {
    await next(client.live(account));
    return undefined;
  } catch (error) {
    return error instanceof CampanileError ? [error.status, error.errorCode] : error;
  }
};

test('a viewer hears of a campaign that is made', async () => {
  const { key } = await operator.operators.create('looker', 'viewer');
  const viewer = new OperatorClient({ baseUrl: server.publicHttpUrl, operatorKey: key });
  const leaving = new AbortController();
  const events = viewer.live(ACCOUNT, { signal: leaving.signal });
  expect(await next(events)).toEqual({ kind: 'alive', eventId: '1' });
  const { id } = await operator.orders.schedule(ACCOUNT, {
    packageName: 'modem',
    startDate: day(2),
    endDate: day(3),
    deviceList: [IMEI],
  });
  expect(await next(events)).toEqual({ kind: 'changed', what: 'campaign', id, eventId: '2' });
  leaving.abort();
}, 30_000);

test('whoever was connected before is told that it may have missed something', async () => {
  const leaving = new AbortController();
  const events = operator.live(ACCOUNT, { signal: leaving.signal, after: '17' });
  expect(await next(events)).toEqual({ kind: 'changed', what: 'all', eventId: '1' });
  leaving.abort();
});

test('strangers and unknown accounts are refused as everywhere', async () => {
  const stranger = new OperatorClient({
    baseUrl: server.publicHttpUrl,
    operatorKey: 'a-key-of-nobody-at-all',
    retriesMax: 0,
  });
  expect(await refusalOf(stranger, ACCOUNT)).toEqual([401, 'UNAUTHORIZED']);
  expect(await refusalOf(operator, '0000999999-00001')).toEqual([404, 'ACCOUNT_NOT_FOUND']);
  expect(await refusalOf(operator, 'nothing')).toEqual([400, 'INVALID_PARAMETER']);
});

test('a server that ends does not wait for those who listen', async () => {
  const events = operator.live(ACCOUNT);
  await next(events);
  const begun = systemClock.now();
  await server.stop();
  expect(systemClock.now() - begun).toBeLessThan(4_000);
  expect(await events.next()).toEqual({ done: true, value: undefined });
}, 30_000);

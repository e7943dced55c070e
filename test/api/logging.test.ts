// Client logging over HTTP: on and off for devices, with their logs and check-ins.
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountName, Imei, Instant } from '../../src/campaigns/index.ts';
import { ACCOUNT, type Desk, HTTP_DEVICES, openDesk, openExample } from './desk.ts';

const [ONE = '', TWO = ''] = HTTP_DEVICES;
const PATH = `/api/fota/v2/logging/${ACCOUNT}/devices`;
const DAY = 86_400_000;
let desk: Desk;
let caller: Record<string, string>;

beforeEach(async () => {
  desk = await openDesk();
  caller = await openExample(desk);
});

const call = (method: 'GET' | 'PUT' | 'DELETE', path = '', body?: object) =>
  desk.call(method, `${PATH}${path}`, body, caller);

test('logging is switched on for a week and is over then', async () => {
  expect((await call('GET')).body).toEqual([]);
  const both = [
    { deviceId: ONE, expiryDate: '2026-03-17' },
    { deviceId: TWO, expiryDate: '2026-03-17' },
  ];
  expect((await call('PUT', '', { deviceIds: HTTP_DEVICES })).body).toEqual(both);
  expect((await call('GET')).body).toEqual(both);
  desk.later(DAY);
  await desk.jumpTo('2026-03-11T10:00:00Z');
  expect((await call('PUT', `/${ONE}`)).body).toEqual({ deviceId: ONE, expiryDate: '2026-03-18' });
  await desk.jumpTo('2026-03-17T10:00:00Z');
  expect((await call('GET')).body).toEqual([{ deviceId: ONE, expiryDate: '2026-03-18' }]);
});

describe('logging is switched off', () => {
  test.each([`?deviceIds=${ONE},${TWO}`, `?deviceIds=${ONE}%20${TWO}`, `?deviceIds=${ONE}&deviceIds=${TWO}`])(
    'for the devices of %s',
    async (query) => {
      await call('PUT', '', { deviceIds: HTTP_DEVICES });
      for (const _again of [1, 2]) expect(await call('DELETE', query)).toMatchObject({ status: 204, body: '' });
      expect((await call('GET')).body).toEqual([]);
    },
  );

  test('for one device', async () => {
    await call('PUT', '', { deviceIds: HTTP_DEVICES });
    expect((await call('DELETE', `/${ONE}`)).status).toBe(204);
    expect((await call('GET')).body).toMatchObject([{ deviceId: TWO }]);
  });

  test('and a call that names nobody is refused', async () => {
    expect((await call('DELETE')).status).toBe(400);
    expect((await call('DELETE', '?deviceIds=')).status).toBe(400);
  });
});

test('twenty devices of an account may log at a time', async () => {
  const imeis = Array.from({ length: 21 }, (_, at) => String(990000000000000 + at));
  await desk.operator(
    'POST',
    `/accounts/${ACCOUNT}/devices`,
    imeis.map((imei) => ({ imei, transport: 'HTTP' })),
  );
  expect((await call('PUT', '', { deviceIds: imeis })).status).toBe(400);
  expect((await call('PUT', '', { deviceIds: imeis.slice(0, 20) })).status).toBe(200);
  const refused = await call('PUT', `/${imeis[20]}`);
  expect(refused.status).toBe(400);
  expect(refused.body.errorMessage).toContain('at most 20');
});

test('an unknown device, a foreign account and a list under another name are refused', async () => {
  expect((await call('PUT', '', { deviceIds: ['123456789012345'] })).body.errorCode).toBe('DEVICE_NOT_FOUND');
  expect((await call('PUT', '/123456789012345')).body.errorCode).toBe('DEVICE_NOT_FOUND');
  expect((await call('GET', '/123456789012345/logs')).body.errorCode).toBe('DEVICE_NOT_FOUND');
  expect((await call('PUT', '', { deviceList: [ONE] })).body.errorMessage).toContain('deviceIds');
  for (const path of ['', `/${ONE}/logs`, `/${ONE}/checkInHistory`]) {
    const foreign = await desk.call('GET', `/api/fota/v2/logging/0000999999-00009/devices${path}`, undefined, caller);
    expect(foreign.body.errorCode).toBe('INVALID_ACCOUNT');
  }
});

test('what a device did is shown, the latest first', async () => {
  const key = { account: ACCOUNT as AccountName, imei: ONE as Imei };
  const at = (text: string) => Date.parse(text) as Instant;
  expect((await call('GET', `/${ONE}/logs`)).body).toEqual([]);
  expect((await call('GET', `/${ONE}/checkInHistory`)).body).toEqual([]);
  await desk.store.putDeviceLogs([
    { key, at: at('2026-03-10T08:00:00Z'), type: 'Event', text: 'asked' },
    { key, at: at('2026-03-10T09:00:00Z'), type: 'SoftwareUpdate', text: 'action 1, downloaded' },
  ]);
  await desk.store.putCheckIns([
    { key, at: at('2026-03-10T09:00:00Z'), client: 'HTTP', result: 'failed', failure: 'no space' },
  ]);
  expect((await call('GET', `/${ONE}/logs`)).body).toMatchObject([
    {
      deviceId: ONE,
      logTime: '2026-03-10T09:00:00.000Z',
      logType: 'SoftwareUpdate',
      eventLog: 'action 1, downloaded',
      binaryLogFileBase64: '',
      binaryLogFilename: '',
    },
    { logType: 'Event' },
  ]);
  expect((await call('GET', `/${ONE}/checkInHistory`)).body).toEqual([
    {
      deviceId: ONE,
      clientType: 'HTTP',
      result: 'failed',
      failureType: 'no space',
      timeCompleted: '2026-03-10T09:00:00.000Z',
    },
  ]);
});

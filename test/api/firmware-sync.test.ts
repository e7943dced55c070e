// Firmware synchronise over HTTP: what is known is told, and LwM2M devices that are connected are asked.
import { beforeEach, expect, test } from 'vitest';
import type { AccountName, Imei, Instant, NodeId, Registration } from '../../src/campaigns/index.ts';
import { ACCOUNT, type Desk, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, openDesk, openExample } from './desk.ts';

const PATH = `/api/fota/v3/firmware/${ACCOUNT}`;
const [CONNECTED = '', AWAY = ''] = LWM2M_DEVICES;
const UNKNOWN = '123456789012345';
let desk: Desk;
let caller: Record<string, string>;

beforeEach(async () => {
  desk = await openDesk();
  caller = await openExample(desk);
  await connect(CONNECTED);
});

async function connect(imei: string): Promise<void> {
  const registration: Registration = {
    node: 'node-1' as NodeId,
    location: imei,
    peer: '192.0.2.1:5683',
    endpoint: imei,
    queueMode: false,
    version: '1.0',
    expiresAt: Date.parse('2026-03-20T00:00:00Z') as Instant,
    since: Date.parse('2026-03-10T10:00:00Z') as Instant,
  };
  await desk.engine.deviceRegistered({ account: ACCOUNT as AccountName, imei: imei as Imei }, registration);
}

const put = (path: string, body?: object) => desk.call('PUT', `${PATH}${path}`, body, caller);
const asked = () =>
  desk.sent.filter(({ kind }) => kind === 'ask').map((one) => ('device' in one ? one.device.imei : ''));

test('each device is told once, with what is known of it and where that comes from', async () => {
  const [http = ''] = HTTP_DEVICES;
  const { status, body } = await put('/devices', { deviceList: [CONNECTED, AWAY, http, UNKNOWN, CONNECTED] });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    accountName: ACCOUNT,
    deviceFirmwarVersionList: [
      {
        deviceId: CONNECTED,
        firmwareVersion: FIRMWARE.from,
        status: 'FirmwareVersionUpdateSuccess',
        reason: 'Success',
        reasonText: expect.stringContaining('is asked now'),
        firmwareVersionUpdateTime: '2026-03-10T10:00:00.000Z',
      },
      { deviceId: AWAY, firmwareVersion: FIRMWARE.from, reasonText: expect.stringContaining('not connected') },
      { deviceId: http, firmwareVersion: '', status: 'FirmwareVersionUpdateFailed' },
      { deviceId: UNKNOWN, firmwareVersion: '', reason: 'Device does not exist.' },
    ],
  });
  await desk.settle();
  expect(asked()).toEqual([CONNECTED]);
});

test('the older call takes one device', async () => {
  expect((await put(`/${CONNECTED}`)).body).toMatchObject({
    deviceFirmwarVersionList: [{ deviceId: CONNECTED, firmwareVersion: FIRMWARE.from }],
  });
  expect((await put(`/${UNKNOWN}`)).body.errorCode).toBe('DEVICE_NOT_FOUND');
});

test('a device is asked to report, and what it cannot do is said', async () => {
  const answer = await put(`/async/${CONNECTED}`);
  expect(answer).toMatchObject({ status: 200, body: { accountName: ACCOUNT } });
  expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  await desk.settle();
  expect(asked()).toEqual([CONNECTED]);
  const away = await put(`/async/${AWAY}`);
  expect(away).toMatchObject({ status: 400, body: { errorCode: 'DEVICE_NOT_ELIGIBLE' } });
  expect(away.body.errorMessage).toContain('not connected');
  expect((await put(`/async/${HTTP_DEVICES[0]}`)).body.errorMessage).toContain('over HTTP');
  expect((await put(`/async/${UNKNOWN}`)).body.errorCode).toBe('DEVICE_NOT_FOUND');
});

test('a list that is empty or too long, and a foreign account, are refused', async () => {
  expect((await put('/devices', { deviceList: [] })).status).toBe(400);
  const long = Array.from({ length: 1_001 }, () => CONNECTED);
  expect((await put('/devices', { deviceList: long })).body.errorMessage).toContain('1000');
  const foreign = '/api/fota/v3/firmware/0000999999-00009';
  for (const path of ['/devices', `/${CONNECTED}`, `/async/${CONNECTED}`]) {
    const answer = await desk.call('PUT', `${foreign}${path}`, { deviceList: [CONNECTED] }, caller);
    expect(answer.body.errorCode).toBe('INVALID_ACCOUNT');
  }
});

// The devices of an account, as each generation lists them and pages through them.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, SOFTWARE, upload } from './desk.ts';
import { importFleet, type Neighbours, openNeighbours, plant, succeeded } from './neighbours.ts';

const NOW = '2026-03-10T10:00:00.000Z';
const [FIRST = '', SECOND = ''] = LWM2M_DEVICES;

/** An upgrade of the first device that went well, and when that was. */
async function upgraded(neighbours: Neighbours): Promise<void> {
  const { ask, desk } = neighbours;
  const { body } = await ask('POST', '/v1/upgrades', {
    accountName: ACCOUNT,
    firmwareName: FIRMWARE.name,
    firmwareTo: FIRMWARE.to,
    startDate: '2026-03-10',
    deviceList: [FIRST],
  });
  await desk.settle();
  await plant(neighbours, body.id, FIRST, succeeded);
}

test('generation 1 pages by index and tells when a device was never upgraded', async () => {
  const neighbours = await openNeighbours();
  const { get } = neighbours;
  const page = await get(`/v1/devices/${ACCOUNT}/index/0?clientType=Oma`);
  expect(page).toMatchObject({ accountName: ACCOUNT, hasMoreData: false, lastSeenDeviceId: 4, maxPageSize: 1000 });
  expect(page.deviceList[0]).toEqual({
    deviceId: FIRST,
    mdn: '',
    make: FIRMWARE.make,
    model: FIRMWARE.model,
    firmware: FIRMWARE.from,
    fotaEligible: true,
    licenseAssigned: false,
    upgradeTime: '01/01/1900 0:0:0',
  });
  await upgraded(neighbours);
  const [first] = (await get(`/v1/devices/${ACCOUNT}/index/0`)).deviceList;
  expect(first?.upgradeTime).toBe(NOW);
});

test('an index behind the end of the list is refused, and so is one that is no number', async () => {
  const { ask, get } = await openNeighbours();
  expect((await get(`/v1/devices/${ACCOUNT}/index/3`)).deviceList).toHaveLength(1);
  for (const index of ['4', '-1', 'x', '1.5']) {
    const { status, body } = await ask('GET', `/v1/devices/${ACCOUNT}/index/${index}`);
    expect([status, body.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
    expect(body.errorMessage).toContain('startIndex');
  }
});

test('generation 2 lists devices of every transport, or of one', async () => {
  const neighbours = await openNeighbours();
  const { get } = neighbours;
  const ids = async (query: string) =>
    (await get(`/v2/devices/${ACCOUNT}${query}`)).deviceList.map(({ deviceId }) => deviceId);
  expect(await ids('')).toEqual([...LWM2M_DEVICES, ...HTTP_DEVICES]);
  expect(await ids('?distributionType=HTTP')).toEqual(HTTP_DEVICES);
  expect(await ids('?distributionType=all&lastSeenDeviceId=0')).toHaveLength(4);
  expect(await ids('?distributionType=OMA-DM')).toEqual([]);
  const { deviceList } = await get(`/v2/devices/${ACCOUNT}?distributionType=HTTP`);
  expect(deviceList[0]).toEqual({
    deviceId: HTTP_DEVICES[0],
    mdn: '',
    make: 'Verizon',
    model: 'Model-A',
    fotaEligible: true,
    appFotaEligible: true,
    licenseAssigned: false,
    distributionType: 'HTTP',
    softwareList: [{ name: 'app', version: SOFTWARE.from, upgradeTime: NOW }],
    refreshTime: NOW,
  });
});

test('generation 3 lists LwM2M devices unless another transport is asked for', async () => {
  const neighbours = await openNeighbours();
  const { get, operator } = neighbours;
  await operator('PATCH', `/accounts/${ACCOUNT}/devices/${SECOND}`, { labels: { mdn: '5551234567' } });
  await upgraded(neighbours);
  const { deviceList } = await get(`/v3/devices/${ACCOUNT}`);
  expect(deviceList.map(({ deviceId }) => deviceId)).toEqual(LWM2M_DEVICES);
  expect(deviceList[0]).toEqual({
    deviceId: FIRST,
    mdn: '',
    make: FIRMWARE.make,
    model: FIRMWARE.model,
    firmware: FIRMWARE.from,
    fotaEligible: true,
    status: 'Active',
    licenseAssigned: false,
    protocol: 'LWM2M',
    softwareList: [],
    fileList: [],
    upgradeTime: NOW,
    refreshTime: NOW,
  });
  expect(deviceList[1]).toMatchObject({ mdn: '5551234567' });
  expect(deviceList[1]).not.toHaveProperty('upgradeTime');
  expect((await get(`/v3/devices/${ACCOUNT}?protocol=all`)).deviceList).toHaveLength(4);
});

test('what a device has of a file package is in its list of files', async () => {
  const { desk, get } = await openNeighbours();
  await upload(desk, { ...SOFTWARE, kind: 'file', name: 'app', from: '*', to: '7' }, 'settings');
  const { deviceList } = await get(`/v3/devices/${ACCOUNT}?protocol=HTTP`);
  expect(deviceList[0]).toMatchObject({
    softwareList: [],
    fileList: [{ name: 'app', version: SOFTWARE.from, upgradeTime: NOW }],
  });
});

describe('some devices', () => {
  test('are read by their ids; unknown ones are told', async () => {
    const { ask } = await openNeighbours();
    const deviceList = [SECOND, '999999999999999', SECOND, 'no IMEI'];
    const { status, body } = await ask('POST', `/v3/devices/${ACCOUNT}`, { deviceList });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accountName: ACCOUNT, deviceCount: 3 });
    expect(body.deviceList[0]).toMatchObject({
      deviceId: SECOND,
      requestStatus: 'Success',
      firmware: FIRMWARE.from,
      fotaEligible: true,
      protocol: 'LWM2M',
    });
    expect(body.deviceList.slice(1)).toEqual([
      { deviceId: '999999999999999', requestStatus: 'Failure', resultReason: 'Device Not Found.' },
      { deviceId: 'no IMEI', requestStatus: 'Failure', resultReason: 'Device Not Found.' },
    ]);
  });

  test('may be a thousand, not one more', async () => {
    const { ask } = await openNeighbours();
    const list = (count: number) => Array.from({ length: count }, (_, place) => String(place));
    expect((await ask('POST', `/v3/devices/${ACCOUNT}`, { deviceList: list(1000) })).status).toBe(200);
    for (const count of [0, 1001]) {
      const { status, body } = await ask('POST', `/v3/devices/${ACCOUNT}`, { deviceList: list(count) });
      expect([status, body.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
      expect(body.errorMessage).toContain('1000');
    }
  });
});

test('1,001 devices are two pages without gaps or repeats, by id and by index', async () => {
  const neighbours = await openNeighbours();
  const { get } = neighbours;
  const fleet = [...LWM2M_DEVICES, ...(await importFleet(neighbours, 999))].sort();
  const first = await get(`/v3/devices/${ACCOUNT}?lastSeenDeviceId=0`);
  expect(first).toMatchObject({ hasMoreData: true, maxPageSize: 1000, lastSeenDeviceId: fleet[999] });
  const second = await get(`/v3/devices/${ACCOUNT}?lastSeenDeviceId=${first.lastSeenDeviceId}`);
  expect(second.hasMoreData).toBe(false);
  expect(second).not.toHaveProperty('lastSeenDeviceId');
  expect([...first.deviceList, ...second.deviceList].map(({ deviceId }) => deviceId)).toEqual(fleet);

  const all = [...fleet, ...HTTP_DEVICES].sort();
  const top = await get(`/v1/devices/${ACCOUNT}/index/0`);
  expect(top).toMatchObject({ hasMoreData: true, lastSeenDeviceId: 1000 });
  const rest = await get(`/v1/devices/${ACCOUNT}/index/${top.lastSeenDeviceId}`);
  expect(rest).toMatchObject({ hasMoreData: false, lastSeenDeviceId: 1003 });
  expect([...top.deviceList, ...rest.deviceList].map(({ deviceId }) => deviceId)).toEqual(all);
});

test('the devices of another account are refused alike, whether it exists or not', async () => {
  const { ask, operator } = await openNeighbours();
  await operator('POST', '/accounts', { accountName: '0000000002-00002' });
  for (const account of ['0000000002-00002', '0000000003-00003']) {
    const answers = [
      await ask('GET', `/v1/devices/${account}/index/0`),
      await ask('GET', `/v2/devices/${account}`),
      await ask('GET', `/v3/devices/${account}`),
      await ask('POST', `/v3/devices/${account}`, { deviceList: [FIRST] }),
    ];
    for (const { status, body } of answers) expect([status, body.errorCode]).toEqual([400, 'INVALID_ACCOUNT']);
  }
});

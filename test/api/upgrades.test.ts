// Upgrades of generation 1: firmware campaigns in its own words and paths.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, upload } from './desk.ts';
import { type Fields, importFleet, type Neighbours, openNeighbours, plant, succeeded } from './neighbours.ts';

const [FIRST = '', SECOND = ''] = LWM2M_DEVICES;
const UNKNOWN = '999999999999999';
const EXAMPLE = {
  accountName: ACCOUNT,
  firmwareName: FIRMWARE.name,
  firmwareTo: FIRMWARE.to,
  startDate: '2026-03-29',
  endDate: '2026-04-01',
  deviceList: LWM2M_DEVICES,
};

const post = ({ ask }: Neighbours, more = {}) => ask('POST', '/v1/upgrades', { ...EXAMPLE, ...more });
const pathOf = ({ id }: Fields): string => `/v1/upgrades/${ACCOUNT}/upgrade/${id}`;

async function scheduled(neighbours: Neighbours, more = {}): Promise<Fields> {
  const { status, body } = await post(neighbours, more);
  expect([status, body.errorMessage]).toEqual([200, undefined]);
  return body;
}

describe('scheduling', () => {
  test('answers the upgrade with each of its devices', async () => {
    const neighbours = await openNeighbours();
    const { status, body } = await post(neighbours);
    expect(status).toBe(200);
    const { deviceList: _devices, ...echoed } = EXAMPLE;
    expect(body).toMatchObject({ ...echoed, status: 'RequestPending', statusReason: expect.any(String) });
    expect(body.deviceList).toEqual(
      LWM2M_DEVICES.map((deviceId) => ({
        deviceId,
        status: 'Request Pending',
        reasonText: expect.stringContaining('not yet known'),
      })),
    );
    await neighbours.desk.settle();
    const later = await neighbours.get(pathOf(body));
    expect(later.status).toBe('Queued');
    expect(later.deviceList).toMatchObject(
      LWM2M_DEVICES.map((deviceId) => ({ deviceId, status: 'Device Accepted', resultReason: 'success' })),
    );
  });

  test('takes a date-time for the start, and a week where there is no end', async () => {
    const neighbours = await openNeighbours();
    const body = await scheduled(neighbours, { startDate: '2026-03-29T12:00:00Z', endDate: null });
    expect(body).toMatchObject({ startDate: '2026-03-29', endDate: '2026-04-05' });
  });

  test('makes a firmware campaign that generation 3 reads, and generation 1 reads those of generation 3', async () => {
    const neighbours = await openNeighbours();
    const upgrade = await scheduled(neighbours);
    expect(await neighbours.get(`/v3/campaigns/${ACCOUNT}/${upgrade.id}`)).toMatchObject({
      firmwareName: FIRMWARE.name,
      firmwareFrom: FIRMWARE.from,
      firmwareTo: FIRMWARE.to,
      protocol: 'LWM2M',
    });
    const { body } = await neighbours.ask('POST', `/v3/campaigns/firmware/${ACCOUNT}`, {
      firmwareName: FIRMWARE.name,
      firmwareFrom: FIRMWARE.from,
      firmwareTo: FIRMWARE.to,
      protocol: 'LWM2M',
      startDate: '2026-03-29',
      endDate: '2026-04-01',
      deviceList: [FIRST],
    });
    expect(await neighbours.get(pathOf(body))).toMatchObject({ id: body.id, status: 'RequestPending' });
  });

  test('again within ten minutes answers the first upgrade', async () => {
    const neighbours = await openNeighbours();
    const [one, other] = [await scheduled(neighbours), await scheduled(neighbours)];
    expect(other.id).toBe(one.id);
  });

  test('goes over HTTP where the firmware is made for nothing else', async () => {
    const neighbours = await openNeighbours();
    await upload(neighbours.desk, { ...FIRMWARE, name: 'web', from: '*', transports: ['HTTP'] }, 'other');
    const { id } = await scheduled(neighbours, { firmwareName: 'web' });
    expect(await neighbours.get(`/v3/campaigns/${ACCOUNT}/${id}`)).toMatchObject({
      protocol: 'HTTP',
      firmwareFrom: '*',
    });
  });

  test('is refused with a sentence that says what is wrong', async () => {
    const neighbours = await openNeighbours();
    const refusals: readonly (readonly [object, string, string])[] = [
      [{ accountName: '0000000002-00002' }, 'INVALID_ACCOUNT', '0000000002-00002'],
      [{ accountName: 'mine' }, 'INVALID_PARAMETER', 'accountName'],
      [{ firmwareName: 'missing' }, 'FIRMWARE_NOT_FOUND', FIRMWARE.name],
      [{ firmwareTo: 'other' }, 'FIRMWARE_NOT_FOUND', FIRMWARE.to],
      [{ startDate: '2026-03-01' }, 'INVALID_PARAMETER', 'startDate'],
      [{ endDate: '2026-03-28' }, 'INVALID_PARAMETER', 'endDate'],
      [{ startDate: 'soon' }, 'INVALID_PARAMETER', 'startDate'],
      [{ deviceList: [] }, 'INVALID_PARAMETER', 'deviceList'],
    ];
    for (const [more, code, word] of refusals) {
      const { status, body } = await post(neighbours, more);
      expect([status, body.errorCode]).toEqual([400, code]);
      expect(body.errorMessage).toContain(word);
    }
    const { reportList } = await neighbours.get(`/v1/reports/${ACCOUNT}/status/RequestPending/index/0`);
    expect(reportList).toEqual([]);
  });
});

describe('devices', () => {
  test('are added and removed with an outcome for each, in every form of the body', async () => {
    const neighbours = await openNeighbours();
    const upgrade = await scheduled(neighbours, { deviceList: [FIRST] });
    const put = (body: unknown) => neighbours.ask('PUT', pathOf(upgrade), body);
    const added = await put({ type: 'append', deviceList: [SECOND, UNKNOWN] });
    expect(added.body).toMatchObject({ accountName: ACCOUNT, id: upgrade.id });
    expect(added.body.deviceList).toMatchObject([
      { deviceId: SECOND, status: 'AddDeviceSucceed', Reason: 'Device added Successfully' },
      { deviceId: UNKNOWN, status: 'AddDeviceFailed' },
    ]);
    const removed = await put({ addOrRemoveDevice: [{ Type: 'Remove', deviceList: [SECOND] }] });
    expect(removed.body.deviceList).toMatchObject([{ deviceId: SECOND, status: 'RemoveDeviceSucceed' }]);
  });

  test('that are all removed leave a cancelled upgrade', async () => {
    const neighbours = await openNeighbours();
    const upgrade = await scheduled(neighbours);
    await neighbours.desk.settle();
    await neighbours.ask('PUT', pathOf(upgrade), { type: 'remove', deviceList: LWM2M_DEVICES });
    await neighbours.desk.settle();
    expect(await neighbours.get(`/v3/campaigns/${ACCOUNT}/${upgrade.id}`)).toMatchObject({
      status: 'CampaignCancelled',
    });
  });

  test('cannot be changed once the upgrade is in progress', async () => {
    const neighbours = await openNeighbours();
    const upgrade = await scheduled(neighbours, { startDate: '2026-03-10' });
    await neighbours.desk.settle();
    expect((await neighbours.get(pathOf(upgrade))).status).toBe('InProgress');
    const before = await neighbours.get(pathOf(upgrade));
    const { status, body } = await neighbours.ask('PUT', pathOf(upgrade), { type: 'remove', deviceList: [FIRST] });
    expect([status, body.errorCode]).toEqual([400, 'CAMPAIGN_STATE_INVALID']);
    expect(await neighbours.get(pathOf(upgrade))).toEqual(before);
  });

  test('are refused by the words of generation 1', async () => {
    const neighbours = await openNeighbours();
    const deviceList = [FIRST, HTTP_DEVICES[0], UNKNOWN, 'no IMEI'];
    const { id } = await scheduled(neighbours, { deviceList });
    await neighbours.desk.settle();
    const upgrade = await neighbours.get(`/v1/upgrades/${ACCOUNT}/upgrade/${id}`);
    expect(Object.fromEntries(upgrade.deviceList.map((one) => [one.deviceId, [one.status, one.resultReason]]))).toEqual(
      {
        [FIRST]: ['Device Accepted', 'success'],
        [HTTP_DEVICES[0] ?? '']: ['Device Rejected', 'Unknown client device type'],
        [UNKNOWN]: ['Device Rejected', 'Device not found'],
        'no IMEI': ['Device Rejected', 'Invalid IMEI'],
      },
    );
  });
});

test('an upgrade is cancelled once; the second time is refused', async () => {
  const neighbours = await openNeighbours();
  const upgrade = await scheduled(neighbours);
  expect(await neighbours.ask('DELETE', pathOf(upgrade))).toMatchObject({ status: 200, body: { success: true } });
  const again = await neighbours.ask('DELETE', pathOf(upgrade));
  expect([again.status, again.body.errorCode]).toEqual([400, 'CAMPAIGN_STATE_INVALID']);
  expect((await neighbours.get(pathOf(upgrade))).status).toBe('Finished');
});

test('an upgrade of another account and one that is not there are refused alike', async () => {
  const neighbours = await openNeighbours();
  const { id } = await scheduled(neighbours);
  for (const path of [`${ACCOUNT}/upgrade/missing`, `0000000002-00002/upgrade/${id}`]) {
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const change = method === 'PUT' ? { type: 'append', deviceList: [FIRST] } : undefined;
      const { status, body } = await neighbours.ask(method, `/v1/upgrades/${path}`, change);
      expect([status, body.errorCode]).toEqual([400, 'CAMPAIGN_NOT_FOUND']);
    }
  }
});

describe('the report', () => {
  test('lists upgrades of a status, fifty at a time, from an index on', async () => {
    const neighbours = await openNeighbours();
    const ids: string[] = [];
    for (const month of ['04', '05']) {
      for (let day = 1; day <= (month === '04' ? 30 : 21); day += 1) {
        const { id } = await scheduled(neighbours, { endDate: `2026-${month}-${String(day).padStart(2, '0')}` });
        ids.push(id);
      }
    }
    const path = `/v1/reports/${ACCOUNT}/status/requestpending/index`;
    const first = await neighbours.get(`${path}/0`);
    expect(first).toMatchObject({ hasMoreFlag: true, lastSeenUpgradeId: 50 });
    expect(first.reportList[0]).toMatchObject({ status: 'RequestPending', deviceList: [{ deviceId: FIRST }, {}] });
    const second = await neighbours.get(`${path}/${first.lastSeenUpgradeId}`);
    expect(second).toMatchObject({ hasMoreFlag: false, lastSeenUpgradeId: 51 });
    expect([...first.reportList, ...second.reportList].map(({ id }) => id)).toEqual(ids.sort());
    expect((await neighbours.get(`${path}/51`)).reportList).toEqual([]);
  });

  test('knows six words', async () => {
    const neighbours = await openNeighbours();
    const { id } = await scheduled(neighbours);
    await neighbours.desk.settle();
    const of = (status: string) => neighbours.ask('GET', `/v1/reports/${ACCOUNT}/status/${status}/index/0`);
    expect((await of('Queued')).body.reportList).toMatchObject([{ id }]);
    for (const word of ['RequestFailed', 'InProgress', 'Finished', 'UpgradeFailed']) {
      expect(await of(word)).toMatchObject({ status: 200, body: { hasMoreFlag: false, reportList: [] } });
    }
    const { status, body } = await of('CampaignEnded');
    expect([status, body.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
    expect((await neighbours.ask('GET', `/v1/reports/${ACCOUNT}/status/Queued/index/x`)).status).toBe(400);
  });

  test('of a device goes back six months', async () => {
    const neighbours = await openNeighbours();
    const { id } = await scheduled(neighbours);
    await neighbours.desk.settle();
    await plant(neighbours, id, FIRST, succeeded);
    const history = () => neighbours.get(`/v1/reports/${ACCOUNT}/devices/${FIRST}`);
    expect(await history()).toEqual([
      {
        deviceId: FIRST,
        id,
        accountName: ACCOUNT,
        firmwareFrom: FIRMWARE.from,
        firmwareTo: FIRMWARE.to,
        startDate: '2026-03-29',
        status: 'UpgradeSuccess',
        reason: 'success',
        reasonText: expect.any(String),
      },
    ]);
    await neighbours.desk.jumpTo('2026-09-09T09:00:00Z');
    expect(await history()).toHaveLength(1);
    await neighbours.desk.jumpTo('2026-09-10T00:00:00Z');
    expect(await history()).toEqual([]);
  });

  test('of many devices is whole before and after they are judged', async () => {
    const neighbours = await openNeighbours();
    const fleet = await importFleet(neighbours, 2500);
    const body = await scheduled(neighbours, { deviceList: fleet });
    expect(body.deviceList.map(({ deviceId }) => deviceId)).toEqual(fleet);
    await neighbours.desk.settle();
    const later = await neighbours.get(pathOf(body));
    expect(later.deviceList.map(({ deviceId }) => deviceId)).toEqual(fleet);
    expect(later).not.toHaveProperty('warnings');
  });
});

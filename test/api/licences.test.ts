// Subscriptions, licences and the candidates for taking back, in every generation.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, FIRMWARE, LWM2M_DEVICES } from './desk.ts';
import { importFleet, type Neighbours, neighboursOn, plant, succeeded } from './neighbours.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openNeighbours = neighboursOn(use());

  const NOW = '2026-03-10T10:00:00.000Z';
  const [FIRST = '', SECOND = ''] = LWM2M_DEVICES;
  const UNKNOWN = '999999999999999';
  const MONTHLY = { subscription: { purchaseType: 'TS-HFOTA-MRC', licenseCount: 2 } };
  const GENERATIONS = ['v1', 'v2', 'v3'] as const;

  const change = ({ ask }: Neighbours, generation: string, act: 'assign' | 'remove', deviceList: readonly string[]) =>
    ask('POST', `/${generation}/licenses/${ACCOUNT}/${act}`, { deviceList });

  test('every generation tells the subscription with what is used of it', async () => {
    const neighbours = await openNeighbours(MONTHLY);
    for (const generation of GENERATIONS) {
      expect(await neighbours.get(`/${generation}/subscriptions/${ACCOUNT}`)).toEqual({
        accountName: ACCOUNT,
        purchaseType: 'TS-HFOTA-MRC',
        licenseCount: 2,
        licenseUsedCount: 0,
        updateTime: NOW,
      });
    }
    neighbours.desk.later(60_000);
    await change(neighbours, 'v3', 'assign', [FIRST]);
    expect(await neighbours.get(`/v2/subscriptions/${ACCOUNT}`)).toMatchObject({
      licenseUsedCount: 1,
      updateTime: '2026-03-10T10:01:00.000Z',
    });
  });

  test('a subscription without a number has as many licences as an account can have', async () => {
    const { get } = await openNeighbours();
    expect(await get(`/v1/subscriptions/${ACCOUNT}`)).toMatchObject({
      purchaseType: 'TS-HFOTA-EVNT',
      licenseCount: 100_000_000,
    });
  });

  describe('assigning', () => {
    test('is told by generation 1 in Reason, with both spellings of the count', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      const { status, body } = await change(neighbours, 'v1', 'assign', [FIRST, UNKNOWN, FIRST]);
      expect(status).toBe(200);
      expect(body).toEqual({
        accountName: ACCOUNT,
        licCount: 2,
        licTotalCount: 2,
        licUsedCount: 1,
        deviceList: [
          {
            deviceId: FIRST,
            status: 'LicenseAssignSuccess',
            Reason: 'Success',
            reasonText: 'A licence was assigned.',
          },
          {
            deviceId: UNKNOWN,
            status: 'LicenseAssignFailed',
            Reason: 'Device does not exist.',
            reasonText: 'The account has no such device.',
          },
          {
            deviceId: FIRST,
            status: 'LicenseAssignSuccess',
            Reason: 'Device license preexisting',
            reasonText: 'The device has a licence already.',
          },
        ],
      });
    });

    test('is told by generation 2 as Success or Failure', async () => {
      const neighbours = await openNeighbours({ subscription: { purchaseType: 'TS-HFOTA-MRC', licenseCount: 1 } });
      const { body } = await change(neighbours, 'v2', 'assign', [FIRST, SECOND]);
      expect(body.licUsedCount).toBe(1);
      expect(body.deviceList).toMatchObject([
        { deviceId: FIRST, status: 'Success', resultReason: 'Success' },
        { deviceId: SECOND, status: 'Failure', resultReason: 'No license available' },
      ]);
    });

    test('is told by generation 3 with the act in the status', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      const { body } = await change(neighbours, 'v3', 'assign', [FIRST]);
      expect(body.deviceList).toMatchObject([{ status: 'LicenseAssignSuccess', resultReason: 'Success' }]);
      const again = await change(neighbours, 'v3', 'assign', [FIRST]);
      expect(again.body).toMatchObject({
        licUsedCount: 1,
        deviceList: [{ status: 'LicenseAssignSuccess', resultReason: 'Device license preexisting' }],
      });
    });

    test('lets the device into campaigns of a subscription that asks for licences', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      const { ask, desk, get } = neighbours;
      await change(neighbours, 'v3', 'assign', [FIRST]);
      const { body } = await ask('POST', `/v3/campaigns/firmware/${ACCOUNT}`, {
        firmwareName: FIRMWARE.name,
        firmwareFrom: FIRMWARE.from,
        firmwareTo: FIRMWARE.to,
        protocol: 'LWM2M',
        startDate: '2026-03-29',
        endDate: '2026-04-01',
        deviceList: LWM2M_DEVICES,
      });
      await desk.settle();
      const { deviceList } = await get(`/v3/reports/${ACCOUNT}/campaigns/${body.id}/devices`);
      expect(deviceList).toMatchObject([
        { deviceId: FIRST, status: 'UpgradePending' },
        { deviceId: SECOND, status: 'DeviceRejected', resultReason: 'No license attached to device' },
      ]);
    });
  });

  describe('taking back', () => {
    test('gives the licence free where it was not used', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      await change(neighbours, 'v1', 'assign', [FIRST]);
      const { body } = await change(neighbours, 'v2', 'remove', [FIRST, SECOND]);
      expect(body).toMatchObject({
        licUsedCount: 0,
        deviceList: [
          { status: 'Success', resultReason: 'Success' },
          { status: 'Failure', resultReason: 'No license attached to device' },
        ],
      });
    });

    test('is refused where the device was upgraded or is being upgraded', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      const { ask, desk } = neighbours;
      await change(neighbours, 'v1', 'assign', LWM2M_DEVICES);
      const { body: upgrade } = await ask('POST', '/v1/upgrades', {
        accountName: ACCOUNT,
        firmwareName: FIRMWARE.name,
        firmwareTo: FIRMWARE.to,
        startDate: '2026-03-10',
        deviceList: LWM2M_DEVICES,
      });
      await desk.settle();
      await plant(neighbours, upgrade.id, FIRST, succeeded);
      const { body } = await change(neighbours, 'v3', 'remove', LWM2M_DEVICES);
      const resultReason = 'removal not allowed for devices that have ever upgraded firmware';
      expect(body.licUsedCount).toBe(2);
      expect(body.deviceList).toMatchObject([
        { status: 'LicenseRemoveFailed', resultReason, reasonText: expect.stringContaining('was upgraded') },
        { status: 'LicenseRemoveFailed', resultReason, reasonText: expect.stringContaining('in a campaign') },
      ]);
    });
  });

  test('1,001 licences are two pages, by id and by index', async () => {
    const neighbours = await openNeighbours({ subscription: { purchaseType: 'TS-HFOTA-MRC', licenseCount: 2000 } });
    const { get } = neighbours;
    const fleet = await importFleet(neighbours, 1001);
    await change(neighbours, 'v3', 'assign', fleet);
    const counts = { totalLicense: 2000, totalLicenses: 2000, assignedLicenses: 1001 };
    for (const start of ['/v2/licenses/X', '/v3/licenses/X?lastSeenDeviceId=0', '/v3/licenses/X/index/0']) {
      const first = await get(start.replace('X', ACCOUNT));
      expect(first).toMatchObject({ ...counts, hasMoreData: true, lastSeenDeviceId: fleet[999], maxPageSize: 1000 });
      const next = start.includes('index')
        ? `/v3/licenses/X/index/${fleet[999]}`
        : `/v2/licenses/X?lastSeenDeviceId=${fleet[999]}`;
      const second = await get(next.replace('X', ACCOUNT));
      expect(second).toMatchObject({ ...counts, hasMoreData: false });
      expect(second).not.toHaveProperty('lastSeenDeviceId');
      expect([...first.deviceList, ...second.deviceList].map(({ deviceId }) => deviceId)).toEqual(fleet);
    }
    const top = await get(`/v1/licenses/${ACCOUNT}`);
    expect(top).toMatchObject({ ...counts, hasMoreData: true, lastSeenDeviceId: 1000 });
    expect(top.deviceList[0]).toEqual({ deviceId: fleet[0], assignmentTime: NOW });
    const rest = await get(`/v1/licenses/${ACCOUNT}/index/${top.lastSeenDeviceId}`);
    expect(rest).toMatchObject({ hasMoreData: false, deviceList: [{ deviceId: fleet[1000] }] });
    expect((await neighbours.ask('GET', `/v1/licenses/${ACCOUNT}/index/1001`)).status).toBe(400);
  });

  describe('candidates for taking back', () => {
    test.each([
      { path: 'v1', list: 'cancel/index/0' },
      { path: 'v2', list: 'cancel' },
    ])('are replaced, appended to and emptied in $path', async ({ path, list }) => {
      const { ask, get } = await openNeighbours();
      const url = `/${path}/licenses/${ACCOUNT}/cancel`;
      const read = () => get(`/${path}/licenses/${ACCOUNT}/${list}`);
      expect(await read()).toEqual({ count: 0, hasMoreData: false, updateTime: NOW, deviceList: [] });
      await ask('POST', url, { deviceList: [SECOND] });
      const replaced = await ask('POST', url, { count: 1, deviceList: [FIRST] });
      expect(replaced.body).toEqual({ count: 1, deviceList: [FIRST] });
      const more = await ask('POST', url, { type: 'Append', deviceList: [FIRST, SECOND] });
      expect(more.body).toEqual({ count: 2, deviceList: [FIRST, SECOND] });
      expect(await read()).toMatchObject({ count: 2, deviceList: [FIRST, SECOND] });
      expect((await ask('DELETE', url)).body).toEqual({ success: true });
      expect(await read()).toMatchObject({ count: 0, deviceList: [] });
      expect((await ask('DELETE', url)).body).toEqual({ success: true });
    });

    test('are read from an index on, a thousand at a time', async () => {
      const { ask, get } = await openNeighbours();
      const deviceList = Array.from({ length: 1001 }, (_, place) => String(place));
      await ask('POST', `/v2/licenses/${ACCOUNT}/cancel`, { deviceList });
      const first = await get(`/v2/licenses/${ACCOUNT}/cancel?startIndex=0`);
      expect(first).toMatchObject({ count: 1001, hasMoreData: true });
      expect(first.deviceList).toHaveLength(1000);
      const second = await get(`/v1/licenses/${ACCOUNT}/cancel/index/1000`);
      expect(second).toMatchObject({ count: 1001, hasMoreData: false, deviceList: ['1000'] });
      expect((await ask('GET', `/v2/licenses/${ACCOUNT}/cancel?startIndex=1001`)).status).toBe(400);
    });
  });

  describe('a request about licences is refused', () => {
    test('when it names no device, too many, or another type', async () => {
      const { ask } = await openNeighbours();
      const many = Array.from({ length: 10_001 }, (_, place) => String(place));
      for (const body of [{}, { deviceList: [] }, { deviceList: many }, { deviceList: [1] }, []]) {
        const { status, body: answer } = await ask('POST', `/v3/licenses/${ACCOUNT}/assign`, body);
        expect([status, answer.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
      }
      const { status } = await ask('POST', `/v2/licenses/${ACCOUNT}/cancel`, { type: 'remove', deviceList: [FIRST] });
      expect(status).toBe(400);
    });

    test('when it is about another account, in the path or in the body', async () => {
      const neighbours = await openNeighbours(MONTHLY);
      const { ask } = neighbours;
      const other = '0000000002-00002';
      for (const generation of GENERATIONS) {
        const answers = [
          await ask('GET', `/${generation}/subscriptions/${other}`),
          await ask('GET', `/${generation}/licenses/${other}`),
          await ask('POST', `/${generation}/licenses/${other}/assign`, { deviceList: [FIRST] }),
          await ask('POST', `/${generation}/licenses/${ACCOUNT}/assign`, { accountName: other, deviceList: [FIRST] }),
        ];
        for (const { status, body } of answers) expect([status, body.errorCode]).toEqual([400, 'INVALID_ACCOUNT']);
      }
      for (const method of ['POST', 'GET', 'DELETE'] as const) {
        const body = method === 'POST' ? { deviceList: [FIRST] } : undefined;
        expect((await ask(method, `/v2/licenses/${other}/cancel`, body)).body.errorCode).toBe('INVALID_ACCOUNT');
      }
      expect(await neighbours.get(`/v3/subscriptions/${ACCOUNT}`)).toMatchObject({ licenseUsedCount: 0 });
    });
  });
});

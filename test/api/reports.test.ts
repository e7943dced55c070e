// Campaigns by status, the devices of a campaign and the history of a device, in generations 2 and 3.
import { describe, expect, test } from 'vitest';
import type { AccountName } from '../../src/campaigns/index.ts';
import { ACCOUNT, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, SOFTWARE, upload } from './desk.ts';
import { imeis, importFleet, type Neighbours, neighboursOn, plant, succeeded } from './neighbours.ts';
import { ON_EVERY_STORE } from './stores.ts';

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openNeighbours = neighboursOn(use());

  const [FIRST = '', SECOND = ''] = LWM2M_DEVICES;
  const UNKNOWN = '999999999999999';

  async function firmware({ ask }: Neighbours, more = {}): Promise<string> {
    const { status, body } = await ask('POST', `/v3/campaigns/firmware/${ACCOUNT}`, {
      campaignName: 'f',
      firmwareName: FIRMWARE.name,
      firmwareFrom: FIRMWARE.from,
      firmwareTo: FIRMWARE.to,
      protocol: 'LWM2M',
      startDate: '2026-03-29',
      endDate: '2026-04-01',
      deviceList: LWM2M_DEVICES,
      ...more,
    });
    expect([status, body.errorMessage]).toEqual([200, undefined]);
    return body.id;
  }

  async function software({ ask }: Neighbours, more = {}): Promise<string> {
    const { status, body } = await ask('POST', `/v2/campaigns/software/${ACCOUNT}`, {
      softwareName: SOFTWARE.name,
      softwareFrom: SOFTWARE.from,
      softwareTo: SOFTWARE.to,
      distributionType: 'HTTP',
      startDate: '2026-03-29',
      endDate: '2026-04-01',
      deviceList: HTTP_DEVICES,
      ...more,
    });
    expect([status, body.errorMessage]).toEqual([200, undefined]);
    return body.id;
  }

  const listed = async ({ get }: Neighbours, path: string): Promise<readonly string[]> =>
    (await get(path)).campaignList.map(({ id }) => id);

  describe('campaigns', () => {
    test('are found under their status, whatever it is called', async () => {
      const neighbours = await openNeighbours();
      const id = await firmware(neighbours);
      const of = (status: string) =>
        listed(neighbours, `/v3/reports/${ACCOUNT}/firmware/campaigns?campaignStatus=${status}`);
      expect(await of('CampaignRequestPending')).toEqual([id]);
      await neighbours.desk.settle();
      for (const name of ['CampaignRequestQueued', 'CampaignQueued', 'queued', 'campaignprescheduled']) {
        expect(await of(name), name).toEqual([id]);
      }
      expect(await of('CampaignRequestPending')).toEqual([]);
      expect(await of('CampaignFailed')).toEqual([]);
      expect(await listed(neighbours, `/v3/reports/${ACCOUNT}/campaigns?campaignStatus=CampaignPreScheduled`)).toEqual([
        id,
      ]);
      await neighbours.ask('DELETE', `/v3/campaigns/${ACCOUNT}/${id}`);
      expect(await of('CampaignCancelled')).toEqual([id]);
    });

    test('of generation 3 are told without protocol where it is HTTP', async () => {
      const neighbours = await openNeighbours();
      await upload(neighbours.desk, { ...FIRMWARE, name: 'both', transports: ['LWM2M', 'HTTP'] }, 'other');
      const lwm2m = await firmware(neighbours, { campaignTimeWindowList: [{ startTime: 18, endTime: 22 }] });
      const http = await firmware(neighbours, { firmwareName: 'both', protocol: 'HTTP' });
      const { campaignList } = await neighbours.get(
        `/v3/reports/${ACCOUNT}/campaigns?campaignStatus=CampaignRequestPending`,
      );
      expect(campaignList.find(({ id }) => id === lwm2m)).toEqual({
        id: lwm2m,
        accountName: ACCOUNT,
        campaignName: 'f',
        firmwareName: FIRMWARE.name,
        firmwareFrom: FIRMWARE.from,
        firmwareTo: FIRMWARE.to,
        protocol: 'LWM2M',
        make: FIRMWARE.make,
        model: FIRMWARE.model,
        startDate: '2026-03-29',
        endDate: '2026-04-01',
        campaignTimeWindowList: [{ startTime: 18, endTime: 22 }],
        status: 'CampaignRequestPending',
        statusReason: expect.any(String),
        timeZone: 'UTC',
        rule: 'strict',
      });
      expect(campaignList.find(({ id }) => id === http)).not.toHaveProperty('protocol');
    });

    test('of one generation are not in the report of the other', async () => {
      const neighbours = await openNeighbours();
      const [v3, v2] = [await firmware(neighbours), await software(neighbours)];
      const query = 'campaigns?campaignStatus=CampaignRequestPending';
      expect(await listed(neighbours, `/v2/reports/${ACCOUNT}/${query}`)).toEqual([v2]);
      expect(await listed(neighbours, `/v3/reports/${ACCOUNT}/${query}`)).toEqual([v3]);
    });

    test('are 1,001 in two pages without gaps or repeats', async () => {
      const neighbours = await openNeighbours();
      const first = await firmware(neighbours);
      const [pattern] = await neighbours.desk.store.campaigns(ACCOUNT as AccountName, { max: 1 });
      if (pattern === undefined) throw new Error(`${first} is not stored`);
      const writes = imeis(1000).map(
        (id) => ({ op: 'insert-campaign', row: { ...pattern, id: id as typeof pattern.id } }) as const,
      );
      await neighbours.desk.store.commit(
        [{ writes, entries: [], intents: [], rule: 'update.no-change' }],
        pattern.createdAt,
      );
      const path = `/v3/reports/${ACCOUNT}/campaigns?campaignStatus=CampaignRequestPending`;
      const top = await neighbours.get(`${path}&lastSeenCampaignId=0`);
      expect(top.hasMoreData).toBe(true);
      expect(top.lastSeenCampaignId).toBe(top.campaignList[999]?.id);
      const rest = await neighbours.get(`${path}&lastSeenCampaignId=${top.lastSeenCampaignId}`);
      expect(rest.hasMoreData).toBe(false);
      expect(rest).not.toHaveProperty('lastSeenCampaignId');
      const ids = [...top.campaignList, ...rest.campaignList].map(({ id }) => id);
      expect(ids).toEqual([first, ...imeis(1000)].sort());
    });

    test('are not listed without a status, or with one that nobody knows', async () => {
      const { ask } = await openNeighbours();
      for (const generation of ['v2', 'v3']) {
        for (const query of ['', '?campaignStatus=', '?campaignStatus=Sleeping']) {
          const { status, body } = await ask('GET', `/${generation}/reports/${ACCOUNT}/campaigns${query}`);
          expect([status, body.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
          expect(body.errorMessage).toContain('CampaignScheduled');
        }
      }
    });
  });

  describe('the devices of a campaign', () => {
    test('are reported in the words of generation 2', async () => {
      const neighbours = await openNeighbours();
      const id = await software(neighbours, { deviceList: [...HTTP_DEVICES, UNKNOWN, '15-digit IMEI'] });
      await neighbours.desk.settle();
      const report = await neighbours.get(`/v2/reports/${ACCOUNT}/campaigns/${id}/devices`);
      expect(report).toMatchObject({ totalDevice: 4, hasMoreData: false, maxPageSize: 1000 });
      expect(report.deviceList).toEqual([
        {
          deviceId: '15-digit IMEI',
          status: 'DeviceRejected',
          resultReason: 'Invalid IMEI',
          reasonText: expect.stringContaining('15 digits'),
          updatedTime: '2026-03-10T10:00:00.000Z',
        },
        ...HTTP_DEVICES.map((deviceId) => ({
          deviceId,
          status: 'Accepted',
          resultReason: 'Device is put on the schedule list',
          reasonText: 'The campaign has not started.',
          updatedTime: '2026-03-10T10:00:00.000Z',
          nextAttemptTime: '2026-03-29T00:00:00.000Z',
        })),
        {
          deviceId: UNKNOWN,
          status: 'DeviceRejected',
          resultReason: 'Device not found',
          reasonText: expect.stringContaining('The account has no such device.'),
          updatedTime: '2026-03-10T10:00:00.000Z',
        },
      ]);
    });

    test('are reported in the words of generation 3, with the time of the start', async () => {
      const neighbours = await openNeighbours();
      const id = await firmware(neighbours);
      await neighbours.desk.settle();
      await plant(neighbours, id, FIRST, succeeded);
      const { deviceList } = await neighbours.get(`/v3/reports/${ACCOUNT}/campaigns/${id}/devices`);
      expect(deviceList).toMatchObject([
        { deviceId: FIRST, status: 'UpgradeSuccess', resultReason: 'Upgrade completed successfully' },
        {
          deviceId: SECOND,
          status: 'UpgradePending',
          resultReason: 'Upgrade is estimated to be scheduled for 29 Mar 26 00:00 UTC',
        },
      ]);
    });

    test('are rejected where another campaign has them, and cancelled with it', async () => {
      const neighbours = await openNeighbours();
      const id = await firmware(neighbours);
      await neighbours.desk.settle();
      const other = await firmware(neighbours, { campaignName: 'other', deviceList: [FIRST] });
      await neighbours.desk.settle();
      const of = async (campaign: string) =>
        (await neighbours.get(`/v3/reports/${ACCOUNT}/campaigns/${campaign}/devices`)).deviceList;
      expect(await of(other)).toMatchObject([
        { status: 'DeviceRejected', resultReason: expect.stringContaining('already scheduled') },
      ]);
      await neighbours.ask('DELETE', `/v3/campaigns/${ACCOUNT}/${id}`);
      await neighbours.desk.settle();
      expect(await of(id)).toMatchObject([
        { status: 'CampaignCancelled', resultReason: 'Cancelled by user' },
        { status: 'CampaignCancelled', resultReason: 'Cancelled by user' },
      ]);
    });

    test('have failed when the campaign ends before they spoke', async () => {
      const neighbours = await openNeighbours();
      const id = await software(neighbours, { startDate: '2026-03-10', endDate: '2026-03-11' });
      await neighbours.desk.jumpTo('2026-03-10T11:00:00Z');
      await neighbours.desk.jumpTo('2026-03-12T00:00:00Z');
      const { deviceList } = await neighbours.get(`/v2/reports/${ACCOUNT}/campaigns/${id}/devices`);
      expect(deviceList.map(({ status, resultReason }) => [status, resultReason])).toEqual([
        ['UpgradeFailed', 'RovaClientDidNotReportStatus'],
        ['UpgradeFailed', 'RovaClientDidNotReportStatus'],
      ]);
      expect(await listed(neighbours, `/v2/reports/${ACCOUNT}/campaigns?campaignStatus=CampaignEnded`)).toEqual([id]);
    });

    test.each(['before', 'after'] as const)(
      'are 1,001 in two pages without gaps or repeats, %s they are judged',
      async (when) => {
        const neighbours = await openNeighbours();
        const fleet = await importFleet(neighbours, 1001);
        const id = await firmware(neighbours, { deviceList: fleet.toReversed() });
        if (when === 'after') await neighbours.desk.settle();
        const path = `/v3/reports/${ACCOUNT}/campaigns/${id}/devices`;
        const first = await neighbours.get(`${path}?lastSeenDeviceId=0`);
        expect(first).toMatchObject({ totalDevice: 1001, hasMoreData: true, lastSeenDeviceId: fleet[999] });
        await neighbours.desk.settle();
        const second = await neighbours.get(`${path}?lastSeenDeviceId=${first.lastSeenDeviceId}`);
        expect(second).toMatchObject({ totalDevice: 1001, hasMoreData: false });
        expect([...first.deviceList, ...second.deviceList].map(({ deviceId }) => deviceId)).toEqual(fleet);
        expect(first.deviceList[0]?.status).toBe('UpgradePending');
      },
    );

    test('of a campaign of another account, of another generation, or of none are refused alike', async () => {
      const neighbours = await openNeighbours();
      const id = await firmware(neighbours);
      const other = '0000000002-00002';
      for (const path of [
        `/v3/reports/${ACCOUNT}/campaigns/missing/devices`,
        `/v2/reports/${ACCOUNT}/campaigns/${id}/devices`,
        `/v3/reports/${other}/campaigns/${id}/devices`,
      ]) {
        const { status, body } = await neighbours.ask('GET', path);
        expect([status, body.errorCode], path).toEqual([400, 'CAMPAIGN_NOT_FOUND']);
      }
    });
  });

  describe('the history of a device', () => {
    test('has its software campaigns in generation 2 and its firmware campaigns in generation 3', async () => {
      const neighbours = await openNeighbours();
      const v3 = await firmware(neighbours);
      const v2 = await software(neighbours, { deviceList: [FIRST] });
      await neighbours.desk.settle();
      await plant(neighbours, v3, FIRST, succeeded);
      const common = { deviceId: FIRST, accountName: ACCOUNT, startDate: '2026-03-29', reasonText: expect.any(String) };
      expect(await neighbours.get(`/v3/reports/${ACCOUNT}/devices/${FIRST}`)).toEqual([
        {
          ...common,
          campaignId: v3,
          firmwareName: FIRMWARE.name,
          firmwareFrom: FIRMWARE.from,
          firmwareTo: FIRMWARE.to,
          status: 'UpgradeSuccess',
          reason: 'Upgrade completed successfully',
          reportUpdatedTime: '2026-03-10T10:00:00.000Z',
        },
      ]);
      expect(await neighbours.get(`/v2/reports/${ACCOUNT}/devices/${FIRST}`)).toEqual([
        {
          ...common,
          id: v2,
          softwareName: SOFTWARE.name,
          status: 'DeviceRejected',
          reason: 'Device is already scheduled for an upgrade that must complete first',
        },
      ]);
    });

    test('begins with the newest campaign', async () => {
      const neighbours = await openNeighbours();
      const ids: string[] = [];
      for (const campaignName of ['a', 'b', 'c']) {
        ids.unshift(await firmware(neighbours, { campaignName }));
        neighbours.desk.later(1000);
        await neighbours.desk.settle();
      }
      const history: unknown = await neighbours.get(`/v3/reports/${ACCOUNT}/devices/${FIRST}`);
      expect(history).toMatchObject(ids.map((campaignId) => ({ campaignId })));
    });

    test('is empty for a device that was in no campaign, and refused for one that is not there', async () => {
      const { ask, get } = await openNeighbours();
      for (const generation of ['v1', 'v2', 'v3']) {
        expect(await get(`/${generation}/reports/${ACCOUNT}/devices/${FIRST}`)).toEqual([]);
        const missing = await ask('GET', `/${generation}/reports/${ACCOUNT}/devices/${UNKNOWN}`);
        expect([missing.status, missing.body.errorCode]).toEqual([400, 'DEVICE_NOT_FOUND']);
        const foreign = await ask('GET', `/${generation}/reports/0000000002-00002/devices/${FIRST}`);
        expect([foreign.status, foreign.body.errorCode]).toEqual([400, 'INVALID_ACCOUNT']);
      }
    });
  });
});

// Orders that concern many campaigns: a package is withdrawn and reinstated, an account stopped and resumed.
import { beforeEach, describe, expect, test } from 'vitest';
import { type AccountName, instant } from '../../src/campaigns/index.ts';
import { CAMPAIGN, importFleet, type Operate, operatorNamed, update } from './crew.ts';
import { ACCOUNT, type Desk, FIRMWARE, LWM2M_DEVICES, openExample, SOFTWARE } from './desk.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openDesk = use();
  let desk: Desk;
  let caller: Record<string, string>;
  let ada: Operate;
  let fleet: readonly string[];

  beforeEach(async () => {
    desk = await openDesk();
    caller = await openExample(desk);
    ada = await operatorNamed(desk, 'ada');
    fleet = await importFleet(desk, 6);
  });

  async function scheduled(deviceList: readonly string[], more: object = {}): Promise<string> {
    const { body } = await ada('POST', '/campaigns', { ...CAMPAIGN, deviceList, ...more });
    await desk.settle();
    return body.id;
  }
  const holdOf = async (id: string) => (await ada('GET', `/campaigns/${id}`)).body['hold'];
  const lastAudit = async () => (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body.items[0];

  describe('a withdrawn package', () => {
    const PACKAGE = `/packages/${SOFTWARE.name}`;

    test('halts all campaigns that use it, also paused ones, and no other; the answer tells of them', async () => {
      const running = await scheduled(fleet.slice(0, 3));
      const paused = await scheduled(fleet.slice(3));
      const other = await scheduled(LWM2M_DEVICES, { packageName: FIRMWARE.name });
      await ada('POST', `/campaigns/${paused}/pause`);
      await update(desk, fleet[0] ?? '', 'installed');
      await desk.settle();

      const preview = await ada('POST', `${PACKAGE}/withdraw?preview=1`, { reason: 'bricks devices' });
      expect(preview.body).toMatchObject({ preview: true, campaignsTotal: 2, campaignsChanged: 2 });
      expect(await holdOf(running)).toBeUndefined();
      expect((await ada('GET', PACKAGE)).body['withdrawn']).toBeUndefined();

      const { status, body } = await ada('POST', `${PACKAGE}/withdraw`, { reason: 'bricks devices' });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toMatchObject({
        preview: false,
        package: { name: SOFTWARE.name, withdrawn: { by: 'ada', reason: 'bricks devices' } },
        campaignsTotal: 2,
        campaignsChanged: 2,
        devices: { waiting: 5, verifying: 1 },
        sentence: expect.stringContaining('Installations under way go on'),
      });
      expect(body['campaigns']).toEqual(
        [running, paused]
          .toSorted()
          .map((id) =>
            expect.objectContaining({ id, outcome: 'stopped', statusReason: expect.stringMatching(/^Halted: /) }),
          ),
      );
      expect(await holdOf(paused)).toMatchObject({ kind: 'halted', rule: 'campaign.halted-withdrawn', by: 'ada' });
      expect(await holdOf(other)).toBeUndefined();
      expect(await update(desk, fleet[1] ?? '', 'installed')).toBe(false);
      const installing = await ada('GET', `/campaigns/${running}/updates?state=verifying`);
      expect(installing.body['items']).toMatchObject([{ imei: fleet[0], state: 'verifying' }]);
      expect((await ada('GET', `/campaigns/${running}/updates?state=lost`)).body['errorMessage']).toMatch(
        /^state: given/,
      );
      expect(await lastAudit()).toMatchObject({
        action: 'withdraw package',
        target: SOFTWARE.name,
        before: { withdrawn: 'no' },
        after: { withdrawn: { by: 'ada' }, reason: 'bricks devices', campaignsChanged: 2 },
      });
      const again = await ada('POST', `${PACKAGE}/withdraw`, { reason: 'again' });
      expect(again.body).toMatchObject({ campaignsChanged: 0, package: { withdrawn: { reason: 'bricks devices' } } });
    });

    test('can be scheduled by nobody until it is reinstated, and its campaigns are resumed one by one', async () => {
      const running = await scheduled(fleet.slice(0, 3));
      await ada('POST', `${PACKAGE}/withdraw`, { reason: 'bricks devices' });
      const refused = {
        status: 400,
        body: {
          errorCode: 'PACKAGE_WITHDRAWN',
          errorMessage: `Package ${SOFTWARE.name} is withdrawn: bricks devices`,
        },
      };
      expect(await ada('POST', '/campaigns', { ...CAMPAIGN, campaignName: 'new' })).toMatchObject(refused);
      const { startDate, endDate, deviceList } = CAMPAIGN;
      const v2 = {
        softwareName: SOFTWARE.name,
        softwareFrom: SOFTWARE.from,
        softwareTo: SOFTWARE.to,
        distributionType: 'HTTP',
        ...{ startDate, endDate, deviceList },
      };
      expect(await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, v2, caller)).toMatchObject(refused);
      expect((await ada('POST', `/campaigns/${running}/resume`, { reason: 'I insist' })).body['errorMessage']).toMatch(
        /is withdrawn; reinstate it before/,
      );
      const { body } = await ada('POST', `${PACKAGE}/reinstate`, { reason: 'false alarm' });
      expect(body).toMatchObject({
        campaignsTotal: 1,
        campaignsChanged: 0,
        campaigns: [{ id: running, outcome: 'unchanged' }],
      });
      expect(body['package']).not.toHaveProperty('withdrawn');
      expect(await holdOf(running)).toMatchObject({ kind: 'halted' });
      expect((await ada('POST', `/campaigns/${running}/resume`, { reason: 'false alarm' })).status).toBe(200);
      expect((await ada('POST', '/campaigns', { ...CAMPAIGN, campaignName: 'new' })).status).toBe(201);
      expect(await ada('POST', `${PACKAGE}/reinstate`)).toMatchObject({
        status: 409,
        body: { errorCode: 'PACKAGE_NOT_WITHDRAWN' },
      });
    });

    test('halts a campaign that is scheduled in the very moment in which it is withdrawn', async () => {
      const withdrawal = { at: instant(0), by: 'bob', reason: 'bricks devices' };
      const { image } = desk.store;
      // The package has been looked at, its image not yet.
      desk.store.image = async (sha256) => {
        const pack = await desk.store.package(ACCOUNT as AccountName, SOFTWARE.name);
        if (pack !== undefined) await desk.store.replacePackage(pack, { ...pack, withdrawn: withdrawal });
        return image(sha256);
      };
      const { status, body } = await ada('POST', '/campaigns', CAMPAIGN);
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { hold: { kind: 'halted', rule: 'campaign.halted-withdrawn', by: 'bob' } },
      });
    });

    test('needs a reason and has to be there', async () => {
      expect((await ada('POST', `${PACKAGE}/withdraw`, {})).body['errorMessage']).toMatch(/^reason: given nothing/);
      expect((await ada('POST', '/packages/nothing/withdraw', { reason: 'x' })).status).toBe(404);
    });
  });

  describe('a stopped account', () => {
    test('pauses every campaign that is not over, and resumes those and no others', async () => {
      const [one = '', two = '', three = ''] = [
        await scheduled(fleet.slice(0, 1)),
        await scheduled(fleet.slice(1, 2)),
        await scheduled(fleet.slice(2, 3)),
      ];
      const over = await scheduled(fleet.slice(3, 4));
      await ada('POST', `/campaigns/${over}/abort`);
      await ada('POST', `/campaigns/${two}/pause`, { reason: 'mine' });
      expect((await ada('POST', '/stop-all?preview=1', { reason: 'fire' })).body).toMatchObject({
        preview: true,
        campaignsTotal: 3,
        campaignsChanged: 2,
      });
      expect(await holdOf(one)).toBeUndefined();
      const { body } = await ada('POST', '/stop-all', { reason: 'fire' });
      expect(body).toMatchObject({
        accountName: ACCOUNT,
        campaignsTotal: 3,
        campaignsChanged: 2,
        devices: { waiting: 3 },
      });
      expect(await holdOf(one)).toMatchObject({
        kind: 'paused',
        rule: 'campaign.stopped-account',
        by: 'ada',
        reason: 'fire',
      });
      expect(await holdOf(two)).toMatchObject({ rule: 'campaign.paused', reason: 'mine' });
      expect(await update(desk, fleet[2] ?? '', 'installed')).toBe(false);
      expect(await lastAudit()).toMatchObject({
        action: 'stop account',
        after: { reason: 'fire', campaignsChanged: 2 },
      });

      const resumed = await ada('POST', '/resume-all');
      expect(resumed.body).toMatchObject({ campaignsTotal: 3, campaignsChanged: 2 });
      expect(await holdOf(three)).toBeUndefined();
      expect(await holdOf(two)).toMatchObject({ rule: 'campaign.paused' });
      await desk.settle();
      expect(await update(desk, fleet[2] ?? '', 'installed')).toBe(true);
    });

    test('is stopped page by page', async () => {
      const small = await openDesk({ limits: { pageSizeMax: 2 } });
      await openExample(small);
      const operate = await operatorNamed(small, 'ada');
      for (let number = 0; number < 7; number += 1)
        await operate('POST', '/campaigns', {
          ...CAMPAIGN,
          campaignName: `campaign ${number}`,
          startDate: '2026-03-11',
        });
      const { body } = await operate('POST', '/stop-all', { reason: 'fire' });
      expect(body).toMatchObject({ campaignsTotal: 7, campaignsChanged: 7 });
      expect(new Set((body['campaigns'] as readonly { id: string }[]).map(({ id }) => id)).size).toBe(7);
    });

    test('needs a reason', async () => {
      expect((await ada('POST', '/stop-all')).status).toBe(400);
      expect((await desk.operator('POST', '/accounts/0000999999-00009/stop-all', { reason: 'x' })).status).toBe(404);
    });
  });
});

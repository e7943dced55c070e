/** What every store answers to reports: campaigns by status and generation, a device's history, devices by transport. */
import { expect, test } from 'vitest';
import type { CampaignId, PhaseName } from '../../src/campaigns/index.ts';
import { ACCOUNT, campaign, device, imei, NOW, OTHER_ACCOUNT, put, update } from './given.ts';
import { type Open, withStore } from './open.ts';

const id = (text: string) => text as CampaignId;

export function reportsConformance(open: Open): void {
  campaignReports(open);
  deviceReports(open);
}

function campaignReports(open: Open): void {
  const story = withStore(open);
  const phase = (name: PhaseName) => ({ name, since: NOW, rule: 'campaign.accepted' }) as const;

  test(
    'campaigns are listed by phase and generation, by key or by place',
    story(async (store) => {
      await put(store, {
        campaigns: [
          campaign({ id: id('d'), phase: phase('queued') }),
          campaign({ id: id('b'), phase: phase('prescheduled') }),
          campaign({ id: id('c'), phase: phase('queued'), generation: 'v2' }),
          campaign({ id: id('a'), phase: phase('ended') }),
          campaign({ id: id('e'), account: OTHER_ACCOUNT, phase: phase('queued') }),
        ],
      });
      const ids = async (page: Parameters<typeof store.campaignsWhere>[1], filter = {}) =>
        (await store.campaignsWhere(ACCOUNT, page, filter)).map((one) => one.id);
      const queued = { phases: ['queued', 'prescheduled'] };
      expect(await ids({ max: 9 })).toEqual(['a', 'b', 'c', 'd']);
      expect(await ids({ max: 9 }, queued)).toEqual(['b', 'c', 'd']);
      expect(await ids({ max: 9 }, { ...queued, generations: ['v3'] })).toEqual(['b', 'd']);
      expect(await ids({ max: 1, after: 'b' }, { ...queued, generations: ['v3'] })).toEqual(['d']);
      expect(await ids({ max: 1, skip: 1 }, queued)).toEqual(['c']);
      expect(await ids({ max: 9 }, { phases: [] })).toEqual([]);
      expect(await ids({ max: 9 }, { generations: [] })).toEqual([]);
    }),
  );
}

function deviceReports(open: Open): void {
  const story = withStore(open);
  test(
    "a device's history has its campaigns",
    story(async (store) => {
      const other = campaign({ id: id('campaign-2') });
      await put(store, {
        campaigns: [campaign(), other],
        updates: [update(1, { campaign: other.id }), update(1), update(2)],
      });
      expect(await store.history(ACCOUNT, imei(1), { max: 9 })).toEqual([
        { update: update(1), campaign: campaign() },
        { update: update(1, { campaign: other.id }), campaign: other },
      ]);
      expect(await store.history(ACCOUNT, imei(1), { max: 9, after: campaign().id })).toHaveLength(1);
      expect(await store.history(ACCOUNT, imei(1), { max: 9, skip: 2 })).toEqual([]);
      expect(await store.history(OTHER_ACCOUNT, imei(1), { max: 9 })).toEqual([]);
      expect(await store.history(ACCOUNT, '\0', { max: 9 })).toEqual([]);
    }),
  );

  test(
    'devices are listed by transport',
    story(async (store) => {
      const http = { transport: 'HTTP' } as const;
      await put(store, { devices: [device(4, http), device(1), device(2, http), device(3)] });
      const imeis = async (page: Parameters<typeof store.devices>[1], filter?: Parameters<typeof store.devices>[2]) =>
        (await store.devices(ACCOUNT, page, filter)).map((one) => one.imei);
      expect(await imeis({ max: 9 }, http)).toEqual([imei(2), imei(4)]);
      expect(await imeis({ max: 9, after: imei(2) }, http)).toEqual([imei(4)]);
      expect(await imeis({ max: 1, skip: 1 }, { transport: 'LWM2M' })).toEqual([imei(3)]);
      expect(await imeis({ max: 2, skip: 1 })).toEqual([imei(2), imei(3)]);
    }),
  );
}

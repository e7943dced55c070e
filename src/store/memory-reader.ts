// Campaigns, updates and ledgers for people, in memory.
import type { CampaignReader } from '../accounts/ports.ts';
import type { Imei } from '../campaigns/index.ts';
import { liveNodes } from './memory-load.ts';
import { campaignText, deviceText, type MemoryRows, updateText } from './memory-rows.ts';
import { pageOf } from './memory-table.ts';

export const memoryReader = (rows: MemoryRows): CampaignReader => ({
  campaign: async (key) => rows.campaigns.get(campaignText(key))?.campaign,
  campaigns: async (account, page) => {
    const all = rows.campaigns.group(account).map(({ campaign }) => campaign);
    return pageOf(all, ({ id }) => id, page);
  },
  campaignsWhere: async (account, page, { phases, generations }) => {
    const wanted = rows.campaigns
      .group(account)
      .map(({ campaign }) => campaign)
      .filter(({ phase }) => phases === undefined || phases.includes(phase.name))
      .filter(({ generation }) => generations === undefined || generations.includes(generation));
    return pageOf(wanted, ({ id }) => id, page);
  },
  history: async (account, imei, page) => {
    const parts = rows.updates
      .group(`device ${deviceText({ account, imei: imei as Imei })}`)
      .map(({ update }) => update);
    return pageOf(parts, ({ campaign }) => campaign, page).flatMap((update) => {
      const campaign = rows.campaigns.get(campaignText(update))?.campaign;
      return campaign === undefined ? [] : [{ update, campaign }];
    });
  },
  updates: async (key, page, filter) => {
    const all = rows.updates.group(`campaign ${campaignText(key)}`).map(({ update }) => update);
    const wanted = filter?.state === undefined ? all : all.filter(({ state }) => state.name === filter.state);
    return pageOf(wanted, ({ imei }) => imei, page);
  },
  update: async (key, imei) => rows.updates.get(updateText({ ...key, imei: imei as Imei }))?.update,
  updatesOf: async (account, imei, page) => {
    const all = rows.updates.group(`device ${deviceText({ account, imei: imei as Imei })}`);
    return pageOf(
      all.map(({ update }) => update),
      ({ campaign }) => campaign,
      page,
    );
  },
  ledger: async (key, from, max) =>
    rows.entries
      .group(`sealed ${campaignText(key)}`)
      .map(({ sealed }) => sealed)
      .filter((sealed) => sealed !== undefined)
      .filter(({ sequence }) => sequence >= from)
      .sort((one, other) => one.sequence - other.sequence)
      .slice(0, max),
  nodes: async (now) => liveNodes(rows, now),
});

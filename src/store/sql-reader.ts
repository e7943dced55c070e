// Campaigns, updates and ledgers for people, in SQL.
import type { CampaignReader, PageRequest, UpdateFilter } from '../accounts/ports.ts';
import type { AccountName, Campaign, CampaignKey, Imei, PhaseName, Update } from '../campaigns/index.ts';
import { keyText, placeOf } from './columns.ts';
import type { Sql } from './sql.ts';
import { rowOf, rowsOf } from './sql-accounts.ts';
import { liveNodes, loadCampaign } from './sql-load.ts';

export const sqlReader = (store: Sql): CampaignReader => ({
  campaign: (key) => loadCampaign(store, key),
  campaigns: (account, page, phases) => campaignPage(store, account, page, phases),
  updates: (key, page, filter) => updatePage(store, key, page, filter),
  update: async (key, imei) => {
    const query = store.read.selectFrom('updates').select('body').where('account', '=', key.account);
    const place = placeOf({ account: key.account, imei: imei as Imei });
    const placed = query.where('bucket', '=', place.bucket).where('imei', '=', place.imei);
    return rowOf<Update>(await placed.where('campaign', '=', key.campaign).executeTakeFirst());
  },
  updatesOf: async (account, imei, { after = '', max }) => {
    const place = placeOf({ account, imei: imei as Imei });
    const query = store.read.selectFrom('updates').select('body').where('account', '=', account);
    const placed = query.where('bucket', '=', place.bucket).where('imei', '=', place.imei);
    return rowsOf<Update>(await placed.where('campaign', '>', after).orderBy('campaign').limit(max).execute());
  },
  ledger: async ({ account, campaign }, from, max) => {
    const rows = await store.read
      .selectFrom('entries')
      .select(['sequence', 'text', 'hash'])
      .where('account', '=', account)
      .where('campaign', '=', campaign)
      .where('sequence', '>=', from)
      .orderBy('sequence')
      .limit(max)
      .execute();
    return rows.map(({ sequence, text, hash }) => ({ sequence: sequence ?? 0, text: text ?? '', hash: hash ?? '' }));
  },
  nodes: (now) => liveNodes(store, now),
});

async function campaignPage(
  store: Sql,
  account: AccountName,
  { after = '', max }: PageRequest,
  phases?: readonly PhaseName[],
): Promise<readonly Campaign[]> {
  if (phases?.length === 0) return [];
  const query = store.read
    .selectFrom('campaigns')
    .select('body')
    .where('account', '=', account)
    .where('id', '>', after);
  const wanted = phases === undefined ? query : query.where('phase', 'in', phases);
  return rowsOf<Campaign>(await wanted.orderBy('id').limit(max).execute());
}

async function updatePage(
  store: Sql,
  { account, campaign }: CampaignKey,
  { after = '', max }: PageRequest,
  filter?: UpdateFilter,
): Promise<readonly Update[]> {
  const query = store.read
    .selectFrom('updates')
    .select('body')
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .where('imei', '>', keyText(after));
  const wanted = filter?.state === undefined ? query : query.where('state', '=', filter.state);
  return rowsOf<Update>(await wanted.orderBy('imei').limit(max).execute());
}

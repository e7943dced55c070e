// Campaigns, updates and ledgers for people, in SQL.
import type { CampaignFilter, CampaignReader, HistoryItem, PageRequest, UpdateFilter } from '../accounts/ports.ts';
import type { AccountName, Campaign, CampaignKey, Imei, Update } from '../campaigns/index.ts';
import { keyText, parsed, placeOf } from './columns.ts';
import type { Sql } from './sql.ts';
import { rowOf, rowsOf } from './sql-accounts.ts';
import { liveNodes, loadCampaign } from './sql-load.ts';
import { paged } from './sql-page.ts';

export const sqlReader = (store: Sql): CampaignReader => ({
  campaign: (key) => loadCampaign(store, key),
  campaigns: (account, page) => campaignsWhere(store, account, page, {}),
  campaignsWhere: (account, page, filter) => campaignsWhere(store, account, page, filter),
  history: (account, imei, page) => history(store, account, imei, page),
  updates: (key, page, filter) => updatePage(store, key, page, filter),
  update: async (key, imei) => {
    const query = store.read.selectFrom('updates').select('body').where('account', '=', key.account);
    const place = placeOf({ account: key.account, imei: imei as Imei });
    const placed = query.where('bucket', '=', place.bucket).where('imei', '=', place.imei);
    return rowOf<Update>(await placed.where('campaign', '=', key.campaign).executeTakeFirst());
  },
  updatesOf: async (account, imei, page) => {
    const place = placeOf({ account, imei: imei as Imei });
    const query = store.read.selectFrom('updates').select('body').where('account', '=', account);
    const placed = query.where('bucket', '=', place.bucket).where('imei', '=', place.imei);
    const behind = placed.where('campaign', '>', page.after ?? '').orderBy('campaign');
    return rowsOf<Update>(await paged(behind, page).execute());
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

async function campaignsWhere(
  store: Sql,
  account: AccountName,
  page: PageRequest,
  { phases, generations }: CampaignFilter,
): Promise<readonly Campaign[]> {
  if (phases?.length === 0 || generations?.length === 0) return [];
  const all = store.read.selectFrom('campaigns').select('body').where('account', '=', account);
  const behind = all.where('id', '>', page.after ?? '');
  const inPhase = phases === undefined ? behind : behind.where('phase', 'in', phases);
  const wanted = generations === undefined ? inPhase : inPhase.where('generation', 'in', generations);
  return rowsOf<Campaign>(await paged(wanted.orderBy('id'), page).execute());
}

async function history(
  store: Sql,
  account: AccountName,
  imei: string,
  page: PageRequest,
): Promise<readonly HistoryItem[]> {
  const place = placeOf({ account, imei: imei as Imei });
  const query = store.read
    .selectFrom('updates as u')
    .innerJoin('campaigns as c', (join) => join.onRef('c.account', '=', 'u.account').onRef('c.id', '=', 'u.campaign'))
    .select(['u.body as update_body', 'c.body as campaign_body'])
    .where('u.account', '=', account)
    .where('u.bucket', '=', place.bucket)
    .where('u.imei', '=', place.imei)
    .where('u.campaign', '>', page.after ?? '');
  const rows = await paged(query.orderBy('u.campaign'), page).execute();
  return rows.map(({ update_body, campaign_body }) => ({
    update: parsed<Update>(update_body),
    campaign: parsed<Campaign>(campaign_body),
  }));
}

async function updatePage(
  store: Sql,
  { account, campaign }: CampaignKey,
  page: PageRequest,
  filter?: UpdateFilter,
): Promise<readonly Update[]> {
  const query = store.read
    .selectFrom('updates')
    .select('body')
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .where('imei', '>', keyText(page.after ?? ''));
  const wanted = filter?.state === undefined ? query : query.where('state', '=', filter.state);
  return rowsOf<Update>(await paged(wanted.orderBy('imei'), page).execute());
}

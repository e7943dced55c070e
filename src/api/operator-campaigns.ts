// Operator API: campaigns of both generations with their counts.
import type { AccountName, Campaign, CampaignId } from '../campaigns/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { campaignView, campaignViewInFull } from './campaign-view.ts';
import { accountOf } from './operator-accounts.ts';
import { readPage } from './page.ts';
import { Refusal, refuse } from './refusal.ts';
import { updateView } from './update-view.ts';

const listCampaigns: Handler<'listCampaigns'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { rows, next } = await readPage(
    query,
    (page) => context.store.campaigns(account.name, page),
    (campaign) => campaign.id,
  );
  return { items: rows.map((campaign) => campaignView(campaign, context)), ...next };
};

export async function campaignOf(
  { accountName, campaignId }: { readonly accountName: string; readonly campaignId: string },
  context: ApiContext,
): Promise<Campaign | Refusal> {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  const key = { account: accountName as AccountName, campaign: campaignId as CampaignId };
  const campaign = await context.store.campaign(key);
  return campaign ?? refuse('CAMPAIGN_UNKNOWN', { id: campaignId, account: accountName });
}

const getCampaign: Handler<'getCampaign'> = async ({ params }, context) => {
  const campaign = await campaignOf(params, context);
  return campaign instanceof Refusal ? campaign : campaignViewInFull(campaign, context);
};

const listUpdates: Handler<'listUpdates'> = async ({ params, query }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const key = { account: campaign.account, campaign: campaign.id };
  const { state } = query;
  const filter = state === undefined ? {} : { state };
  const { rows, next } = await readPage(
    query,
    (page) => context.store.updates(key, page, filter),
    (update) => update.imei,
  );
  return { items: rows.map((update) => updateView(update, campaign)), ...next };
};

export const OPERATOR_CAMPAIGN_HANDLERS = { listCampaigns, getCampaign, listUpdates } as const;

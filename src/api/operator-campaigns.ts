// Operator API: campaigns of both generations with their counts.
import {
  type AccountName,
  abort,
  type Campaign,
  type CampaignId,
  isOver,
  rfc3339,
  startedAt,
} from '../campaigns/index.ts';
import type { CampaignView, UpdateStateName } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { accountOf } from './operator-accounts.ts';
import { readPage } from './page.ts';
import { Refusal, refuse, refuseOrder } from './refusal.ts';
import { statusOf, statusReasonOf, windowsOnWire } from './render.ts';
import { updateView } from './update-view.ts';

const listCampaigns: Handler<'listCampaigns'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { rows, next } = await readPage(
    query,
    (page) => context.store.campaigns(account.name, page),
    (campaign) => campaign.id,
  );
  return { items: rows.map((campaign) => viewOf(campaign, context)), ...next };
};

async function campaignOf(
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
  return campaign instanceof Refusal ? campaign : viewOf(campaign, context);
};

const abortCampaign: Handler<'abortCampaign'> = async ({ params }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const key = { account: campaign.account, campaign: campaign.id };
  const result = await context.engine.commands.order(key, abort);
  if (result === undefined) return refuse('CAMPAIGN_UNKNOWN', { id: campaign.id, account: campaign.account });
  return result.ok ? viewOf(result.campaign, context) : refuseOrder(result);
};

const listUpdates: Handler<'listUpdates'> = async ({ params, query }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const key = { account: campaign.account, campaign: campaign.id };
  const { rows, next } = await readPage(
    query,
    (page) => context.store.updates(key, page),
    (update) => update.imei,
  );
  return { items: rows.map((update) => updateView(update, campaign)), ...next };
};

function countsOf({ tallies }: Campaign): Readonly<Record<UpdateStateName, number>> {
  const { succeededLate: _late, alreadyCurrent, ...counts } = tallies;
  return { ...counts, rejected: tallies.rejected + alreadyCurrent };
}

function viewOf(campaign: Campaign, context: ApiContext): CampaignView {
  const { hold, timetable, phase, rejections } = campaign;
  const { kind, name: packageName, to, make, model } = campaign.package;
  const { downloadAfterDate, installAfterDate } = timetable;
  const started = startedAt(campaign);
  const hasBegun = started !== undefined && started <= context.clock.now() && phase.name !== 'cancelled';
  return {
    id: campaign.id,
    accountName: campaign.account,
    ...(campaign.name === undefined ? {} : { campaignName: campaign.name }),
    kind,
    transport: campaign.transport,
    packageName,
    from: campaign.from,
    to,
    make,
    model,
    status: statusOf(campaign),
    statusReason: statusReasonOf(campaign),
    ...(hold === undefined ? {} : { hold: { kind: hold.kind, reason: hold.reason, since: rfc3339(hold.since) } }),
    startDate: timetable.startDate,
    endDate: timetable.endDate,
    ...(downloadAfterDate === undefined ? {} : { downloadAfterDate }),
    ...(installAfterDate === undefined ? {} : { installAfterDate }),
    downloadWindows: windowsOnWire(timetable.downloadWindows),
    installWindows: windowsOnWire(timetable.installWindows),
    timeZone: timetable.zone,
    rule: timetable.rule,
    createdAt: rfc3339(campaign.createdAt),
    ...(hasBegun && hasRun(campaign) ? { startedAt: rfc3339(started) } : {}),
    ...(isOver(phase) ? { endedAt: rfc3339(phase.since) } : {}),
    devices: campaign.devicesTotal,
    counts: countsOf(campaign),
    rejections: { ...rejections },
  };
}

const hasRun = ({ phase }: Campaign): boolean => ['scheduled', 'aborted', 'ended'].includes(phase.name);

export const OPERATOR_CAMPAIGN_HANDLERS = { listCampaigns, getCampaign, abortCampaign, listUpdates } as const;

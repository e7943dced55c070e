// Operator API: orders that concern many campaigns: a package is withdrawn or reinstated, an account stopped or resumed.
import type { Package } from '../accounts/index.ts';
import {
  type AccountName,
  type Campaign,
  type CommandResult,
  haltWithdrawn,
  type Instant,
  isOver,
  type PhaseName,
  pause,
  resume,
} from '../campaigns/index.ts';
import { LIMITS, type OrderedCampaigns, UPDATE_STATES } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { countsOf, type StateCounts } from './campaign-view.ts';
import { accountOf } from './operator-accounts.ts';
import { viewOf } from './operator-packages.ts';
import { orderOf } from './operator-steering.ts';
import { everyPage } from './page.ts';
import { Refusal, refuse, refuseBusy } from './refusal.ts';
import { statusOf, statusReasonOf } from './render.ts';

const NOT_OVER: readonly PhaseName[] = ['pending', 'queued', 'prescheduled', 'scheduled'];
/** Orders that are stored together: the store groups what comes at the same time. */
const TOGETHER = 50;

type Affected = Omit<OrderedCampaigns, 'accountName'>;

interface WideOrder {
  readonly account: AccountName;
  readonly preview: boolean;
  readonly sentence: string;
  readonly outcome: 'stopped' | 'resumed';
  readonly concerns: (campaign: Campaign) => boolean;
  /** A refusal leaves the campaign as it is. */
  readonly decide: (campaign: Campaign, now: Instant) => CommandResult;
}

/** Every campaign that is not over and that the order concerns, a page at a time. */
async function orderAll(order: WideOrder, context: ApiContext): Promise<Affected> {
  const { account, preview, sentence, concerns } = order;
  const devices = Object.fromEntries(UPDATE_STATES.map((state) => [state, 0])) as StateCounts;
  const campaigns: Affected['campaigns'][number][] = [];
  let [total, changed] = [0, 0];
  const pages = everyPage(
    context.limits.pageSizeMax,
    (page) => context.store.campaignsWhere(account, page, { phases: NOT_OVER }),
    ({ id }) => id,
  );
  for await (const page of pages) {
    const concerned = page.filter(concerns);
    for (let at = 0; at < concerned.length; at += TOGETHER) {
      const some = concerned.slice(at, at + TOGETHER);
      const done = await Promise.all(some.map((campaign) => orderOne(order, campaign, context)));
      for (const one of done.filter((each) => each !== undefined)) {
        total += 1;
        if (one.outcome !== 'unchanged') changed += 1;
        for (const state of UPDATE_STATES) devices[state] += one.counts[state];
        if (campaigns.length < LIMITS.orderedCampaignsMax) campaigns.push(one);
      }
    }
  }
  return { preview, sentence, campaigns, campaignsTotal: total, campaignsChanged: changed, devices };
}

/** Undefined: it has ended meanwhile. */
async function orderOne(
  { account, preview, outcome, decide }: WideOrder,
  before: Campaign,
  { engine }: ApiContext,
): Promise<Affected['campaigns'][number] | undefined> {
  const key = { account, campaign: before.id };
  const { commands } = engine;
  const result = await (preview ? commands.preview(key, decide) : commands.order(key, decide));
  if (result === undefined) return undefined;
  const campaign = result.ok ? result.campaign : before;
  if (!result.ok && isOver(campaign.phase)) return undefined;
  return {
    id: campaign.id,
    ...(campaign.name === undefined ? {} : { campaignName: campaign.name }),
    status: statusOf(campaign),
    outcome: result.ok ? outcome : 'unchanged',
    statusReason: statusReasonOf(campaign),
    counts: countsOf(campaign),
  };
}

const unchanged = (sentence: string): CommandResult => ({ ok: false, code: 'CAMPAIGN_STATE_INVALID', sentence });

const GOES_ON = 'Installations under way go on and their outcome will be told.';

const withdrawPackage: Handler<'withdrawPackage'> = async ({ params, query, body, caller }, context) => {
  const { preview } = query;
  const { by } = orderOf(caller, body);
  const withdrawal = { at: context.clock.now(), by, reason: body.reason };
  // Sent again, it halts what the first time has not reached; who withdrew it first stays.
  const pack = await changePackage(
    params,
    preview,
    (stored) => ({ ...stored, withdrawn: stored.withdrawn ?? withdrawal }),
    context,
  );
  if (pack instanceof Refusal) return pack;
  const { name, account, withdrawn = withdrawal } = pack;
  const affected = await orderAll(
    {
      account,
      preview,
      sentence: `No campaign may use the package "${name}" any more, and those that do halt: no offer, byte or order to install leaves. ${GOES_ON} Devices that run it already keep it.`,
      outcome: 'stopped',
      concerns: (campaign) => campaign.package.name === name,
      decide: (campaign, now) =>
        campaign.hold?.rule === 'campaign.halted-withdrawn'
          ? unchanged(campaign.hold.reason)
          : haltWithdrawn(campaign, withdrawn, now),
    },
    context,
  );
  return { package: await viewOf(pack, context), ...affected };
};

const reinstatePackage: Handler<'reinstatePackage'> = async ({ params, query: { preview } }, context) => {
  const pack = await changePackage(
    params,
    preview,
    (stored) => {
      const { withdrawn, ...rest } = stored;
      return withdrawn === undefined ? undefined : rest;
    },
    context,
  );
  if (pack instanceof Refusal) return pack;
  const sentence = `Campaigns may use the package "${pack.name}" again. Those that halted stay halted until each is resumed with a reason.`;
  const affected = await orderAll(
    {
      account: pack.account,
      preview: true,
      sentence,
      outcome: 'resumed',
      concerns: ({ package: { name }, hold }) => name === pack.name && hold?.rule === 'campaign.halted-withdrawn',
      decide: () => unchanged(sentence),
    },
    context,
  );
  return { package: await viewOf(pack, context), ...affected, preview };
};

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;

/** `change` gives undefined where there is nothing to reinstate. */
async function changePackage(
  { accountName, name }: { readonly accountName: string; readonly name: string },
  preview: boolean,
  change: (stored: Package) => Package | undefined,
  context: ApiContext,
): Promise<Package | Refusal> {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const stored = await context.store.package(account.name, name);
    if (stored === undefined) return refuse('PACKAGE_NOT_FOUND', { name, account: account.name });
    const next = change(stored);
    if (next === undefined) return refuse('PACKAGE_NOT_WITHDRAWN', { name });
    if (preview || (await context.store.replacePackage(stored, next))) return next;
  }
  return refuseBusy(`other changes of package ${name}`, STALE_RETRY_SECONDS);
}

const stopAccount: Handler<'stopAccount'> = async ({ params, query: { preview }, body, caller }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const order = orderOf(caller, body);
  const affected = await orderAll(
    {
      account: account.name,
      preview,
      sentence: `Every campaign of the account is paused: no offer, byte or order to install leaves, transfers under way are suspended within 5 seconds. ${GOES_ON} Campaigns that are scheduled later are not stopped.`,
      outcome: 'stopped',
      concerns: () => true,
      decide: (campaign, now) => pause(campaign, order, now, 'campaign.stopped-account'),
    },
    context,
  );
  return { accountName: account.name, ...affected };
};

const resumeAccount: Handler<'resumeAccount'> = async ({ params, query: { preview }, body, caller }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  // A package that is withdrawn has halted its campaigns, so that none of them is paused.
  const order = { ...orderOf(caller, body), packageWithdrawn: false };
  const affected = await orderAll(
    {
      account: account.name,
      preview,
      sentence:
        'Campaigns that were paused by stopping the account go on. Those that were paused or halted otherwise stay so.',
      outcome: 'resumed',
      concerns: () => true,
      decide: (campaign, now) =>
        campaign.hold?.rule === 'campaign.stopped-account'
          ? resume(campaign, order, now)
          : unchanged('It was not paused by stopping the account.'),
    },
    context,
  );
  return { accountName: account.name, ...affected };
};

export const WIDE_HANDLERS = { withdrawPackage, reinstatePackage, stopAccount, resumeAccount } as const;

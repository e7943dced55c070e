// Operator API: callback listeners with their state and lag, their secrets, tests, replays and deliveries.
import { type Account, type Listener, rotatedListener } from '../accounts/index.ts';
import type { LoggedDelivery } from '../accounts/ports.ts';
import { type AccountName, type CampaignId, rfc3339 } from '../campaigns/index.ts';
import { type DeliveryView, type Generation, LIMITS, type ListenerView } from '../contract/index.ts';
import { pageNumber } from './audit.ts';
import type { ApiContext, Handler } from './call.ts';
import { freshSecret, inListenerTurn } from './callbacks.ts';
import { accountOf } from './operator-accounts.ts';
import { everyPage } from './page.ts';
import { Refusal, refuse } from './refusal.ts';

interface ListenerPlace {
  readonly accountName: string;
  readonly generation: Generation;
}

async function listenerOf(
  { accountName, generation }: ListenerPlace,
  context: ApiContext,
): Promise<{ readonly account: Account; readonly listener: Listener } | Refusal> {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  const listener = await context.store.listener(account.name, generation);
  return listener === undefined
    ? refuse('CALLBACK_NOT_FOUND', { account: accountName, generation })
    : { account, listener };
}

/** Gaps are counted up to here. */
const DEAD_LETTERS_SHOWN_MAX = 1_000;
/** The latest tries that are looked through for the last that got through. */
const DELIVERIES_LOOKED_THROUGH_MAX = 100;

async function listenerView(account: Account, listener: Listener, { store, clock, callbacks }: ApiContext) {
  const { generation, url, username, createdAt, failingSince } = listener;
  const { name } = account;
  const [lag, dead, tries] = await Promise.all([
    store.lag(name, generation),
    store.deadLetters(name, DEAD_LETTERS_SHOWN_MAX, { generation }),
    store.deliveries(name, { max: DELIVERIES_LOOKED_THROUGH_MAX }, { generation }),
  ]);
  const refused = callbacks.refuseUrl(url, account.settings.allowPrivateCallbackHosts ?? []);
  const delivered = tries.find(({ outcome }) => outcome === 'delivered');
  const [last] = tries;
  const failure = last === undefined || last.outcome === 'delivered' ? undefined : errorOf(last);
  const lastError = refused ?? failure;
  const view: ListenerView = {
    generation,
    url,
    ...(username === undefined ? {} : { username }),
    createdAt: rfc3339(createdAt),
    state: refused !== undefined ? 'refused' : failingSince === undefined ? 'ok' : 'failing',
    waiting: lag.callbacks,
    lagSeconds: lag.oldestAt === undefined ? 0 : Math.max(0, Math.floor((clock.now() - lag.oldestAt) / 1000)),
    deadLetters: dead.length,
    ...(delivered === undefined ? {} : { lastDeliveredAt: rfc3339(delivered.at) }),
    ...(lastError === undefined ? {} : { lastError }),
  };
  return view;
}

const errorOf = ({ error, status }: LoggedDelivery): string => error ?? `answered ${status ?? 'nothing'}`;

/** There is one page only: an account has three listeners at most. */
const listListeners: Handler<'listListeners'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const listeners = await context.store.listeners(account.name);
  return { items: await Promise.all(listeners.map((listener) => listenerView(account, listener, context))) };
};

const rotateListenerSecret: Handler<'rotateListenerSecret'> = ({ params }, context) =>
  inListenerTurn(params.accountName, context, async () => {
    const found = await listenerOf(params, context);
    if (found instanceof Refusal) return found;
    const rotated = rotatedListener(found.listener, freshSecret(context), context.clock.now());
    await context.store.putListener(rotated);
    const { generation, secret, previous } = rotated;
    return {
      generation,
      secret,
      ...(previous === undefined ? {} : { previousUntil: rfc3339(previous.until) }),
    };
  });

const testListener: Handler<'testListener'> = async ({ params }, context) => {
  const found = await listenerOf(params, context);
  if (found instanceof Refusal) return found;
  const { account, listener } = found;
  const result = await context.callbacks.test(listener, account.settings.allowPrivateCallbackHosts ?? []);
  return {
    delivered: result.ok,
    url: listener.url,
    ...(result.status === undefined ? {} : { status: result.status }),
    ...(result.ok ? {} : { error: result.error }),
    milliseconds: Math.round(result.took),
  };
};

const replayListener: Handler<'replayListener'> = async ({ params, body }, context) => {
  const found = await listenerOf(params, context);
  if (found instanceof Refusal) return found;
  const { name: account } = found.account;
  const campaigns = body.campaignId === undefined ? undefined : [body.campaignId as CampaignId];
  if (campaigns !== undefined) {
    const [campaign = '' as CampaignId] = campaigns;
    const known = await context.store.campaign({ account, campaign });
    if (known === undefined) return refuse('CAMPAIGN_UNKNOWN', { id: campaign, account });
  }
  let events = 0;
  for await (const some of campaigns === undefined ? everyCampaign(account, context) : [campaigns]) {
    for (const campaign of some) {
      const key = { account, campaign };
      events += await context.store.replay(key, params.generation, body.from, context.clock.now());
    }
  }
  return { events };
};

async function* everyCampaign(account: AccountName, { store }: ApiContext): AsyncGenerator<readonly CampaignId[]> {
  const pages = everyPage(
    LIMITS.pageSizeMax,
    (page) => store.campaigns(account, page),
    (campaign) => campaign.id,
  );
  for await (const campaigns of pages) yield campaigns.map(({ id }) => id);
}

const listDeliveries: Handler<'listDeliveries'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const before = pageNumber(query.after);
  if (before instanceof Refusal) return before;
  const { store } = context;
  const filter = {
    ...(query.generation === undefined ? {} : { generation: query.generation }),
    ...(query.campaignId === undefined ? {} : { campaign: query.campaignId as CampaignId }),
  };
  const found = await store.deliveries(account.name, { max: query.limit + 1, ...before }, filter);
  const rows = found.slice(0, query.limit);
  const urls = new Map((await store.listeners(account.name)).map(({ generation, url }) => [generation, url]));
  const last = rows.at(-1);
  return {
    items: rows.map((row) => deliveryView(row, urls.get(row.to) ?? '', context)),
    ...(found.length > rows.length && last !== undefined ? { nextPageToken: String(last.id) } : {}),
  };
};

function deliveryView(row: LoggedDelivery, url: string, { callbacks }: ApiContext): DeliveryView {
  const { to, campaign, number, attempt, at, outcome, status, error, took } = row;
  return {
    generation: to,
    campaignId: campaign,
    number,
    eventId: callbacks.eventId(row),
    url,
    attempt,
    at: rfc3339(at),
    outcome,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
    milliseconds: Math.round(took),
  };
}

export const OPERATOR_CALLBACK_HANDLERS = {
  listListeners,
  rotateListenerSecret,
  testListener,
  replayListener,
  listDeliveries,
} as const;

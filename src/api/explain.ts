// Operator API: why a device is not updated; gathers what is known of it, the domain explains.
import type { Account } from '../accounts/index.ts';
import type { PageRequest } from '../accounts/ports.ts';
import {
  beginningOf,
  type Campaign,
  type CampaignId,
  type ContactRhythm,
  type Device,
  type ExplainFacts,
  type Explanation,
  explain,
  hasSlot,
  type Next,
  type NodeId,
  type Part,
  parseImei,
  RULES,
  rfc3339,
  type Seen,
  type Snapshot,
  seconds,
  slipsOf,
  wallText,
} from '../campaigns/index.ts';
import type { ExplanationView } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { accountOf } from './operator-accounts.ts';
import { campaignOf } from './operator-campaigns.ts';
import { everyPage } from './page.ts';
import { Refusal } from './refusal.ts';

/** Rows that are read from the store at a time. */
const ROWS = 200;

/** What is asked about: a device of an account, in one of its campaigns or in whichever it is. */
interface Asked {
  readonly account: Account;
  readonly imei: string;
  readonly campaign?: Campaign;
}

const explainDevice: Handler<'explainDevice'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const asked = { account, imei: params.imei };
  const device = await deviceOf(asked, context);
  return viewOf(
    explain(device === undefined ? await ofUnknown(asked, context) : await ofDevice(asked, device, context)),
  );
};

const explainUpdate: Handler<'explainUpdate'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const asked = { account, imei: params.imei, campaign };
  if (await isListed(asked, context))
    return viewOf(explain({ is: 'listed', now: context.clock.now(), imei: params.imei, campaign }));
  const device = await deviceOf(asked, context);
  return viewOf(
    explain(device === undefined ? await ofUnknown(asked, context) : await ofDevice(asked, device, context)),
  );
};

async function deviceOf({ account, imei }: Asked, { store }: ApiContext): Promise<Device | undefined> {
  const known = parseImei(imei);
  return known === undefined ? undefined : store.device({ account: account.name, imei: known });
}

/** Its device list has yet to be looked at, and it is on it. */
async function isListed({ account, imei, campaign }: Asked, { store }: ApiContext): Promise<boolean> {
  if (campaign?.intakePending !== true) return false;
  const key = { account: account.name, campaign: campaign.id };
  if ((await store.update(key, imei)) !== undefined) return false;
  const parts = await store.loadIntakeAll(key);
  return parts.some(({ imeis }) => imeis.includes(imei));
}

async function ofUnknown({ account, imei, campaign }: Asked, { store, clock }: ApiContext): Promise<ExplainFacts> {
  const slips = await store.devicesByImei(account.name, slipsOf(imei));
  const beginning = beginningOf(imei);
  const after = beginning === undefined ? [] : await store.devices(account.name, { after: beginning, max: ROWS });
  const alike = after.map((device) => device.imei).filter((one) => one.startsWith(beginning ?? ''));
  const update = campaign && (await store.update({ account: account.name, campaign: campaign.id }, imei));
  return {
    is: 'unknown',
    now: clock.now(),
    imei,
    known: [...slips.keys(), ...alike],
    ...(update === undefined || campaign === undefined ? {} : { part: { update, campaign } }),
  };
}

async function ofDevice(asked: Asked, device: Device, context: ApiContext): Promise<ExplainFacts> {
  const { account, campaign } = asked;
  const [seen, parts] = await Promise.all([seenOf(account, device, context), partsOf(asked, context)]);
  const now = context.clock.now();
  const id = campaign?.id ?? device.liveCampaign;
  const snapshot = id === undefined ? undefined : await snapshotOf(device, id, context);
  if (snapshot !== undefined) return { is: 'update', now, seen, parts, snapshot };
  if (campaign !== undefined) return { is: 'idle', now, seen, parts, device, others: [], asked: campaign };
  return { is: 'idle', now, seen, parts, device, others: await notOver(account, context) };
}

const NOT_OVER = ['pending', 'queued', 'prescheduled', 'scheduled'] as const;

async function notOver({ name }: Account, { store }: ApiContext): Promise<readonly Campaign[]> {
  const read = (page: PageRequest) => store.campaignsWhere(name, page, { phases: NOT_OVER });
  return allOf(everyPage(ROWS, read, ({ id }) => id));
}

async function partsOf({ account, imei }: Asked, { store }: ApiContext): Promise<readonly Part[]> {
  const read = (page: PageRequest) => store.history(account.name, imei, page);
  return allOf(everyPage(ROWS, read, ({ campaign }) => campaign.id));
}

async function allOf<Row>(pages: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

async function seenOf({ settings }: Account, device: Device, { store, refusalOf }: ApiContext): Promise<Seen> {
  const key = { account: device.account, imei: device.imei };
  const [checkIns, lastSeenAt] = await Promise.all([store.checkIns(key), store.lastSeen(key)]);
  const instants = checkIns.map(({ at }) => at);
  const refused = refusalOf?.(key);
  const isNews = refused !== undefined && refused.at > Math.max(0, lastSeenAt ?? 0, ...instants);
  return {
    instants,
    pollEvery: seconds(settings.pollSeconds),
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    ...(isNews ? { refused } : {}),
  };
}

/** With the lease of the node that the device is likely to come to: its own, or one that has a slot for it. */
async function snapshotOf(
  { account, imei, registration }: Device,
  campaign: CampaignId,
  { store, clock }: ApiContext,
): Promise<Snapshot | undefined> {
  const now = clock.now();
  const nodes = registration === undefined ? await store.nodes(now) : [registration.node];
  let found: Snapshot | undefined;
  for (const node of nodes.length === 0 ? ['' as NodeId] : nodes) {
    const [snapshot] = await store.loadUpdates([{ account, campaign, imei }], node);
    found ??= snapshot;
    if (snapshot !== undefined && hasSlot(snapshot, { now })) return snapshot;
  }
  return found;
}

function viewOf(told: Explanation): ExplanationView {
  const { rule, next, contact, campaign, ifMissed, attempt, refused, residue } = told;
  return {
    imei: told.imei,
    ...(campaign === undefined ? {} : { campaignId: campaign }),
    text: told.text,
    runs: told.runs.map(({ what, value, at, source }) => ({ what, version: value, readAt: rfc3339(at), source })),
    verdict: told.verdict,
    sentence: told.sentence,
    ...(rule === undefined ? {} : { rule, ruleText: RULES[rule] }),
    ...(next === undefined ? {} : { nextEligible: nextView(next) }),
    ...(ifMissed === undefined ? {} : { ifMissed }),
    ...contactView(contact),
    unblock: told.unblock,
    ...(attempt === undefined ? {} : { attempt }),
    ...(refused === undefined ? {} : { refused }),
    ...(residue === undefined ? {} : { residue }),
    earlier: told.earlier.map(({ campaign: campaignId, at, ...one }) => ({ campaignId, ...one, at: rfc3339(at) })),
    fits: [...told.fits],
    nearest: [...told.nearest],
  };
}

const nextView = ({ at, zone, is }: Next): NonNullable<ExplanationView['nextEligible']> => ({
  at: rfc3339(at),
  zone,
  local: wallText(at, zone),
  is,
});

function contactView(contact: ContactRhythm | undefined): Pick<ExplanationView, 'lastContactAt' | 'usualInterval'> {
  const { lastAt, every, measuredOn = 0 } = contact ?? {};
  return {
    ...(lastAt === undefined ? {} : { lastContactAt: rfc3339(lastAt) }),
    ...(every === undefined ? {} : { usualInterval: { seconds: Math.round(every / 1_000), measuredOn } }),
  };
}

export const EXPLAIN_HANDLERS = { explainDevice, explainUpdate } as const;

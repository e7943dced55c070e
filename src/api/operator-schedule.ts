// Operator API: campaigns of either generation scheduled in our own words, and taken up again after their end.
import type { Account, Package } from '../accounts/index.ts';
import {
  type Campaign,
  type CampaignKey,
  type Day,
  dayOf,
  type Imei,
  type Instant,
  isOver,
  judgeVersion,
  startOfDay,
} from '../campaigns/index.ts';
import { type CampaignRetry, LIMITS, type NewCampaign, type OrderedCampaign } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { campaignView } from './campaign-view.ts';
import { accountOf } from './operator-accounts.ts';
import { campaignOf } from './operator-campaigns.ts';
import { everyPage } from './page.ts';
import { invalid, Refusal, refuse } from './refusal.ts';
import type { Told } from './render.ts';
import { rolloutOrder, rolloutOrderOf } from './rollout.ts';
import { type ScheduleRequest, scheduleCampaign } from './schedule.ts';
import type { RequestedTimes, Standing } from './timetable.ts';

const scheduleInOurWords: Handler<'scheduleCampaign'> = async ({ params, query, body, caller, request }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const pack = await packageOf(account, body.packageName, context);
  if (pack instanceof Refusal) return pack;
  const protocol = transportOf(body, pack);
  if (protocol instanceof Refusal) return protocol;
  const told = await scheduleCampaign(
    {
      ...common(account, pack, body),
      from: body.from ?? fromOf(pack),
      protocol,
      times: body,
      autoAssignLicense: body.autoAssignLicense ?? false,
      autoAddDevices: body.autoAddDevices ?? false,
      imeis: body.deviceList,
      orderedBy: caller.operator.name,
      rollout: rolloutOrder(body.rollout),
      strict: query.strict,
      body,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
  return told instanceof Refusal ? told : scheduled(told, context);
};

function common(
  account: Account,
  { kind, name, to }: Package,
  { campaignName, endWhenDone }: Pick<NewCampaign, 'campaignName' | 'endWhenDone'>,
): Pick<ScheduleRequest, 'account' | 'generation' | 'kind' | 'packageName' | 'to' | 'campaignName' | 'endWhenDone'> {
  return {
    account,
    generation: kind === 'firmware' ? 'v3' : 'v2',
    ...(kind === 'file' ? { kind } : {}),
    packageName: name,
    to,
    ...(campaignName === undefined ? {} : { campaignName }),
    ...(endWhenDone === undefined ? {} : { endWhenDone }),
  };
}

function scheduled({ campaign, warnings }: Told, context: ApiContext): OrderedCampaign {
  const view = campaignView(campaign, context);
  return { ...view, ...(warnings.length === 0 ? {} : { warnings: [...warnings] }), preview: false };
}

async function packageOf(account: Account, name: string, { store }: ApiContext): Promise<Package | Refusal> {
  return (await store.package(account.name, name)) ?? refuse('PACKAGE_NOT_FOUND', { name, account: account.name });
}

/** Every version that it starts from is taken; one of them stands in the answers of the other APIs. */
const fromOf = ({ from }: Package): string => (from === '*' ? '*' : (from[0] ?? '*'));

function transportOf({ transport }: NewCampaign, { transports, name }: Package): ScheduleRequest['protocol'] | Refusal {
  const [first, ...others] = transports;
  if (transport !== undefined) return transport;
  if (first !== undefined && others.length === 0) return first;
  return invalid(
    `transport: given nothing, accepted: ${transports.join(' or ')}, because package ${name} is made for both.`,
  );
}

const retryCampaign: Handler<'retryCampaign'> = async ({ params, query, body, caller, request }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const early = refuseEarly(campaign);
  if (early !== undefined) return early;
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const pack = await packageOf(account, body.packageName ?? campaign.package.name, context);
  if (pack instanceof Refusal) return pack;
  const imeis = await stillToUpdate(campaign, pack, context);
  if (imeis.length === 0)
    return invalid(
      'the campaign: given one without a failed or expired device that does not run the target version, accepted: one with such devices.',
    );
  const again = { ...body, retryOf: campaign.id };
  const told = await scheduleCampaign(
    {
      ...common(account, pack, { campaignName: nameOf(campaign), ...body }),
      from: body.from ?? (body.packageName === undefined ? campaign.from : fromOf(pack)),
      protocol: campaign.transport,
      times: timesOf(body, campaign, context.clock.now()),
      standing: standingIn(campaign),
      autoAssignLicense: body.autoAssignLicense ?? campaign.autoAssignLicense,
      // Who joins by itself is no device that failed.
      autoAddDevices: body.autoAddDevices ?? false,
      imeis,
      orderedBy: caller.operator.name,
      rollout: body.rollout === undefined ? rolloutOrderOf(campaign) : rolloutOrder(body.rollout),
      retryOf: campaign.id,
      strict: query.strict,
      body: again,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
  if (told instanceof Refusal) return told;
  if (context.answeredAgain.has(again)) context.answeredAgain.add(body);
  return scheduled(told, context);
};

const nameOf = ({ name }: Campaign): string =>
  `Retry${name === undefined ? '' : ` of ${name}`}`.slice(0, LIMITS.nameLengthMax);

function refuseEarly(campaign: Campaign): Refusal | undefined {
  const sentence = !isOver(campaign.phase)
    ? 'The campaign is not over; it tries its devices again by itself until it is. Abort it first, or wait for its end.'
    : campaign.sweepPending
      ? 'The campaign has just ended and its devices are still being accounted for; try again in a moment.'
      : undefined;
  return sentence === undefined ? undefined : refuse('CAMPAIGN_STATE_INVALID', { sentence });
}

/** Failed and expired, and not at the target meanwhile; history is never reopened (engine.md §1). */
async function stillToUpdate(campaign: Campaign, pack: Package, { store }: ApiContext): Promise<readonly Imei[]> {
  const key: CampaignKey = { account: campaign.account, campaign: campaign.id };
  const imeis: Imei[] = [];
  for (const state of ['failed', 'expired'] as const) {
    const pages = everyPage(
      LIMITS.pageSizeMax,
      (page) => store.updates(key, page, { state }),
      ({ imei }) => imei,
    );
    for await (const updates of pages) {
      const devices = await store.devicesByImei(
        campaign.account,
        updates.map(({ imei }) => imei),
      );
      for (const device of devices.values()) if (judgeVersion(device, pack).is !== 'to') imeis.push(device.imei);
    }
  }
  return imeis;
}

/** As long as it was, from today. */
function timesOf(body: CampaignRetry, { timetable }: Campaign, now: Instant): RequestedTimes {
  const startDate = body.startDate ?? dayOf(now);
  const length = startOfDay(timetable.endDate) - startOfDay(timetable.startDate);
  const end = Math.max(startOfDay(startDate as Day) + length, startOfDay(startDate as Day)) as Instant;
  return { ...body, startDate, endDate: body.endDate ?? dayOf(end) };
}

/** Its hours; the days after which it began to download and install have passed. */
function standingIn({ timetable }: Campaign): Standing {
  const { downloadWindows, installWindows, zone, fallbackZone, rule } = timetable;
  return { downloadWindows, installWindows, zone, fallbackZone, rule };
}

export const SCHEDULE_HANDLERS = { scheduleCampaign: scheduleInOurWords, retryCampaign } as const;

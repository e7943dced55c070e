// Operator API: orders about one campaign. With `preview` each says what it would do, and does nothing.
import {
  abort,
  approve,
  type Campaign,
  type CommandResult,
  changeDates,
  changePace,
  consequencesOf,
  type Instant,
  narrowWindows,
  pause,
  resume,
} from '../campaigns/index.ts';
import type { OperationId, OrderedCampaign } from '../contract/index.ts';
import type { ApiContext, Call, Handler, OperatorCaller } from './call.ts';
import { campaignViewInFull } from './campaign-view.ts';
import { campaignOf } from './operator-campaigns.ts';
import { invalid, Refusal, refuse, refuseOrder } from './refusal.ts';
import { hourWindowsOf, refuseHorizon, refuseZone, timetableOf } from './timetable.ts';
import { haltedIfWithdrawn } from './withdrawn.ts';

/** What of an order is told beforehand, and with it. */
type Told = Parameters<typeof consequencesOf>[1];

interface OrderCall {
  readonly params: { readonly accountName: string; readonly campaignId: string };
  readonly query: { readonly preview: boolean };
  readonly caller: OperatorCaller;
}

type Decide = (campaign: Campaign, now: Instant) => CommandResult;

export const orderOf = (
  { operator }: OperatorCaller,
  { reason }: { readonly reason?: string | undefined },
): { readonly by: string; readonly reason?: string } => ({
  by: operator.name,
  ...(reason === undefined ? {} : { reason }),
});

/** `told`: what the order stops, where it stops anything. */
async function carryOut(
  { params, query: { preview } }: OrderCall,
  told: Told | undefined,
  decide: Decide,
  context: ApiContext,
): Promise<OrderedCampaign | Refusal> {
  const before = await campaignOf(params, context);
  if (before instanceof Refusal) return before;
  const key = { account: before.account, campaign: before.id };
  const { commands } = context.engine;
  const result = await (preview ? commands.preview(key, decide) : commands.order(key, decide));
  if (result === undefined) return refuse('CAMPAIGN_UNKNOWN', { id: before.id, account: before.account });
  if (!result.ok) return refuseOrder(result);
  const { warnings } = result;
  const view = await campaignViewInFull(result.campaign, context);
  return {
    ...view,
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
    preview,
    ...(told === undefined ? {} : { consequences: consequencesView(before, told) }),
  };
}

function consequencesView(campaign: Campaign, told: Told) {
  const { stops, goesOn, live, sentence } = consequencesOf(campaign, told);
  return { stops: { ...stops }, goesOn: { ...goesOn }, live, sentence };
}

type OrderHandler<Id extends OperationId> = (call: Call<Id>, context: ApiContext) => ReturnType<Handler<Id>>;

const pauseCampaign: OrderHandler<'pauseCampaign'> = (call, context) =>
  carryOut(call, 'pause', (campaign, now) => pause(campaign, orderOf(call.caller, call.body), now), context);

const abortCampaign: OrderHandler<'abortCampaign'> = (call, context) =>
  carryOut(call, 'abort', (campaign, now) => abort(campaign, now, orderOf(call.caller, call.body)), context);

const approveCampaign: OrderHandler<'approveCampaign'> = (call, context) =>
  carryOut(call, undefined, (campaign, now) => approve(campaign, orderOf(call.caller, call.body), now), context);

const resumeCampaign: OrderHandler<'resumeCampaign'> = async (call, context) => {
  const campaign = await campaignOf(call.params, context);
  if (campaign instanceof Refusal) return campaign;
  const pack = await context.store.package(campaign.account, campaign.package.name);
  const order = { ...orderOf(call.caller, call.body), packageWithdrawn: pack?.withdrawn !== undefined };
  const answer = await carryOut(call, undefined, (stored, now) => resume(stored, order, now), context);
  if (answer instanceof Refusal || call.query.preview) return answer;
  // Somebody may have withdrawn the package between the look and the order.
  const { hold: _before, ...resumed } = campaign;
  const now = await haltedIfWithdrawn(resumed, context);
  return now === resumed ? answer : { ...(await campaignViewInFull(now, context)), preview: false };
};

const narrowCampaignWindows: OrderHandler<'narrowCampaignWindows'> = async (call, context) => {
  const { downloadWindows, installWindows } = call.body;
  if (downloadWindows === undefined && installWindows === undefined)
    return invalid('the body: given no windows, accepted: downloadWindows, installWindows or both.');
  const decide: Decide = (campaign, now) => {
    const stored = campaign.timetable;
    const windows = {
      downloadWindows: downloadWindows === undefined ? stored.downloadWindows : hourWindowsOf(downloadWindows),
      installWindows: installWindows === undefined ? stored.installWindows : hourWindowsOf(installWindows),
    };
    return narrowWindows(campaign, windows, orderOf(call.caller, call.body), now);
  };
  return carryOut(call, 'narrow', decide, context);
};

const changeCampaignPace: OrderHandler<'changeCampaignPace'> = async (call, context) => {
  if (Object.keys(call.body).length === 0)
    return invalid('the body: given nothing to change, accepted: arrivalsPerMinute, slots, endWhenDone.');
  return carryOut(
    call,
    undefined,
    (stored, now) => changePace(stored, call.body, orderOf(call.caller, {}), now),
    context,
  );
};

const patchCampaignDates: OrderHandler<'patchCampaignDates'> = async (call, context) => {
  const { body } = call;
  if (Object.keys(body).length === 0)
    return invalid('the body: given nothing to change, accepted: dates, windows, timeZone, rule.');
  const wrong =
    refuseZone('timeZone', body.timeZone, 'orDevice') ??
    (body.endDate === undefined ? undefined : refuseHorizon(body.endDate, context));
  if (wrong !== undefined) return wrong;
  const decide: Decide = (campaign, now) => {
    const { startDate, endDate } = campaign.timetable;
    return changeDates(campaign, timetableOf({ startDate, endDate, ...body }, campaign.timetable), now);
  };
  return carryOut(call, undefined, decide, context);
};

export const STEERING_HANDLERS = {
  pauseCampaign,
  resumeCampaign,
  abortCampaign,
  approveCampaign,
  narrowCampaignWindows,
  changeCampaignPace,
  patchCampaignDates,
} as const;

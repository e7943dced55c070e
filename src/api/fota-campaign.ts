// What both generations do with a campaign that exists: find one's own, change its dates and devices, delete it.
import type { Account } from '../accounts/index.ts';
import {
  type Campaign,
  type CampaignId,
  type CampaignKey,
  type CommandResult,
  cancel,
  changeDates,
  type Generation,
  hasStarted,
  REJECT_REASONS,
  type Timetable,
} from '../campaigns/index.ts';
import type { DeviceChangeResult } from '../contract/index.ts';
import type { DeviceListResult } from '../engine/index.ts';
import type { AccountCaller, ApiContext } from './call.ts';
import { refusePilot } from './pilot.ts';
import { invalid, Refusal, refuse, refuseOrder } from './refusal.ts';
import type { Told } from './render.ts';
import { type RequestedTimes, refuseHorizon, refuseZone, timetableOf } from './timetable.ts';

interface CampaignCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string; readonly campaignId: string };
}

const missing = ({ params }: CampaignCall): Refusal =>
  refuse('CAMPAIGN_NOT_FOUND', { id: params.campaignId, account: params.account });

/** Looked up in the caller's own account whatever the path says, so that a foreign account and a missing campaign are one. */
const keyOf = ({ caller, params }: CampaignCall): CampaignKey => ({
  account: caller.account.name,
  campaign: params.campaignId as CampaignId,
});

export async function ownCampaign(
  call: CampaignCall,
  generation: Generation,
  { store }: ApiContext,
): Promise<Campaign | Refusal> {
  const campaign = await store.campaign(keyOf(call));
  const isOwn = call.params.account === call.caller.account.name;
  return campaign !== undefined && isOwn && campaign.generation === generation ? campaign : missing(call);
}

/** The account of a path that names no campaign. */
export const refuseForeign = (caller: AccountCaller, account: string): Refusal | undefined =>
  account === caller.account.name ? undefined : refuse('INVALID_ACCOUNT', { account });

export async function deleteCampaign(
  call: CampaignCall,
  generation: Generation,
  context: ApiContext,
): Promise<{ success: boolean } | Refusal> {
  const own = await ownCampaign(call, generation, context);
  if (own instanceof Refusal) return own;
  const { abortOnDelete } = call.caller.account.settings;
  const result = await context.engine.commands.order(keyOf(call), (campaign, now) =>
    cancel(campaign, abortOnDelete, now),
  );
  if (result === undefined) return missing(call);
  return result.ok ? { success: true } : refuseOrder(result);
}

export async function moveDates(
  call: CampaignCall,
  generation: Generation,
  times: RequestedTimes,
  context: ApiContext,
): Promise<Told | Refusal> {
  const own = await ownCampaign(call, generation, context);
  if (own instanceof Refusal) return own;
  const badZone = refuseZone('timeZone', times.timeZone, 'orDevice');
  if (badZone !== undefined) return badZone;
  const tooFar = refuseHorizon(times.endDate, context);
  if (tooFar !== undefined) return tooFar;
  const result = await context.engine.commands.order(keyOf(call), (campaign, now) => {
    const timetable = timetableOf(times, campaign.timetable);
    return refuseFrozen(campaign, timetable, now) ?? changeDates(campaign, timetable, now);
  });
  if (result === undefined) return missing(call);
  return result.ok ? { campaign: result.campaign, warnings: result.warnings } : refuseOrder(result);
}

/** engine.md §3: the zone of a running campaign is frozen, and so is the rule of its windows. */
function refuseFrozen(campaign: Campaign, timetable: Timetable, now: Campaign['createdAt']): CommandResult | undefined {
  if (!hasStarted(campaign, now)) return undefined;
  const { zone, rule } = campaign.timetable;
  if (timetable.zone === zone && timetable.rule === rule) return undefined;
  const sentence =
    timetable.zone === zone
      ? `rule: given ${timetable.rule}, accepted: ${rule}, because the campaign has started.`
      : `timeZone: given ${timetable.zone}, accepted: ${zone}, because the campaign has started.`;
  return { ok: false, code: 'CAMPAIGN_STATE_INVALID', sentence };
}

/** A pilot stays one when devices are added to it. */
async function refuseGrowth(
  account: Account,
  campaign: Campaign,
  added: number,
  context: ApiContext,
): Promise<Refusal | undefined> {
  if (added === 0) return undefined;
  const size = campaign.devicesTotal + added;
  return refusePilot(account, campaign.package.name, { size, autoAddDevices: false }, context);
}

export interface DeviceListChange {
  readonly Type: 'append' | 'remove';
  readonly deviceList: readonly string[];
}

/** Applies the changes in their order; the outcome of each device of each. */
export async function changeDevices(
  call: CampaignCall,
  generation: Generation,
  changes: readonly DeviceListChange[],
  context: ApiContext,
): Promise<readonly DeviceChangeResult[] | Refusal> {
  const own = await ownCampaign(call, generation, context);
  if (own instanceof Refusal) return own;
  const added = changes.reduce((sum, { Type, deviceList }) => sum + (Type === 'append' ? deviceList.length : 0), 0);
  if (own.devicesTotal + added > context.limits.campaignDevicesMax) {
    return invalid(
      `deviceList: given ${added} devices beside ${own.devicesTotal}, accepted: at most ${context.limits.campaignDevicesMax} in one campaign.`,
    );
  }
  const refused = await refuseGrowth(call.caller.account, own, added, context);
  if (refused !== undefined) return refused;
  const results: DeviceChangeResult[] = [];
  for (const { Type, deviceList } of changes) {
    const result = await context.engine.commands.changeDevices(keyOf(call), Type, deviceList);
    if (result === undefined) return missing(call);
    if (!result.ok) return refuseOrder(result);
    for (const one of result.results) results.push(deviceChange(one));
  }
  return results;
}

type DeviceOutcome = (DeviceListResult & { readonly ok: true })['results'][number];

/** contract.md §9-13. Adding twice succeeds, because clients repeat a PUT whose answer was lost (§1.6). */
function deviceChange({ imei: deviceId, outcome, rejection }: DeviceOutcome): DeviceChangeResult {
  switch (outcome) {
    case 'added':
      return { deviceId, status: 'AddDeviceSucceed', Reason: 'Device added Successfully' };
    case 'already-member':
      return { deviceId, status: 'AddDeviceSucceed', Reason: 'Device is already in the campaign' };
    case 'rejected': {
      const text = rejection === undefined ? '' : `${REJECT_REASONS[rejection.reason]} ${rejection.detail}`;
      return { deviceId, status: 'AddDeviceFailed', Reason: text };
    }
    case 'removed':
      return { deviceId, status: 'RemoveDeviceSucceed', Reason: 'Device removed Successfully' };
    case 'not-a-member':
      return { deviceId, status: 'RemoveDeviceFailed', Reason: 'Device is not in the campaign' };
  }
}

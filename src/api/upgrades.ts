// Upgrades of generation 1 (contract.md §6.1): each one is a firmware campaign of generation 3, told in the words of v1.
import { after, type Campaign, cancel, type Day, dayOf, days, type PhaseName, startOfDay } from '../campaigns/index.ts';
import { type FirmwareUpgrade, LIMITS, UPGRADE_STATUS_OF, type UpgradeStatus } from '../contract/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { membersOf } from './campaign-members.ts';
import { changeDevices, type DeviceListChange, deleteCampaign, ownCampaign, refuseForeign } from './fota-campaign.ts';
import { deviceStatusV1, tellingOf } from './literal-of.ts';
import { invalid, Refusal } from './refusal.ts';
import { statusOf, statusReasonOf, type Told } from './render.ts';
import { scheduleCampaign } from './schedule.ts';

async function upgradeOf({ campaign, warnings }: Told, context: ApiContext): Promise<FirmwareUpgrade> {
  const { timetable, devicesTotal } = campaign;
  const members = await membersOf(campaign, { max: context.limits.upgradeDevicesMax }, context);
  const telling = tellingOf(campaign, context.clock.now());
  const all = [...warnings, ...(devicesTotal > members.length ? [cutShort(campaign, members.length)] : [])];
  return {
    id: campaign.id,
    accountName: campaign.account,
    firmwareName: campaign.package.name,
    firmwareTo: campaign.package.to,
    startDate: timetable.startDate,
    endDate: timetable.endDate,
    status: UPGRADE_STATUS_OF[statusOf(campaign)],
    statusReason: statusReasonOf(campaign),
    ...(all.length === 0 ? {} : { warnings: all }),
    deviceList: members.map((member) => deviceStatusV1(member, telling)),
  };
}

const cutShort = ({ account, id, devicesTotal }: Campaign, shown: number): string =>
  `${shown} of ${devicesTotal} devices are listed; GET /api/fota/v3/reports/${account}/campaigns/${id}/devices lists all.`;

/** Where the request names no end. contract.md §3.4: devices that missed their time are tried again on later days. */
const UPGRADE_DAYS = days(7);

const lastDayOf = (startDate: string): Day => dayOf(after(startOfDay(startDate as Day), UPGRADE_DAYS));

/** The request names neither the version that it starts from nor the transport: both are those of the firmware. */
async function firmwareOf(name: string, caller: AccountCaller, { store }: ApiContext) {
  const pack = await store.package(caller.account.name, name);
  const [from = 'any version'] = pack === undefined ? [] : pack.from === '*' ? ['*'] : pack.from;
  const isLwm2m = pack === undefined || pack.transports.includes('LWM2M');
  return { from, protocol: isLwm2m ? 'LWM2M' : 'HTTP' } as const;
}

const scheduleUpgradeV1: Handler<'scheduleUpgradeV1'> = async ({ body, caller, request }, context) => {
  const foreign = refuseForeign(caller, body.accountName);
  if (foreign !== undefined) return foreign;
  const { from, protocol } = await firmwareOf(body.firmwareName, caller, context);
  const told = await scheduleCampaign(
    {
      account: caller.account,
      generation: 'v3',
      packageName: body.firmwareName,
      from,
      to: body.firmwareTo,
      protocol,
      times: { startDate: body.startDate, endDate: body.endDate ?? lastDayOf(body.startDate) },
      autoAssignLicense: false,
      autoAddDevices: false,
      imeis: body.deviceList,
      orderedBy: caller.clientId,
      body,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
  return told instanceof Refusal ? told : upgradeOf(told, context);
};

interface UpgradeCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string; readonly upgradeId: string };
}

/** The same call with its campaign under the name that it has everywhere else. */
const asCampaignCall = ({ caller, params }: UpgradeCall) => ({
  caller,
  params: { account: params.account, campaignId: params.upgradeId },
});

const getUpgradeV1: Handler<'getUpgradeV1'> = async (call, context) => {
  const campaign = await ownCampaign(asCampaignCall(call), 'v3', context);
  return campaign instanceof Refusal ? campaign : upgradeOf({ campaign, warnings: [] }, context);
};

function refuseLong(changes: readonly DeviceListChange[], { limits }: ApiContext): Refusal | undefined {
  const named = changes.reduce((sum, { deviceList }) => sum + deviceList.length, 0);
  const max = limits.upgradeDevicesMax;
  return named > max ? invalid(`deviceList: given ${named} devices, accepted: at most ${max}.`) : undefined;
}

const changeUpgradeDevicesV1: Handler<'changeUpgradeDevicesV1'> = async (call, context) => {
  const tooLong = refuseLong(call.body, context);
  if (tooLong !== undefined) return tooLong;
  const results = await changeDevices(asCampaignCall(call), 'v3', call.body, context);
  if (results instanceof Refusal) return results;
  if (call.body.some(({ Type }) => Type === 'remove')) await cancelEmpty(call, context);
  const { account, upgradeId } = call.params;
  return { accountName: account, id: upgradeId, deviceList: [...results] };
};

/** contract.md §3.2: an upgrade whose devices have all been removed is cancelled. */
async function cancelEmpty({ caller, params }: UpgradeCall, { engine }: ApiContext): Promise<void> {
  const key = { account: caller.account.name, campaign: params.upgradeId as Campaign['id'] };
  await engine.commands.order(key, (campaign, now) =>
    campaign.devicesTotal === 0
      ? cancel(campaign, false, now)
      : { ok: false, code: 'CAMPAIGN_STATE_INVALID', sentence: 'The upgrade has devices.' },
  );
}

const cancelUpgradeV1: Handler<'cancelUpgradeV1'> = (call, context) =>
  deleteCampaign(asCampaignCall(call), 'v3', context);

const PHASES_OF: Readonly<Record<UpgradeStatus, readonly PhaseName[]>> = {
  RequestPending: ['pending'],
  Queued: ['queued', 'prescheduled'],
  RequestFailed: ['failed'],
  InProgress: ['scheduled'],
  Finished: ['cancelled', 'aborted', 'ended'],
  // The engine is the FOTA server, so the call that schedules a campaign there cannot fail.
  UpgradeFailed: [],
};

/** Each upgrade comes with its devices: a page ends before there are too many of them, but not before one upgrade. */
function fillPage(campaigns: readonly Campaign[], { limits }: ApiContext): readonly Campaign[] {
  let devices = 0;
  const end = campaigns.findIndex(({ devicesTotal }, place) => {
    devices += Math.min(devicesTotal, limits.upgradeDevicesMax);
    return place === LIMITS.upgradesPerPageMax || (place > 0 && devices > limits.upgradeDevicesMax);
  });
  return end === -1 ? campaigns : campaigns.slice(0, end);
}

const listUpgradesV1: Handler<'listUpgradesV1'> = async ({ caller, params }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { startIndex } = params;
  const phases = PHASES_OF[params.upgradeStatus];
  if (phases.length === 0) return { hasMoreFlag: false, lastSeenUpgradeId: startIndex, reportList: [] };
  const page = { skip: startIndex, max: LIMITS.upgradesPerPageMax + 1 };
  const filter = { phases, generations: ['v3'] } as const;
  const found = await context.store.campaignsWhere(caller.account.name, page, filter);
  const shown = fillPage(found, context);
  const reportList: FirmwareUpgrade[] = [];
  for (const campaign of shown) reportList.push(await upgradeOf({ campaign, warnings: [] }, context));
  return {
    hasMoreFlag: found.length > shown.length,
    lastSeenUpgradeId: startIndex + shown.length,
    reportList,
  };
};

export const UPGRADE_HANDLERS = {
  scheduleUpgradeV1,
  getUpgradeV1,
  changeUpgradeDevicesV1,
  cancelUpgradeV1,
  listUpgradesV1,
} as const;

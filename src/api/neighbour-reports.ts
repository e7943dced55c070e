// Reports: campaigns by status, the devices of a campaign, the history of a device (contract.md §4.5, §6.5).
import type { HistoryItem } from '../accounts/ports.ts';
import { days, type Generation, type PhaseName, rfc3339 } from '../campaigns/index.ts';
import {
  type CampaignStatus,
  type DeviceFirmwareUpgrade,
  type DeviceSoftwareUpgrade,
  type DeviceUpgradeV1,
  type FirmwareCampaignSummary,
  LIMITS,
} from '../contract/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { membersOf } from './campaign-members.ts';
import { ownCampaign, refuseForeign } from './fota-campaign.ts';
import { deviceStatusV2, deviceStatusV3, firstOfferAt, type Member, tellingOf, wordsOf } from './literal-of.ts';
import { afterId, devicesPage } from './neighbour-pages.ts';
import { everyPage } from './page.ts';
import { Refusal, refuse } from './refusal.ts';
import { firmwareCampaign, softwareCampaign, type Told } from './render.ts';

/** engine.md §2: whoever asks for the queued ones means those too that v3 calls prescheduled. */
const PHASES_OF: Readonly<Record<CampaignStatus, readonly PhaseName[]>> = {
  CampaignRequestPending: ['pending'],
  CampaignRequestFailed: ['failed'],
  CampaignRequestQueued: ['queued', 'prescheduled'],
  CampaignPreScheduled: ['prescheduled'],
  CampaignScheduled: ['scheduled'],
  // The engine is the FOTA server, so the call that schedules a campaign there cannot fail.
  CampaignFailed: [],
  CampaignCancelled: ['cancelled'],
  CampaignAborted: ['aborted'],
  CampaignEnded: ['ended'],
};

interface CampaignsCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string };
  readonly query: { readonly campaignStatus: CampaignStatus; readonly lastSeenCampaignId?: string };
}

async function campaignsOf<Item>(
  { caller, params, query }: CampaignsCall,
  generation: Generation,
  render: (told: Told) => Item,
  { store }: ApiContext,
): Promise<
  { readonly hasMoreData: boolean; readonly lastSeenCampaignId?: string; readonly campaignList: Item[] } | Refusal
> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const phases = PHASES_OF[query.campaignStatus];
  if (phases.length === 0) return { hasMoreData: false, campaignList: [] };
  const { rows, hasMore } = await afterId(query.lastSeenCampaignId, (page) =>
    store.campaignsWhere(caller.account.name, page, { phases, generations: [generation] }),
  );
  const last = rows.at(-1);
  return {
    hasMoreData: hasMore,
    ...(hasMore && last !== undefined ? { lastSeenCampaignId: last.id } : {}),
    campaignList: rows.map((campaign) => render({ campaign, warnings: [] })),
  };
}

const listCampaignsV2: Handler<'listCampaignsV2'> = (call, context) =>
  campaignsOf(call, 'v2', softwareCampaign, context);

/** contract.md §9-27. */
function firmwareSummary(told: Told): FirmwareCampaignSummary {
  const { protocol, autoAssignLicenseFlag: _assigns, autoAddDevicesFlag: _adds, ...facts } = firmwareCampaign(told);
  return protocol === 'HTTP' ? facts : { ...facts, protocol };
}

const listCampaignsV3: Handler<'listCampaignsV3'> = (call, context) =>
  campaignsOf(call, 'v3', firmwareSummary, context);

interface CampaignDevicesCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string; readonly campaignId: string };
  readonly query: { readonly lastSeenDeviceId?: string };
}

const idOf = ({ imei }: Member): string => imei;

async function campaignDevices<Item>(
  call: CampaignDevicesCall,
  generation: Generation,
  render: (member: Member, telling: ReturnType<typeof tellingOf>) => Item,
  context: ApiContext,
) {
  const campaign = await ownCampaign(call, generation, context);
  if (campaign instanceof Refusal) return campaign;
  const page = await afterId(call.query.lastSeenDeviceId, (request) => membersOf(campaign, request, context));
  const telling = tellingOf(campaign, context.clock.now());
  return {
    totalDevice: campaign.devicesTotal,
    ...devicesPage(page, idOf),
    deviceList: page.rows.map((member) => render(member, telling)),
  };
}

const listCampaignDevicesV2: Handler<'listCampaignDevicesV2'> = (call, context) =>
  campaignDevices(call, 'v2', deviceStatusV2, context);
const listCampaignDevicesV3: Handler<'listCampaignDevicesV3'> = (call, context) =>
  campaignDevices(call, 'v3', deviceStatusV3, context);

interface HistoryCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string; readonly deviceId: string };
}

/** The newest campaign first. */
async function historyOf(
  { caller, params }: HistoryCall,
  generation: Generation,
  { store }: ApiContext,
): Promise<readonly HistoryItem[] | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { name } = caller.account;
  const pages = everyPage(
    LIMITS.pageSizeMax,
    (page) => store.history(name, params.deviceId, page),
    ({ campaign }) => campaign.id,
  );
  const items: HistoryItem[] = [];
  for await (const page of pages) items.push(...page);
  if (items.length === 0) {
    const known = await store.devicesByImei(name, [params.deviceId as HistoryItem['update']['imei']]);
    if (known.size === 0) return refuse('DEVICE_NOT_FOUND', { imei: params.deviceId, account: name });
  }
  return items
    .filter(({ campaign }) => campaign.generation === generation)
    .toSorted((one, other) => other.campaign.createdAt - one.campaign.createdAt);
}

const reasonOf = ({ reason, reasonText }: { readonly reason: string; readonly reasonText: string }) => ({
  reason,
  reasonText,
});

const facts = ({ update, campaign }: HistoryItem) => ({
  deviceId: update.imei,
  accountName: campaign.account,
  startDate: campaign.timetable.startDate,
});

function upgradeStart({ update }: HistoryItem) {
  const at = firstOfferAt(update);
  return at === undefined ? {} : { upgradeStartTime: rfc3339(at) };
}

/** contract.md §3.5: six months. */
const V1_HISTORY_LIFE = days(183);

const getDeviceHistoryV1: Handler<'getDeviceHistoryV1'> = async (call, context) => {
  const items = await historyOf(call, 'v3', context);
  if (items instanceof Refusal) return items;
  const now = context.clock.now();
  return items
    .filter(({ update }) => update.changedAt > now - V1_HISTORY_LIFE)
    .map((item): DeviceUpgradeV1 => {
      const { campaign } = item;
      const words = wordsOf(item, 'v1', tellingOf(campaign, now));
      return {
        ...facts(item),
        id: campaign.id,
        firmwareFrom: campaign.from,
        firmwareTo: campaign.package.to,
        ...upgradeStart(item),
        status: words.status,
        ...reasonOf(words),
      };
    });
};

const getDeviceHistoryV2: Handler<'getDeviceHistoryV2'> = async (call, context) => {
  const items = await historyOf(call, 'v2', context);
  if (items instanceof Refusal) return items;
  const now = context.clock.now();
  return items.map((item): DeviceSoftwareUpgrade => {
    const { campaign } = item;
    const words = wordsOf(item, 'v2', tellingOf(campaign, now));
    return {
      ...facts(item),
      id: campaign.id,
      softwareName: campaign.package.name,
      ...upgradeStart(item),
      status: words.status,
      ...reasonOf(words),
    };
  });
};

const getDeviceHistoryV3: Handler<'getDeviceHistoryV3'> = async (call, context) => {
  const items = await historyOf(call, 'v3', context);
  if (items instanceof Refusal) return items;
  const now = context.clock.now();
  return items.map((item): DeviceFirmwareUpgrade => {
    const { update, campaign } = item;
    const words = wordsOf(item, 'v3', tellingOf(campaign, now));
    return {
      ...facts(item),
      campaignId: campaign.id,
      firmwareName: campaign.package.name,
      firmwareFrom: campaign.from,
      firmwareTo: campaign.package.to,
      status: words.status,
      ...reasonOf(words),
      reportUpdatedTime: rfc3339(update.changedAt),
    };
  });
};

export const NEIGHBOUR_REPORT_HANDLERS = {
  listCampaignsV2,
  listCampaignsV3,
  listCampaignDevicesV2,
  listCampaignDevicesV3,
  getDeviceHistoryV1,
  getDeviceHistoryV2,
  getDeviceHistoryV3,
} as const;

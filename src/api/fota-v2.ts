// Software campaigns, generation 2: five operations (contract.md §2.1 to §2.5).
import type { ApiContext, Call, Handler } from './call.ts';
import { changeDevices, deleteCampaign, moveDates, ownCampaign, refuseForeign } from './fota-campaign.ts';
import { Refusal } from './refusal.ts';
import { softwareCampaign, type Told } from './render.ts';
import { rolloutOrder } from './rollout.ts';
import { scheduleCampaign } from './schedule.ts';
import { softwareTimes } from './timetable.ts';

type SoftwareCall = Pick<Call<'scheduleSoftwareUpgrade'>, 'body' | 'caller' | 'params' | 'request'>;

/** Of both schedule calls; a repeat is one of either. */
export async function scheduleSoftware(
  { body, caller, params, request }: SoftwareCall,
  context: ApiContext,
): Promise<Told | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  return scheduleCampaign(
    {
      account: caller.account,
      generation: 'v2',
      ...(body.campaignName === undefined ? {} : { campaignName: body.campaignName }),
      packageName: body.softwareName,
      from: body.softwareFrom,
      to: body.softwareTo,
      protocol: body.distributionType,
      times: softwareTimes(body),
      autoAssignLicense: false,
      autoAddDevices: false,
      imeis: body.deviceList,
      orderedBy: caller.clientId,
      rollout: rolloutOrder(body.rollout),
      body,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
}

const scheduleSoftwareUpgrade: Handler<'scheduleSoftwareUpgrade'> = async (call, context) => {
  const told = await scheduleSoftware(call, context);
  return told instanceof Refusal ? told : softwareCampaign(told);
};

const getSoftwareUpgradeDetails: Handler<'getSoftwareUpgradeDetails'> = async (call, context) => {
  const campaign = await ownCampaign(call, 'v2', context);
  return campaign instanceof Refusal ? campaign : softwareCampaign({ campaign, warnings: [] });
};

const updateSoftwareUpgrade: Handler<'updateSoftwareUpgrade'> = async (call, context) => {
  const results = await changeDevices(call, 'v2', call.body, context);
  if (results instanceof Refusal) return results;
  const { account, campaignId } = call.params;
  return { accountName: account, campaignId, requestId: context.secrets.uuid() };
};

const cancelScheduledSoftwareUpgrade: Handler<'cancelScheduledSoftwareUpgrade'> = (call, context) =>
  deleteCampaign(call, 'v2', context);

const changeCampaignDatesAndTimeWindows: Handler<'changeCampaignDatesAndTimeWindows'> = async (call, context) => {
  const told = await moveDates(call, 'v2', softwareTimes(call.body), context);
  return told instanceof Refusal ? told : softwareCampaign(told);
};

export const V2_HANDLERS = {
  scheduleSoftwareUpgrade,
  getSoftwareUpgradeDetails,
  updateSoftwareUpgrade,
  cancelScheduledSoftwareUpgrade,
  changeCampaignDatesAndTimeWindows,
} as const;

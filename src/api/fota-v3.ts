// Firmware campaigns, generation 3: five operations (contract.md §2.6 to §2.10).
import type { Handler } from './call.ts';
import { changeDevices, deleteCampaign, moveDates, ownCampaign, refuseForeign } from './fota-campaign.ts';
import { Refusal } from './refusal.ts';
import { campaignLevel, firmwareCampaign } from './render.ts';
import { rolloutOrder } from './rollout.ts';
import { scheduleCampaign } from './schedule.ts';
import { firmwareTimes } from './timetable.ts';

const scheduleAFirmwareUpgrade: Handler<'scheduleAFirmwareUpgrade'> = async (
  { body, caller, params, request },
  context,
) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const told = await scheduleCampaign(
    {
      account: caller.account,
      generation: 'v3',
      ...(body.campaignName === undefined ? {} : { campaignName: body.campaignName }),
      packageName: body.firmwareName,
      from: body.firmwareFrom,
      to: body.firmwareTo,
      protocol: body.protocol,
      times: firmwareTimes(body),
      autoAssignLicense: body.autoAssignLicenseFlag,
      autoAddDevices: body.autoAddDevicesFlag,
      imeis: body.deviceList,
      orderedBy: caller.clientId,
      rollout: rolloutOrder(body.rollout),
      body,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
  return told instanceof Refusal ? told : firmwareCampaign(told);
};

const addOrRemoveDevices: Handler<'addOrRemoveDevices'> = async (call, context) => {
  const results = await changeDevices(call, 'v3', call.body, context);
  if (results instanceof Refusal) return results;
  const { account, campaignId } = call.params;
  return { accountName: account, id: campaignId, campaignId, deviceList: [...results] };
};

const changeCampaignDatesTime: Handler<'changeCampaignDatesTime'> = async (call, context) => {
  const told = await moveDates(call, 'v3', firmwareTimes(call.body), context);
  return told instanceof Refusal ? told : firmwareCampaign(told);
};

const retrieveCampaignLevelInformation: Handler<'retrieveCampaignLevelInformation'> = async (call, context) => {
  const campaign = await ownCampaign(call, 'v3', context);
  return campaign instanceof Refusal ? campaign : campaignLevel({ campaign, warnings: [] });
};

const deleteACampaign: Handler<'deleteACampaign'> = (call, context) => deleteCampaign(call, 'v3', context);

export const V3_HANDLERS = {
  scheduleAFirmwareUpgrade,
  addOrRemoveDevices,
  changeCampaignDatesTime,
  retrieveCampaignLevelInformation,
  deleteACampaign,
} as const;

// Firmware campaigns, generation 3 (contract.md §2.6 to §2.10): what is asked and what is answered.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, isJsonObject, named, text } from './schema.ts';
import {
  CampaignStatus,
  campaignExtras,
  Day,
  DayText,
  DeviceList,
  PROTOCOLS,
  ProtocolInput,
  scheduleExtras,
  TimeWindow,
  TimeWindowList,
  windowExtras,
  withPlainWindows,
} from './shared.ts';

const BODY = accepts('a JSON object');

/** contract.md §9-1: both names of the window list are accepted; `campaignTimeWindowList` wins. */
function withOneWindowList(body: unknown): unknown {
  const fields = withPlainWindows(body);
  if (!isJsonObject(fields) || fields['campaignTimeWindowList'] !== undefined) return fields;
  const { timeWindowList, ...rest } = fields;
  return timeWindowList === undefined ? rest : { ...rest, campaignTimeWindowList: timeWindowList };
}

const FLAG = accepts('true or false');

export const CampaignFirmwareUpgrade = named(
  'CampaignFirmwareUpgrade',
  z.preprocess(
    withOneWindowList,
    z.object(
      {
        campaignName: text(LIMITS.nameLengthMax, 0).exactOptional(),
        firmwareName: text(LIMITS.nameLengthMax),
        firmwareFrom: text(LIMITS.versionLengthMax),
        firmwareTo: text(LIMITS.versionLengthMax),
        protocol: ProtocolInput.default('LWM2M'),
        startDate: Day,
        endDate: Day,
        campaignTimeWindowList: TimeWindowList.exactOptional(),
        deviceList: DeviceList,
        autoAssignLicenseFlag: z.boolean(FLAG).default(false),
        autoAddDevicesFlag: z.boolean(FLAG).default(false),
        ...scheduleExtras,
      },
      BODY,
    ),
  ),
);
export type CampaignFirmwareUpgrade = z.infer<typeof CampaignFirmwareUpgrade>;

export const ChangeCampaignDatesRequest1 = named(
  'ChangeCampaignDatesRequest1',
  z.preprocess(
    withOneWindowList,
    z.object(
      { startDate: Day, endDate: Day, campaignTimeWindowList: TimeWindowList.exactOptional(), ...windowExtras },
      BODY,
    ),
  ),
);
export type ChangeCampaignDatesRequest1 = z.infer<typeof ChangeCampaignDatesRequest1>;

/** contract.md §9-16: later SDKs require both flags, so every answer has them. */
const firmwareCampaign = {
  id: z.string(),
  accountName: z.string(),
  campaignName: z.string().exactOptional(),
  firmwareName: z.string(),
  firmwareFrom: z.string(),
  firmwareTo: z.string(),
  protocol: z.enum(PROTOCOLS),
  make: z.string(),
  model: z.string(),
  status: CampaignStatus,
  startDate: DayText,
  endDate: DayText,
  campaignTimeWindowList: z.array(TimeWindow).exactOptional(),
  autoAssignLicenseFlag: z.boolean(),
  autoAddDevicesFlag: z.boolean(),
  ...campaignExtras,
};

export const FirmwareCampaign = named('FirmwareCampaign', z.object(firmwareCampaign));
export type FirmwareCampaign = z.infer<typeof FirmwareCampaign>;

/** contract.md §2, disagreement A: this answer alone also carries `timeWindowList`, with equal content. */
export const Campaign = named(
  'Campaign',
  z.object({ ...firmwareCampaign, timeWindowList: z.array(TimeWindow).exactOptional() }),
);
export type Campaign = z.infer<typeof Campaign>;

/** contract.md §9-13. The capital R of `Reason` is part of the wire. */
export const DEVICE_CHANGE_STATUSES = [
  'AddDeviceSucceed',
  'AddDeviceFailed',
  'RemoveDeviceSucceed',
  'RemoveDeviceFailed',
] as const;

export const DeviceChangeResult = named(
  'DeviceChangeResult',
  z.object({ deviceId: z.string(), status: z.enum(DEVICE_CHANGE_STATUSES), Reason: z.string() }),
);
export type DeviceChangeResult = z.infer<typeof DeviceChangeResult>;

/** contract.md §2.7, disagreement E: `id` and `campaignId` are equal. */
export const AddOrRemoveDeviceResp1 = named(
  'AddOrRemoveDeviceResp1',
  z.object({
    accountName: z.string(),
    id: z.string(),
    campaignId: z.string(),
    deviceList: z.array(DeviceChangeResult),
  }),
);
export type AddOrRemoveDeviceResp1 = z.infer<typeof AddOrRemoveDeviceResp1>;

// Reports: campaigns by status, the devices of a campaign, the history of a device (contract.md §4.1, §4.5, §6.5).

import { z } from 'zod';
import { lastSeenPage } from './devices.ts';
import { V1_DEVICE_STATUSES, V2_DEVICE_STATUSES, V3_DEVICE_STATUSES } from './literals.ts';
import { named } from './schema.ts';
import { CampaignStatus, campaignExtras, DayText, InstantText, TimeWindow } from './shared.ts';
import { CampaignSoftware } from './v2.ts';

/** The documented literal is in `resultReason`; `reasonText` says it in a sentence (engine.md §2). */
const resultReason = { resultReason: z.string().exactOptional(), reasonText: z.string().exactOptional() };
const reason = { reason: z.string(), reasonText: z.string().exactOptional() };

const attempts = {
  updatedTime: InstantText.exactOptional(),
  recentAttemptTime: InstantText.exactOptional(),
  nextAttemptTime: InstantText.exactOptional(),
};

export const DeviceStatusV1 = named(
  'DeviceStatusV1',
  z.object({ deviceId: z.string(), status: z.enum(V1_DEVICE_STATUSES), ...resultReason }),
);
export type DeviceStatusV1 = z.infer<typeof DeviceStatusV1>;

export const DeviceStatusV2 = named(
  'DeviceStatusV2',
  z.object({ deviceId: z.string(), status: z.enum(V2_DEVICE_STATUSES), ...resultReason, ...attempts }),
);
export type DeviceStatusV2 = z.infer<typeof DeviceStatusV2>;

export const DeviceStatusV3 = named(
  'DeviceStatusV3',
  z.object({ deviceId: z.string(), status: z.enum(V3_DEVICE_STATUSES), ...resultReason, ...attempts }),
);
export type DeviceStatusV3 = z.infer<typeof DeviceStatusV3>;

export const CampaignDeviceV2 = named(
  'CampaignDeviceV2',
  z.object({ totalDevice: z.int(), ...lastSeenPage, deviceList: z.array(DeviceStatusV2) }),
);
export type CampaignDeviceV2 = z.infer<typeof CampaignDeviceV2>;

export const CampaignDeviceV3 = named(
  'CampaignDeviceV3',
  z.object({ totalDevice: z.int(), ...lastSeenPage, deviceList: z.array(DeviceStatusV3) }),
);
export type CampaignDeviceV3 = z.infer<typeof CampaignDeviceV3>;

const campaignPage = { hasMoreData: z.boolean(), lastSeenCampaignId: z.string().exactOptional() };

export const CampaignHistoryV2 = named(
  'CampaignHistoryV2',
  z.object({ ...campaignPage, campaignList: z.array(CampaignSoftware) }),
);
export type CampaignHistoryV2 = z.infer<typeof CampaignHistoryV2>;

/** contract.md §9-27: `protocol` is left out for HTTP, which later clients would refuse here. */
export const FirmwareCampaignSummary = named(
  'FirmwareCampaignSummary',
  z.object({
    id: z.string(),
    accountName: z.string(),
    campaignName: z.string().exactOptional(),
    firmwareName: z.string(),
    firmwareFrom: z.string(),
    firmwareTo: z.string(),
    protocol: z.enum(['LWM2M', 'OMD-DM']).exactOptional(),
    make: z.string(),
    model: z.string(),
    startDate: DayText,
    endDate: DayText,
    campaignTimeWindowList: z.array(TimeWindow).exactOptional(),
    status: CampaignStatus,
    ...campaignExtras,
  }),
);
export type FirmwareCampaignSummary = z.infer<typeof FirmwareCampaignSummary>;

export const CampaignHistoryV3 = named(
  'CampaignHistoryV3',
  z.object({ ...campaignPage, campaignList: z.array(FirmwareCampaignSummary) }),
);
export type CampaignHistoryV3 = z.infer<typeof CampaignHistoryV3>;

export const DeviceUpgradeV1 = named(
  'DeviceUpgradeV1',
  z.object({
    deviceId: z.string(),
    id: z.string(),
    accountName: z.string(),
    firmwareFrom: z.string(),
    firmwareTo: z.string(),
    startDate: DayText,
    upgradeStartTime: InstantText.exactOptional(),
    status: z.enum(V1_DEVICE_STATUSES),
    ...reason,
  }),
);
export type DeviceUpgradeV1 = z.infer<typeof DeviceUpgradeV1>;
export const DeviceHistoryV1 = named('DeviceHistoryV1', z.array(DeviceUpgradeV1));

export const DeviceSoftwareUpgrade = named(
  'DeviceSoftwareUpgrade',
  z.object({
    deviceId: z.string(),
    id: z.string(),
    accountName: z.string(),
    softwareName: z.string().exactOptional(),
    startDate: DayText,
    upgradeStartTime: InstantText.exactOptional(),
    status: z.enum(V2_DEVICE_STATUSES),
    ...reason,
  }),
);
export type DeviceSoftwareUpgrade = z.infer<typeof DeviceSoftwareUpgrade>;
export const DeviceHistoryV2 = named('DeviceHistoryV2', z.array(DeviceSoftwareUpgrade));

export const DeviceFirmwareUpgrade = named(
  'DeviceFirmwareUpgrade',
  z.object({
    deviceId: z.string(),
    campaignId: z.string(),
    accountName: z.string(),
    firmwareName: z.string(),
    firmwareFrom: z.string(),
    firmwareTo: z.string(),
    startDate: DayText,
    status: z.enum(V3_DEVICE_STATUSES),
    ...reason,
    reportUpdatedTime: InstantText.exactOptional(),
  }),
);
export type DeviceFirmwareUpgrade = z.infer<typeof DeviceFirmwareUpgrade>;
export const DeviceHistoryV3 = named('DeviceHistoryV3', z.array(DeviceFirmwareUpgrade));

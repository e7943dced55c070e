// Software campaigns, generation 2 (contract.md §2.1 to §2.5): what is asked and what is answered.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, text } from './schema.ts';
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

/** Absent lists and days stay as they are (contract.md §9-4); an empty list removes all windows. */
const softwareDates = {
  startDate: Day,
  endDate: Day,
  downloadAfterDate: Day.describe('No download before this day.').exactOptional(),
  downloadTimeWindowList: TimeWindowList.exactOptional(),
  installAfterDate: Day.describe('No install before this day.').exactOptional(),
  installTimeWindowList: TimeWindowList.exactOptional(),
};

export const CampaignSoftwareUpgrade = named(
  'CampaignSoftwareUpgrade',
  z.preprocess(
    withPlainWindows,
    z.object(
      {
        campaignName: text(LIMITS.nameLengthMax, 0).exactOptional(),
        softwareName: text(LIMITS.nameLengthMax),
        softwareFrom: text(LIMITS.versionLengthMax),
        softwareTo: text(LIMITS.versionLengthMax),
        distributionType: ProtocolInput,
        ...softwareDates,
        deviceList: DeviceList,
        ...scheduleExtras,
      },
      BODY,
    ),
  ),
);
export type CampaignSoftwareUpgrade = z.infer<typeof CampaignSoftwareUpgrade>;

export const ChangeCampaignDatesRequest = named(
  'ChangeCampaignDatesRequest',
  z.preprocess(withPlainWindows, z.object({ ...softwareDates, ...windowExtras }, BODY)),
);
export type ChangeCampaignDatesRequest = z.infer<typeof ChangeCampaignDatesRequest>;

export const CampaignSoftware = named(
  'CampaignSoftware',
  z.object({
    id: z.string(),
    accountName: z.string(),
    campaignName: z.string().exactOptional(),
    softwareName: z.string(),
    distributionType: z.enum(PROTOCOLS),
    make: z.string(),
    model: z.string(),
    softwareFrom: z.string(),
    softwareTo: z.string(),
    startDate: DayText,
    endDate: DayText,
    downloadAfterDate: DayText.exactOptional(),
    downloadTimeWindowList: z.array(TimeWindow).exactOptional(),
    installAfterDate: DayText.exactOptional(),
    installTimeWindowList: z.array(TimeWindow).exactOptional(),
    status: CampaignStatus,
    ...campaignExtras,
  }),
);
export type CampaignSoftware = z.infer<typeof CampaignSoftware>;

/** The work goes on after this answer; the outcome per device is in the reports. */
export const AddOrRemoveDeviceResp = named(
  'AddOrRemoveDeviceResp',
  z.object({ accountName: z.string(), campaignId: z.string(), requestId: z.string() }),
);
export type AddOrRemoveDeviceResp = z.infer<typeof AddOrRemoveDeviceResp>;

// Upgrades, the firmware campaigns of generation 1 (contract.md §6.1): what is asked and what is answered.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { UPGRADE_STATUSES } from './literals.ts';
import { DeviceStatusV1 } from './reports.ts';
import { accepts, named, oneOf, text, withoutNulls } from './schema.ts';
import { AccountName, CampaignId, Day, DayText, deviceListUpTo, numberText } from './shared.ts';
import { DeviceChangeResult } from './v3.ts';

export const UpgradeParams = z.object({ account: AccountName, upgradeId: CampaignId });

/** Each device is answered for, so the list is shorter than that of a campaign. */
export const FirmwareUpgradeRequest = named(
  'FirmwareUpgradeRequest',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        accountName: AccountName,
        firmwareName: text(LIMITS.nameLengthMax),
        firmwareTo: text(LIMITS.versionLengthMax),
        startDate: Day,
        endDate: Day.exactOptional(),
        deviceList: deviceListUpTo('upgradeDevicesMax'),
      },
      accepts('a JSON object'),
    ),
  ),
);
export type FirmwareUpgradeRequest = z.infer<typeof FirmwareUpgradeRequest>;

export const FirmwareUpgrade = named(
  'FirmwareUpgrade',
  z.object({
    id: z.string(),
    accountName: z.string(),
    firmwareName: z.string(),
    firmwareTo: z.string(),
    startDate: DayText,
    endDate: DayText.exactOptional(),
    status: z.enum(UPGRADE_STATUSES),
    statusReason: z.string().exactOptional(),
    warnings: z.array(z.string()).exactOptional(),
    deviceList: z.array(DeviceStatusV1),
  }),
);
export type FirmwareUpgrade = z.infer<typeof FirmwareUpgrade>;

/** The documented form; every form of the later generations is accepted too. */
export const FirmwareUpgradeChangeRequest = named(
  'FirmwareUpgradeChangeRequest',
  z.object({ type: oneOf(['append', 'remove']), deviceList: deviceListUpTo('upgradeDevicesMax') }),
);

export const FirmwareUpgradeChange = named(
  'FirmwareUpgradeChange',
  z.object({ accountName: z.string(), id: z.string(), deviceList: z.array(DeviceChangeResult) }),
);
export type FirmwareUpgradeChange = z.infer<typeof FirmwareUpgradeChange>;

const STATUS_BY_SMALL_LETTERS = new Map<string, string>(UPGRADE_STATUSES.map((each) => [each.toLowerCase(), each]));

export const UpgradesParams = z.object({
  account: AccountName,
  upgradeStatus: z.preprocess(
    (value) => (typeof value === 'string' ? (STATUS_BY_SMALL_LETTERS.get(value.toLowerCase()) ?? value) : value),
    oneOf(UPGRADE_STATUSES).meta({ enum: [...UPGRADE_STATUSES] }),
  ),
  startIndex: numberText(0, Number.MAX_SAFE_INTEGER),
});

export const UpgradeReport = named(
  'UpgradeReport',
  z.object({
    hasMoreFlag: z.boolean(),
    lastSeenUpgradeId: z.int().describe('The startIndex of the next page.'),
    reportList: z.array(FirmwareUpgrade),
  }),
);
export type UpgradeReport = z.infer<typeof UpgradeReport>;

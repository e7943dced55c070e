// The devices of an account as each generation lists them (contract.md §6.4).

import { z } from 'zod';
import { accepts, named, withoutNulls } from './schema.ts';
import { deviceListUpTo, InstantText, PROTOCOLS } from './shared.ts';

/** contract.md §6.1: `upgradeTime` of a device that was never upgraded, in generation 1. */
export const NEVER_UPGRADED_V1 = '01/01/1900 0:0:0';

export const AccountDeviceV1 = named(
  'AccountDeviceV1',
  z.object({
    deviceId: z.string(),
    mdn: z.string(),
    model: z.string(),
    make: z.string(),
    firmware: z.string(),
    fotaEligible: z.boolean(),
    licenseAssigned: z.boolean(),
    upgradeTime: z.string(),
  }),
);
export type AccountDeviceV1 = z.infer<typeof AccountDeviceV1>;

export const AccountDeviceListV1 = named(
  'AccountDeviceListV1',
  z.object({
    accountName: z.string(),
    hasMoreData: z.boolean(),
    lastSeenDeviceId: z.int().describe('The startIndex of the next page.'),
    maxPageSize: z.int(),
    deviceList: z.array(AccountDeviceV1),
  }),
);
export type AccountDeviceListV1 = z.infer<typeof AccountDeviceListV1>;

/** Software or a file on a device. */
const InstalledSoftware = named(
  'InstalledSoftware',
  z.object({ name: z.string(), version: z.string(), upgradeTime: z.string() }),
);

const times = {
  createTime: InstantText.exactOptional(),
  upgradeTime: InstantText.exactOptional(),
  updateTime: InstantText.exactOptional(),
  refreshTime: InstantText.exactOptional(),
};

export const AccountDeviceV2 = named(
  'AccountDeviceV2',
  z.object({
    deviceId: z.string(),
    mdn: z.string(),
    model: z.string(),
    make: z.string(),
    fotaEligible: z.boolean(),
    appFotaEligible: z.boolean(),
    licenseAssigned: z.boolean(),
    distributionType: z.enum(PROTOCOLS),
    softwareList: z.array(InstalledSoftware),
    ...times,
  }),
);
export type AccountDeviceV2 = z.infer<typeof AccountDeviceV2>;

/** contract.md §9-22: `fotaEligible` is a boolean. */
export const AccountDeviceV3 = named(
  'AccountDeviceV3',
  z.object({
    deviceId: z.string(),
    mdn: z.string(),
    model: z.string(),
    make: z.string(),
    firmware: z.string(),
    fotaEligible: z.boolean(),
    status: z.string(),
    licenseAssigned: z.boolean(),
    protocol: z.enum(PROTOCOLS),
    softwareList: z.array(InstalledSoftware),
    fileList: z.array(InstalledSoftware).exactOptional(),
    ...times,
  }),
);
export type AccountDeviceV3 = z.infer<typeof AccountDeviceV3>;

/** One page of the original service; `lastSeen…` is there when there is another (contract.md §9-26). */
export const lastSeenPage = {
  hasMoreData: z.boolean(),
  lastSeenDeviceId: z.string().exactOptional(),
  maxPageSize: z.int(),
};

export const AccountDeviceListV2 = named(
  'AccountDeviceListV2',
  z.object({ accountName: z.string(), ...lastSeenPage, deviceList: z.array(AccountDeviceV2) }),
);
export type AccountDeviceListV2 = z.infer<typeof AccountDeviceListV2>;

export const AccountDeviceListV3 = named(
  'AccountDeviceListV3',
  z.object({ accountName: z.string(), ...lastSeenPage, deviceList: z.array(AccountDeviceV3) }),
);
export type AccountDeviceListV3 = z.infer<typeof AccountDeviceListV3>;

export const DeviceQuery = named(
  'DeviceQuery',
  z.preprocess(
    withoutNulls,
    z.object({ deviceList: deviceListUpTo('deviceQueryMax') }, accepts('an object {"deviceList": […]}')),
  ),
);
export type DeviceQuery = z.infer<typeof DeviceQuery>;

/** Of a device that the account does not have only the id, the status and the reason are told. */
export const QueriedDevice = named(
  'QueriedDevice',
  z.object({
    deviceId: z.string(),
    requestStatus: z.enum(['Success', 'Failure']),
    resultReason: z.string(),
    mdn: z.string().exactOptional(),
    model: z.string().exactOptional(),
    make: z.string().exactOptional(),
    firmware: z.string().exactOptional(),
    fotaEligible: z.boolean().exactOptional(),
    status: z.string().exactOptional(),
    licenseAssigned: z.boolean().exactOptional(),
    protocol: z.enum(PROTOCOLS).exactOptional(),
    softwareList: z.array(InstalledSoftware).exactOptional(),
    fileList: z.array(InstalledSoftware).exactOptional(),
    createTime: InstantText.exactOptional(),
    statusTime: InstantText.exactOptional(),
    updateTime: InstantText.exactOptional(),
    refreshTime: InstantText.exactOptional(),
    lastConnectionTime: InstantText.exactOptional(),
  }),
);
export type QueriedDevice = z.infer<typeof QueriedDevice>;

export const DeviceQueryResponse = named(
  'DeviceQueryResponse',
  z.object({ accountName: z.string(), deviceCount: z.int(), deviceList: z.array(QueriedDevice) }),
);
export type DeviceQueryResponse = z.infer<typeof DeviceQueryResponse>;

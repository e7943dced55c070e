// Subscriptions and licences, and the list of licences that may be taken back (contract.md §6.1, §6.6).

import { z } from 'zod';
import { lastSeenPage } from './devices.ts';
import { LIMITS } from './limits.ts';
import { LICENSE_STATUSES } from './literals.ts';
import { accepts, isJsonObject, named, oneOf, text, wholeNumber, withoutNulls } from './schema.ts';
import { AccountName, deviceListUpTo, InstantText } from './shared.ts';

export const Subscription = named(
  'Subscription',
  z.object({
    accountName: z.string(),
    purchaseType: z.string().describe('Like TS-HFOTA-EVNT or TS-HFOTA-EVNT,TS-HFOTA-MRC.'),
    licenseCount: z.int(),
    licenseUsedCount: z.int(),
    updateTime: InstantText,
  }),
);
export type Subscription = z.infer<typeof Subscription>;

const AssignedLicense = named('AssignedLicense', z.object({ deviceId: z.string(), assignmentTime: InstantText }));

/** contract.md §9-23: clients spell the total in either way, so both are there. */
const summary = {
  accountName: z.string(),
  totalLicense: z.int(),
  totalLicenses: z.int(),
  assignedLicenses: z.int(),
};

export const LicenseSummaryV1 = named(
  'LicenseSummaryV1',
  z.object({
    ...summary,
    hasMoreData: z.boolean(),
    lastSeenDeviceId: z.int().describe('The startIndex of the next page.'),
    deviceList: z.array(AssignedLicense),
  }),
);
export type LicenseSummaryV1 = z.infer<typeof LicenseSummaryV1>;

export const LicenseSummary = named(
  'LicenseSummary',
  z.object({ ...summary, ...lastSeenPage, deviceList: z.array(AssignedLicense) }),
);
export type LicenseSummary = z.infer<typeof LicenseSummary>;

/** `0` asks for the first page: the empty text that it becomes is smaller than every id. */
export const LicensesFromParams = z.object({
  account: AccountName,
  lastSeenDeviceId: z.preprocess((value) => (value === '0' ? '' : value), text(LIMITS.deviceIdLengthMax, 0)),
});

const LICENSES = accepts('an object {"deviceList": […]}');

export const LicenseRequest = named(
  'LicenseRequest',
  z.preprocess(
    withoutNulls,
    z.object({ accountName: AccountName.exactOptional(), deviceList: deviceListUpTo('licenseDevicesMax') }, LICENSES),
  ),
);
export type LicenseRequest = z.infer<typeof LicenseRequest>;

/** contract.md §9-23. */
const counts = { accountName: z.string(), licCount: z.int(), licTotalCount: z.int(), licUsedCount: z.int() };

/** The capital R of `Reason` is part of the wire. */
export const LicenseChangeV1 = named(
  'LicenseChangeV1',
  z.object({
    ...counts,
    deviceList: z.array(
      z.object({
        deviceId: z.string(),
        status: z.enum(LICENSE_STATUSES),
        Reason: z.string(),
        reasonText: z.string().exactOptional(),
      }),
    ),
  }),
);
export type LicenseChangeV1 = z.infer<typeof LicenseChangeV1>;

const change = (statuses: readonly [string, ...string[]]) =>
  z.object({
    ...counts,
    deviceList: z.array(
      z.object({
        deviceId: z.string(),
        status: z.enum(statuses),
        resultReason: z.string(),
        reasonText: z.string().exactOptional(),
      }),
    ),
  });

export const LicenseChangeV2 = named('LicenseChangeV2', change(['Success', 'Failure']));
export type LicenseChangeV2 = z.infer<typeof LicenseChangeV2>;
export const LicenseChangeV3 = named('LicenseChangeV3', change(LICENSE_STATUSES));
export type LicenseChangeV3 = z.infer<typeof LicenseChangeV3>;

function withSmallType(body: unknown): unknown {
  const fields = withoutNulls(body);
  if (!isJsonObject(fields) || typeof fields['type'] !== 'string') return fields;
  return { ...fields, type: fields['type'].toLowerCase() };
}

/** With `append` the devices are added; without a type they replace the list. */
export const CancellationRequest = named(
  'CancellationRequest',
  z.preprocess(
    withSmallType,
    z.object(
      {
        type: oneOf(['append']).exactOptional(),
        count: wholeNumber(0, LIMITS.campaignDevicesMax).exactOptional(),
        deviceList: deviceListUpTo('licenseDevicesMax'),
      },
      LICENSES,
    ),
  ),
);
export type CancellationRequest = z.infer<typeof CancellationRequest>;

export const CancellationChange = named(
  'CancellationChange',
  z.object({ count: z.int(), deviceList: z.array(z.string()) }),
);
export type CancellationChange = z.infer<typeof CancellationChange>;

export const CancellationList = named(
  'CancellationList',
  z.object({ count: z.int(), hasMoreData: z.boolean(), updateTime: InstantText, deviceList: z.array(z.string()) }),
);
export type CancellationList = z.infer<typeof CancellationList>;

// Operator API: how campaigns are scheduled in our own words, steered while they run, and stopped for a package or an account.

import { z } from 'zod';
import { PackageView, TransportInput } from './inventory.ts';
import { LIMITS } from './limits.ts';
import { CampaignView, updateCounts } from './operator.ts';
import { ArrivalsPerMinute, RolloutPolicy, Slots } from './rollout.ts';
import { accepts, named, text, withoutNulls } from './schema.ts';
import { CAMPAIGN_STATUSES, Day, DeviceList, flagText, TimeWindowList, windowExtras } from './shared.ts';

const FLAG = accepts('true or false');
const BODY = accepts('a JSON object');

const times = {
  startDate: Day,
  endDate: Day,
  downloadAfterDate: Day.describe('No download before this day.').exactOptional(),
  installAfterDate: Day.describe('No install before this day.').exactOptional(),
  downloadWindows: TimeWindowList.describe('Empty or absent: always.').exactOptional(),
  installWindows: TimeWindowList.describe('Empty or absent: always.').exactOptional(),
  ...windowExtras,
};

const how = {
  campaignName: text(LIMITS.nameLengthMax, 0).exactOptional(),
  autoAssignLicense: z.boolean(FLAG).exactOptional(),
  autoAddDevices: z.boolean(FLAG).describe('Devices that fit and become known later take part too.').exactOptional(),
  endWhenDone: z.boolean(FLAG).describe('Ends when every update is final, also with autoAddDevices.').exactOptional(),
  rollout: RolloutPolicy.exactOptional(),
};

export const NewCampaign = named(
  'NewCampaign',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        packageName: text(LIMITS.nameLengthMax),
        from: text(LIMITS.versionLengthMax).describe('Default: the first one of the package.').exactOptional(),
        transport: TransportInput.describe('Needed where the package is made for both.').exactOptional(),
        ...how,
        ...times,
        deviceList: DeviceList,
      },
      BODY,
    ),
  ),
);
export type NewCampaign = z.infer<typeof NewCampaign>;

/** Whatever is absent is as in the campaign that is taken up again; the days: from today, for as long. */
export const CampaignRetry = named(
  'CampaignRetry',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        packageName: text(LIMITS.nameLengthMax).exactOptional(),
        from: text(LIMITS.versionLengthMax).exactOptional(),
        ...how,
        ...times,
        startDate: Day.exactOptional(),
        endDate: Day.exactOptional(),
      },
      BODY,
    ),
  ),
);
export type CampaignRetry = z.infer<typeof CampaignRetry>;

/** Absent = unchanged; an empty list of windows = always. */
export const CampaignDates = named(
  'CampaignDates',
  z.preprocess(
    withoutNulls,
    z.object({ ...times, startDate: Day.exactOptional(), endDate: Day.exactOptional() }, BODY),
  ),
);
export type CampaignDates = z.infer<typeof CampaignDates>;

const REASON = text(LIMITS.reasonLengthMax);

/** Who ordered it is known; why, they say. */
export const OrderReason = named(
  'OrderReason',
  z.preprocess(
    withoutNulls,
    z.object({ reason: REASON.describe('Kept in the ledger and in the audit log.').exactOptional() }, BODY),
  ),
);
export type OrderReason = z.infer<typeof OrderReason>;

/** An order that many people will ask about says why. */
export const OrderWithReason = named(
  'OrderWithReason',
  z.preprocess(withoutNulls, z.object({ reason: REASON }, accepts('an object {"reason": …}'))),
);

export const NarrowedWindows = named(
  'NarrowedWindows',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        downloadWindows: TimeWindowList.describe('Absent = unchanged.').exactOptional(),
        installWindows: TimeWindowList.describe('Absent = unchanged.').exactOptional(),
        reason: REASON.exactOptional(),
      },
      BODY,
    ),
  ),
);

export const CampaignPace = named(
  'CampaignPace',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        arrivalsPerMinute: ArrivalsPerMinute.describe('Devices that may begin in a minute.').exactOptional(),
        slots: Slots.describe('Devices that are being updated at a time.').exactOptional(),
        endWhenDone: z.boolean(FLAG).exactOptional(),
      },
      BODY,
    ),
  ),
);

export const PreviewQuery = z.object({
  preview: flagText.describe('1: says what the order would do, and does nothing.'),
});
export const ScheduleQuery = z.object({
  strict: flagText.describe('1: refuses a campaign that some of its devices cannot finish.'),
});

const counts = z.object(updateCounts);

/** What an order stops, and what goes on all the same. */
export const Consequences = named(
  'Consequences',
  z.object({
    stops: z
      .object({ waiting: z.int(), offered: z.int(), downloading: z.int(), downloaded: z.int() })
      .describe('Devices that nothing more is sent to.'),
    goesOn: z
      .object({ installing: z.int(), verifying: z.int() })
      .describe('Installations cannot be taken back; their outcome is still told.'),
    live: z.int().describe('Devices with an attempt under way.'),
    sentence: z.string(),
  }),
);
export type Consequences = z.infer<typeof Consequences>;

/** The campaign as the order leaves it, or with `preview` would leave it. */
export const OrderedCampaign = named(
  'OrderedCampaign',
  CampaignView.extend({ preview: z.boolean(), consequences: Consequences.exactOptional() }),
);
export type OrderedCampaign = z.infer<typeof OrderedCampaign>;

const ORDER_OUTCOMES = ['stopped', 'resumed', 'unchanged'] as const;

const affected = {
  preview: z.boolean(),
  sentence: z.string().describe('What the order does and what it does not.'),
  campaigns: z
    .array(
      z.object({
        id: z.string(),
        campaignName: z.string().exactOptional(),
        status: z.enum(CAMPAIGN_STATUSES),
        outcome: z.enum(ORDER_OUTCOMES),
        statusReason: z.string(),
        counts,
      }),
    )
    .describe(`Campaigns that are not over, by id; at most ${LIMITS.orderedCampaignsMax} are named.`),
  campaignsTotal: z.int().describe('Of all campaigns that are not over.'),
  campaignsChanged: z.int().describe('Of those that the order stops or resumes.'),
  devices: counts.describe('Updates of these campaigns by state.'),
};

/** What an order to a whole account did, or would do. */
export const OrderedCampaigns = named('OrderedCampaigns', z.object({ accountName: z.string(), ...affected }));
export type OrderedCampaigns = z.infer<typeof OrderedCampaigns>;

/** What an order about a package did, or would do, to the campaigns that use it. */
export const OrderedPackage = named('OrderedPackage', z.object({ package: PackageView, ...affected }));
export type OrderedPackage = z.infer<typeof OrderedPackage>;

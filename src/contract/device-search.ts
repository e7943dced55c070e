// Operator API: which devices are looked for, and what is known of one device over time.

import { z } from 'zod';
import { TRANSPORTS } from './inventory.ts';
import { LIMITS } from './limits.ts';
import { CampaignView, UPDATE_STATES, UpdateView } from './operator.ts';
import { accepts, named, oneOf, text, withoutNulls } from './schema.ts';
import { CampaignId, InstantText, numberText, pageOf, pageQuery } from './shared.ts';

const DIGITS = accepts('1 to 15 digits');
const digits = z.string(DIGITS).regex(/^\d{1,15}$/, DIGITS);

const LABEL = accepts('a label as name=value');
const flag = (value: unknown): unknown => (value === '1' || value === 'true' ? true : value);
const onlyTrue = z.preprocess(flag, z.literal(true, accepts('1 or nothing')));

/** All that is given must fit. */
export const DeviceSearchQuery = z.preprocess(
  withoutNulls,
  z.object({
    ...pageQuery,
    imeiBegins: digits.describe('How the IMEI begins.').exactOptional(),
    imeiEnds: digits.describe('How the IMEI ends.').exactOptional(),
    make: text(LIMITS.nameLengthMax).exactOptional(),
    model: text(LIMITS.nameLengthMax).exactOptional(),
    transport: oneOf(TRANSPORTS).exactOptional(),
    version: text(LIMITS.versionLengthMax)
      .describe('Running version, of the firmware or of any software.')
      .exactOptional(),
    versionUnknown: onlyTrue.describe('1: no version is known.').exactOptional(),
    label: z
      .string(LABEL)
      .max(2 * LIMITS.labelLengthMax + 1, LABEL)
      .regex(/^[^=]+=/, LABEL)
      .exactOptional(),
    campaign: CampaignId.describe('The live campaign that the device is part of.').exactOptional(),
    state: oneOf(UPDATE_STATES).describe('How far it is in its live campaign.').exactOptional(),
    silentDays: numberText(1, LIMITS.silentDaysMax)
      .describe('Heard once, but not for so many whole days (UTC); the longest silent come first.')
      .exactOptional(),
    neverSeen: onlyTrue.describe('1: never heard.').exactOptional(),
  }),
);
export type DeviceSearchQuery = z.infer<typeof DeviceSearchQuery>;

export const DeviceHistoryItem = named(
  'DeviceHistoryItem',
  z.object({
    campaign: z
      .object({
        id: z.string(),
        campaignName: z.string().exactOptional(),
        packageName: z.string(),
        from: z.string(),
        to: z.string(),
        status: CampaignView.shape.status,
        startDate: CampaignView.shape.startDate,
        endDate: CampaignView.shape.endDate,
        createdAt: InstantText,
      })
      .describe('The campaign, as far as it is needed to tell it from others.'),
    update: UpdateView,
  }),
);
export type DeviceHistoryItem = z.infer<typeof DeviceHistoryItem>;
export const DeviceHistoryPage = pageOf('DeviceHistoryPage', DeviceHistoryItem);

export const CheckInView = named(
  'CheckInView',
  z.object({
    at: InstantText,
    client: z.enum(TRANSPORTS),
    result: z.enum(['succeeded', 'failed']),
    failure: z.string().exactOptional(),
  }),
);
export type CheckInView = z.infer<typeof CheckInView>;
/** The last ones are kept, so there is only one page. */
export const CheckInPage = pageOf('CheckInPage', CheckInView);

export const DeviceLogView = named('DeviceLogView', z.object({ at: InstantText, type: z.string(), text: z.string() }));
export type DeviceLogView = z.infer<typeof DeviceLogView>;
/** The last ones are kept, so there is only one page. */
export const DeviceLogPage = pageOf('DeviceLogPage', DeviceLogView);

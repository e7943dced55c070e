// How the lists of the original service are asked for: the last id seen, an index, and filters in every spelling.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, isJsonObject, oneOf, text } from './schema.ts';
import { AccountName, CAMPAIGN_STATUSES, type CampaignStatus, numberText, PROTOCOLS, toProtocol } from './shared.ts';

/** contract.md §6.4, §9-26: items come in the order of their ids; `0`, an empty text or nothing asks for the first page. */
function fromTheStart(query: unknown): unknown {
  if (!isJsonObject(query)) return query;
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== null && value !== '' && value !== '0'),
  );
}

const lastSeenDeviceId = text(LIMITS.deviceIdLengthMax)
  .describe('Answers the devices whose id is larger than this one.')
  .exactOptional();

export const LastSeenDeviceQuery = z.preprocess(fromTheStart, z.object({ lastSeenDeviceId }));

/** contract.md §9-15: the filter is a transport in any of its spellings, or `all`. */
const PROTOCOL_FILTERS = [...PROTOCOLS, 'all'] as const;
const toFilter = (value: unknown): unknown => {
  const protocol = toProtocol(value);
  return protocol === 'ALL' ? 'all' : protocol;
};
const ProtocolFilter = z.preprocess(toFilter, oneOf(PROTOCOL_FILTERS).meta({ enum: [...PROTOCOL_FILTERS] }));
export type ProtocolFilter = (typeof PROTOCOL_FILTERS)[number];

export const DistributionTypeQuery = z.preprocess(
  fromTheStart,
  z.object({ distributionType: ProtocolFilter.default('all') }),
);
export const ProtocolQuery = z.preprocess(fromTheStart, z.object({ protocol: ProtocolFilter }));
export const DevicesV2Query = z.preprocess(
  fromTheStart,
  z.object({ lastSeenDeviceId, distributionType: ProtocolFilter.default('all') }),
);
export const DevicesV3Query = z.preprocess(
  fromTheStart,
  z.object({ lastSeenDeviceId, protocol: ProtocolFilter.default('LWM2M') }),
);

/** contract.md §9-2: names that prose and examples use for a canonical status, in small letters. */
const STATUS_ALIASES: Readonly<Record<string, CampaignStatus>> = {
  ...Object.fromEntries(CAMPAIGN_STATUSES.map((status) => [status.toLowerCase(), status])),
  requestpending: 'CampaignRequestPending',
  requestfailed: 'CampaignRequestFailed',
  requestqueued: 'CampaignRequestQueued',
  campaignqueued: 'CampaignRequestQueued',
  queued: 'CampaignRequestQueued',
};
const CampaignStatusFilter = z.preprocess(
  (value) => (typeof value === 'string' ? (STATUS_ALIASES[value.trim().toLowerCase()] ?? value) : value),
  oneOf(CAMPAIGN_STATUSES).meta({ enum: [...CAMPAIGN_STATUSES] }),
);

export const CampaignsQuery = z.preprocess(
  fromTheStart,
  z.object({
    campaignStatus: CampaignStatusFilter,
    lastSeenCampaignId: text(LIMITS.campaignIdLengthMax)
      .describe('Answers the campaigns whose id is larger than this one.')
      .exactOptional(),
  }),
);

const startIndex = numberText(0, Number.MAX_SAFE_INTEGER);

/** Lists of generation 1 count from an index instead. */
export const IndexParams = z.object({ account: AccountName, startIndex });
export const StartIndexQuery = z.preprocess(fromTheStart, z.object({ startIndex: startIndex.default(0) }));

/** contract.md §6.1: accepted, and of no effect, because it names client programs of the original. */
export const ClientTypeQuery = z.preprocess(
  fromTheStart,
  z.object({ clientType: text(LIMITS.nameLengthMax).exactOptional() }),
);

/** contract.md §6.9: one text whose separator nobody states, or the parameter several times. */
function toDeviceIds(given: unknown): unknown {
  const texts = Array.isArray(given) ? given : [given];
  if (!texts.every((each) => typeof each === 'string')) return given;
  return texts.flatMap((each: string) => each.split(/[\s,;]+/)).filter((each) => each !== '');
}

const DEVICE_IDS = accepts(`1 to ${LIMITS.loggingDevicesMax} IMEIs, separated by commas`);
export const DeviceIdsQuery = z.object({
  deviceIds: z
    .preprocess(
      toDeviceIds,
      z.array(text(LIMITS.deviceIdLengthMax), DEVICE_IDS).min(1, DEVICE_IDS).max(LIMITS.loggingDevicesMax, DEVICE_IDS),
    )
    .meta({ type: 'string', minItems: undefined, maxItems: undefined, items: undefined }),
});

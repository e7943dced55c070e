// Wire shapes that several families share: accounts, days, windows, device lists, campaign status, paging.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { RolloutPolicy, RolloutView } from './rollout.ts';
import { accepts, isJsonObject, named, oneOf, text, wholeNumber, withoutNulls } from './schema.ts';
import { resized, sized } from './sized.ts';

/** contract.md §2: ten digits, a hyphen, five digits. It also keeps `/campaigns/firmware/…` apart from an account. */
export const AccountName = z
  .string(accepts('an account name like 0000123456-00001'))
  .regex(/^\d{10}-\d{5}$/, accepts('an account name like 0000123456-00001'));

export const CampaignId = text(LIMITS.campaignIdLengthMax);

export const AccountParams = z.object({ account: AccountName });
export const CampaignParams = z.object({ account: AccountName, campaignId: CampaignId });
export const AccountDeviceParams = z.object({ account: AccountName, deviceId: text(LIMITS.deviceIdLengthMax) });

const DAY = accepts('a calendar day like 2026-01-31');

/** A UTC day. Python clients may send a whole date-time: the day written in it counts. */
export const Day = z
  .string(DAY)
  .max(64, DAY)
  .regex(/^\d{4}-\d{2}-\d{2}(?:$|[T ]\d{2}:?\d{2})/, DAY)
  .refine((value) => isCalendarDay(value.slice(0, 10)), DAY)
  .overwrite((value) => value.slice(0, 10))
  .meta({ format: 'date' });

/** A day in an answer. */
export const DayText = z.string().meta({ format: 'date' });

/** An instant as RFC 3339 in UTC (contract.md §9-24). */
export const InstantText = z.string().meta({ format: 'date-time' });

export function isCalendarDay(value: string): boolean {
  const [year = 0, month = 0, day = 0] = value.split('-').map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export const TimeWindow = named(
  'TimeWindow',
  z
    .object(
      {
        startTime: wholeNumber(0, 23).describe('First hour in which the window is open.'),
        endTime: wholeNumber(1, 24).describe('First hour in which it is shut again.'),
      },
      accepts('a window like {"startTime": 20, "endTime": 22}'),
    )
    .refine(
      (window) => window.startTime < window.endTime,
      accepts(
        'a window whose startTime is before its endTime; split one over midnight: 22 to 4 is {"startTime": 22, "endTime": 24} and {"startTime": 0, "endTime": 4}',
      ),
    )
    .describe('Hours in which something may happen: open while startTime <= hour < endTime.'),
);
export type TimeWindow = z.infer<typeof TimeWindow>;

/**
 * Bodies are cleaned before their schema sees them: nulls are absent, hours may come as text, and a start hour of 0
 * comes back from Python clients as null (contract.md §1.6, §2.0).
 */
export function withPlainWindows(body: unknown): unknown {
  const fields = withoutNulls(body);
  if (!isJsonObject(fields)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name.endsWith('WindowList') ? plainWindows(value) : value]),
  );
}

function plainWindows(list: unknown): unknown {
  return Array.isArray(list) ? list.map(plainWindow) : list;
}

function plainWindow(window: unknown): unknown {
  if (!isJsonObject(window)) return window;
  const startTime = window['startTime'] === null ? 0 : plainHour(window['startTime']);
  return { startTime, endTime: plainHour(window['endTime']) };
}

function plainHour(hour: unknown): unknown {
  return typeof hour === 'string' && /^\d{1,2}$/.test(hour) ? Number(hour) : hour;
}

/** An empty list means always. */
export const TimeWindowList = sized(({ windowsPerListMax: max }) =>
  z.array(TimeWindow, accepts('a list of windows')).max(max, accepts(`at most ${max} windows`)),
);

/**
 * An IMEI that is not 15 digits is no fault of the request: that device is rejected when it is admitted.
 * Checked by one loop that stops at the first bad entry, so that a bad list of a million entries makes one issue.
 */
export function deviceListUpTo(limit: DeviceListLimit) {
  return sized((limits) => deviceList(limits[limit]));
}

type DeviceListLimit =
  | 'campaignDevicesMax'
  | 'upgradeDevicesMax'
  | 'licenseDevicesMax'
  | 'deviceQueryMax'
  | 'firmwareSyncDevicesMax'
  | 'loggingDevicesMax';

function deviceList(max: number) {
  const phrase = accepts(`a list of 1 to ${max} IMEIs`);
  return z
    .custom<readonly string[]>((value) => Array.isArray(value), phrase)
    .check((context) => {
      const list: readonly unknown[] = context.value;
      if (list.length === 0 || list.length > max) {
        context.issues.push({ code: 'custom', input: list, message: phrase.error });
        return;
      }
      const bad = list.findIndex((entry) => !isDeviceId(entry));
      if (bad === -1) return;
      const message = accepts(`an IMEI as a text of 1 to ${LIMITS.deviceIdLengthMax} characters`).error;
      context.issues.push({ code: 'custom', input: list[bad], path: [bad], message });
    })
    .meta({ type: 'array', items: { type: 'string' }, description: 'IMEIs.' });
}

export const DeviceList = deviceListUpTo('campaignDevicesMax');

function isDeviceId(entry: unknown): boolean {
  return typeof entry === 'string' && entry.length > 0 && entry.length <= LIMITS.deviceIdLengthMax;
}

export const PROTOCOLS = ['LWM2M', 'HTTP', 'OMD-DM'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** contract.md §9-15: every spelling that documents and SDKs use for OMA-DM. */
const OMA_SPELLINGS: ReadonlySet<string> = new Set(['OMA', 'OMA-DM', 'OMADM', 'OMD-DM', 'OMDDM', 'OMDADM']);

export function toProtocol(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const upper = value.trim().toUpperCase();
  return OMA_SPELLINGS.has(upper) ? 'OMD-DM' : upper;
}

export const ProtocolInput = z.preprocess(toProtocol, oneOf(PROTOCOLS).meta({ enum: [...PROTOCOLS, 'OMA'] }));

/** contract.md §3.1 and §9-2: only these are emitted. */
export const CAMPAIGN_STATUSES = [
  'CampaignRequestPending',
  'CampaignRequestFailed',
  'CampaignRequestQueued',
  'CampaignPreScheduled',
  'CampaignScheduled',
  'CampaignFailed',
  'CampaignCancelled',
  'CampaignAborted',
  'CampaignEnded',
] as const;
export const CampaignStatus = named('CampaignStatus', z.enum(CAMPAIGN_STATUSES));
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const WINDOW_RULES = ['strict', 'start-before-close'] as const;
export type WindowRule = (typeof WINDOW_RULES)[number];

/** `UTC`, a name of the tz database, or `device` for each device's own zone. Whether the name exists is decided later. */
export const TimeZoneName = text(LIMITS.timeZoneLengthMax).regex(
  /^[A-Za-z][A-Za-z0-9_+\-/]*$/,
  accepts('"UTC", "device" or a name of the tz database like Europe/Berlin'),
);

/** Fields beside the documented ones that a schedule or dates body may have. */
export const windowExtras = {
  timeZone: TimeZoneName.describe('Zone of the window hours: "UTC", an IANA name, or "device".').exactOptional(),
  rule: oneOf(WINDOW_RULES)
    .describe('strict: no byte outside a window. start-before-close: a transfer begun inside may finish.')
    .exactOptional(),
};

/** Fields beside the documented ones that a schedule body may have. */
export const scheduleExtras = {
  ...windowExtras,
  rollout: RolloutPolicy.describe('Canary, waves, halt, retries and pace.').exactOptional(),
};

/** Fields beside the documented ones that a campaign answer may have. */
export const campaignExtras = {
  timeZone: z.string().exactOptional(),
  rule: z.enum(WINDOW_RULES).exactOptional(),
  statusReason: z.string().describe('Why the campaign is in this status, as a sentence.').exactOptional(),
  warnings: z.array(z.string()).exactOptional(),
  retryOf: z.string().describe('The campaign whose failed devices this one tries again.').exactOptional(),
  rollout: RolloutView.exactOptional(),
};

/**
 * contract.md §2.3, §9-12: `Type` or `type`, flat or inside `addOrRemoveDevice` (one object or a list of them).
 * All forms become one list of changes, to be applied in order.
 */
function toChanges(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  const wrapped = body['addOrRemoveDevice'];
  const changes = wrapped === undefined || wrapped === null ? [body] : Array.isArray(wrapped) ? wrapped : [wrapped];
  return changes.map((change: unknown) => {
    if (!isJsonObject(change)) return change;
    const type = change['Type'] ?? change['type'];
    return { Type: typeof type === 'string' ? type.toLowerCase() : type, deviceList: change['deviceList'] };
  });
}

const CHANGE = accepts('an object {"Type": "append" | "remove", "deviceList": […]}');

/** The documented flat form. The wrapped forms are accepted too. */
export const AddOrRemoveDeviceRequest = named(
  'AddOrRemoveDeviceRequest',
  z.object({ Type: oneOf(['append', 'remove']), deviceList: DeviceList }, CHANGE),
);
export type DeviceChange = z.infer<typeof AddOrRemoveDeviceRequest>;

/** Changes that are applied in their order; the list and each of its devices are bounded. */
export function changeList<Change extends z.ZodType>(change: Change) {
  return sized((limits) =>
    z
      .array(resized(change, limits), CHANGE)
      .min(1, accepts('at least one change'))
      .max(limits.changesPerRequestMax, accepts(`at most ${limits.changesPerRequestMax} changes`)),
  );
}

/** What the server parses with: any accepted form in, the list of changes in their order out. */
export const DeviceChanges = z.preprocess(toChanges, changeList(AddOrRemoveDeviceRequest));

export const SuccessResponse = named('SuccessResponse', z.object({ success: z.boolean() }));
export type SuccessResponse = z.infer<typeof SuccessResponse>;

export const ErrorResponse = named(
  'ErrorResponse',
  z.object({
    errorCode: z.string(),
    errorMessage: z.string(),
    fault: z.object({ code: z.string(), message: z.string() }).exactOptional(),
  }),
);

/** A whole number in a query or a path, where it is text. */
export function numberText(min: number, max: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    wholeNumber(min, max),
  );
}

const FLAG_WORDS: ReadonlySet<unknown> = new Set(['1', 'true', '', true]);

/** `?name=1` in a query. */
export const flagText = z.preprocess((value) => FLAG_WORDS.has(value), z.boolean()).default(false);

export const pageQuery = {
  limit: sized((limits) => numberText(1, limits.pageSizeMax).default(limits.pageSizeDefault)),
  after: text(LIMITS.pageTokenLengthMax).exactOptional(),
};

/** `?limit=` and `?after=` of a paged collection; query values are text. */
export const PageQuery = z.preprocess(withoutNulls, z.object(pageQuery));
export type PageQuery = z.infer<typeof PageQuery>;

/** One page: give `nextPageToken` back as `?after=`; absent on the last page. */
export function pageOf<Item extends z.ZodType>(id: string, item: Item) {
  return named(id, z.object({ items: z.array(item), nextPageToken: z.string().exactOptional() }));
}

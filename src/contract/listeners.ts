// Callbacks: how a listener is registered in each generation, and what it is sent (contract.md §6.1, §6.7, §6.8).

import { z } from 'zod';
import { LedgerHead } from './ledger.ts';
import { LIMITS } from './limits.ts';
import { FirmwareV1 } from './packages.ts';
import { DeviceStatusV1 } from './reports.ts';
import { accepts, named, oneOf, text, withoutNulls } from './schema.ts';
import { AccountName, DayText, InstantText } from './shared.ts';

const URL_PHRASE = accepts(`a URL like https://example.com/fota of at most ${LIMITS.callbackUrlLengthMax} characters`);

/** Whether its address may be called is decided when it is called. */
export const CallbackUrl = z
  .string(URL_PHRASE)
  .max(LIMITS.callbackUrlLengthMax, URL_PHRASE)
  .regex(/^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i, URL_PHRASE);

export const CallbackRegistration = named(
  'CallbackRegistration',
  z.preprocess(withoutNulls, z.object({ url: CallbackUrl }, accepts('an object {"url": …}'))),
);
export type CallbackRegistration = z.infer<typeof CallbackRegistration>;

/** Without a listener there is no `url`. */
export const CallbackListener = named('CallbackListener', z.object({ url: z.string().exactOptional() }));
export type CallbackListener = z.infer<typeof CallbackListener>;

const SERVICE = 'Fota';
const CallbackService = z.preprocess(
  (value) => (typeof value === 'string' && value.toLowerCase() === SERVICE.toLowerCase() ? SERVICE : value),
  oneOf([SERVICE]).meta({ enum: [SERVICE] }),
);
export const CallbackServiceParams = z.object({ account: AccountName, name: CallbackService });

export const CallbackRegistrationV1 = named(
  'CallbackRegistrationV1',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        name: CallbackService,
        url: CallbackUrl,
        username: text(LIMITS.credentialLengthMax, 0).exactOptional(),
        password: text(LIMITS.credentialLengthMax, 0).exactOptional(),
      },
      accepts('an object {"name": "Fota", "url": …}'),
    ),
  ),
);
export type CallbackRegistrationV1 = z.infer<typeof CallbackRegistrationV1>;

/** The password is told to the listener itself and to nobody else. */
export const CallbackListenerV1 = named(
  'CallbackListenerV1',
  z.object({ aname: z.string(), name: z.string(), url: z.string(), username: z.string().exactOptional() }),
);
export type CallbackListenerV1 = z.infer<typeof CallbackListenerV1>;

/** contract.md §6.1: one client generation reads an object, a later one a list; the account's setting decides. */
export const CallbackListenersV1 = named(
  'CallbackListenersV1',
  z.union([CallbackListenerV1, z.array(CallbackListenerV1)]),
);
export type CallbackListenersV1 = z.infer<typeof CallbackListenersV1>;

export const CallbackRegisteredV1 = named(
  'CallbackRegisteredV1',
  z.object({ accountName: z.string(), serviceName: z.string() }),
);
export type CallbackRegisteredV1 = z.infer<typeof CallbackRegisteredV1>;

export const CALLBACK_TYPES = ['campaignStatus', 'deviceStatus'] as const;
export type CallbackType = (typeof CALLBACK_TYPES)[number];

const numbered = {
  number: z.int().describe('Counts the events of one campaign from 1: a gap is an event that could not be delivered.'),
  time: InstantText,
  eventId: z.string().describe('The same in every delivery of this event, and in the header webhook-id.'),
};

/** What listeners of generations 2 and 3 are sent. */
export const CallbackEvent = named(
  'CallbackEvent',
  z.object({
    accountName: z.string(),
    campaignId: z.string(),
    id: z.string().describe('The same as campaignId.'),
    type: z.enum(CALLBACK_TYPES),
    status: z.string().describe('Status of the campaign.'),
    resultReason: z.string().exactOptional(),
    reasonText: z.string().exactOptional(),
    ledgerHead: LedgerHead.describe(
      "Of type campaignStatus: the head of the campaign's ledger by then.",
    ).exactOptional(),
    deviceList: z
      .array(
        z.object({
          deviceId: z.string(),
          status: z.string(),
          resultReason: z.string().exactOptional(),
          reasonText: z.string().exactOptional(),
        }),
      )
      .max(LIMITS.callbackDevicesMax)
      .describe('Of type deviceStatus: the devices whose status has changed.')
      .exactOptional(),
    ...numbered,
  }),
);
export type CallbackEvent = z.infer<typeof CallbackEvent>;

export const CALLBACK_TYPES_V1 = ['firmwareList', 'upgradeScheduled', 'upgradeProgress', 'upgradeFinished'] as const;
export type CallbackTypeV1 = (typeof CALLBACK_TYPES_V1)[number];

const CallbackUpgradeV1 = named(
  'CallbackUpgradeV1',
  z.object({
    firmwareName: z.string().exactOptional(),
    upgradeId: z.string().exactOptional(),
    startDate: DayText.exactOptional(),
    status: z.string().exactOptional(),
    deviceList: z.array(DeviceStatusV1).max(LIMITS.callbackDevicesMax).exactOptional(),
  }),
);

/** What listeners of generation 1 are sent; the parts that `type` does not name are empty. */
export const CallbackEventV1 = named(
  'CallbackEventV1',
  z.object({
    accountName: z.string(),
    participantName: z.string(),
    type: z.enum(CALLBACK_TYPES_V1),
    username: z.string(),
    password: z.string(),
    firmwareList: z.array(FirmwareV1),
    upgradeScheduled: CallbackUpgradeV1,
    upgradeProgress: CallbackUpgradeV1,
    upgradeFinished: CallbackUpgradeV1,
    ...numbered,
  }),
);
export type CallbackEventV1 = z.infer<typeof CallbackEventV1>;

/** The headers of a delivery, by the scheme of Standard Webhooks. */
export const WEBHOOK_HEADERS = {
  'webhook-id': 'The id of the event.',
  'webhook-timestamp': 'Seconds since 1970 when this delivery was signed.',
  'webhook-signature':
    'Signatures, separated by spaces: "v1," and the base64 of HMAC-SHA256 over id, timestamp and body, joined by dots.',
} as const;

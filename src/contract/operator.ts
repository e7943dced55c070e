// Operator API: accounts, their credentials, and what became of campaigns; in our own words.

import { z } from 'zod';
import { DownloadRateOrNone } from './images.ts';
import { PACKAGE_KINDS, TRANSPORTS } from './inventory.ts';
import { LIMITS } from './limits.ts';
import { ArrivalsPerMinute, RolloutView } from './rollout.ts';
import { accepts, named, oneOf, text, wholeNumber, withoutNulls } from './schema.ts';
import {
  AccountName,
  CAMPAIGN_STATUSES,
  CampaignId,
  DayText,
  InstantText,
  pageOf,
  pageQuery,
  TimeWindow,
  TimeZoneName,
  WINDOW_RULES,
} from './shared.ts';

const FLAG = accepts('true or false');

export const EVIDENCES = ['version', 'restart', 'reported'] as const;

export const IMAGE_PROTOCOLS = ['coap', 'coaps', 'http', 'https'] as const;
export const BLOCK_BYTES = [16, 32, 64, 128, 256, 512, 1024] as const;
export const RESET_STYLES = ['nul-byte', 'empty-uri', 'cancel'] as const;

/** How the devices of a make, or of one of its models, behave; the first profile that fits counts. */
export const DeviceProfileRule = z.object({
  make: text(LIMITS.nameLengthMax),
  model: text(LIMITS.nameLengthMax).exactOptional(),
  ddiClient: oneOf(['streaming', 'split'])
    .describe('streaming: downloading is installing. split: downloads and waits.')
    .exactOptional(),
  autoInstalls: z.boolean(FLAG).describe('Installs by itself once it has the image.').exactOptional(),
  leastEvidence: oneOf(EVIDENCES).describe('The least that counts as success.').exactOptional(),
  delivery: oneOf(['pull', 'push'])
    .describe('How LwM2M devices get the image, whatever they say themselves.')
    .exactOptional(),
  protocols: z
    .array(oneOf(IMAGE_PROTOCOLS), accepts('a list of protocols'))
    .min(1, accepts('at least one protocol'))
    .describe('What LwM2M devices fetch images over, the best first; absent: as they say themselves.')
    .exactOptional(),
  blockBytes: z
    .literal(BLOCK_BYTES, accepts(`one of ${BLOCK_BYTES.join(', ')}`))
    .describe('The largest CoAP block that they bear, in either direction.')
    .exactOptional(),
  observes: z.boolean(FLAG).describe('false: they are asked, never observed.').exactOptional(),
  notifySecondsMin: wholeNumber(0, LIMITS.notifySecondsMax)
    .describe('pmin of /5/0: a change of state is told at most so often.')
    .exactOptional(),
  notifySecondsMax: wholeNumber(1, LIMITS.notifySecondsMax)
    .describe('pmax of /5/0: the state is told at least so often while an image travels.')
    .exactOptional(),
  reset: oneOf(RESET_STYLES)
    .describe('The way back to Idle that is tried first: a NUL byte to /5/0/0, an empty /5/0/1, or /5/0/10.')
    .exactOptional(),
  versionResource: text(LIMITS.nameLengthMax)
    .regex(/^\/\d+\/\d+\/\d+$/, accepts('a path like /3/0/3'))
    .describe('LwM2M path of the version where it is not /3/0/3.')
    .exactOptional(),
  handling: oneOf(['attempt', 'forced'])
    .describe('What HTTP devices are told: attempt leaves it to the device when it begins. Default forced.')
    .exactOptional(),
  confirms: z.boolean(FLAG).describe('The user of an HTTP device has to agree to each installation.').exactOptional(),
  versionAttribute: text(LIMITS.nameLengthMax)
    .describe('DDI attribute that tells the version of packages that name none; for campaigns scheduled from now on.')
    .exactOptional(),
});

const HOSTS = accepts('a list of host names or addresses');

/** What was bought decides whether devices need licences (contract.md §6.6). */
const AccountSubscription = z.object(
  {
    purchaseType: text(LIMITS.purchaseTypeLengthMax)
      .regex(/^[A-Z0-9-]+(?:,[A-Z0-9-]+)*$/, accepts('names separated by commas like TS-HFOTA-EVNT,TS-HFOTA-MRC'))
      .describe('TS-HFOTA-EVNT: no licence needed. TS-HFOTA-MRC: a device needs a licence before its campaign.'),
    licenseCount: wholeNumber(0, LIMITS.licensesPerAccountMax)
      .describe('Size of the pool; absent: without limit.')
      .exactOptional(),
  },
  accepts('an object {"purchaseType": …, "licenseCount": …}'),
);

/** How many devices may begin in a minute, over all campaigns (engine.md §4). */
const ArrivalCaps = z.object(
  {
    perMinute: ArrivalsPerMinute.describe('Of the whole account.').exactOptional(),
    labels: z
      .record(
        text(LIMITS.labelLengthMax),
        ArrivalsPerMinute,
        accepts('an object with the key of a label and a number for each'),
      )
      .refine(
        (labels) => Object.keys(labels).length <= LIMITS.arrivalCapLabelsMax,
        accepts(`at most ${LIMITS.arrivalCapLabelsMax} labels`),
      )
      .describe('By the key of a label: devices with the same value of it share so many.')
      .exactOptional(),
  },
  accepts('an object {"perMinute": …, "labels": {…}}'),
);

/** contract.md §3.5: a campaign stays small until a pilot of its package has succeeded. */
const PilotRule = z.object(
  {
    required: z.boolean(FLAG),
    devicesMin: wholeNumber(1, LIMITS.campaignDevicesMax).describe('Default 5.').exactOptional(),
    devicesMax: wholeNumber(1, LIMITS.campaignDevicesMax).describe('Default 20.').exactOptional(),
    successPercent: wholeNumber(1, 100).describe('Default 50.').exactOptional(),
  },
  accepts('an object {"required": true or false, …}'),
);

/** Switches of an account; absent = unchanged. */
const accountSettings = {
  windowTimeZone: TimeZoneName.describe('Zone of window hours when a campaign names none.').exactOptional(),
  deviceTimeZoneDefault: text(LIMITS.timeZoneLengthMax)
    .describe('Zone of a device without its own, for campaigns in device time.')
    .exactOptional(),
  checkImeiDigits: z.boolean(FLAG).describe('Reject IMEIs with a wrong Luhn check digit.').exactOptional(),
  abortOnDelete: z.boolean(FLAG).describe('DELETE of a started campaign aborts it.').exactOptional(),
  requireSession: z.boolean(FLAG).describe('Campaign calls need VZ-M2M-Token.').exactOptional(),
  repeatedScheduleAnswersFirst: z
    .boolean(FLAG)
    .describe('The same schedule body again within 10 minutes answers the first campaign.')
    .exactOptional(),
  pollSeconds: wholeNumber(LIMITS.pollSecondsMin, LIMITS.pollSecondsMax)
    .describe('How often HTTP devices are told to poll.')
    .exactOptional(),
  profiles: z
    .array(DeviceProfileRule, accepts('a list of profiles'))
    .max(LIMITS.profilesPerAccountMax, accepts(`at most ${LIMITS.profilesPerAccountMax} profiles`))
    .exactOptional(),
  requireSignedImages: z
    .boolean(FLAG)
    .describe('Only packages whose image is signed by an image key of the account can be scheduled.')
    .exactOptional(),
  downloadBytesPerSecondMax: DownloadRateOrNone.describe(
    'Bytes per second that all devices of the account may download over HTTP together; 0: without cap.',
  ).exactOptional(),
  unknownDevices: oneOf(['refuse', 'hold'])
    .describe('What becomes of HTTP devices that are not in the account: hold lists them for approval. Default refuse.')
    .exactOptional(),
  clientCertificateIssuers: z
    .array(text(LIMITS.certificateHashLengthMax), accepts('a list of hashes'))
    .max(LIMITS.certificateIssuersMax, accepts(`at most ${LIMITS.certificateIssuersMax} issuers`))
    .describe('Hashes of the issuers whose client certificates a trusted proxy lets HTTP devices prove themselves by.')
    .exactOptional(),
  httpRequestsPerSecondMax: wholeNumber(1, LIMITS.httpRequestsPerSecondMax)
    .describe('What all HTTP devices of the account together may ask a second.')
    .exactOptional(),
  subscription: AccountSubscription.exactOptional(),
  allowPrivateCallbackHosts: z
    .array(text(LIMITS.hostLengthMax), HOSTS)
    .max(LIMITS.callbackHostsMax, accepts(`at most ${LIMITS.callbackHostsMax} hosts`))
    .describe('Hosts of callback listeners that may have private, loopback or link-local addresses.')
    .exactOptional(),
  arrivalCaps: ArrivalCaps.describe('Replaced as a whole; {} lifts them all.').exactOptional(),
  labelsFromNetwork: z
    .boolean(FLAG)
    .describe(
      'LwM2M devices are asked for their cell and carrier (object 4), which become the labels cell and carrier.',
    )
    .exactOptional(),
  pilotRule: PilotRule.describe('Replaced as a whole.').exactOptional(),
  v1CallbacksAsList: z
    .boolean(FLAG)
    .describe('GET /v1/callbacks answers a list, as later clients expect; else an object.')
    .exactOptional(),
};

export const AccountSettings = named(
  'AccountSettings',
  z.preprocess(withoutNulls, z.object(accountSettings, accepts('an object of account settings'))),
);
export type AccountSettings = z.infer<typeof AccountSettings>;

export const NewAccount = named(
  'NewAccount',
  z.preprocess(
    withoutNulls,
    z.object(
      { accountName: AccountName, settings: z.object(accountSettings).exactOptional() },
      accepts('an object {"accountName": …}'),
    ),
  ),
);
export type NewAccount = z.infer<typeof NewAccount>;

/** Shown once, when the pair is made. */
export const AccountCredentials = named(
  'AccountCredentials',
  z.object({
    accountName: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    username: z.string(),
    password: z.string(),
  }),
);
export type AccountCredentials = z.infer<typeof AccountCredentials>;

export const AccountView = named(
  'AccountView',
  z.object({
    accountName: z.string(),
    createdAt: InstantText,
    devices: z.int().exactOptional(),
    settings: z.object(accountSettings).exactOptional(),
  }),
);
export type AccountView = z.infer<typeof AccountView>;
export const AccountPage = pageOf('AccountPage', AccountView);

export const CredentialView = named(
  'CredentialView',
  z.object({ clientId: z.string(), username: z.string(), createdAt: InstantText }),
);
export type CredentialView = z.infer<typeof CredentialView>;
export const CredentialPage = pageOf('CredentialPage', CredentialView);

export const OperatorAccountParams = z.object({ accountName: AccountName });
export const CredentialParams = z.object({ accountName: AccountName, clientId: text(LIMITS.credentialLengthMax) });
export const OperatorCampaignParams = z.object({ accountName: AccountName, campaignId: CampaignId });

/** The states of an update; the last six are final. */
export const UPDATE_STATES = [
  'waiting',
  'offered',
  'downloading',
  'downloaded',
  'installing',
  'verifying',
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
  'aborted',
  'expired',
] as const;
export type UpdateStateName = (typeof UPDATE_STATES)[number];

export const updateCounts = Object.fromEntries(UPDATE_STATES.map((state) => [state, z.int()])) as Record<
  UpdateStateName,
  z.ZodInt
>;

const counted = z.array(z.object({ name: z.string(), devices: z.int() }));

/** What a halt by the score saw. */
const HaltEvidence = named(
  'HaltEvidence',
  z.object({
    score: z.string().describe('canary, campaign, or the name of a stratum.'),
    value: z.int().describe('Micro-nats.'),
    bound: z.int(),
    outcomes: z.int().describe('Since the score last stood at zero.'),
    failures: z.int(),
    devices: z.array(z.string()).describe('Those that failed last.'),
    reasons: counted,
    shares: counted.describe('What these have in common; only where one campaign is asked for.'),
  }),
);

const score = {
  value: z.int().describe('Micro-nats.'),
  bound: z.int().describe('Where it halts.'),
  outcomes: z.int().describe('Since it last stood at zero.'),
  failures: z.int(),
};

/** How near the campaign is to a halt; absent until it is scheduled. */
const CampaignScore = named(
  'CampaignScore',
  z.object({
    guard: z.object(score).describe('The one that is nearest to its bound.'),
    canary: z.object({ ...score, accept: z.int(), verdict: z.enum(['continue', 'accept', 'halt']) }).exactOptional(),
    open: z.int().describe('Devices between transfer grant and outcome.'),
  }),
);

export const CampaignView = named(
  'CampaignView',
  z.object({
    id: z.string(),
    accountName: z.string(),
    campaignName: z.string().exactOptional(),
    kind: z.enum(PACKAGE_KINDS),
    transport: z.enum(TRANSPORTS),
    packageName: z.string(),
    from: z.string(),
    to: z.string(),
    make: z.string(),
    model: z.string(),
    status: z.enum(CAMPAIGN_STATUSES),
    statusReason: z.string().exactOptional(),
    hold: z
      .object({
        kind: z.enum(['paused', 'halted', 'undecided']),
        reason: z.string(),
        since: InstantText,
        rule: z.string(),
        by: z.string().describe('Who ordered it; absent: the campaign itself.').exactOptional(),
        evidence: HaltEvidence.exactOptional(),
      })
      .exactOptional(),
    rollout: RolloutView.exactOptional(),
    score: CampaignScore.exactOptional(),
    warnings: z.array(z.string()).exactOptional(),
    startDate: DayText,
    endDate: DayText,
    downloadAfterDate: DayText.exactOptional(),
    installAfterDate: DayText.exactOptional(),
    downloadWindows: z.array(TimeWindow).describe('Empty means always.'),
    installWindows: z.array(TimeWindow).describe('Empty means always.'),
    timeZone: z.string(),
    rule: z.enum(WINDOW_RULES),
    createdAt: InstantText,
    startedAt: InstantText.exactOptional(),
    endedAt: InstantText.exactOptional(),
    retryOf: z.string().exactOptional(),
    orderedBy: z.string().exactOptional(),
    endWhenDone: z.boolean().exactOptional(),
    devices: z.int().describe('Devices of the campaign, whatever their state.'),
    counts: z.object(updateCounts),
    rejections: z.record(z.string(), z.int()).describe('Rejected devices by reason.').exactOptional(),
  }),
);
export type CampaignView = z.infer<typeof CampaignView>;
export const CampaignPage = pageOf('CampaignPage', CampaignView);

export const UpdateView = named(
  'UpdateView',
  z.object({
    imei: z.string(),
    transport: z.enum(TRANSPORTS).exactOptional(),
    state: z.enum(UPDATE_STATES),
    attempt: z.int().describe('Number of the present or last attempt; 0 before the first.'),
    rule: z.string().describe('Id of the rule that decided the present state.'),
    ruleText: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    reasonText: z.string().exactOptional(),
    evidence: z.enum(EVIDENCES).exactOptional(),
    lateResult: z
      .object({ at: InstantText, result: z.enum(['succeeded', 'failed']), detail: z.string().exactOptional() })
      .describe('What the device told after the end; the outcome stays.')
      .exactOptional(),
    bytesDone: z.int().exactOptional(),
    imageSha256: z.string().exactOptional(),
    admittedAt: InstantText.exactOptional(),
    offeredAt: InstantText.exactOptional(),
    downloadStartedAt: InstantText.exactOptional(),
    downloadedAt: InstantText.exactOptional(),
    installStartedAt: InstantText.exactOptional(),
    finishedAt: InstantText.exactOptional(),
    changedAt: InstantText,
    nextActionAt: InstantText.exactOptional(),
  }),
);
export type UpdateView = z.infer<typeof UpdateView>;
export const UpdatePage = pageOf('UpdatePage', UpdateView);

export const UpdatesQuery = z.preprocess(
  withoutNulls,
  z.object({ ...pageQuery, state: oneOf(UPDATE_STATES).describe('Only those in this state.').exactOptional() }),
);

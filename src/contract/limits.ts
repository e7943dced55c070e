// The limits of the wire, each with its name, its sentence and the bounds within which an operator may set it.

export const LIMITS = {
  /** engine: a million IMEIs of 15 digits with their quotes and commas are 18 MB. */
  scheduleBodyBytesMax: 32 * 1024 * 1024,
  bodyBytesMax: 1024 * 1024,
  importBodyBytesMax: 64 * 1024 * 1024,
  packagePartBytesMax: 64 * 1024,
  imageBytesMax: 4 * 1024 * 1024 * 1024,
  imageKeysPerAccountMax: 16,
  imageKeyLengthMax: 1024,
  imageKeyIdLengthMax: 64,
  uploadsPerAccountMax: 16,
  uploadIdLengthMax: 64,
  /** An upload to which nothing was added for this long is dropped. */
  uploadIdleSecondsMax: 86_400,
  downloadBytesPerSecondMin: 16 * 1024,
  downloadBytesPerSecondMax: 1_000_000_000_000,
  bandwidthCapsPerAccountMax: 1000,
  campaignDevicesMax: 1_000_000,
  importDevicesMax: 100_000,
  changesPerRequestMax: 100,
  upgradeDevicesMax: 100_000,
  upgradesPerPageMax: 50,
  licensesPerAccountMax: 100_000_000,
  licenseDevicesMax: 10_000,
  deviceQueryMax: 1000,
  firmwareSyncDevicesMax: 1000,
  /** contract.md §3.5. */
  loggingDevicesMax: 20,
  windowsPerListMax: 24,
  nameLengthMax: 256,
  versionLengthMax: 256,
  versionsPerPackageMax: 100,
  deviceIdLengthMax: 64,
  campaignIdLengthMax: 64,
  timeZoneLengthMax: 64,
  labelsPerDeviceMax: 32,
  softwarePerDeviceMax: 64,
  labelLengthMax: 128,
  profilesPerAccountMax: 256,
  notifySecondsMax: 86_400,
  certificateIssuersMax: 16,
  certificateHashLengthMax: 128,
  httpRequestsPerSecondMax: 1_000_000,
  pskIdentityBytesMax: 128,
  pskKeyBytesMin: 8,
  pskKeyBytesMax: 64,
  ddiTokenLengthMax: 256,
  credentialLengthMax: 256,
  credentialPairsMax: 2,
  operatorNameLengthMax: 64,
  operatorsMax: 1000,
  signInLinkMinutesMax: 10,
  operatorSessionHoursMax: 12,
  pageSizeMax: 1000,
  pageSizeDefault: 100,
  /** contract.md §3.5: page size of the original service. */
  fotaPageSizeMax: 1000,
  ledgerLinesMax: 1000,
  rolloutWavesMax: 18,
  rolloutHoursMax: 8784,
  rolloutAttemptsMax: 10,
  rolloutWaitMinutesMax: 10_080,
  arrivalsPerMinuteMax: 1_000_000,
  arrivalCapLabelsMax: 16,
  campaignSlotsMax: 1_000_000,
  reasonLengthMax: 500,
  orderedCampaignsMax: 1000,
  simulationsMax: 2,
  /** contract.md §3.5. */
  pilotDevicesMin: 5,
  pilotDevicesMax: 20,
  pilotSuccessPercentMin: 50,
  pageTokenLengthMax: 512,
  csvColumnsMax: 256,
  csvCellLengthMax: 4096,
  pollSecondsMin: 5,
  /** devices.md: a poll interval is told as HH:MM:SS and stays under 24 hours. */
  pollSecondsMax: 86_399,
  filePathLengthMax: 1024,
  purchaseTypeLengthMax: 128,
  callbackUrlLengthMax: 2048,
  callbackDevicesMax: 500,
  callbackHostsMax: 64,
  hostLengthMax: 253,
  horizonDaysMax: 366,
  silentDaysMax: 3650,
  idempotencyKeyLengthMax: 255,
  /** engine.md §2. */
  idempotencyHoursMax: 24,
  idempotencySecondsMax: 300,
  repeatedScheduleMinutesMax: 10,
  /** contract.md §1.3. */
  sessionIdleMinutesMax: 20,
  clientRequestsMax: 1000,
  clientRequestsPerSecondMax: 100,
  operatorRequestsMax: 5000,
  operatorRequestsPerSecondMax: 500,
  addressRequestsMax: 200,
  addressRequestsPerSecondMax: 20,
  signInRequestsMax: 10,
  signInRequestsPerMinuteMax: 6,
  liveStreamsMax: 200,
  ddiAttributesMax: 256,
  ddiAttributeLengthMax: 4096,
  ddiDetailsMax: 1000,
  ddiDetailLengthMax: 4096,
} as const;

export type LimitName = keyof typeof LIMITS;

/** Every limit with its value on one server. */
export type Limits = { readonly [Name in LimitName]: number };

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * What an operator may set, and within which bounds. All other limits are part of the contract, of a stored format or of a
 * protocol, and stay what they are.
 */
export const LIMIT_BOUNDS = {
  scheduleBodyBytesMax: { min: 64 * 1024, max: 64 * 1024 * 1024 },
  bodyBytesMax: { min: 16 * 1024, max: 16 * 1024 * 1024 },
  importBodyBytesMax: { min: 64 * 1024, max: 256 * 1024 * 1024 },
  imageBytesMax: { min: 1024, max: 4 * 1024 * 1024 * 1024 },
  campaignDevicesMax: { min: 1, max: 1_000_000 },
  importDevicesMax: { min: 1, max: 400_000 },
  changesPerRequestMax: { min: 1, max: 1000 },
  upgradeDevicesMax: { min: 1, max: 100_000 },
  licenseDevicesMax: { min: 1, max: 100_000 },
  deviceQueryMax: { min: 1, max: 10_000 },
  firmwareSyncDevicesMax: { min: 1, max: 10_000 },
  windowsPerListMax: { min: 1, max: 24 },
  credentialPairsMax: { min: 2, max: 100 },
  pageSizeMax: { min: 1, max: 10_000 },
  pageSizeDefault: { min: 1, max: 10_000 },
  horizonDaysMax: { min: 1, max: 366 },
  idempotencyHoursMax: { min: 1, max: 168 },
  idempotencySecondsMax: { min: 10, max: 3600 },
  repeatedScheduleMinutesMax: { min: 1, max: 1440 },
  sessionIdleMinutesMax: { min: 5, max: 20 },
  clientRequestsMax: { min: 1, max: 1_000_000 },
  clientRequestsPerSecondMax: { min: 1, max: 100_000 },
  operatorRequestsMax: { min: 1, max: 1_000_000 },
  operatorRequestsPerSecondMax: { min: 1, max: 100_000 },
  addressRequestsMax: { min: 1, max: 1_000_000 },
  addressRequestsPerSecondMax: { min: 1, max: 100_000 },
  signInRequestsMax: { min: 1, max: 1_000_000 },
  signInRequestsPerMinuteMax: { min: 1, max: 1_000_000 },
  liveStreamsMax: { min: 1, max: 10_000 },
} as const satisfies { readonly [Name in LimitName]?: Bounds };

/** The bounds of a limit; undefined where it is fixed. */
export const boundsOf = (name: LimitName): Bounds | undefined =>
  (LIMIT_BOUNDS as { readonly [Name in LimitName]?: Bounds })[name];

export type LimitsResult =
  | { readonly ok: true; readonly limits: Limits }
  | { readonly ok: false; readonly sentences: readonly string[] };

/** The defaults with what an operator has set in their place; a setting that cannot be is told as a sentence. */
export function limitsWith(settings: readonly (readonly [name: string, value: string])[]): LimitsResult {
  const limits: Record<LimitName, number> = { ...LIMITS };
  const sentences: string[] = [];
  for (const [name, value] of settings) {
    const refused = refuseSetting(name, value);
    if (refused === undefined) limits[name as LimitName] = Number(value);
    else sentences.push(refused);
  }
  if (limits.pageSizeDefault > limits.pageSizeMax) {
    sentences.push(
      `limit pageSizeDefault: given ${limits.pageSizeDefault}, accepted: at most ${limits.pageSizeMax}, which is pageSizeMax.`,
    );
  }
  return sentences.length === 0 ? { ok: true, limits } : { ok: false, sentences };
}

function refuseSetting(name: string, value: string): string | undefined {
  const bounds = Object.hasOwn(LIMITS, name) ? boundsOf(name as LimitName) : undefined;
  if (bounds === undefined) {
    const why = Object.hasOwn(LIMITS, name) ? `limit ${name}: it is fixed` : `limit ${name}: there is none`;
    return `${why}; accepted: ${Object.keys(LIMIT_BOUNDS).join(', ')}.`;
  }
  const { min, max } = bounds;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return undefined;
  return `limit ${name}: given ${JSON.stringify(value)}, accepted: a whole number from ${min} to ${max}.`;
}

/** What each limit bounds, for the documents. */
export const LIMIT_SENTENCES = {
  scheduleBodyBytesMax: 'Bytes of the body of a schedule call, or of one that adds or removes devices.',
  bodyBytesMax: 'Bytes of any other JSON or form body.',
  importBodyBytesMax: 'Bytes of a device import.',
  packagePartBytesMax: 'Bytes of the part `package` of an upload.',
  imageBytesMax: 'Bytes of an image or a file.',
  imageKeysPerAccountMax: 'Public keys of an account by which images are signed.',
  imageKeyLengthMax: 'Characters of a public key.',
  imageKeyIdLengthMax: 'Characters of the id of a public key.',
  uploadsPerAccountMax: 'Unfinished uploads of an account at a time.',
  uploadIdLengthMax: 'Characters of the id of an upload.',
  uploadIdleSecondsMax: 'Seconds after its last byte until an unfinished upload is dropped.',
  downloadBytesPerSecondMin: 'Bytes per second of a cap on downloads, at least.',
  downloadBytesPerSecondMax: 'Bytes per second of a cap on downloads.',
  bandwidthCapsPerAccountMax: 'Campaigns of an account with a cap on downloads.',
  campaignDevicesMax: 'Devices of one campaign.',
  importDevicesMax: 'Devices of one import.',
  changesPerRequestMax: 'Changes in one call that adds and removes devices.',
  upgradeDevicesMax: 'Devices of one upgrade of generation 1, whose answers tell of each device.',
  upgradesPerPageMax: 'Upgrades in one page of the v1 report, each with its devices.',
  licensesPerAccountMax: 'Licences of an account.',
  licenseDevicesMax: 'Devices in one call that assigns, removes or cancels licences.',
  deviceQueryMax: 'Devices in one POST /v3/devices.',
  firmwareSyncDevicesMax: 'Devices in one call that synchronises firmware versions.',
  loggingDevicesMax: 'Devices of an account whose client logging is on at a time.',
  windowsPerListMax: 'Windows in one list.',
  nameLengthMax: 'Characters of a name, a make or a model.',
  versionLengthMax: 'Characters of a version.',
  versionsPerPackageMax: 'Versions that one package starts from.',
  deviceIdLengthMax: 'Characters of an entry of a device list.',
  campaignIdLengthMax: 'Characters of a campaign id.',
  timeZoneLengthMax: 'Characters of the name of a time zone.',
  labelsPerDeviceMax: 'Labels of a device.',
  softwarePerDeviceMax: 'Software names with a version, of a device.',
  labelLengthMax: 'Characters of a label.',
  profilesPerAccountMax: 'Device profiles of an account.',
  notifySecondsMax: 'Seconds of pmin and pmax in a device profile.',
  certificateIssuersMax: 'Issuers of client certificates of an account.',
  certificateHashLengthMax: 'Characters of the hash of an issuer.',
  httpRequestsPerSecondMax: 'Requests a second of all HTTP devices of an account, as its settings may allow.',
  pskIdentityBytesMax: 'Bytes of a PSK identity.',
  pskKeyBytesMin: 'Bytes of a PSK key, at least.',
  pskKeyBytesMax: 'Bytes of a PSK key.',
  ddiTokenLengthMax: 'Characters of the token of an HTTP device.',
  credentialLengthMax: 'Characters of a client id, a secret, a user name or a password.',
  credentialPairsMax: 'Credential pairs of an account.',
  operatorNameLengthMax: 'Characters of the name of an operator.',
  operatorsMax: 'Operators of a server.',
  signInLinkMinutesMax: 'Minutes for which a sign-in link of an operator is good.',
  operatorSessionHoursMax: 'Hours without use after which the session of an operator ends.',
  pageSizeMax: 'Items in one page of the operator API.',
  pageSizeDefault: 'Items in one page of the operator API when `limit` is absent.',
  fotaPageSizeMax: 'Items in one page of the other APIs.',
  ledgerLinesMax: 'Entries in one answer of a ledger export.',
  rolloutWavesMax: 'Waves of a rollout beside its canary.',
  rolloutHoursMax: 'Hours of the soak time and of the deadline of a step of a rollout.',
  rolloutAttemptsMax: 'Attempts of one device that a rollout may ask for.',
  rolloutWaitMinutesMax: 'Minutes between two attempts that a rollout may ask for.',
  arrivalsPerMinuteMax: 'Devices that may begin in a minute, of a campaign, an account or a label, where one is set.',
  arrivalCapLabelsMax: 'Labels of an account whose devices share a cap.',
  campaignSlotsMax: 'Devices of one campaign that may be asked to be updated at a time.',
  reasonLengthMax: 'Characters of the reason of an order.',
  simulationsMax: 'Simulations that a server runs at the same time.',
  orderedCampaignsMax: 'Campaigns that the answer to an order about a package or an account names.',
  pilotDevicesMin: 'Devices of a pilot, at least, where the account asks for pilots.',
  pilotDevicesMax:
    'Devices of a campaign until a pilot of its package has succeeded, where the account asks for pilots.',
  pilotSuccessPercentMin: 'Percent of the devices of a pilot that must succeed.',
  pageTokenLengthMax: 'Characters of a page token.',
  csvColumnsMax: 'Columns of a CSV import.',
  csvCellLengthMax: 'Characters of a cell of a CSV import.',
  pollSecondsMin: 'Seconds between the polls of an HTTP device, at least.',
  pollSecondsMax: 'Seconds between the polls of an HTTP device.',
  filePathLengthMax: 'Characters of the path of a file on a device.',
  purchaseTypeLengthMax: 'Characters of the purchase type of a subscription.',
  callbackUrlLengthMax: 'Characters of the URL of a callback listener.',
  callbackDevicesMax: 'Devices in one callback.',
  callbackHostsMax: 'Hosts of callback listeners that an account allows to be private.',
  hostLengthMax: 'Characters of a host name.',
  silentDaysMax: 'Days of silence by which devices are looked for.',
  horizonDaysMax: 'Days from today to the end of a campaign.',
  idempotencyKeyLengthMax: 'Characters of an Idempotency-Key.',
  idempotencyHoursMax: 'Hours for which the first answer under an Idempotency-Key is kept.',
  idempotencySecondsMax:
    'Seconds for which a request under an Idempotency-Key is taken to be in progress; without an answer by then, its outcome is unknown.',
  repeatedScheduleMinutesMax:
    'Minutes for which the same schedule body without an Idempotency-Key is answered with the campaign that it made.',
  sessionIdleMinutesMax: 'Minutes without use after which a session ends.',
  clientRequestsMax: 'Requests of one client at once, after a rest.',
  clientRequestsPerSecondMax: 'Requests of one client per second, in the long run.',
  operatorRequestsMax: 'Requests of one operator at once, after a rest.',
  operatorRequestsPerSecondMax: 'Requests of one operator per second, in the long run.',
  addressRequestsMax: 'Requests of one address without a good credential at once, after a rest.',
  addressRequestsPerSecondMax: 'Requests of one address without a good credential per second, in the long run.',
  signInRequestsMax: 'Attempts of one network address to sign in as an operator, after a rest.',
  signInRequestsPerMinuteMax: 'Attempts of one network address to sign in as an operator per minute, in the long run.',
  liveStreamsMax: 'Connections at a time on which one server tells operators of changes as they come.',
  ddiAttributesMax: 'Attributes that an HTTP device tells.',
  ddiAttributeLengthMax: 'Characters of an attribute of an HTTP device.',
  ddiDetailsMax: 'Details in one feedback of an HTTP device.',
  ddiDetailLengthMax: 'Characters of a detail in the feedback of an HTTP device.',
} as const satisfies Readonly<Record<LimitName, string>>;

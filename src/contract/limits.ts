// The limits of the wire, each with its name; a request beyond one is refused with that number.

export const LIMITS = {
  /** engine: a million IMEIs of 15 digits with their quotes and commas are 18 MB. */
  scheduleBodyBytesMax: 32 * 1024 * 1024,
  bodyBytesMax: 1024 * 1024,
  importBodyBytesMax: 64 * 1024 * 1024,
  packagePartBytesMax: 64 * 1024,
  imageBytesMax: 4 * 1024 * 1024 * 1024,
  campaignDevicesMax: 1_000_000,
  importDevicesMax: 100_000,
  changesPerRequestMax: 100,
  windowsPerListMax: 24,
  /** From the first to the last day of one campaign. */
  campaignDaysMax: 366,
  /** A start date further away than this is refused. */
  campaignHorizonDaysMax: 730,
  nameLengthMax: 256,
  versionLengthMax: 256,
  versionsPerPackageMax: 100,
  deviceIdLengthMax: 64,
  campaignIdLengthMax: 64,
  timeZoneLengthMax: 64,
  labelsPerDeviceMax: 32,
  softwarePerDeviceMax: 64,
  labelLengthMax: 128,
  pskIdentityBytesMax: 128,
  pskKeyBytesMin: 8,
  pskKeyBytesMax: 64,
  ddiTokenLengthMax: 256,
  credentialLengthMax: 256,
  credentialPairsMax: 2,
  /** contract.md §3.5: page size of the original service. */
  pageSizeMax: 1000,
  pageSizeDefault: 100,
  pageTokenLengthMax: 512,
  csvColumnsMax: 256,
  csvCellLengthMax: 4096,
  pollIntervalSecondsMin: 5,
  /** devices.md: a poll interval is told as HH:MM:SS and stays under 24 hours. */
  pollIntervalSecondsMax: 86_399,
  ddiAttributesMax: 256,
  ddiAttributeLengthMax: 4096,
  ddiDetailsMax: 1000,
  ddiDetailLengthMax: 4096,
  messageLengthMax: 1024,
  warningsMax: 100,
} as const;

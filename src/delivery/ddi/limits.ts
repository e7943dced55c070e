// The limits of the device side over HTTP, each with its name.

export const DDI_LIMITS = {
  /** A feedback or attributes; a thousand lines of details fit. */
  bodyBytesMax: 256 * 1024,
  /** What is kept of a feedback's details: its end, where the reason stands. */
  detailLengthMax: 2_048,
  /** An artifact's file name; with `.MD5SUM` it still fits into one segment of a path. */
  fileNameLengthMax: 90,
  /** Parts of one multipart answer; with more the whole image is sent. */
  rangesMax: 16,
  /** Attempts whose sent bytes are remembered, and separate spans of one. */
  coverageTokensMax: 100_000,
  coverageSpansMax: 64,
  /** Bytes that moved are stored at most this often (milliseconds). */
  progressEvery: 60_000,
  /** A client that takes no byte for this long has gone (milliseconds). */
  stallMax: 300_000,
  /** Seconds after which a device without a better word asks for bytes again, and the most it is told. */
  retryAfterDefault: 60,
  retryAfterMax: 86_400,
  /** Feedbacks of one action that are taken; the one that closes it always is. */
  feedbacksPerActionMax: 1_000,
  /** Actions whose feedbacks are counted. */
  countedActionsMax: 100_000,
  /** What one device may ask: at once, and a second in the long run. */
  deviceRequestsMax: 200,
  deviceRequestsPerSecond: 2,
  /** What all devices of an account may ask a second, unless the account says otherwise; ten seconds of it at once. */
  accountRequestsPerSecond: 5_000,
  accountBurstSeconds: 10,
  /** Refused proofs from one address: at once, and a second. */
  refusalsMax: 500,
  refusalsPerSecond: 20,
  /** Devices, accounts and addresses whose rate is watched. */
  ratesMax: 200_000,
  /** Below this no device is steered to its own offset (seconds). */
  spreadPollSecondsMin: 60,
  /** A device that is off its own offset by less than this part of the interval is left alone. */
  spreadTolerance: 1 / 60,
  /** A token of a client; longer ones are no token. */
  tokenLengthMax: 512,
  /** Contacts that wait to be written, and rows of one write. */
  contactsMax: 100_000,
  contactsPerWrite: 1_000,
} as const;

// Every bound, rate and wait of DTLS, by name, with its default; all can be set when a server is made.

export const DTLS_LIMITS = {
  /** Associations that are kept at one time; the one unused for longest gives way to a new one. */
  associationsMax: 200_000,
  /** Associations of one identity; a device that restarts often leaves dead ones behind. */
  associationsPerIdentityMax: 3,
  /** An association that nothing was received on for so long is forgotten: 30 days, for devices that sleep for weeks. */
  associationIdleMsMax: 30 * 24 * 3_600_000,
  /** Handshakes in flight; the oldest one that has not named its identity gives way to a new one. */
  handshakesMax: 4_000,
  /** A handshake that is not finished by then is forgotten. */
  handshakeMsMax: 120_000,
  /** New handshakes, and hellos answered with a cookie, in a second; what exceeds them is left to the client's repetition. */
  handshakesPerSecondMax: 1_000,
  cookiesPerSecondMax: 20_000,
  /** Alerts to peers without an association in a second. */
  alertsPerSecondMax: 200,
  /** First wait for an answer and the longest one (RFC 6347 §4.2.4.1). */
  retransmitMsMin: 1_000,
  retransmitMsMax: 60_000,
  /** How often a flight is repeated because its first part arrived again. */
  repeatsOnRequestMax: 8,
  /** Undecipherable records after the key is known, until the handshake is given up as "wrong key". */
  badFinishedMax: 3,
  /** Protected records that wait for the key, or application data that waits for Finished, in one handshake. */
  earlyRecordsMax: 8,
  earlyBytesMax: 8 * 1_024,
  /** One handshake message, and how far ahead of the next one a message may be. */
  handshakeMessageBytesMax: 2_048,
  handshakeMessagesAheadMax: 4,
  extensionsMax: 32,
  /** Records of one datagram that are looked at. */
  recordsPerDatagramMax: 16,
  /** What a client may name itself with; the same as `pskIdentityBytesMax` of the device import. */
  identityBytesMax: 128,
  /** A cookie is good for one to two of these. */
  cookieSecretMsMax: 150_000,
  /** Sessions that can be resumed, and for how long. */
  sessionsMax: 100_000,
  sessionMsMax: 24 * 3_600_000,
  /** Connection IDs that we hand out; none with 0. */
  connectionIdBytes: 8,
  /** To an address that has not answered yet we send this many times what it sent (RFC 9146 §6). */
  unprovenPathFactorMax: 3,
  /** What waits until a new address has answered. */
  heldDatagramsMax: 4,
  heldBytesMax: 8 * 1_024,
  /** Application data in one record: with its type, which a CID record hides inside, 2^14 (RFC 9146 §4). */
  plaintextBytesMax: 16_383,
  /** Handshake records share a datagram up to this size. */
  flightDatagramBytesMax: 1_152,
} as const;

export type DtlsLimits = { readonly [Name in keyof typeof DTLS_LIMITS]: number };

// The bounds and waits of the server itself, by name.

export const SERVER_LIMITS = {
  /** Between two looks at what is due when nothing was stored meanwhile (milliseconds). */
  idleWait: 250,
  /** After a look that failed: the database may be away (milliseconds). */
  failedWait: 1_000,
  /** Without a look that succeeded for so long, the server is not ready (milliseconds). */
  readyWithin: 10_000,
  /** How often last contacts are written and expired tokens are forgotten (milliseconds). */
  lastSeenEvery: 5_000,
  forgetEvery: 60_000,
  /** How often certificate and key are looked at for a change (milliseconds). */
  tlsLookEvery: 60_000,
  /** How long open requests may take to finish at the end (milliseconds). */
  stopWait: 5_000,
  /** A request, image uploads included, has arrived by then (milliseconds). */
  requestArrivesWithin: 3_600_000,
  /** Headers have arrived by then, and an idle connection is closed after this (milliseconds). */
  headersWithin: 60_000,
  keepAlive: 72_000,
  /** How long the figures of /metrics about campaigns are kept (milliseconds). */
  figuresKept: 10_000,
  /** Campaigns of which /metrics shows figures of their own: the largest. */
  campaignSeriesMax: 50,
  /** How long the figures of /metrics about disks are kept (milliseconds). */
  disksKept: 60_000,
  /** How often what the operator should know is looked for, and told (milliseconds). */
  watchEvery: 30_000,
  tellEvery: 5_000,
  /** Rows of one page when such figures are added up. */
  pageMax: 1_000,
  /** Devices whose last refused contact is remembered. */
  refusedContactsMax: 10_000,
  secretCharactersMin: 16,
  portMax: 65_535,
} as const;

// Every bound of the CoAP and LwM2M machines, by name.

export const LIMITS = {
  /** Options in one message; a datagram of one-byte options would otherwise become 65,000 objects. */
  optionsMax: 64,
  tokenBytesMax: 8,
  /** Max-Age of 5.03 to those who are turned away, drawn between these. */
  laterSecondsMin: 30,
  laterSecondsMax: 90,
  /** Remembered answers to requests that must not be carried out twice. */
  duplicatesMax: 65_536,
  duplicatesBytesMax: 16 * 1024 * 1024,
  /** Peers to which something was sent, each remembered for one exchange lifetime. */
  peersMax: 200_000,
  /** Requests, notifications and observe relations that are open at one time, and the bytes that they hold. */
  outstandingMax: 200_000,
  outstandingBytesMax: 64 * 1024 * 1024,
  /** Requests of peers that are not answered yet, and the bytes of their datagrams. */
  exchangesMax: 10_000,
  exchangesBytesMax: 8 * 1024 * 1024,
  /** Requests that wait for their turn at one peer (RFC 7252 §4.7, NSTART). */
  queuedPerPeerMax: 64,
  /** Observe relations that a serving side keeps for its clients. */
  observersMax: 1_000,
  /** How often one upload may begin again from its first byte. */
  uploadRestartsMax: 3,
  /** Bodies under reassembly at one time, and the size of each. */
  bodiesMax: 1_000,
  bodyBytesMax: 64 * 1024,
  bodiesBytesMax: 16 * 1024 * 1024,
  /** Reassembly of one body ends after this silence (RFC 7959 §2.5 leaves the time open). */
  bodyIdleMsMax: 247_000,
  linksMax: 1_024,
  linkFormatCharactersMax: 64 * 1024,
  tlvEntriesMax: 4_096,
  /** A SenML pack, looked at before it is decoded; depth counts the array, its records and one value inside. */
  senmlBytesMax: 64 * 1024,
  senmlRecordsMax: 1_024,
  senmlDepthMax: 4,
  senmlNameCharactersMax: 64,
  endpointNameCharactersMax: 255,
  lifetimeSecondsMax: 4_294_967_295,
} as const;

// What has happened since the start, for whoever reads metrics.

export const DTLS_COUNTERS = [
  'recordsOpened',
  'recordsSealed',
  'recordsForged',
  'recordsReplayed',
  'recordsMalformed',
  'recordsUnknown',
  'cookiesSent',
  'cookiesWithheld',
  'hellosFragmented',
  'hellosMalformed',
  'hellosRefused',
  'hellosWithheld',
  'handshakesBegun',
  'handshakesDone',
  'handshakesResumed',
  'handshakesFailed',
  'handshakesDisplaced',
  'wrongKeys',
  'alertsSent',
  'alertsWithheld',
  'renegotiationsRefused',
  'associationsClosed',
  'associationsMoved',
  'datagramsHeld',
  'datagramsWithheld',
] as const;

export type DtlsCounter = (typeof DTLS_COUNTERS)[number];
export type DtlsCounters = Record<DtlsCounter, number>;

export function newCounters(): DtlsCounters {
  return Object.fromEntries(DTLS_COUNTERS.map((name) => [name, 0])) as DtlsCounters;
}

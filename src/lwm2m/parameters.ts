// The times of the CoAP message layer: the values of RFC 7252 §4.8, and those that follow from them.

export interface TransmissionParameters {
  readonly ackTimeoutMs: number;
  /** The first wait is drawn between `ackTimeoutMs` and this many times as much. */
  readonly ackRandomFactor: number;
  readonly retransmitMax: number;
  /** Open exchanges that one peer is asked to bear at a time. */
  readonly nstart: number;
  readonly latencyMsMax: number;
  readonly processingMs: number;
  /** How long an acknowledged request waits for its separate response; RFC 7252 leaves it open. */
  readonly responseWaitMs: number;
  /** An observe relation that is silent for so long is forgotten. */
  readonly relationIdleMs: number;
}

export const RFC_7252: TransmissionParameters = {
  ackTimeoutMs: 2_000,
  ackRandomFactor: 1.5,
  retransmitMax: 4,
  nstart: 1,
  latencyMsMax: 100_000,
  processingMs: 2_000,
  responseWaitMs: 120_000,
  relationIdleMs: 48 * 60 * 60 * 1_000,
};

/** What is wrong with a set of parameters, as a sentence; RFC 7252 §4.8.1 says how far they may be changed. */
export function wrongParameters(p: TransmissionParameters): string | undefined {
  if (!(p.ackTimeoutMs >= 1_000 && p.ackTimeoutMs <= 60_000)) return 'ackTimeoutMs must be from 1,000 to 60,000.';
  if (!(p.ackRandomFactor >= 1 && p.ackRandomFactor <= 3)) return 'ackRandomFactor must be from 1 to 3.';
  if (!(Number.isInteger(p.retransmitMax) && p.retransmitMax >= 0 && p.retransmitMax <= 10)) {
    return 'retransmitMax must be a whole number from 0 to 10.';
  }
  if (!(Number.isInteger(p.nstart) && p.nstart >= 1 && p.nstart <= 16)) {
    return 'nstart must be a whole number from 1 to 16.';
  }
  const waits = [p.latencyMsMax, p.processingMs, p.responseWaitMs, p.relationIdleMs];
  return waits.every((wait) => Number.isFinite(wait) && wait >= 0)
    ? undefined
    : 'Every wait must be a number of milliseconds.';
}

/** MAX_TRANSMIT_SPAN: from the first to the last transmission; 45 s by default. */
const transmitSpanMs = (p: TransmissionParameters): number =>
  p.ackTimeoutMs * (2 ** p.retransmitMax - 1) * p.ackRandomFactor;

/** MAX_TRANSMIT_WAIT: from the first transmission to giving up; 93 s by default. */
export const transmitWaitMs = (p: TransmissionParameters): number =>
  p.ackTimeoutMs * (2 ** (p.retransmitMax + 1) - 1) * p.ackRandomFactor;

/** EXCHANGE_LIFETIME: how long a message id may still be in somebody's hands; 247 s by default. */
export const exchangeLifetimeMs = (p: TransmissionParameters): number =>
  transmitSpanMs(p) + 2 * p.latencyMsMax + p.processingMs;

/** NON_LIFETIME: the same for a message that is sent once; 145 s by default. */
export const nonLifetimeMs = (p: TransmissionParameters): number => transmitSpanMs(p) + p.latencyMsMax;

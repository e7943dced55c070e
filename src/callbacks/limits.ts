// The bounds of callbacks on their way to a customer, by name.
import { days, minutes, seconds } from '../campaigns/index.ts';

export const CALLBACK_LIMITS = {
  /** One try, from the look-up of the host to the end of the answer. */
  waitMax: seconds(10),
  /** Bytes of an answer that are read; what it says does not matter, only its status does. */
  answerBytesMax: 16 * 1024,
  /** Headers of an answer. */
  answerHeaderBytesMax: 16 * 1024,
  /** Callbacks of one node that are on their way at a time. */
  inFlightMax: 200,
  /** And of one listener, whatever the campaigns. */
  inFlightPerListenerMax: 4,
  /** First wait before another try; doubles with each. */
  retryWait: seconds(5),
  retryWaitMax: minutes(5),
  /** A failing event holds up its campaign's later ones for so long; then it is given up. */
  holdMax: minutes(15),
  /** An event of the operator is tried for so long. */
  operatorHoldMax: days(1),
  /** A wait is drawn from this share of it upwards, so that failed callbacks do not come back together. */
  jitter: 0.5,
  errorCharactersMax: 200,
} as const;

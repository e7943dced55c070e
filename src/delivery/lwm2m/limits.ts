// Every bound and wait of delivery over LwM2M, by name.

import { type Duration, minutes, seconds } from '../../campaigns/index.ts';

export const LIMITS = {
  /** An answer that takes longer is announced by an empty acknowledgement; below ACK_TIMEOUT (RFC 7252 §4.8) by a round trip. */
  bridgeAfter: 1_500 as Duration,
  /** A Package URI, which some devices keep in 80 bytes (engine.md §5). */
  uriBytesMax: 80,
  /** Image downloads that are known at one time. */
  pullsMax: 20_000,
  /** Tokens that are being looked up, and refusals that are remembered, at one time. */
  openingsMax: 1_000,
  refusalsMax: 20_000,
  /** A download from which nothing is asked for so long is forgotten; the next request begins it again. */
  pullIdleMax: minutes(5),
  /** A refusal is asked again after this, so that resume and new dates bite as fast as a permit's end does. */
  refusalKept: seconds(5),
  /** Max-Age of 5.03: when nobody knows better, and at most. */
  laterSeconds: 60,
  laterSecondsMax: 86_400,
  /** Progress of a transfer is stored at most so often. */
  progressEvery: minutes(1),
  /** How often a permit may run out while one block is being read. */
  permitTriesMax: 3,
  /** After a reset: how often, and after which waits, the device is asked whether it is idle. */
  idleLooksMax: 5,
  idleLookEvery: seconds(1),
  /** Conversations begun again because the device came back from another address. */
  movesMax: 3,
  /** Blocks of one answer to a read. */
  readBlocksMax: 256,
  /** Characters of a device's own sentence that are kept. */
  sentenceCharactersMax: 120,
  /** Lifetimes are looked at so often. */
  lifetimeLookEvery: minutes(1),
  /** LwM2M TS 1.0 §5.3.1: a registration that names no lifetime lasts a day; also for one from before our restart. */
  lifetimeDefault: seconds(86_400),
} as const;

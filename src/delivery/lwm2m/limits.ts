// Every bound and wait of delivery over LwM2M, by name.

import { minutes, seconds } from '../../campaigns/index.ts';

export const LIMITS = {
  /** An answer that takes longer than this part of ACK_TIMEOUT is announced by an empty acknowledgement. */
  bridgeShare: 0.75,
  /** A Package URI, which some devices keep in 80 bytes (engine.md §5). */
  uriBytesMax: 80,
  /** Image downloads that are known at one time. */
  pullsMax: 20_000,
  /** Pieces of images that are held ready for blocks, and the bytes of one. */
  piecesMax: 128,
  pieceBytes: 128 * 1024,
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
  /** Content formats of a device that are kept. */
  formatsMax: 16,
  /** Characters of a device's own sentence that are kept. */
  sentenceCharactersMax: 120,
  /** Of registrations that are refused, one is written to the log so often, with the number of the others. */
  refusalToldEvery: seconds(10),
  /** DTLS associations that nobody uses are looked for at least so often. */
  dtlsLookEvery: minutes(10),
  /** Devices that named themselves like another one and have been told of: one entry of the audit log for each. */
  mismatchesMax: 1_000,
  /** Lifetimes are looked at so often. */
  lifetimeLookEvery: minutes(1),
  /** Registrations that ran out while nobody was here to see it: so many are ended at one look. */
  lifetimesEndedMax: 200,
  /** How far the stored end of a lifetime may lag behind: signs of life are not written one by one (engine.md §10). */
  expiryWrittenEvery: minutes(60),
  /** How long a device in queue mode listens after it was heard: MAX_TRANSMIT_WAIT (LwM2M TS 1.1 §6.5; devices.md). */
  awakeFor: seconds(93),
  /** LwM2M TS 1.0 §5.3.1: a registration that names no lifetime lasts a day; also for one from before our restart. */
  lifetimeDefault: seconds(86_400),
} as const;

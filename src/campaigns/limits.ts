// Every limit of the engine; constants, because leases, batches and deadlines depend on one another and on what is stored.
import { days, hours, minutes, seconds } from './time.ts';

export const LIMITS = {
  /** Attempts of one update before it has failed. */
  attemptsMax: 3,
  /** Attempts that are remembered with their outcome; every try ends in one, also those that cost nothing. */
  attemptHistoryMax: 10,
  /** Live attempts of one campaign at a time. */
  campaignSlotsMax: 1_000,
  /** Devices of one campaign that may begin in a minute. */
  campaignArrivalsPerMinute: 1_000,
  /** So many may always begin at once after a pause, however low the cap. */
  arrivalBurstMin: 10,
  /** How often the steward hands out arrivals while the cap holds devices back. */
  arrivalTurn: seconds(5),
  /** A device that a label's cap holds back is looked at again within this time, each at a moment of its own. */
  arrivalSpread: minutes(10),
  /** Devices between offer and outcome: at least so many, and so many percent of a wave (engine.md §7). */
  unresolvedMin: 50,
  unresolvedPercent: 5,
  /** A campaign never halts by itself on fewer failures. */
  haltFailuresMin: 3,
  /** Failing devices that a halt names. */
  haltDevicesMax: 100,
  /** Makes, models and labels whose part in the failures a halt names. */
  haltSharesMax: 20,
  /** Strata of one campaign; devices beyond belong to the first one. */
  strataMax: 64,
  /** Steps of a rollout. */
  rolloutStepsMax: 20,
  /** Devices of one campaign. */
  campaignDevicesMax: 1_000_000,
  /** A permit is looked at again after this long, so that pause, abort and new dates bite (engine.md §4). */
  permitMax: seconds(5),
  /** An offer without any act of the device is withdrawn after this long; it costs no attempt. */
  offerWait: minutes(90),
  /** A download without progress for this long has lost its connection. */
  downloadIdleMax: minutes(30),
  /** A push of ours that has not moved for this long has died with its process; nothing is spent by it. */
  pushIdleMax: minutes(5),
  /** How long a transfer begun inside the window may go on after its close, under rule `start-before-close`. */
  overrunMax: hours(1),
  /** From an LwM2M device's word that it has installed to its restart. */
  restartWait: minutes(30),
  /** From the start of an installation to the last moment at which its outcome is believed. */
  installDeadline: hours(72),
  /** From the device's word that it has installed to the proof by its running version. */
  verifyDeadline: hours(24),
  /** First wait before another attempt; doubles with each. */
  retryWait: minutes(10),
  retryWaitMax: hours(6),
  /** Orders to install that a device may refuse in one attempt before it has failed. */
  executeRefusalsMax: 5,
  /** An action that was given up is cancelled on the device first; after this the next one is offered all the same. */
  cancelWait: hours(1),
  /** A failure within this time after we interrupted an attempt belongs to the interruption (engine.md §3). */
  interruptionGrace: minutes(10),
  /** For so long a device that was asked is expected to answer, and a slot is kept for it. */
  askWait: seconds(30),
  /** A device that was asked and did not answer is not asked again before this, unless it speaks first. */
  askAgain: minutes(2),
  /** Bytes a second that are assumed of a device whose throughput has not been measured. */
  assumedRateLwm2m: 8 * 1024,
  assumedRateHttp: 128 * 1024,
  /** Rows of one step of a sweep, and devices that join or change in one. */
  batchMax: 500,
  /** Devices of one admission step: its commit is what the server's other work waits for. */
  intakePartMax: 250,
  /** Entries that one fold takes. */
  foldMax: 1_000,
  /** A node that has not told for this long that it is alive is dead: its devices and slots are nobody's. */
  nodeLease: minutes(2),
  /** A steward's lease on a campaign, and a node's lease on the slots it was given. */
  stewardLease: seconds(30),
  slotLease: minutes(5),
  /** A claimed due row is claimable again after this. */
  claimLease: seconds(60),
  /** A claimed outbox row is: longer than the longest exchange that an intent needs (RFC 7252 EXCHANGE_LIFETIME is 247 s). */
  sendLease: minutes(10),
  /** Devices of one callback; events of more leave in several. */
  callbackDevicesMax: 500,
  /** How long device events of a campaign are gathered after those that were told last. */
  callbackGather: seconds(5),
  /** A claimed callback is claimable again after this: longer than one try may take. */
  callbackLease: minutes(1),
  /** Callbacks of different campaigns that one listener is told at the same time. */
  callbacksPerListenerMax: 4,
  /** Callbacks that one look of a node takes up. */
  callbackBatchMax: 100,
  /** How long callbacks can be replayed, and how long the delivery log goes back. */
  callbackKept: days(30),
  /** Devices of a list that are looked at for what will not go. */
  feasibilityDevicesMax: 1_000,
  /** How far ahead a campaign may end. */
  horizonDaysMax: days(366),
  /** Violations, and differences by zone data, that a verification names one by one; all of them are counted. */
  ledgerFindingsMax: 100,
  /** Distinct time zones of one campaign's devices that are looked at for its start. */
  zonesMax: 600,
} as const;

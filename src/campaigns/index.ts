// The one door of the campaign domain: machines, windows, permits, decisions, commands.
export { type Admitted, type Candidate, judgeCandidate } from './admission.ts';
export { fullArrivals, type LabelBudget } from './arrivals.ts';
export {
  AUDIENCES,
  type Audience,
  type CallbackEvent,
  type CampaignFacts,
  type DeviceEvent,
  flush,
  isFlushDue,
  type Telling,
} from './callbacks.ts';
export * from './campaign.ts';
export * from './change.ts';
export {
  type Accepted,
  abort,
  append,
  type CommandResult,
  cancel,
  changeDates,
  type Leaver,
  type MembershipResult,
  mayChangeDevices,
  remove,
  type ScheduleOrder,
  schedule,
} from './commands.ts';
export { type Consent, consent, withAutoConfirm } from './confirmation.ts';
export { type DdiAction, type DdiView, type DeviceSnapshot, ddiView } from './ddi-view.ts';
export { decide } from './decide.ts';
export * from './device.ts';
export type { CampaignScore, KeptBook } from './guard.ts';
export { evidenceOf, type HaltEvidence, haltSentence, scoreEventOf } from './halt.ts';
export * from './ids.ts';
export type * from './input.ts';
export { BrokenInvariant, invariant, unreachable } from './invariant.ts';
export { cleanedUp, keepAwake, withAttributes, withDevice, withReading, withRegistration } from './inventory.ts';
export { admitJoiners, fittingCampaign, joins } from './joining.ts';
export { type AccountAllowance, leaseSlots, slotsOf } from './leases.ts';
export { isExhausted, type Licence, type LicencePool, type Licensing } from './licence.ts';
export { LIMITS } from './limits.ts';
export {
  judgeVersion,
  PACKAGE_KINDS,
  type PackageFacts,
  type PackageKind,
  runningVersion,
  type VersionReports,
  type VersionVerdict,
} from './package.ts';
export { mayBeginTransfer, mayDownload, mayInstall, type Permit, zoneOf } from './permits.ts';
export * from './reasons.ts';
export {
  type HashesByStratum,
  JOINED_HASH,
  openHashes,
  type Rollout,
  type RolloutPolicy,
  type RolloutStep,
  type Share,
  type StepTallies,
  type StratifyBy,
  stepOf,
} from './rollout.ts';
export { RULES, type Rule } from './rules.ts';
export {
  areSound,
  canary,
  canaryLeast,
  guard,
  NO_SCORE,
  SCORE_TERMS,
  type Score,
  type ScorePlan,
  type ScoreTerms,
  scorePlan,
} from './score.ts';
export {
  acceptCanary,
  type Halt,
  newScoreBook,
  openPlaces,
  restartScore,
  type ScoreBook,
  type Scored,
  type ScoreEvent,
  score,
} from './score-book.ts';
export { sealedAtOnce } from './sealing.ts';
export { judgeSend } from './settle.ts';
export { advanceRollout, needsPreparing, prepare } from './stages.ts';
export {
  approve,
  type Consequences,
  changePace,
  consequencesOf,
  haltWithdrawn,
  narrowWindows,
  type Order,
  type Pace,
  pause,
  resume,
} from './steering.ts';
export {
  admitPart,
  advance,
  type Digest,
  fold,
  headText,
  nextTurn,
  opensAnywhere,
  type Signer,
  swept,
  type UnsealedEntry,
} from './steward.ts';
export * from './time.ts';
export type { Refused } from './timetable.ts';
export { transferPermit } from './transfer.ts';
export * from './update.ts';
export {
  type HourWindow,
  type Interval,
  isOpen,
  isZone,
  localHour,
  mergeWindows,
  nextOpening,
  offsetAt,
  openingAt,
  type Zone,
} from './windows.ts';

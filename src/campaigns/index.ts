// The one door of the campaign domain: machines, windows, permits, decisions, commands.
export { type Admitted, type Candidate, judgeCandidate } from './admission.ts';
export { fullArrivals, type LabelBudget } from './arrivals.ts';
export { type Breach, breachesOf } from './breaches.ts';
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
export { wallText } from './explain/clock-times.ts';
export { explain } from './explain/explain.ts';
export type { ContactRhythm, ExplainFacts, Explanation, Next, Part, Seen } from './explain/explanation.ts';
export { beginningOf, slipsOf } from './explain/nearest.ts';
export { feasibilityWarnings } from './feasibility.ts';
export type { CampaignScore, KeptBook } from './guard.ts';
export { evidenceOf, type HaltEvidence, haltSentence, scoreEventOf, sharesOf } from './halt.ts';
export * from './ids.ts';
export type * from './input.ts';
export { BrokenInvariant, invariant, unreachable } from './invariant.ts';
export {
  changesLabels,
  cleanedUp,
  keepAwake,
  withAttributes,
  withDevice,
  withReading,
  withRegistration,
} from './inventory.ts';
export { admitJoiners, fittingCampaign, joins } from './joining.ts';
export { type AccountAllowance, asksLeft, leaseSlots, slotsOf, withAsked } from './leases.ts';
export {
  type KeptVerdict,
  type LedgerReport,
  type LedgerVerification,
  type SignatureVerdict,
  verifyLedger,
} from './ledger.ts';
export { FINDINGS, type Finding, type FindingKind, findingLine } from './ledger-judge.ts';
export { entryLine, headLine, type LedgerKey, readHead, type ShownHead, shownHead } from './ledger-line.ts';
export { isExhausted, type Licence, type LicencePool, type Licensing } from './licence.ts';
export { LIMITS } from './limits.ts';
export { hasSlot, passOver } from './offer.ts';
export {
  haltNearness,
  PROGRESS_OPEN_MAX,
  PROGRESS_OPEN_MIN,
  type Progress,
  predictedFinish,
  progressed,
} from './outlook.ts';
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
  maxUnresolved,
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
export { admitDry, refusedTogether, Simulation, simulate } from './simulate.ts';
export { type Chance, seededChance } from './simulation/chance.ts';
export { type Comparison, compareOutcomes } from './simulation/compare.ts';
export {
  assumedContacts,
  type Contacts,
  LabelSets,
  type Measured,
  SIMULATION_LIMITS,
  type SimulatedDevice,
  type SimulationFacts,
  slimDevice,
} from './simulation/facts.ts';
export { contactsOf, InstallTimes } from './simulation/patterns.ts';
export type {
  HourOfTraffic,
  Input,
  Late,
  PredictedStep,
  Prediction,
  RefusedDevices,
  Spread,
  TrafficOf,
} from './simulation/prediction.ts';
export { advanceRollout, needsPreparing, prepare } from './stages.ts';
export {
  approve,
  type Consequences,
  changePace,
  consequencesOf,
  haltWithdrawn,
  narrowWindows,
  type Order,
  type PaceChange,
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
export { checkTimetable, type Refused } from './timetable.ts';
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

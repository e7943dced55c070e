// The one door of the campaign domain: machines, windows, permits, decisions, commands.
export { type Admitted, type Candidate, judgeCandidate } from './admission.ts';
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
  type Refused,
  remove,
  type ScheduleOrder,
  schedule,
} from './commands.ts';
export { type DdiAction, type DdiView, type DeviceSnapshot, ddiView } from './ddi-view.ts';
export { decide } from './decide.ts';
export * from './device.ts';
export * from './ids.ts';
export type * from './input.ts';
export { BrokenInvariant, invariant, unreachable } from './invariant.ts';
export { cleanedUp, withAttributes, withDevice, withReading, withRegistration } from './inventory.ts';
export { admitJoiners, fittingCampaign, joins } from './joining.ts';
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
export { RULES, type Rule } from './rules.ts';
export { sealedAtOnce } from './sealing.ts';
export { judgeSend } from './settle.ts';
export {
  admitPart,
  advance,
  type Digest,
  fold,
  leaseSlots,
  nextTurn,
  opensAnywhere,
  swept,
  type UnsealedEntry,
} from './steward.ts';
export * from './time.ts';
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

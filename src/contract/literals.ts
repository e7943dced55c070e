// The documented words of the original for what the engine calls by its own names (contract.md §3.1, §4, §6.6).

import type { CampaignStatus } from './shared.ts';

export const V1_DEVICE_STATUSES = [
  'Request Pending',
  'Device Accepted',
  'Device Rejected',
  'UpgradeSuccess',
  'UpgradeFailed',
] as const;

export const V2_DEVICE_STATUSES = [
  'Accepted',
  'DeviceRejected',
  'UpgradePending',
  'UpgradeSuccess',
  'UpgradeFailed',
  'CampaignCancelled',
  'CampaignAborted',
] as const;

export const V3_DEVICE_STATUSES = [
  'NoDeviceDataFromNetwork',
  'ReceivedDeviceDataFromNetwork',
  'RequestToFotaServerFailed',
  'DeviceRejected',
  'UpgradePending',
  'UpgradeScheduled',
  'UpgradeSuccess',
  'UpgradeFailed',
  'CampaignCancelled',
  'CampaignAborted',
] as const;

/** A status with its reason. `timed` is said instead when the instants in its braces are known. */
export interface Literal<Status extends string> {
  readonly status: Status;
  readonly reason: string;
  readonly timed?: string;
}

export interface DeviceLiteral {
  readonly v1: Literal<(typeof V1_DEVICE_STATUSES)[number]>;
  readonly v2: Literal<(typeof V2_DEVICE_STATUSES)[number]>;
  readonly v3: Literal<(typeof V3_DEVICE_STATUSES)[number]>;
}

export interface LiteralTimes {
  readonly at?: number;
  readonly until?: number;
}

/** The reason of a literal, with its instants in milliseconds since 1970. */
export function literalReason({ reason, timed }: Literal<string>, times: LiteralTimes = {}): string {
  if (timed === undefined) return reason;
  const names = [...timed.matchAll(/\{(at|until)\}/g)].map(([, name]) => name as keyof LiteralTimes);
  if (names.some((name) => times[name] === undefined)) return reason;
  return timed.replace(/\{(at|until)\}/g, (_, name: keyof LiteralTimes) => shortInstant(times[name] ?? 0));
}

/** contract.md §3.4: reasons tell instants like `06 Oct 22 18:05 UTC`. */
export function shortInstant(milliseconds: number): string {
  const [, day = '', month = '', year = '', time = ''] = new Date(milliseconds).toUTCString().split(' ');
  return `${day} ${month} ${year.slice(-2)} ${time.slice(0, 5)} UTC`;
}

const v1Accepted = { status: 'Device Accepted', reason: 'success' } as const;
const v2Accepted = { status: 'Accepted', reason: 'Device is put on the schedule list' } as const;
const v2Pending = { status: 'UpgradePending', reason: 'Upgrade is pending' } as const;
const v3Pending = {
  status: 'UpgradePending',
  reason: 'Upgrade is to be scheduled',
  timed: 'Upgrade is estimated to be scheduled for {at}',
} as const;
const v3Scheduled = {
  status: 'UpgradeScheduled',
  reason: 'Upgrade is scheduled',
  timed: 'Upgrade begins {at}, estimated completion {until}',
} as const;
const v3NoData = { status: 'NoDeviceDataFromNetwork', reason: 'Device is not reachable' } as const;

const waiting: DeviceLiteral = { v1: v1Accepted, v2: v2Pending, v3: v3Pending };
const underWay: DeviceLiteral = { v1: v1Accepted, v2: v2Pending, v3: v3Scheduled };

function rejected(v1: string, others: string = v1): DeviceLiteral {
  return {
    v1: { status: 'Device Rejected', reason: v1 },
    v2: { status: 'DeviceRejected', reason: others },
    v3: { status: 'DeviceRejected', reason: others },
  };
}

/** contract.md §4.2: the reasons of v2 tell at which step the device stood; those of v1 and v3 are not documented. */
const failed = (v2: string, others: string): DeviceLiteral => ({
  v1: { status: 'UpgradeFailed', reason: others },
  v2: { status: 'UpgradeFailed', reason: v2 },
  v3: { status: 'UpgradeFailed', reason: others },
});
const NOT_REPORTED = 'RovaClientDidNotReportStatus';
const NOT_DOWNLOADED = 'RovaClientDownloadFailed';
const NOT_INSTALLED = 'RovaClientDownloadedInstallFailed';

const BAD_IMEI = 'Invalid IMEI';
const NOT_ELIGIBLE = 'Device is not eligible';
const WRONG_SOFTWARE = 'Current software does not meet the prerequisite';
const WRONG_MAKE = 'Make or model does not meet the prerequisite';

/** By state, or by state and reason: `failed.install-failed`. Whoever knows the states proves that none is missing. */
export const DEVICE_LITERALS = {
  /** Accepted with the request, not yet judged. */
  intake: { v1: { status: 'Request Pending', reason: '' }, v2: v2Pending, v3: v3Pending },

  'waiting.not-started': { v1: v1Accepted, v2: v2Accepted, v3: v3Pending },
  'waiting.version-unknown': { v1: v1Accepted, v2: v2Accepted, v3: v3NoData },
  'waiting.ready': { v1: v1Accepted, v2: v2Accepted, v3: v3Pending },
  'waiting.retry': waiting,
  'waiting.suspended': waiting,
  'waiting.deferred': waiting,
  'waiting.unreachable': { v1: v1Accepted, v2: v2Pending, v3: v3NoData },

  offered: underWay,
  downloading: underWay,
  downloaded: underWay,
  installing: underWay,
  verifying: underWay,

  succeeded: {
    v1: { status: 'UpgradeSuccess', reason: 'success' },
    v2: { status: 'UpgradeSuccess', reason: 'DownloadInstallSucceeded' },
    v3: { status: 'UpgradeSuccess', reason: 'Upgrade completed successfully' },
  },

  'rejected.imei-malformed': rejected(BAD_IMEI),
  'rejected.imei-check-digit': rejected(BAD_IMEI),
  'rejected.device-unknown': rejected('Device not found'),
  'rejected.wrong-transport': rejected('Unknown client device type', NOT_ELIGIBLE),
  'rejected.wrong-make': rejected(NOT_ELIGIBLE, WRONG_MAKE),
  'rejected.wrong-model': rejected(NOT_ELIGIBLE, WRONG_MAKE),
  'rejected.wrong-from-version': rejected(NOT_ELIGIBLE, WRONG_SOFTWARE),
  'rejected.already-current': rejected(NOT_ELIGIBLE, WRONG_SOFTWARE),
  'rejected.not-capable': rejected(NOT_ELIGIBLE),
  'rejected.no-licence': rejected('No license attached to device'),
  'rejected.busy': rejected(
    'Device is scheduled previously',
    'Device is already scheduled for an upgrade that must complete first',
  ),

  'failed.not-enough-storage': failed(NOT_DOWNLOADED, 'Not enough storage on the device'),
  'failed.out-of-memory': failed(NOT_DOWNLOADED, 'Not enough memory on the device'),
  'failed.connection-lost': failed(NOT_DOWNLOADED, 'Connection lost during the download'),
  'failed.download-stalled': failed(NOT_DOWNLOADED, 'Download made no progress'),
  'failed.download-failed': failed(NOT_DOWNLOADED, 'Download failed'),
  'failed.integrity-failed': failed(NOT_DOWNLOADED, 'Integrity check of the package failed'),
  'failed.unsupported-package': failed(NOT_INSTALLED, 'Package type is not supported by the device'),
  'failed.invalid-uri': failed(NOT_DOWNLOADED, 'Package address is not accepted by the device'),
  'failed.unsupported-protocol': failed(NOT_DOWNLOADED, 'Download protocol is not supported by the device'),
  'failed.offer-refused': failed('UnknownDeviceError', 'Device refused the upgrade'),
  'failed.install-failed': failed(NOT_INSTALLED, 'Installation failed'),
  'failed.silent-after-install': failed(NOT_REPORTED, 'Device did not report after the installation'),
  'failed.wrong-version': failed(NOT_INSTALLED, 'Device runs another version after the upgrade'),
  'failed.not-verified': failed(NOT_REPORTED, 'New version was not confirmed in time'),
  'failed.closed-without-bytes': failed('Other', 'Device reported success without a download'),
  'failed.cancelled-by-device': failed('Other', 'Device cancelled the upgrade'),

  expired: failed(NOT_REPORTED, 'Campaign ended before the upgrade was completed'),
  /** The image was on the device when the campaign ended. */
  'expired.downloaded': failed('RovaClientDownloadNotInstalledYet', 'Campaign ended before the installation'),
  cancelled: {
    v1: { status: 'UpgradeFailed', reason: 'Cancelled by user' },
    v2: { status: 'CampaignCancelled', reason: 'Cancelled by user' },
    v3: { status: 'CampaignCancelled', reason: 'Cancelled by user' },
  },
  aborted: {
    v1: { status: 'UpgradeFailed', reason: 'Aborted by user' },
    v2: { status: 'CampaignAborted', reason: 'Aborted by user' },
    v3: { status: 'CampaignAborted', reason: 'Aborted by user' },
  },
} as const satisfies Readonly<Record<string, DeviceLiteral>>;
export type DeviceLiteralKey = keyof typeof DEVICE_LITERALS;

/** contract.md §3.1: v1 has six words, and none for a campaign that its owner has stopped. */
export const UPGRADE_STATUSES = [
  'RequestPending',
  'Queued',
  'RequestFailed',
  'InProgress',
  'Finished',
  'UpgradeFailed',
] as const;
export type UpgradeStatus = (typeof UPGRADE_STATUSES)[number];

/** By the engine's phase of a campaign (contract.md §3.1, engine.md §2). */
export const CAMPAIGN_STATUS_OF = {
  pending: 'CampaignRequestPending',
  queued: 'CampaignRequestQueued',
  prescheduled: 'CampaignPreScheduled',
  scheduled: 'CampaignScheduled',
  failed: 'CampaignRequestFailed',
  cancelled: 'CampaignCancelled',
  aborted: 'CampaignAborted',
  ended: 'CampaignEnded',
} as const satisfies Readonly<Record<string, CampaignStatus>>;

export const UPGRADE_STATUS_OF: Readonly<Record<CampaignStatus, UpgradeStatus>> = {
  CampaignRequestPending: 'RequestPending',
  CampaignRequestFailed: 'RequestFailed',
  CampaignRequestQueued: 'Queued',
  CampaignPreScheduled: 'Queued',
  CampaignScheduled: 'InProgress',
  CampaignFailed: 'UpgradeFailed',
  CampaignCancelled: 'Finished',
  CampaignAborted: 'Finished',
  CampaignEnded: 'Finished',
};

export const LICENSE_STATUSES = [
  'LicenseAssignSuccess',
  'LicenseAssignFailed',
  'LicenseRemoveSuccess',
  'LicenseRemoveFailed',
] as const;
export type LicenseStatus = (typeof LICENSE_STATUSES)[number];

export interface LicenseLiteral {
  /** v2 says only this. */
  readonly status: 'Success' | 'Failure';
  readonly reason: string;
}

/** v1 and v3 name the act in the status (contract.md §6.6). */
export function licenseStatus(act: 'Assign' | 'Remove', { status }: LicenseLiteral): LicenseStatus {
  return `License${act}${status === 'Success' ? 'Success' : 'Failed'}`;
}

const refused = (reason: string): LicenseLiteral => ({ status: 'Failure', reason });
const NOT_REMOVABLE = 'removal not allowed for devices that have ever upgraded firmware';

/** What became of one device in an assign or remove call. */
export const LICENSE_LITERALS = {
  assigned: { status: 'Success', reason: 'Success' },
  'already-assigned': { status: 'Success', reason: 'Device license preexisting' },
  exhausted: refused('No license available'),
  removed: { status: 'Success', reason: 'Success' },
  'not-assigned': refused('No license attached to device'),
  'being-upgraded': refused(NOT_REMOVABLE),
  upgraded: refused(NOT_REMOVABLE),
  'device-unknown': refused('Device does not exist.'),
} as const satisfies Readonly<Record<string, LicenseLiteral>>;
export type LicenseLiteralKey = keyof typeof LICENSE_LITERALS;

// The wire types, generated from the contract's OpenAPI documents by `npm run generate`. Do not edit.

export type CallbackListenersV1 = CallbackListenerV1 | CallbackListenerV1[];
export type CampaignStatus =
  | 'CampaignRequestPending'
  | 'CampaignRequestFailed'
  | 'CampaignRequestQueued'
  | 'CampaignPreScheduled'
  | 'CampaignScheduled'
  | 'CampaignFailed'
  | 'CampaignCancelled'
  | 'CampaignAborted'
  | 'CampaignEnded';
export type DeviceCheckInList = DeviceCheckIn[];
export type DeviceHistoryV1 = DeviceUpgradeV1[];
export type DeviceHistoryV2 = DeviceSoftwareUpgrade[];
export type DeviceHistoryV3 = DeviceFirmwareUpgrade[];
export type DeviceImportBody = DeviceItem[];
export type DeviceLogList = DeviceLog[];
export type DeviceLoggingList = DeviceLogging[];
export type FirmwareListV1 = FirmwareV1[];
export type FirmwarePackageList = FirmwarePackage[];
export type ImageBytes = string;
export type LedgerLine =
  | {
      hash: string;
      text: string;
    }
  | {
      head: LedgerHeadView;
    };
export type SoftwarePackageList = SoftwarePackage[];

export interface AccountCredentials {
  accountName: string;
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
}
export interface AccountDeviceListV1 {
  accountName: string;
  hasMoreData: boolean;
  /**
   * The startIndex of the next page.
   */
  lastSeenDeviceId: number;
  maxPageSize: number;
  deviceList: AccountDeviceV1[];
}
export interface AccountDeviceV1 {
  deviceId: string;
  mdn: string;
  model: string;
  make: string;
  firmware: string;
  fotaEligible: boolean;
  licenseAssigned: boolean;
  upgradeTime: string;
}
export interface AccountDeviceListV2 {
  accountName: string;
  hasMoreData: boolean;
  lastSeenDeviceId?: string;
  maxPageSize: number;
  deviceList: AccountDeviceV2[];
}
export interface AccountDeviceV2 {
  deviceId: string;
  mdn: string;
  model: string;
  make: string;
  fotaEligible: boolean;
  appFotaEligible: boolean;
  licenseAssigned: boolean;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  softwareList: InstalledSoftware[];
  createTime?: string;
  upgradeTime?: string;
  updateTime?: string;
  refreshTime?: string;
}
export interface InstalledSoftware {
  name: string;
  version: string;
  upgradeTime: string;
}
export interface AccountDeviceListV3 {
  accountName: string;
  hasMoreData: boolean;
  lastSeenDeviceId?: string;
  maxPageSize: number;
  deviceList: AccountDeviceV3[];
}
export interface AccountDeviceV3 {
  deviceId: string;
  mdn: string;
  model: string;
  make: string;
  firmware: string;
  fotaEligible: boolean;
  status: string;
  licenseAssigned: boolean;
  protocol: 'LWM2M' | 'HTTP' | 'OMD-DM';
  softwareList: InstalledSoftware[];
  fileList?: InstalledSoftware[];
  createTime?: string;
  upgradeTime?: string;
  updateTime?: string;
  refreshTime?: string;
}
export interface AccountPage {
  items: AccountView[];
  nextPageToken?: string;
}
export interface AccountView {
  accountName: string;
  createdAt: string;
  devices?: number;
  settings?: {
    /**
     * Zone of window hours when a campaign names none.
     */
    windowTimeZone?: string;
    /**
     * Zone of a device without its own, for campaigns in device time.
     */
    deviceTimeZoneDefault?: string;
    /**
     * Reject IMEIs with a wrong Luhn check digit.
     */
    checkImeiDigits?: boolean;
    /**
     * DELETE of a started campaign aborts it.
     */
    abortOnDelete?: boolean;
    /**
     * Campaign calls need VZ-M2M-Token.
     */
    requireSession?: boolean;
    /**
     * The same schedule body again within 10 minutes answers the first campaign.
     */
    repeatedScheduleAnswersFirst?: boolean;
    /**
     * How often HTTP devices are told to poll.
     */
    pollSeconds?: number;
    /**
     * @maxItems 256
     */
    profiles?: {
      make: string;
      model?: string;
      /**
       * streaming: downloading is installing. split: downloads and waits.
       */
      ddiClient?: 'streaming' | 'split';
      /**
       * Installs by itself once it has the image.
       */
      autoInstalls?: boolean;
      /**
       * The least that counts as success.
       */
      leastEvidence?: 'version' | 'restart' | 'reported';
      /**
       * How LwM2M devices get the image, whatever they say themselves.
       */
      delivery?: 'pull' | 'push';
      /**
       * What LwM2M devices fetch images over, the best first; absent: as they say themselves.
       *
       * @minItems 1
       */
      protocols?: ('coap' | 'coaps' | 'http' | 'https')[];
      /**
       * The largest CoAP block that they bear, in either direction.
       */
      blockBytes?: 16 | 32 | 64 | 128 | 256 | 512 | 1024;
      /**
       * false: they are asked, never observed.
       */
      observes?: boolean;
      /**
       * pmin of /5/0: a change of state is told at most so often.
       */
      notifySecondsMin?: number;
      /**
       * pmax of /5/0: the state is told at least so often while an image travels.
       */
      notifySecondsMax?: number;
      /**
       * The way back to Idle that is tried first: a NUL byte to /5/0/0, an empty /5/0/1, or /5/0/10.
       */
      reset?: 'nul-byte' | 'empty-uri' | 'cancel';
      /**
       * LwM2M path of the version where it is not /3/0/3.
       */
      versionResource?: string;
      /**
       * What HTTP devices are told: attempt leaves it to the device when it begins. Default forced.
       */
      handling?: 'attempt' | 'forced';
      /**
       * The user of an HTTP device has to agree to each installation.
       */
      confirms?: boolean;
      /**
       * DDI attribute that tells the version of packages that name none; for campaigns scheduled from now on.
       */
      versionAttribute?: string;
    }[];
    /**
     * Only packages whose image is signed by an image key of the account can be scheduled.
     */
    requireSignedImages?: boolean;
    /**
     * Bytes per second that all devices of the account may download over HTTP together; 0: without cap.
     */
    downloadBytesPerSecondMax?: number;
    /**
     * What becomes of HTTP devices that are not in the account: hold lists them for approval. Default refuse.
     */
    unknownDevices?: 'refuse' | 'hold';
    /**
     * Hashes of the issuers whose client certificates a trusted proxy lets HTTP devices prove themselves by.
     *
     * @maxItems 16
     */
    clientCertificateIssuers?: string[];
    /**
     * What all HTTP devices of the account together may ask a second.
     */
    httpRequestsPerSecondMax?: number;
    subscription?: {
      /**
       * TS-HFOTA-EVNT: no licence needed. TS-HFOTA-MRC: a device needs a licence before its campaign.
       */
      purchaseType: string;
      /**
       * Size of the pool; absent: without limit.
       */
      licenseCount?: number;
    };
    /**
     * Hosts of callback listeners that may have private, loopback or link-local addresses.
     *
     * @maxItems 64
     */
    allowPrivateCallbackHosts?: string[];
    /**
     * Replaced as a whole; {} lifts them all.
     */
    arrivalCaps?: {
      /**
       * Of the whole account.
       */
      perMinute?: number;
      /**
       * By the key of a label: devices with the same value of it share so many.
       */
      labels?: {
        [k: string]: number;
      };
    };
    /**
     * LwM2M devices are asked for their cell and carrier (object 4), which become the labels cell and carrier.
     */
    labelsFromNetwork?: boolean;
    /**
     * Replaced as a whole.
     */
    pilotRule?: {
      required: boolean;
      /**
       * Default 5.
       */
      devicesMin?: number;
      /**
       * Default 20.
       */
      devicesMax?: number;
      /**
       * Default 50.
       */
      successPercent?: number;
    };
    /**
     * GET /v1/callbacks answers a list, as later clients expect; else an object.
     */
    v1CallbacksAsList?: boolean;
  };
}
export interface AccountSettings {
  /**
   * Zone of window hours when a campaign names none.
   */
  windowTimeZone?: string;
  /**
   * Zone of a device without its own, for campaigns in device time.
   */
  deviceTimeZoneDefault?: string;
  /**
   * Reject IMEIs with a wrong Luhn check digit.
   */
  checkImeiDigits?: boolean;
  /**
   * DELETE of a started campaign aborts it.
   */
  abortOnDelete?: boolean;
  /**
   * Campaign calls need VZ-M2M-Token.
   */
  requireSession?: boolean;
  /**
   * The same schedule body again within 10 minutes answers the first campaign.
   */
  repeatedScheduleAnswersFirst?: boolean;
  /**
   * How often HTTP devices are told to poll.
   */
  pollSeconds?: number;
  /**
   * @maxItems 256
   */
  profiles?: {
    make: string;
    model?: string;
    /**
     * streaming: downloading is installing. split: downloads and waits.
     */
    ddiClient?: 'streaming' | 'split';
    /**
     * Installs by itself once it has the image.
     */
    autoInstalls?: boolean;
    /**
     * The least that counts as success.
     */
    leastEvidence?: 'version' | 'restart' | 'reported';
    /**
     * How LwM2M devices get the image, whatever they say themselves.
     */
    delivery?: 'pull' | 'push';
    /**
     * What LwM2M devices fetch images over, the best first; absent: as they say themselves.
     *
     * @minItems 1
     */
    protocols?: ('coap' | 'coaps' | 'http' | 'https')[];
    /**
     * The largest CoAP block that they bear, in either direction.
     */
    blockBytes?: 16 | 32 | 64 | 128 | 256 | 512 | 1024;
    /**
     * false: they are asked, never observed.
     */
    observes?: boolean;
    /**
     * pmin of /5/0: a change of state is told at most so often.
     */
    notifySecondsMin?: number;
    /**
     * pmax of /5/0: the state is told at least so often while an image travels.
     */
    notifySecondsMax?: number;
    /**
     * The way back to Idle that is tried first: a NUL byte to /5/0/0, an empty /5/0/1, or /5/0/10.
     */
    reset?: 'nul-byte' | 'empty-uri' | 'cancel';
    /**
     * LwM2M path of the version where it is not /3/0/3.
     */
    versionResource?: string;
    /**
     * What HTTP devices are told: attempt leaves it to the device when it begins. Default forced.
     */
    handling?: 'attempt' | 'forced';
    /**
     * The user of an HTTP device has to agree to each installation.
     */
    confirms?: boolean;
    /**
     * DDI attribute that tells the version of packages that name none; for campaigns scheduled from now on.
     */
    versionAttribute?: string;
  }[];
  /**
   * Only packages whose image is signed by an image key of the account can be scheduled.
   */
  requireSignedImages?: boolean;
  /**
   * Bytes per second that all devices of the account may download over HTTP together; 0: without cap.
   */
  downloadBytesPerSecondMax?: number;
  /**
   * What becomes of HTTP devices that are not in the account: hold lists them for approval. Default refuse.
   */
  unknownDevices?: 'refuse' | 'hold';
  /**
   * Hashes of the issuers whose client certificates a trusted proxy lets HTTP devices prove themselves by.
   *
   * @maxItems 16
   */
  clientCertificateIssuers?: string[];
  /**
   * What all HTTP devices of the account together may ask a second.
   */
  httpRequestsPerSecondMax?: number;
  subscription?: {
    /**
     * TS-HFOTA-EVNT: no licence needed. TS-HFOTA-MRC: a device needs a licence before its campaign.
     */
    purchaseType: string;
    /**
     * Size of the pool; absent: without limit.
     */
    licenseCount?: number;
  };
  /**
   * Hosts of callback listeners that may have private, loopback or link-local addresses.
   *
   * @maxItems 64
   */
  allowPrivateCallbackHosts?: string[];
  /**
   * Replaced as a whole; {} lifts them all.
   */
  arrivalCaps?: {
    /**
     * Of the whole account.
     */
    perMinute?: number;
    /**
     * By the key of a label: devices with the same value of it share so many.
     */
    labels?: {
      [k: string]: number;
    };
  };
  /**
   * LwM2M devices are asked for their cell and carrier (object 4), which become the labels cell and carrier.
   */
  labelsFromNetwork?: boolean;
  /**
   * Replaced as a whole.
   */
  pilotRule?: {
    required: boolean;
    /**
     * Default 5.
     */
    devicesMin?: number;
    /**
     * Default 20.
     */
    devicesMax?: number;
    /**
     * Default 50.
     */
    successPercent?: number;
  };
  /**
   * GET /v1/callbacks answers a list, as later clients expect; else an object.
   */
  v1CallbacksAsList?: boolean;
}
export interface AddOrRemoveDeviceRequest {
  Type: 'append' | 'remove';
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface AddOrRemoveDeviceResp {
  accountName: string;
  campaignId: string;
  requestId: string;
}
export interface AddOrRemoveDeviceResp1 {
  accountName: string;
  id: string;
  campaignId: string;
  deviceList: DeviceChangeResult[];
}
export interface DeviceChangeResult {
  deviceId: string;
  status: 'AddDeviceSucceed' | 'AddDeviceFailed' | 'RemoveDeviceSucceed' | 'RemoveDeviceFailed';
  Reason: string;
}
export interface ApprovedDevice {
  imei: string;
  /**
   * Shown this once, when the device has none of its own.
   */
  ddiToken?: string;
}
export interface AssignedLicense {
  deviceId: string;
  assignmentTime: string;
}
export interface AuditPage {
  items: AuditView[];
  nextPageToken?: string;
}
export interface AuditView {
  at: string;
  actor: {
    kind: 'operator' | 'client' | 'user' | 'server';
    name: string;
  };
  /**
   * Absent: it concerns the whole server.
   */
  accountName?: string;
  /**
   * A verb and its object, like "change account settings".
   */
  action: string;
  /**
   * What was changed, like a campaign id or an IMEI.
   */
  target: string;
  before?: {
    [k: string]: unknown;
  };
  after?: {
    [k: string]: unknown;
  };
}
export interface AvailableFile {
  fileName: string;
  fileVersion: string;
  releaseNote: string;
  make: string;
  model: string;
  localTargetPath: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  devicePlatformId: string;
}
export interface AvailableFilesResponse {
  AvailableFilesResponse: AvailableFile[];
}
export interface Bandwidth {
  /**
   * Bytes per second that the devices of the campaign may download over HTTP, all together. Absent: without cap.
   */
  downloadBytesPerSecondMax?: number;
}
export interface BandwidthView {
  /**
   * Bytes per second that the devices of the campaign may download over HTTP, all together. Absent: without cap.
   */
  downloadBytesPerSecondMax?: number;
}
export interface CallbackEvent {
  accountName: string;
  campaignId: string;
  /**
   * The same as campaignId.
   */
  id: string;
  type: 'campaignStatus' | 'deviceStatus';
  /**
   * Status of the campaign.
   */
  status: string;
  resultReason?: string;
  reasonText?: string;
  ledgerHead?: LedgerHead;
  /**
   * Of type deviceStatus: the devices whose status has changed.
   *
   * @maxItems 500
   */
  deviceList?: {
    deviceId: string;
    status: string;
    resultReason?: string;
    reasonText?: string;
  }[];
  /**
   * Counts the events of one campaign from 1: a gap is an event that could not be delivered.
   */
  number: number;
  time: string;
  /**
   * The same in every delivery of this event, and in the header webhook-id.
   */
  eventId: string;
}
/**
 * Of type campaignStatus: the head of the campaign's ledger by then.
 */
export interface LedgerHead {
  /**
   * Entries that the head stands for.
   */
  length: number;
  /**
   * SHA-256 of the last of them in hex; it holds the one before it, and so all of them.
   */
  head: string;
  signedAt?: string;
  /**
   * Which of the ledger keys signed it.
   */
  keyId?: string;
  /**
   * Ed25519 over the head, base64url; see docs/ledger.md for the signed text.
   */
  signature?: string;
}
export interface CallbackEventV1 {
  accountName: string;
  participantName: string;
  type: 'firmwareList' | 'upgradeScheduled' | 'upgradeProgress' | 'upgradeFinished';
  username: string;
  password: string;
  firmwareList: FirmwareV1[];
  upgradeScheduled: CallbackUpgradeV1;
  upgradeProgress: CallbackUpgradeV1;
  upgradeFinished: CallbackUpgradeV1;
  /**
   * Counts the events of one campaign from 1: a gap is an event that could not be delivered.
   */
  number: number;
  time: string;
  /**
   * The same in every delivery of this event, and in the header webhook-id.
   */
  eventId: string;
}
export interface FirmwareV1 {
  firmwareName: string;
  participantName: string;
  launchDate: string;
  releaseNote: string;
  model: string;
  make: string;
  fromVersion: string;
  toVersion: string;
}
export interface CallbackUpgradeV1 {
  firmwareName?: string;
  upgradeId?: string;
  startDate?: string;
  status?: string;
  /**
   * @maxItems 500
   */
  deviceList?: DeviceStatusV1[];
}
export interface DeviceStatusV1 {
  deviceId: string;
  status: 'Request Pending' | 'Device Accepted' | 'Device Rejected' | 'UpgradeSuccess' | 'UpgradeFailed';
  resultReason?: string;
  reasonText?: string;
}
export interface CallbackListener {
  url?: string;
}
export interface CallbackListenerV1 {
  aname: string;
  name: string;
  url: string;
  username?: string;
}
export interface CallbackRegisteredV1 {
  accountName: string;
  serviceName: string;
}
export interface CallbackRegistration {
  url: string;
}
export interface CallbackRegistrationV1 {
  name: 'Fota';
  url: string;
  username?: string;
  password?: string;
}
export interface Campaign {
  id: string;
  accountName: string;
  campaignName?: string;
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  protocol: 'LWM2M' | 'HTTP' | 'OMD-DM';
  make: string;
  model: string;
  status: CampaignStatus;
  startDate: string;
  endDate: string;
  campaignTimeWindowList?: TimeWindow[];
  autoAssignLicenseFlag: boolean;
  autoAddDevicesFlag: boolean;
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
  timeWindowList?: TimeWindow[];
}
/**
 * Hours in which something may happen: open while startTime <= hour < endTime.
 */
export interface TimeWindow {
  /**
   * First hour in which the window is open.
   */
  startTime: number;
  /**
   * First hour in which it is shut again.
   */
  endTime: number;
}
export interface RolloutView {
  canary?: {
    devices?: number;
    percent?: number;
  };
  waves: {
    devices?: number;
    percent?: number;
  }[];
  stratifyBy?: string;
  soakHours: number;
  advanceAtPercent: number;
  stepDeadlineHours?: number;
  onStepDeadline: 'advance' | 'hold';
  approval: 'none' | 'start' | 'every-step';
  /**
   * Devices between offer and outcome, in the step that is open.
   */
  maxUnresolved: number;
  halt: {
    usualFailurePercent: number;
    badFailurePercent: number;
    falseHaltPercent: number;
    missPercent: number;
  };
  retry: {
    attemptsMax: number;
    waitMinutes: number;
  };
  arrivalsPerMinute: number;
  slots: number;
  progress?: {
    /**
     * Number of the step that was opened last, from 1; 0: none.
     */
    step: number;
    /**
     * Empty until the campaign is scheduled.
     */
    steps: RolloutStepView[];
    openedAt?: string;
    doneAt?: string;
    soakUntil?: string;
    awaitsApproval: boolean;
    approvedBy?: string;
  };
}
export interface RolloutStepView {
  kind: 'canary' | 'wave';
  size: number;
  state: 'waiting' | 'open' | 'soaking' | 'done';
  live: number;
  succeeded: number;
  failed: number;
  /**
   * Rejected, expired, cancelled: no evidence about the image.
   */
  other: number;
}
export interface CampaignDates {
  startDate?: string;
  endDate?: string;
  /**
   * No download before this day.
   */
  downloadAfterDate?: string;
  /**
   * No install before this day.
   */
  installAfterDate?: string;
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
}
export interface CampaignDeviceV2 {
  totalDevice: number;
  hasMoreData: boolean;
  lastSeenDeviceId?: string;
  maxPageSize: number;
  deviceList: DeviceStatusV2[];
}
export interface DeviceStatusV2 {
  deviceId: string;
  status:
    | 'Accepted'
    | 'DeviceRejected'
    | 'UpgradePending'
    | 'UpgradeSuccess'
    | 'UpgradeFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted';
  resultReason?: string;
  reasonText?: string;
  updatedTime?: string;
  recentAttemptTime?: string;
  nextAttemptTime?: string;
}
export interface CampaignDeviceV3 {
  totalDevice: number;
  hasMoreData: boolean;
  lastSeenDeviceId?: string;
  maxPageSize: number;
  deviceList: DeviceStatusV3[];
}
export interface DeviceStatusV3 {
  deviceId: string;
  status:
    | 'NoDeviceDataFromNetwork'
    | 'ReceivedDeviceDataFromNetwork'
    | 'RequestToFotaServerFailed'
    | 'DeviceRejected'
    | 'UpgradePending'
    | 'UpgradeScheduled'
    | 'UpgradeSuccess'
    | 'UpgradeFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted';
  resultReason?: string;
  reasonText?: string;
  updatedTime?: string;
  recentAttemptTime?: string;
  nextAttemptTime?: string;
}
export interface CampaignFile {
  id: string;
  accountName: string;
  campaignName?: string;
  fileName: string;
  fileVersion: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  make: string;
  model: string;
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  installAfterDate?: string;
  downloadTimeWindowList?: DownloadTimeWindow[];
  installTimeWindowList?: DownloadTimeWindow[];
  status: CampaignStatus;
  deviceList: string[];
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
}
export interface DownloadTimeWindow {
  startTime: string;
  endTime: string;
}
export interface CampaignFileUpgrade {
  campaignName?: string;
  fileName: string;
  fileVersion: string;
  distributionType?: 'LWM2M' | 'HTTP' | 'OMD-DM' | 'OMA';
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  /**
   * @maxItems 24
   */
  downloadTimeWindowList?: TimeWindow[];
  installAfterDate?: string;
  /**
   * @maxItems 24
   */
  installTimeWindowList?: TimeWindow[];
  /**
   * IMEIs.
   */
  deviceList: string[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  rollout?: RolloutPolicy;
}
/**
 * Canary, waves, halt, retries and pace.
 */
export interface RolloutPolicy {
  canary?: RolloutShare;
  /**
   * Shares of all accepted devices, in order; what is left over is a last wave.
   *
   * @maxItems 18
   */
  waves?: RolloutShare1[];
  /**
   * Every step takes its share of each, and each is guarded by itself.
   */
  stratifyBy?: string;
  /**
   * From the end of a step to the opening of the next. Default 0.
   */
  soakHours?: number;
  /**
   * A wave is done when so many of its devices have an outcome. Default 90.
   */
  advanceAtPercent?: number;
  /**
   * A step that is not done after so long goes by onStepDeadline.
   */
  stepDeadlineHours?: number;
  /**
   * advance: open the next wave, if anybody succeeded. hold: wait for an approval. Default hold.
   */
  onStepDeadline?: 'advance' | 'hold';
  /**
   * Steps that somebody else than who scheduled has to approve. Default none.
   */
  approval?: 'none' | 'start' | 'every-step';
  /**
   * Devices between offer and outcome. Default: the larger of 50 and 5 % of the wave.
   */
  maxUnresolved?: number;
  halt?: {
    /**
     * So many failures are usual. Default 2.
     */
    usualFailurePercent?: number;
    /**
     * So many are too many. Default 10.
     */
    badFailurePercent?: number;
    /**
     * Chance of a halt although failures are usual. Default 1.
     */
    falseHaltPercent?: number;
    /**
     * Chance that a canary is accepted although failures are too many. Default 5.
     */
    missPercent?: number;
  };
  retry?: {
    /**
     * Attempts of one device. Default 3.
     */
    attemptsMax?: number;
    /**
     * Before the second attempt; doubles with each. Default 10.
     */
    waitMinutes?: number;
  };
  /**
   * Devices that may begin in a minute. Default 1000.
   */
  arrivalsPerMinute?: number;
  /**
   * Devices that are being updated at a time. Default 1000.
   */
  slots?: number;
}
/**
 * Goes first and is judged by a test of its own.
 */
export interface RolloutShare {
  devices?: number;
  percent?: number;
}
export interface RolloutShare1 {
  devices?: number;
  percent?: number;
}
export interface CampaignFirmwareUpgrade {
  campaignName?: string;
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  protocol?: 'LWM2M' | 'HTTP' | 'OMD-DM' | 'OMA';
  startDate: string;
  endDate: string;
  /**
   * @maxItems 24
   */
  campaignTimeWindowList?: TimeWindow[];
  /**
   * IMEIs.
   */
  deviceList: string[];
  autoAssignLicenseFlag?: boolean;
  autoAddDevicesFlag?: boolean;
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  rollout?: RolloutPolicy1;
}
/**
 * Canary, waves, halt, retries and pace.
 */
export interface RolloutPolicy1 {
  canary?: RolloutShare;
  /**
   * Shares of all accepted devices, in order; what is left over is a last wave.
   *
   * @maxItems 18
   */
  waves?: RolloutShare1[];
  /**
   * Every step takes its share of each, and each is guarded by itself.
   */
  stratifyBy?: string;
  /**
   * From the end of a step to the opening of the next. Default 0.
   */
  soakHours?: number;
  /**
   * A wave is done when so many of its devices have an outcome. Default 90.
   */
  advanceAtPercent?: number;
  /**
   * A step that is not done after so long goes by onStepDeadline.
   */
  stepDeadlineHours?: number;
  /**
   * advance: open the next wave, if anybody succeeded. hold: wait for an approval. Default hold.
   */
  onStepDeadline?: 'advance' | 'hold';
  /**
   * Steps that somebody else than who scheduled has to approve. Default none.
   */
  approval?: 'none' | 'start' | 'every-step';
  /**
   * Devices between offer and outcome. Default: the larger of 50 and 5 % of the wave.
   */
  maxUnresolved?: number;
  halt?: {
    /**
     * So many failures are usual. Default 2.
     */
    usualFailurePercent?: number;
    /**
     * So many are too many. Default 10.
     */
    badFailurePercent?: number;
    /**
     * Chance of a halt although failures are usual. Default 1.
     */
    falseHaltPercent?: number;
    /**
     * Chance that a canary is accepted although failures are too many. Default 5.
     */
    missPercent?: number;
  };
  retry?: {
    /**
     * Attempts of one device. Default 3.
     */
    attemptsMax?: number;
    /**
     * Before the second attempt; doubles with each. Default 10.
     */
    waitMinutes?: number;
  };
  /**
   * Devices that may begin in a minute. Default 1000.
   */
  arrivalsPerMinute?: number;
  /**
   * Devices that are being updated at a time. Default 1000.
   */
  slots?: number;
}
export interface CampaignHistoryV2 {
  hasMoreData: boolean;
  lastSeenCampaignId?: string;
  campaignList: CampaignSoftware[];
}
export interface CampaignSoftware {
  id: string;
  accountName: string;
  campaignName?: string;
  softwareName: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  make: string;
  model: string;
  softwareFrom: string;
  softwareTo: string;
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  downloadTimeWindowList?: TimeWindow[];
  installAfterDate?: string;
  installTimeWindowList?: TimeWindow[];
  status: CampaignStatus;
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
}
export interface CampaignHistoryV3 {
  hasMoreData: boolean;
  lastSeenCampaignId?: string;
  campaignList: FirmwareCampaignSummary[];
}
export interface FirmwareCampaignSummary {
  id: string;
  accountName: string;
  campaignName?: string;
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  protocol?: 'LWM2M' | 'OMD-DM';
  make: string;
  model: string;
  startDate: string;
  endDate: string;
  campaignTimeWindowList?: TimeWindow[];
  status: CampaignStatus;
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
}
export interface CampaignPace {
  /**
   * Devices that may begin in a minute.
   */
  arrivalsPerMinute?: number;
  /**
   * Devices that are being updated at a time.
   */
  slots?: number;
  endWhenDone?: boolean;
}
export interface CampaignPage {
  items: CampaignView[];
  nextPageToken?: string;
}
export interface CampaignView {
  id: string;
  accountName: string;
  campaignName?: string;
  kind: 'firmware' | 'software' | 'file';
  transport: 'LWM2M' | 'HTTP';
  packageName: string;
  from: string;
  to: string;
  make: string;
  model: string;
  status:
    | 'CampaignRequestPending'
    | 'CampaignRequestFailed'
    | 'CampaignRequestQueued'
    | 'CampaignPreScheduled'
    | 'CampaignScheduled'
    | 'CampaignFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted'
    | 'CampaignEnded';
  statusReason?: string;
  hold?: {
    kind: 'paused' | 'halted' | 'undecided';
    reason: string;
    since: string;
    rule: string;
    /**
     * Who ordered it; absent: the campaign itself.
     */
    by?: string;
    evidence?: HaltEvidence;
  };
  rollout?: RolloutView;
  score?: CampaignScore;
  warnings?: string[];
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  installAfterDate?: string;
  /**
   * Empty means always.
   */
  downloadWindows: TimeWindow[];
  /**
   * Empty means always.
   */
  installWindows: TimeWindow[];
  timeZone: string;
  rule: 'strict' | 'start-before-close';
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  retryOf?: string;
  orderedBy?: string;
  endWhenDone?: boolean;
  /**
   * Devices of the campaign, whatever their state.
   */
  devices: number;
  counts: {
    waiting: number;
    offered: number;
    downloading: number;
    downloaded: number;
    installing: number;
    verifying: number;
    succeeded: number;
    failed: number;
    rejected: number;
    cancelled: number;
    aborted: number;
    expired: number;
  };
  /**
   * Rejected devices by reason.
   */
  rejections?: {
    [k: string]: number;
  };
}
export interface HaltEvidence {
  /**
   * canary, campaign, or the name of a stratum.
   */
  score: string;
  /**
   * Micro-nats.
   */
  value: number;
  bound: number;
  /**
   * Since the score last stood at zero.
   */
  outcomes: number;
  failures: number;
  /**
   * Those that failed last.
   */
  devices: string[];
  reasons: {
    name: string;
    devices: number;
  }[];
  /**
   * What these have in common; only where one campaign is asked for.
   */
  shares: {
    name: string;
    devices: number;
  }[];
}
export interface CampaignScore {
  /**
   * The one that is nearest to its bound.
   */
  guard: {
    /**
     * Micro-nats.
     */
    value: number;
    /**
     * Where it halts.
     */
    bound: number;
    /**
     * Since it last stood at zero.
     */
    outcomes: number;
    failures: number;
  };
  canary?: {
    /**
     * Micro-nats.
     */
    value: number;
    /**
     * Where it halts.
     */
    bound: number;
    /**
     * Since it last stood at zero.
     */
    outcomes: number;
    failures: number;
    accept: number;
    verdict: 'continue' | 'accept' | 'halt';
  };
  /**
   * Devices between transfer grant and outcome.
   */
  open: number;
}
export interface CampaignRetry {
  packageName?: string;
  from?: string;
  campaignName?: string;
  autoAssignLicense?: boolean;
  /**
   * Devices that fit and become known later take part too.
   */
  autoAddDevices?: boolean;
  /**
   * Ends when every update is final, also with autoAddDevices.
   */
  endWhenDone?: boolean;
  rollout?: RolloutPolicy2;
  startDate?: string;
  endDate?: string;
  /**
   * No download before this day.
   */
  downloadAfterDate?: string;
  /**
   * No install before this day.
   */
  installAfterDate?: string;
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
}
export interface RolloutPolicy2 {
  canary?: RolloutShare;
  /**
   * Shares of all accepted devices, in order; what is left over is a last wave.
   *
   * @maxItems 18
   */
  waves?: RolloutShare1[];
  /**
   * Every step takes its share of each, and each is guarded by itself.
   */
  stratifyBy?: string;
  /**
   * From the end of a step to the opening of the next. Default 0.
   */
  soakHours?: number;
  /**
   * A wave is done when so many of its devices have an outcome. Default 90.
   */
  advanceAtPercent?: number;
  /**
   * A step that is not done after so long goes by onStepDeadline.
   */
  stepDeadlineHours?: number;
  /**
   * advance: open the next wave, if anybody succeeded. hold: wait for an approval. Default hold.
   */
  onStepDeadline?: 'advance' | 'hold';
  /**
   * Steps that somebody else than who scheduled has to approve. Default none.
   */
  approval?: 'none' | 'start' | 'every-step';
  /**
   * Devices between offer and outcome. Default: the larger of 50 and 5 % of the wave.
   */
  maxUnresolved?: number;
  halt?: {
    /**
     * So many failures are usual. Default 2.
     */
    usualFailurePercent?: number;
    /**
     * So many are too many. Default 10.
     */
    badFailurePercent?: number;
    /**
     * Chance of a halt although failures are usual. Default 1.
     */
    falseHaltPercent?: number;
    /**
     * Chance that a canary is accepted although failures are too many. Default 5.
     */
    missPercent?: number;
  };
  retry?: {
    /**
     * Attempts of one device. Default 3.
     */
    attemptsMax?: number;
    /**
     * Before the second attempt; doubles with each. Default 10.
     */
    waitMinutes?: number;
  };
  /**
   * Devices that may begin in a minute. Default 1000.
   */
  arrivalsPerMinute?: number;
  /**
   * Devices that are being updated at a time. Default 1000.
   */
  slots?: number;
}
export interface CampaignSoftwareHttp {
  id: string;
  accountName: string;
  campaignName?: string;
  softwareName: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  make: string;
  model: string;
  softwareFrom: string;
  softwareTo: string;
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  downloadTimeWindowList?: DownloadTimeWindow[];
  installAfterDate?: string;
  installTimeWindowList?: DownloadTimeWindow[];
  status: CampaignStatus;
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
}
export interface CampaignSoftwareUpgrade {
  campaignName?: string;
  softwareName: string;
  softwareFrom: string;
  softwareTo: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM' | 'OMA';
  startDate: string;
  endDate: string;
  /**
   * No download before this day.
   */
  downloadAfterDate?: string;
  /**
   * @maxItems 24
   */
  downloadTimeWindowList?: TimeWindow[];
  /**
   * No install before this day.
   */
  installAfterDate?: string;
  /**
   * @maxItems 24
   */
  installTimeWindowList?: TimeWindow[];
  /**
   * IMEIs.
   */
  deviceList: string[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  rollout?: RolloutPolicy3;
}
/**
 * Canary, waves, halt, retries and pace.
 */
export interface RolloutPolicy3 {
  canary?: RolloutShare;
  /**
   * Shares of all accepted devices, in order; what is left over is a last wave.
   *
   * @maxItems 18
   */
  waves?: RolloutShare1[];
  /**
   * Every step takes its share of each, and each is guarded by itself.
   */
  stratifyBy?: string;
  /**
   * From the end of a step to the opening of the next. Default 0.
   */
  soakHours?: number;
  /**
   * A wave is done when so many of its devices have an outcome. Default 90.
   */
  advanceAtPercent?: number;
  /**
   * A step that is not done after so long goes by onStepDeadline.
   */
  stepDeadlineHours?: number;
  /**
   * advance: open the next wave, if anybody succeeded. hold: wait for an approval. Default hold.
   */
  onStepDeadline?: 'advance' | 'hold';
  /**
   * Steps that somebody else than who scheduled has to approve. Default none.
   */
  approval?: 'none' | 'start' | 'every-step';
  /**
   * Devices between offer and outcome. Default: the larger of 50 and 5 % of the wave.
   */
  maxUnresolved?: number;
  halt?: {
    /**
     * So many failures are usual. Default 2.
     */
    usualFailurePercent?: number;
    /**
     * So many are too many. Default 10.
     */
    badFailurePercent?: number;
    /**
     * Chance of a halt although failures are usual. Default 1.
     */
    falseHaltPercent?: number;
    /**
     * Chance that a canary is accepted although failures are too many. Default 5.
     */
    missPercent?: number;
  };
  retry?: {
    /**
     * Attempts of one device. Default 3.
     */
    attemptsMax?: number;
    /**
     * Before the second attempt; doubles with each. Default 10.
     */
    waitMinutes?: number;
  };
  /**
   * Devices that may begin in a minute. Default 1000.
   */
  arrivalsPerMinute?: number;
  /**
   * Devices that are being updated at a time. Default 1000.
   */
  slots?: number;
}
export interface CancellationChange {
  count: number;
  deviceList: string[];
}
export interface CancellationList {
  count: number;
  hasMoreData: boolean;
  updateTime: string;
  deviceList: string[];
}
export interface CancellationRequest {
  type?: 'append';
  count?: number;
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface ChangeCampaignDatesRequest {
  startDate: string;
  endDate: string;
  /**
   * No download before this day.
   */
  downloadAfterDate?: string;
  /**
   * @maxItems 24
   */
  downloadTimeWindowList?: TimeWindow[];
  /**
   * No install before this day.
   */
  installAfterDate?: string;
  /**
   * @maxItems 24
   */
  installTimeWindowList?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
}
export interface ChangeCampaignDatesRequest1 {
  startDate: string;
  endDate: string;
  /**
   * @maxItems 24
   */
  campaignTimeWindowList?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
}
export interface CheckInPage {
  items: CheckInView[];
  nextPageToken?: string;
}
export interface CheckInView {
  at: string;
  client: 'LWM2M' | 'HTTP';
  result: 'succeeded' | 'failed';
  failure?: string;
}
export interface Consequences {
  /**
   * Devices that nothing more is sent to.
   */
  stops: {
    waiting: number;
    offered: number;
    downloading: number;
    downloaded: number;
  };
  /**
   * Installations cannot be taken back; their outcome is still told.
   */
  goesOn: {
    installing: number;
    verifying: number;
  };
  /**
   * Devices with an attempt under way.
   */
  live: number;
  sentence: string;
}
export interface CredentialPage {
  items: CredentialView[];
  nextPageToken?: string;
}
export interface CredentialView {
  clientId: string;
  username: string;
  createdAt: string;
}
export interface DeliveryPage {
  items: DeliveryView[];
  nextPageToken?: string;
}
export interface DeliveryView {
  generation: 'v1' | 'v2' | 'v3';
  campaignId: string;
  number: number;
  eventId: string;
  url: string;
  attempt: number;
  at: string;
  /**
   * failed: it is tried again. dead: it was given up.
   */
  outcome: 'delivered' | 'failed' | 'dead';
  status?: number;
  error?: string;
  milliseconds: number;
  nextAttemptAt?: string;
}
export interface DeviceApproval {
  make?: string;
  model?: string;
}
export interface DeviceCheckIn {
  deviceId: string;
  clientType: string;
  result: string;
  failureType: string;
  timeCompleted: string;
}
export interface DeviceFirmwareUpgrade {
  deviceId: string;
  campaignId: string;
  accountName: string;
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  startDate: string;
  status:
    | 'NoDeviceDataFromNetwork'
    | 'ReceivedDeviceDataFromNetwork'
    | 'RequestToFotaServerFailed'
    | 'DeviceRejected'
    | 'UpgradePending'
    | 'UpgradeScheduled'
    | 'UpgradeSuccess'
    | 'UpgradeFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted';
  reason: string;
  reasonText?: string;
  reportUpdatedTime?: string;
}
export interface DeviceFirmwareVersion {
  deviceId: string;
  /**
   * Empty while no version is known.
   */
  firmwareVersion: string;
  status: 'FirmwareVersionUpdateSuccess' | 'FirmwareVersionUpdateFailed';
  reason: string;
  reasonText?: string;
  firmwareVersionUpdateTime?: string;
}
export interface DeviceHistoryItem {
  /**
   * The campaign, as far as it is needed to tell it from others.
   */
  campaign: {
    id: string;
    campaignName?: string;
    packageName: string;
    from: string;
    to: string;
    status:
      | 'CampaignRequestPending'
      | 'CampaignRequestFailed'
      | 'CampaignRequestQueued'
      | 'CampaignPreScheduled'
      | 'CampaignScheduled'
      | 'CampaignFailed'
      | 'CampaignCancelled'
      | 'CampaignAborted'
      | 'CampaignEnded';
    startDate: string;
    endDate: string;
    createdAt: string;
  };
  update: UpdateView;
}
export interface UpdateView {
  imei: string;
  transport?: 'LWM2M' | 'HTTP';
  state:
    | 'waiting'
    | 'offered'
    | 'downloading'
    | 'downloaded'
    | 'installing'
    | 'verifying'
    | 'succeeded'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'aborted'
    | 'expired';
  /**
   * Number of the present or last attempt; 0 before the first.
   */
  attempt: number;
  /**
   * Id of the rule that decided the present state.
   */
  rule: string;
  ruleText?: string;
  reason?: string;
  reasonText?: string;
  evidence?: 'version' | 'restart' | 'reported';
  /**
   * What the device told after the end; the outcome stays.
   */
  lateResult?: {
    at: string;
    result: 'succeeded' | 'failed';
    detail?: string;
  };
  bytesDone?: number;
  imageSha256?: string;
  admittedAt?: string;
  offeredAt?: string;
  downloadStartedAt?: string;
  downloadedAt?: string;
  installStartedAt?: string;
  finishedAt?: string;
  changedAt: string;
  nextActionAt?: string;
}
export interface DeviceHistoryPage {
  items: DeviceHistoryItem[];
  nextPageToken?: string;
}
export interface DeviceUpgradeV1 {
  deviceId: string;
  id: string;
  accountName: string;
  firmwareFrom: string;
  firmwareTo: string;
  startDate: string;
  upgradeStartTime?: string;
  status: 'Request Pending' | 'Device Accepted' | 'Device Rejected' | 'UpgradeSuccess' | 'UpgradeFailed';
  reason: string;
  reasonText?: string;
}
export interface DeviceSoftwareUpgrade {
  deviceId: string;
  id: string;
  accountName: string;
  softwareName?: string;
  startDate: string;
  upgradeStartTime?: string;
  status:
    | 'Accepted'
    | 'DeviceRejected'
    | 'UpgradePending'
    | 'UpgradeSuccess'
    | 'UpgradeFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted';
  reason: string;
  reasonText?: string;
}
export interface DeviceItem {
  imei: string;
  make?: string;
  model?: string;
  transport?: 'LWM2M' | 'HTTP';
  firmware?: string;
  software?: {
    [k: string]: string;
  };
  timeZone?: string;
  psk?: {
    identity: string;
    key: string;
  } | null;
  ddiToken?: string;
  labels?: {
    [k: string]: string;
  };
}
export interface DeviceImportResult {
  imported: number;
  rejected: {
    imei: string;
    errorCode: string;
    errorMessage: string;
  }[];
  dryRun?: boolean;
}
export interface DeviceLog {
  deviceId: string;
  logTime: string;
  logType:
    | 'SoftwareUpdate'
    | 'Event'
    | 'UserNotification'
    | 'AgentService'
    | 'Wireless'
    | 'WirelessWeb'
    | 'MobileBroadbandModem'
    | 'WindowsMDM';
  eventLog: string;
  binaryLogFileBase64: string;
  binaryLogFilename: string;
}
export interface DeviceLogPage {
  items: DeviceLogView[];
  nextPageToken?: string;
}
export interface DeviceLogView {
  at: string;
  type: string;
  text: string;
}
export interface DeviceLogging {
  deviceId: string;
  expiryDate: string;
}
export interface DevicePage {
  items: DeviceView[];
  nextPageToken?: string;
}
export interface DeviceView {
  imei: string;
  make?: string;
  model?: string;
  transport: 'LWM2M' | 'HTTP';
  firmware?: string;
  software: {
    [k: string]: string;
  };
  timeZone?: string;
  labels: {
    [k: string]: string;
  };
  pskIdentity?: string;
  hasPsk: boolean;
  hasDdiToken: boolean;
  versionReadAt?: string;
  lastSeenAt?: string;
  /**
   * The last contact that this node refused because the caller did not prove to be the device.
   */
  refused?: {
    at: string;
    why: string;
  };
  /**
   * When it should have been heard again: after its poll interval, or the lifetime of its registration.
   */
  nextContactBy?: string;
  /**
   * The live campaign that the device is part of.
   */
  campaignId?: string;
  /**
   * How far it is in that campaign.
   */
  updateState?: string;
  /**
   * A clean-up on the device is still owed.
   */
  residue?: boolean;
  /**
   * It agrees by itself to what it is offered.
   */
  autoConfirm?: boolean;
  /**
   * How often it installed although it was told to wait.
   */
  violations?: number;
}
export interface DevicePatch {
  make?: string;
  model?: string;
  transport?: 'LWM2M' | 'HTTP';
  firmware?: string;
  software?: {
    [k: string]: string;
  };
  timeZone?: string;
  psk?: {
    identity: string;
    key: string;
  } | null;
  ddiToken?: string;
  labels?: {
    [k: string]: string;
  };
}
export interface DeviceProfiles {
  /**
   * @maxItems 256
   */
  profiles: {
    make: string;
    model?: string;
    /**
     * streaming: downloading is installing. split: downloads and waits.
     */
    ddiClient?: 'streaming' | 'split';
    /**
     * Installs by itself once it has the image.
     */
    autoInstalls?: boolean;
    /**
     * The least that counts as success.
     */
    leastEvidence?: 'version' | 'restart' | 'reported';
    /**
     * How LwM2M devices get the image, whatever they say themselves.
     */
    delivery?: 'pull' | 'push';
    /**
     * What LwM2M devices fetch images over, the best first; absent: as they say themselves.
     *
     * @minItems 1
     */
    protocols?: ('coap' | 'coaps' | 'http' | 'https')[];
    /**
     * The largest CoAP block that they bear, in either direction.
     */
    blockBytes?: 16 | 32 | 64 | 128 | 256 | 512 | 1024;
    /**
     * false: they are asked, never observed.
     */
    observes?: boolean;
    /**
     * pmin of /5/0: a change of state is told at most so often.
     */
    notifySecondsMin?: number;
    /**
     * pmax of /5/0: the state is told at least so often while an image travels.
     */
    notifySecondsMax?: number;
    /**
     * The way back to Idle that is tried first: a NUL byte to /5/0/0, an empty /5/0/1, or /5/0/10.
     */
    reset?: 'nul-byte' | 'empty-uri' | 'cancel';
    /**
     * LwM2M path of the version where it is not /3/0/3.
     */
    versionResource?: string;
    /**
     * What HTTP devices are told: attempt leaves it to the device when it begins. Default forced.
     */
    handling?: 'attempt' | 'forced';
    /**
     * The user of an HTTP device has to agree to each installation.
     */
    confirms?: boolean;
    /**
     * DDI attribute that tells the version of packages that name none; for campaigns scheduled from now on.
     */
    versionAttribute?: string;
  }[];
}
export interface DeviceQuery {
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface DeviceQueryResponse {
  accountName: string;
  deviceCount: number;
  deviceList: QueriedDevice[];
}
export interface QueriedDevice {
  deviceId: string;
  requestStatus: 'Success' | 'Failure';
  resultReason: string;
  mdn?: string;
  model?: string;
  make?: string;
  firmware?: string;
  fotaEligible?: boolean;
  status?: string;
  licenseAssigned?: boolean;
  protocol?: 'LWM2M' | 'HTTP' | 'OMD-DM';
  softwareList?: InstalledSoftware[];
  fileList?: InstalledSoftware[];
  createTime?: string;
  statusTime?: string;
  updateTime?: string;
  refreshTime?: string;
  lastConnectionTime?: string;
}
export interface ErrorResponse {
  errorCode: string;
  errorMessage: string;
  fault?: {
    code: string;
    message: string;
  };
}
export interface EventListenerMade {
  url: string;
  allowPrivateCallbackHosts: string[];
  createdAt: string;
  /**
   * Shown once, when it was just made: whsec_ and base64.
   */
  secret?: string;
}
export interface EventListenerRequest {
  url: string;
  /**
   * Hosts and ranges that may be told although they are not public.
   *
   * @maxItems 64
   */
  allowPrivateCallbackHosts?: string[];
}
export interface EventListenerSecret {
  /**
   * Signs everything that is told from now on: whsec_ and base64.
   */
  secret: string;
  /**
   * Until then it is signed with the secret before, too.
   */
  previousUntil: string;
}
export interface EventListenerView {
  url: string;
  allowPrivateCallbackHosts: string[];
  createdAt: string;
}
export interface ExplanationView {
  imei: string;
  campaignId?: string;
  /**
   * The whole explanation as lines.
   */
  text: string;
  /**
   * Empty: its version is not known.
   */
  runs: {
    /**
     * firmware, or the name of a component or attribute.
     */
    what: string;
    version: string;
    readAt: string;
    /**
     * reported: the device told it. import: an operator did.
     */
    source: 'import' | 'reported';
  }[];
  verdict:
    | 'WAITING'
    | 'OFFERED'
    | 'DOWNLOADING'
    | 'DOWNLOADED'
    | 'INSTALLING'
    | 'VERIFYING'
    | 'SUCCEEDED'
    | 'FAILED'
    | 'REJECTED'
    | 'CANCELLED'
    | 'ABORTED'
    | 'EXPIRED'
    | 'NOT IN A CAMPAIGN'
    | 'UNKNOWN DEVICE';
  /**
   * Verdict, reason, next chance, attempt and what to do.
   */
  sentence: string;
  /**
   * Id of the rule by which it stands where it stands.
   */
  rule?: string;
  ruleText?: string;
  /**
   * Absent: time alone does not decide.
   */
  nextEligible?: {
    at: string;
    zone: string;
    /**
     * What the clock on the wall shows then in that zone.
     */
    local: string;
    /**
     * contact: the device is expected to contact us then. opening: it is allowed from then on.
     */
    is: 'contact' | 'opening';
  };
  ifMissed?: string;
  lastContactAt?: string;
  usualInterval?: {
    seconds: number;
    /**
     * Intervals that it was measured on; 0: it is assumed.
     */
    measuredOn: number;
  };
  /**
   * What would unblock it.
   */
  unblock: string;
  attempt?: {
    number: number;
    max: number;
  };
  /**
   * That it came and was turned away, and why.
   */
  refused?: string;
  /**
   * What an ended campaign left on the device.
   */
  residue?: string;
  /**
   * Its parts in other campaigns, the newest first.
   */
  earlier: {
    campaignId: string;
    package: string;
    state:
      | 'waiting'
      | 'offered'
      | 'downloading'
      | 'downloaded'
      | 'installing'
      | 'verifying'
      | 'succeeded'
      | 'failed'
      | 'rejected'
      | 'cancelled'
      | 'aborted'
      | 'expired';
    at: string;
    reason: string;
  }[];
  /**
   * Of a device in no campaign: campaigns that are not over and fit it.
   */
  fits: string[];
  /**
   * Of an IMEI that the account does not have: devices that may be meant.
   */
  nearest: {
    imei: string;
    how: string;
  }[];
}
export interface FileUpload {
  fileVersion: string;
  make: string;
  model: string;
  localTargetPath: string;
}
export interface FirmwareCampaign {
  id: string;
  accountName: string;
  campaignName?: string;
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  protocol: 'LWM2M' | 'HTTP' | 'OMD-DM';
  make: string;
  model: string;
  status: CampaignStatus;
  startDate: string;
  endDate: string;
  campaignTimeWindowList?: TimeWindow[];
  autoAssignLicenseFlag: boolean;
  autoAddDevicesFlag: boolean;
  timeZone?: string;
  rule?: 'strict' | 'start-before-close';
  /**
   * Why the campaign is in this status, as a sentence.
   */
  statusReason?: string;
  warnings?: string[];
  /**
   * The campaign whose failed devices this one tries again.
   */
  retryOf?: string;
  rollout?: RolloutView;
}
export interface FirmwarePackage {
  firmwareName: string;
  firmwareFrom: string;
  firmwareTo: string;
  launchDate: string;
  releaseNote: string;
  model: string;
  make: string;
  protocol: 'LWM2M' | 'HTTP' | 'OMD-DM';
}
export interface FirmwareReportRequested {
  accountName: string;
  requestId: string;
}
export interface FirmwareSyncRequest {
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface FirmwareSyncResponse {
  accountName: string;
  deviceFirmwarVersionList: DeviceFirmwareVersion[];
}
export interface FirmwareUpgrade {
  id: string;
  accountName: string;
  firmwareName: string;
  firmwareTo: string;
  startDate: string;
  endDate?: string;
  status: 'RequestPending' | 'Queued' | 'RequestFailed' | 'InProgress' | 'Finished' | 'UpgradeFailed';
  statusReason?: string;
  warnings?: string[];
  deviceList: DeviceStatusV1[];
}
export interface FirmwareUpgradeChange {
  accountName: string;
  id: string;
  deviceList: DeviceChangeResult[];
}
export interface FirmwareUpgradeChangeRequest {
  type: 'append' | 'remove';
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface FirmwareUpgradeRequest {
  accountName: string;
  firmwareName: string;
  firmwareTo: string;
  startDate: string;
  endDate?: string;
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface GatewayToken {
  /**
   * Shown this once.
   */
  gatewayToken: string;
  createdAt: string;
}
export interface HeldDevice {
  imei: string;
  state: 'held' | 'refused';
  firstSeenAt: string;
  lastSeenAt: string;
  /**
   * token: by one of its own that nobody knows yet. gateway: by the gateway token. none: by nothing.
   */
  proof: 'token' | 'gateway' | 'none';
  /**
   * The first 16 hex digits of the SHA-256 of its token, to compare with the device.
   */
  tokenFingerprint?: string;
  /**
   * It came with another token later: one of the two is not the device.
   */
  disputed?: boolean;
}
export interface HeldDevicePage {
  items: HeldDevice[];
  nextPageToken?: string;
}
export interface ImageKeyPage {
  items: ImageKeyView[];
  nextPageToken?: string;
}
export interface ImageKeyView {
  /**
   * The first 16 hexadecimal digits of the SHA-256 of the key’s 32 bytes.
   */
  keyId: string;
  name: string;
  /**
   * Its 32 bytes in base64.
   */
  publicKey: string;
  createdAt: string;
}
export interface LedgerHead1 {
  /**
   * Entries that the head stands for.
   */
  length: number;
  /**
   * SHA-256 of the last of them in hex; it holds the one before it, and so all of them.
   */
  head: string;
  signedAt?: string;
  /**
   * Which of the ledger keys signed it.
   */
  keyId?: string;
  /**
   * Ed25519 over the head, base64url; see docs/ledger.md for the signed text.
   */
  signature?: string;
}
export interface LedgerHeadView {
  campaign: string;
  /**
   * Entries that the head stands for.
   */
  length: number;
  /**
   * SHA-256 of the last of them in hex; it holds the one before it, and so all of them.
   */
  head: string;
  signedAt?: string;
  /**
   * Which of the ledger keys signed it.
   */
  keyId?: string;
  /**
   * Ed25519 over the head, base64url; see docs/ledger.md for the signed text.
   */
  signature?: string;
}
export interface LedgerKeyPage {
  items: LedgerKeyView[];
}
export interface LedgerKeyView {
  /**
   * The first 16 hex digits of the SHA-256 of the public key.
   */
  keyId: string;
  /**
   * Ed25519, the 32 bytes in base64url.
   */
  publicKey: string;
  since: string;
}
export interface LicenseChangeV1 {
  accountName: string;
  licCount: number;
  licTotalCount: number;
  licUsedCount: number;
  deviceList: {
    deviceId: string;
    status: 'LicenseAssignSuccess' | 'LicenseAssignFailed' | 'LicenseRemoveSuccess' | 'LicenseRemoveFailed';
    Reason: string;
    reasonText?: string;
  }[];
}
export interface LicenseChangeV2 {
  accountName: string;
  licCount: number;
  licTotalCount: number;
  licUsedCount: number;
  deviceList: {
    deviceId: string;
    status: 'Success' | 'Failure';
    resultReason: string;
    reasonText?: string;
  }[];
}
export interface LicenseChangeV3 {
  accountName: string;
  licCount: number;
  licTotalCount: number;
  licUsedCount: number;
  deviceList: {
    deviceId: string;
    status: 'LicenseAssignSuccess' | 'LicenseAssignFailed' | 'LicenseRemoveSuccess' | 'LicenseRemoveFailed';
    resultReason: string;
    reasonText?: string;
  }[];
}
export interface LicenseRequest {
  accountName?: string;
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface LicenseSummary {
  accountName: string;
  totalLicense: number;
  totalLicenses: number;
  assignedLicenses: number;
  hasMoreData: boolean;
  lastSeenDeviceId?: string;
  maxPageSize: number;
  deviceList: AssignedLicense[];
}
export interface LicenseSummaryV1 {
  accountName: string;
  totalLicense: number;
  totalLicenses: number;
  assignedLicenses: number;
  hasMoreData: boolean;
  /**
   * The startIndex of the next page.
   */
  lastSeenDeviceId: number;
  deviceList: AssignedLicense[];
}
export interface LimitList {
  items: LimitView[];
}
export interface LimitView {
  name: string;
  /**
   * On this server.
   */
  value: number;
  default: number;
  /**
   * What it bounds.
   */
  sentence: string;
  /**
   * The least that it can be set to; absent: it is fixed.
   */
  min?: number;
  max?: number;
}
export interface ListenerPage {
  items: ListenerView[];
  nextPageToken?: string;
}
export interface ListenerView {
  generation: 'v1' | 'v2' | 'v3';
  url: string;
  username?: string;
  createdAt: string;
  state: 'ok' | 'failing' | 'refused';
  /**
   * Events that are not yet delivered.
   */
  waiting: number;
  /**
   * Age of the oldest of them.
   */
  lagSeconds: number;
  /**
   * Events that were given up; replay sends them again.
   */
  deadLetters: number;
  lastDeliveredAt?: string;
  lastError?: string;
}
export interface ListenerSecret {
  generation: 'v1' | 'v2' | 'v3';
  /**
   * Signs every delivery from now on: whsec_ and base64.
   */
  secret: string;
  /**
   * Until then deliveries are signed with the secret before, too.
   */
  previousUntil?: string;
}
export interface ListenerTest {
  delivered: boolean;
  url: string;
  /**
   * HTTP status that the listener answered.
   */
  status?: number;
  error?: string;
  milliseconds: number;
}
export interface LivePrediction {
  prediction: PredictionView;
  changed?: PredictionView1;
  gains?: {
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  };
  loses?: {
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  };
  sooner?: number;
  later?: number;
}
/**
 * As the campaign is.
 */
export interface PredictionView {
  at: string;
  plays: number;
  /**
   * Devices that take part.
   */
  devices: number;
  /**
   * So many stand for all; counts are scaled up.
   */
  sampled?: {
    played: number;
    of: number;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  finish?: {
    p50: string;
    p90: string;
    basis: string;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  halfDone?: {
    p50: string;
    p90: string;
    basis: string;
  };
  succeeded: {
    devices: number;
    basis: string;
  };
  failed: {
    devices: number;
    basis: string;
  };
  /**
   * Devices that are not updated by the end date, and why.
   */
  late: {
    rule: string;
    sentence: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  refused: {
    reason: string;
    reasonText: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  /**
   * By the hour, UTC.
   */
  hours: {
    from: string;
    transfers: number;
    bytes: number;
  }[];
  labels: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  strata: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  trafficBasis: string;
  firstInstall?: {
    at: string;
    zone: string;
    local: string;
    basis: string;
  };
  steps: {
    kind: 'canary' | 'wave';
    devices: number;
    /**
     * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
     */
    opens?: {
      p50: string;
      p90: string;
      basis: string;
    };
  }[];
  hold?: {
    kind: 'paused' | 'halted' | 'undecided';
    reason: string;
    since: string;
  };
  inputs: {
    what: string;
    basis: string;
    measuredOn: number;
  }[];
  notes: string[];
}
/**
 * With the change.
 */
export interface PredictionView1 {
  at: string;
  plays: number;
  /**
   * Devices that take part.
   */
  devices: number;
  /**
   * So many stand for all; counts are scaled up.
   */
  sampled?: {
    played: number;
    of: number;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  finish?: {
    p50: string;
    p90: string;
    basis: string;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  halfDone?: {
    p50: string;
    p90: string;
    basis: string;
  };
  succeeded: {
    devices: number;
    basis: string;
  };
  failed: {
    devices: number;
    basis: string;
  };
  /**
   * Devices that are not updated by the end date, and why.
   */
  late: {
    rule: string;
    sentence: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  refused: {
    reason: string;
    reasonText: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  /**
   * By the hour, UTC.
   */
  hours: {
    from: string;
    transfers: number;
    bytes: number;
  }[];
  labels: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  strata: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  trafficBasis: string;
  firstInstall?: {
    at: string;
    zone: string;
    local: string;
    basis: string;
  };
  steps: {
    kind: 'canary' | 'wave';
    devices: number;
    /**
     * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
     */
    opens?: {
      p50: string;
      p90: string;
      basis: string;
    };
  }[];
  hold?: {
    kind: 'paused' | 'halted' | 'undecided';
    reason: string;
    since: string;
  };
  inputs: {
    what: string;
    basis: string;
    measuredOn: number;
  }[];
  notes: string[];
}
export interface LogInRequest {
  username: string;
  password: string;
}
export interface LoggingRequest {
  /**
   * IMEIs.
   */
  deviceIds: string[];
}
export interface MeView {
  /**
   * root: the operator of the key that the server itself was given.
   */
  name: string;
  /**
   * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
   */
  role: 'viewer' | 'operator' | 'admin';
  signedInBy: 'key' | 'session';
}
export interface NarrowedWindows {
  /**
   * Absent = unchanged.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Absent = unchanged.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  reason?: string;
}
export interface NewAccount {
  accountName: string;
  settings?: {
    /**
     * Zone of window hours when a campaign names none.
     */
    windowTimeZone?: string;
    /**
     * Zone of a device without its own, for campaigns in device time.
     */
    deviceTimeZoneDefault?: string;
    /**
     * Reject IMEIs with a wrong Luhn check digit.
     */
    checkImeiDigits?: boolean;
    /**
     * DELETE of a started campaign aborts it.
     */
    abortOnDelete?: boolean;
    /**
     * Campaign calls need VZ-M2M-Token.
     */
    requireSession?: boolean;
    /**
     * The same schedule body again within 10 minutes answers the first campaign.
     */
    repeatedScheduleAnswersFirst?: boolean;
    /**
     * How often HTTP devices are told to poll.
     */
    pollSeconds?: number;
    /**
     * @maxItems 256
     */
    profiles?: {
      make: string;
      model?: string;
      /**
       * streaming: downloading is installing. split: downloads and waits.
       */
      ddiClient?: 'streaming' | 'split';
      /**
       * Installs by itself once it has the image.
       */
      autoInstalls?: boolean;
      /**
       * The least that counts as success.
       */
      leastEvidence?: 'version' | 'restart' | 'reported';
      /**
       * How LwM2M devices get the image, whatever they say themselves.
       */
      delivery?: 'pull' | 'push';
      /**
       * What LwM2M devices fetch images over, the best first; absent: as they say themselves.
       *
       * @minItems 1
       */
      protocols?: ('coap' | 'coaps' | 'http' | 'https')[];
      /**
       * The largest CoAP block that they bear, in either direction.
       */
      blockBytes?: 16 | 32 | 64 | 128 | 256 | 512 | 1024;
      /**
       * false: they are asked, never observed.
       */
      observes?: boolean;
      /**
       * pmin of /5/0: a change of state is told at most so often.
       */
      notifySecondsMin?: number;
      /**
       * pmax of /5/0: the state is told at least so often while an image travels.
       */
      notifySecondsMax?: number;
      /**
       * The way back to Idle that is tried first: a NUL byte to /5/0/0, an empty /5/0/1, or /5/0/10.
       */
      reset?: 'nul-byte' | 'empty-uri' | 'cancel';
      /**
       * LwM2M path of the version where it is not /3/0/3.
       */
      versionResource?: string;
      /**
       * What HTTP devices are told: attempt leaves it to the device when it begins. Default forced.
       */
      handling?: 'attempt' | 'forced';
      /**
       * The user of an HTTP device has to agree to each installation.
       */
      confirms?: boolean;
      /**
       * DDI attribute that tells the version of packages that name none; for campaigns scheduled from now on.
       */
      versionAttribute?: string;
    }[];
    /**
     * Only packages whose image is signed by an image key of the account can be scheduled.
     */
    requireSignedImages?: boolean;
    /**
     * Bytes per second that all devices of the account may download over HTTP together; 0: without cap.
     */
    downloadBytesPerSecondMax?: number;
    /**
     * What becomes of HTTP devices that are not in the account: hold lists them for approval. Default refuse.
     */
    unknownDevices?: 'refuse' | 'hold';
    /**
     * Hashes of the issuers whose client certificates a trusted proxy lets HTTP devices prove themselves by.
     *
     * @maxItems 16
     */
    clientCertificateIssuers?: string[];
    /**
     * What all HTTP devices of the account together may ask a second.
     */
    httpRequestsPerSecondMax?: number;
    subscription?: {
      /**
       * TS-HFOTA-EVNT: no licence needed. TS-HFOTA-MRC: a device needs a licence before its campaign.
       */
      purchaseType: string;
      /**
       * Size of the pool; absent: without limit.
       */
      licenseCount?: number;
    };
    /**
     * Hosts of callback listeners that may have private, loopback or link-local addresses.
     *
     * @maxItems 64
     */
    allowPrivateCallbackHosts?: string[];
    /**
     * Replaced as a whole; {} lifts them all.
     */
    arrivalCaps?: {
      /**
       * Of the whole account.
       */
      perMinute?: number;
      /**
       * By the key of a label: devices with the same value of it share so many.
       */
      labels?: {
        [k: string]: number;
      };
    };
    /**
     * LwM2M devices are asked for their cell and carrier (object 4), which become the labels cell and carrier.
     */
    labelsFromNetwork?: boolean;
    /**
     * Replaced as a whole.
     */
    pilotRule?: {
      required: boolean;
      /**
       * Default 5.
       */
      devicesMin?: number;
      /**
       * Default 20.
       */
      devicesMax?: number;
      /**
       * Default 50.
       */
      successPercent?: number;
    };
    /**
     * GET /v1/callbacks answers a list, as later clients expect; else an object.
     */
    v1CallbacksAsList?: boolean;
  };
}
export interface NewCampaign {
  packageName: string;
  /**
   * Default: the first one of the package.
   */
  from?: string;
  /**
   * Needed where the package is made for both.
   */
  transport?: 'LWM2M' | 'HTTP';
  campaignName?: string;
  autoAssignLicense?: boolean;
  /**
   * Devices that fit and become known later take part too.
   */
  autoAddDevices?: boolean;
  /**
   * Ends when every update is final, also with autoAddDevices.
   */
  endWhenDone?: boolean;
  rollout?: RolloutPolicy2;
  startDate: string;
  endDate: string;
  /**
   * No download before this day.
   */
  downloadAfterDate?: string;
  /**
   * No install before this day.
   */
  installAfterDate?: string;
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  /**
   * IMEIs.
   */
  deviceList: string[];
}
export interface NewImageKey {
  /**
   * Whose key it is, for people.
   */
  name: string;
  /**
   * An Ed25519 public key: PEM, or its 32 bytes in base64.
   */
  publicKey: string;
}
export interface NewOperator {
  name: string;
  /**
   * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
   */
  role: 'viewer' | 'operator' | 'admin';
}
export interface NewUpload {
  /**
   * Bytes of the whole image.
   */
  size: number;
  /**
   * What the whole image must hash to. An unfinished upload of the same image is answered again.
   */
  sha256: string;
}
export interface OAuthErrorResponse {
  error: string;
  error_description?: string;
}
export interface OAuthRevokeRequest {
  token: string;
  grant_type?: string;
  client_id?: string;
  client_secret?: string;
}
export interface OAuthToken {
  access_token: string;
  token_type: string;
  /**
   * Seconds that the token still lives.
   */
  expires_in: number;
  scope?: string;
}
export interface OAuthTokenRequest {
  grant_type: string;
  scope?: string;
  client_id?: string;
  client_secret?: string;
}
export interface OperatorEventCallback {
  type: 'operatorEvent';
  what: 'raised' | 'cleared' | 'test';
  /**
   * The same for every try: also in the header webhook-id.
   */
  eventId: string;
  event: OperatorEventView;
}
export interface OperatorEventView {
  id: number;
  kind:
    | 'halted'
    | 'will-miss-end'
    | 'dead-callback'
    | 'disk-low'
    | 'violation'
    | 'certificate-expiring'
    | 'image-damaged'
    | 'node-lost';
  /**
   * What has happened, and what to do about it.
   */
  text: string;
  facts: {
    [k: string]: string | number;
  };
  accountName?: string;
  campaignId?: string;
  raisedAt: string;
  /**
   * Absent: it is not over.
   */
  clearedAt?: string;
  /**
   * When the listener was told last, or could not be.
   */
  toldAt?: string;
  /**
   * Why the listener could not be told.
   */
  lastError?: string;
}
export interface OperatorEventPage {
  items: OperatorEventView[];
  nextPageToken?: string;
}
export interface OperatorKey {
  name: string;
  /**
   * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
   */
  role: 'viewer' | 'operator' | 'admin';
  /**
   * Shown this once; only its hash is kept.
   */
  key: string;
}
export interface OperatorPage {
  items: OperatorView[];
  nextPageToken?: string;
}
export interface OperatorView {
  name: string;
  /**
   * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
   */
  role: 'viewer' | 'operator' | 'admin';
  createdAt: string;
  disabledAt?: string;
  /**
   * When a session of it began last; calls with its key begin none.
   */
  lastSignInAt?: string;
}
export interface OperatorPatch {
  /**
   * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
   */
  role?: 'viewer' | 'operator' | 'admin';
  /**
   * A disabled operator has no access until it is enabled again; its sessions end.
   */
  disabled?: boolean;
}
export interface OperatorSessionView {
  operator: {
    name: string;
    /**
     * viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.
     */
    role: 'viewer' | 'operator' | 'admin';
  };
  /**
   * Changes in this session carry it in the header x-campanile-csrf.
   */
  csrfToken: string;
  /**
   * When it ends unless it is used before.
   */
  expiresAt: string;
}
export interface OrderReason {
  /**
   * Kept in the ledger and in the audit log.
   */
  reason?: string;
}
export interface OrderWithReason {
  reason: string;
}
export interface OrderedCampaign {
  id: string;
  accountName: string;
  campaignName?: string;
  kind: 'firmware' | 'software' | 'file';
  transport: 'LWM2M' | 'HTTP';
  packageName: string;
  from: string;
  to: string;
  make: string;
  model: string;
  status:
    | 'CampaignRequestPending'
    | 'CampaignRequestFailed'
    | 'CampaignRequestQueued'
    | 'CampaignPreScheduled'
    | 'CampaignScheduled'
    | 'CampaignFailed'
    | 'CampaignCancelled'
    | 'CampaignAborted'
    | 'CampaignEnded';
  statusReason?: string;
  hold?: {
    kind: 'paused' | 'halted' | 'undecided';
    reason: string;
    since: string;
    rule: string;
    /**
     * Who ordered it; absent: the campaign itself.
     */
    by?: string;
    evidence?: HaltEvidence;
  };
  rollout?: RolloutView;
  score?: CampaignScore;
  warnings?: string[];
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  installAfterDate?: string;
  /**
   * Empty means always.
   */
  downloadWindows: TimeWindow[];
  /**
   * Empty means always.
   */
  installWindows: TimeWindow[];
  timeZone: string;
  rule: 'strict' | 'start-before-close';
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  retryOf?: string;
  orderedBy?: string;
  endWhenDone?: boolean;
  /**
   * Devices of the campaign, whatever their state.
   */
  devices: number;
  counts: {
    waiting: number;
    offered: number;
    downloading: number;
    downloaded: number;
    installing: number;
    verifying: number;
    succeeded: number;
    failed: number;
    rejected: number;
    cancelled: number;
    aborted: number;
    expired: number;
  };
  /**
   * Rejected devices by reason.
   */
  rejections?: {
    [k: string]: number;
  };
  preview: boolean;
  consequences?: Consequences;
}
export interface OrderedCampaigns {
  accountName: string;
  preview: boolean;
  /**
   * What the order does and what it does not.
   */
  sentence: string;
  /**
   * Campaigns that are not over, by id; at most 1000 are named.
   */
  campaigns: {
    id: string;
    campaignName?: string;
    status:
      | 'CampaignRequestPending'
      | 'CampaignRequestFailed'
      | 'CampaignRequestQueued'
      | 'CampaignPreScheduled'
      | 'CampaignScheduled'
      | 'CampaignFailed'
      | 'CampaignCancelled'
      | 'CampaignAborted'
      | 'CampaignEnded';
    outcome: 'stopped' | 'resumed' | 'unchanged';
    statusReason: string;
    counts: {
      waiting: number;
      offered: number;
      downloading: number;
      downloaded: number;
      installing: number;
      verifying: number;
      succeeded: number;
      failed: number;
      rejected: number;
      cancelled: number;
      aborted: number;
      expired: number;
    };
  }[];
  /**
   * Of all campaigns that are not over.
   */
  campaignsTotal: number;
  /**
   * Of those that the order stops or resumes.
   */
  campaignsChanged: number;
  /**
   * Updates of these campaigns by state.
   */
  devices: {
    waiting: number;
    offered: number;
    downloading: number;
    downloaded: number;
    installing: number;
    verifying: number;
    succeeded: number;
    failed: number;
    rejected: number;
    cancelled: number;
    aborted: number;
    expired: number;
  };
}
export interface OrderedPackage {
  package: PackageView;
  preview: boolean;
  /**
   * What the order does and what it does not.
   */
  sentence: string;
  /**
   * Campaigns that are not over, by id; at most 1000 are named.
   */
  campaigns: {
    id: string;
    campaignName?: string;
    status:
      | 'CampaignRequestPending'
      | 'CampaignRequestFailed'
      | 'CampaignRequestQueued'
      | 'CampaignPreScheduled'
      | 'CampaignScheduled'
      | 'CampaignFailed'
      | 'CampaignCancelled'
      | 'CampaignAborted'
      | 'CampaignEnded';
    outcome: 'stopped' | 'resumed' | 'unchanged';
    statusReason: string;
    counts: {
      waiting: number;
      offered: number;
      downloading: number;
      downloaded: number;
      installing: number;
      verifying: number;
      succeeded: number;
      failed: number;
      rejected: number;
      cancelled: number;
      aborted: number;
      expired: number;
    };
  }[];
  /**
   * Of all campaigns that are not over.
   */
  campaignsTotal: number;
  /**
   * Of those that the order stops or resumes.
   */
  campaignsChanged: number;
  /**
   * Updates of these campaigns by state.
   */
  devices: {
    waiting: number;
    offered: number;
    downloading: number;
    downloaded: number;
    installing: number;
    verifying: number;
    succeeded: number;
    failed: number;
    rejected: number;
    cancelled: number;
    aborted: number;
    expired: number;
  };
}
export interface PackageView {
  kind: 'firmware' | 'software' | 'file';
  name: string;
  from: string | string[];
  to: string;
  make: string;
  model: string;
  transports: ('LWM2M' | 'HTTP')[];
  reports?: {
    from?: string[];
    to?: string;
    resource?: string;
    attribute?: string;
  };
  sha256: string;
  size: number;
  /**
   * The image key of the account that its signature fits; absent: none.
   */
  signedBy?: string;
  /**
   * Whether what lies on disk was found to be what was uploaded.
   */
  image: {
    state: 'unchecked' | 'good' | 'damaged';
    checkedAt?: string;
    /**
     * What is wrong with the bytes on disk.
     */
    found?: string;
  };
  createdAt: string;
  /**
   * No campaign may use it until it is reinstated.
   */
  withdrawn?: {
    at: string;
    by: string;
    reason: string;
  };
  /**
   * How many devices of this make and model report the old version, the new one, neither, or nothing yet.
   */
  installed: {
    from: number;
    to: number;
    neither: number;
    unknown: number;
  };
}
export interface PackagePage {
  items: PackageView[];
  nextPageToken?: string;
}
export interface PackagePart {
  kind: 'firmware' | 'software' | 'file';
  name: string;
  /**
   * A version, a list of versions, or "*" for a full image.
   */
  from: string | string[];
  to: string;
  make: string;
  model: string;
  /**
   * @minItems 1
   */
  transports: ('LWM2M' | 'HTTP')[];
  reports?: {
    /**
     * @minItems 1
     * @maxItems 100
     */
    from?: string[];
    to?: string;
    /**
     * LwM2M path that shows the version.
     */
    resource?: string;
    /**
     * DDI attribute that shows the version.
     */
    attribute?: string;
  };
  /**
   * Ed25519 over the 32 bytes of the SHA-256 of the image, in base64.
   */
  signature?: string;
  /**
   * The name by which devices get the image; absent: the name of the uploaded file.
   */
  fileName?: string;
}
export interface PasswordResetRequest {
  oldPassword: string;
}
export interface PasswordResetResponse {
  newPassword: string;
}
export interface PredictionView2 {
  at: string;
  plays: number;
  /**
   * Devices that take part.
   */
  devices: number;
  /**
   * So many stand for all; counts are scaled up.
   */
  sampled?: {
    played: number;
    of: number;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  finish?: {
    p50: string;
    p90: string;
    basis: string;
  };
  /**
   * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
   */
  halfDone?: {
    p50: string;
    p90: string;
    basis: string;
  };
  succeeded: {
    devices: number;
    basis: string;
  };
  failed: {
    devices: number;
    basis: string;
  };
  /**
   * Devices that are not updated by the end date, and why.
   */
  late: {
    rule: string;
    sentence: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  refused: {
    reason: string;
    reasonText: string;
    devices: number;
    /**
     * The first of them.
     */
    named: string[];
  }[];
  /**
   * By the hour, UTC.
   */
  hours: {
    from: string;
    transfers: number;
    bytes: number;
  }[];
  labels: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  strata: {
    name: string;
    hours: {
      from: string;
      transfers: number;
      bytes: number;
    }[];
  }[];
  trafficBasis: string;
  firstInstall?: {
    at: string;
    zone: string;
    local: string;
    basis: string;
  };
  steps: {
    kind: 'canary' | 'wave';
    devices: number;
    /**
     * Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.
     */
    opens?: {
      p50: string;
      p90: string;
      basis: string;
    };
  }[];
  hold?: {
    kind: 'paused' | 'halted' | 'undecided';
    reason: string;
    since: string;
  };
  inputs: {
    what: string;
    basis: string;
    measuredOn: number;
  }[];
  notes: string[];
}
export interface ReplayRequest {
  /**
   * The first event, by its number in its campaign.
   */
  from: number;
  /**
   * Absent: every campaign.
   */
  campaignId?: string;
}
export interface ReplayResult {
  /**
   * Events that are sent again.
   */
  events: number;
}
export interface SessionTokenResponse {
  sessionToken: string;
}
export interface SignInLinkRequest {
  /**
   * For whom; absent: for the caller.
   */
  name?: string;
}
export interface SignInLinkView {
  /**
   * Opens a session once.
   */
  url: string;
  name: string;
  expiresAt: string;
}
export interface SignInRequest {
  token?: string;
  key?: string;
}
export interface SimulatedCampaign {
  packageName: string;
  from?: string;
  /**
   * Needed where the package is made for both.
   */
  transport?: 'LWM2M' | 'HTTP';
  startDate: string;
  endDate: string;
  downloadAfterDate?: string;
  installAfterDate?: string;
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  rollout?: RolloutPolicy2;
  /**
   * Absent: every device of the make and model of the package, or those that the filter lets through.
   */
  deviceList?: string[];
  filter?: {
    /**
     * Devices that have all of these labels.
     */
    labels?: {
      [k: string]: string;
    };
  };
  /**
   * So many installations fail. Default 0.
   */
  failurePercent?: number;
  /**
   * The same seed plays the same campaign again. Default 1.
   */
  seed?: number;
}
export interface SimulatedChange {
  startDate?: string;
  endDate?: string;
  downloadAfterDate?: string;
  installAfterDate?: string;
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  downloadWindows?: TimeWindow[];
  /**
   * Empty or absent: always.
   *
   * @maxItems 24
   */
  installWindows?: TimeWindow[];
  /**
   * Zone of the window hours: "UTC", an IANA name, or "device".
   */
  timeZone?: string;
  /**
   * strict: no byte outside a window. start-before-close: a transfer begun inside may finish.
   */
  rule?: 'strict' | 'start-before-close';
  arrivalsPerMinute?: number;
  slots?: number;
  /**
   * So many installations fail. Default 0.
   */
  failurePercent?: number;
  /**
   * The same seed plays the same campaign again. Default 1.
   */
  seed?: number;
}
export interface SoftwarePackage {
  softwareName: string;
  launchDate: string;
  releaseNote: string;
  model: string;
  make: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  devicePlatformId: string;
}
export interface Subscription {
  accountName: string;
  /**
   * Like TS-HFOTA-EVNT or TS-HFOTA-EVNT,TS-HFOTA-MRC.
   */
  purchaseType: string;
  licenseCount: number;
  licenseUsedCount: number;
  updateTime: string;
}
export interface SuccessResponse {
  success: boolean;
}
export interface UpdatePage {
  items: UpdateView[];
  nextPageToken?: string;
}
export interface UpgradeReport {
  hasMoreFlag: boolean;
  /**
   * The startIndex of the next page.
   */
  lastSeenUpgradeId: number;
  reportList: FirmwareUpgrade[];
}
export interface UploadView {
  uploadId: string;
  size: number;
  /**
   * Bytes that are on disk for good; the next ones begin here.
   */
  offset: number;
  sha256: string;
  /**
   * Dropped at this time, unless more bytes come before.
   */
  expiresAt: string;
}
export interface UploadedFile {
  fileName: string;
  fileVersion: string;
  releaseNote: string;
  make: string;
  model: string;
  localTargetPath: string;
  distributionType: 'LWM2M' | 'HTTP' | 'OMD-DM';
  devicePlatformId: string;
  launchDate: string;
}

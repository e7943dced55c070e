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
       * How LwM2M devices get the image when they do not say it themselves.
       */
      delivery?: 'pull' | 'push';
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
     * How LwM2M devices get the image when they do not say it themselves.
     */
    delivery?: 'pull' | 'push';
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
  };
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
     * How LwM2M devices get the image when they do not say it themselves.
     */
    delivery?: 'pull' | 'push';
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
       * How LwM2M devices get the image when they do not say it themselves.
       */
      delivery?: 'pull' | 'push';
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
     * GET /v1/callbacks answers a list, as later clients expect; else an object.
     */
    v1CallbacksAsList?: boolean;
  };
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
export interface PackagePage {
  items: PackageView[];
  nextPageToken?: string;
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
   * How many devices of this make and model report the old version, the new one, neither, or nothing yet.
   */
  installed: {
    from: number;
    to: number;
    neither: number;
    unknown: number;
  };
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

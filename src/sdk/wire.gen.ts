// The wire types, generated from the contract's OpenAPI documents by `npm run generate`. Do not edit.

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
export type DeviceImportBody = DeviceItem[];

export interface AccountCredentials {
  accountName: string;
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
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
    }[];
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
  }[];
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
    kind: 'paused' | 'halted';
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
export interface CredentialPage {
  items: CredentialView[];
  nextPageToken?: string;
}
export interface CredentialView {
  clientId: string;
  username: string;
  createdAt: string;
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
   * The live campaign that the device is part of.
   */
  campaignId?: string;
  /**
   * A clean-up on the device is still owed.
   */
  residue?: boolean;
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
export interface ErrorResponse {
  errorCode: string;
  errorMessage: string;
  fault?: {
    code: string;
    message: string;
  };
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
export interface LogInRequest {
  username: string;
  password: string;
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
    }[];
  };
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
}
export interface PasswordResetRequest {
  oldPassword: string;
}
export interface PasswordResetResponse {
  newPassword: string;
}
export interface SessionTokenResponse {
  sessionToken: string;
}
export interface SuccessResponse {
  success: boolean;
}
export interface UpdatePage {
  items: UpdateView[];
  nextPageToken?: string;
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

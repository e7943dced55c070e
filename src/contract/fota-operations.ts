// The ten campaign operations (contract.md §2.11) and the credentials' own, as data.

import {
  LogInRequest,
  OAuthRevokeRequest,
  OAuthToken,
  OAuthTokenRequest,
  PasswordResetRequest,
  PasswordResetResponse,
  SessionTokenResponse,
} from './auth.ts';
import type { Operation } from './operation.ts';
import { AccountParams, AddOrRemoveDeviceRequest, CampaignParams, DeviceChanges, SuccessResponse } from './shared.ts';
import { AddOrRemoveDeviceResp, CampaignSoftware, CampaignSoftwareUpgrade, ChangeCampaignDatesRequest } from './v2.ts';
import {
  AddOrRemoveDeviceResp1,
  Campaign,
  CampaignFirmwareUpgrade,
  ChangeCampaignDatesRequest1,
  FirmwareCampaign,
} from './v3.ts';

const BOTH_TOKENS = ['bearer', 'session'] as const;

/** contract.md §1.1: the development hosts of the original serve the same paths without `/api`. */
function withoutApi<const Path extends string>(path: `/api${Path}`): Path {
  return path.slice('/api'.length) as Path;
}

const V2 = { family: 'v2', tag: 'Software campaigns (v2)', credentials: BOTH_TOKENS } as const;
const V3 = { family: 'v3', tag: 'Firmware campaigns (v3)', credentials: BOTH_TOKENS } as const;

const V2_CAMPAIGNS = '/api/fota/v2/campaigns/{account}';
const V2_CAMPAIGN = '/api/fota/v2/campaigns/{account}/{campaignId}';
const V2_DATES = '/api/fota/v2/campaigns/{account}/{campaignId}/dates';
const V3_FIRMWARE = '/api/fota/v3/campaigns/firmware/{account}';
const V3_FIRMWARE_CAMPAIGN = '/api/fota/v3/campaigns/firmware/{account}/{campaignId}';
const V3_DATES = '/api/fota/v3/campaigns/firmware/{account}/{campaignId}/dates';
const V3_CAMPAIGN = '/api/fota/v3/campaigns/{account}/{campaignId}';

export const CAMPAIGN_OPERATIONS = {
  scheduleSoftwareUpgrade: {
    ...V2,
    operationId: 'scheduleSoftwareUpgrade',
    summary: 'Schedule a software campaign.',
    method: 'POST',
    path: V2_CAMPAIGNS,
    aliases: [withoutApi(V2_CAMPAIGNS)],
    params: AccountParams,
    body: { media: 'json', schema: CampaignSoftwareUpgrade, bytesMax: 'scheduleBodyBytesMax' },
    success: { status: 200, schema: CampaignSoftware },
  },
  getSoftwareUpgradeDetails: {
    ...V2,
    operationId: 'getSoftwareUpgradeDetails',
    summary: 'Read a software campaign.',
    method: 'GET',
    path: V2_CAMPAIGN,
    aliases: [withoutApi(V2_CAMPAIGN)],
    params: CampaignParams,
    success: { status: 200, schema: CampaignSoftware },
  },
  updateSoftwareUpgrade: {
    ...V2,
    operationId: 'updateSoftwareUpgrade',
    summary: 'Add devices to a software campaign or remove them, before it is scheduled.',
    method: 'PUT',
    path: V2_CAMPAIGN,
    aliases: [withoutApi(V2_CAMPAIGN)],
    params: CampaignParams,
    body: {
      media: 'json',
      schema: DeviceChanges,
      documented: AddOrRemoveDeviceRequest,
      bytesMax: 'scheduleBodyBytesMax',
    },
    success: { status: 200, schema: AddOrRemoveDeviceResp },
  },
  cancelScheduledSoftwareUpgrade: {
    ...V2,
    operationId: 'cancelScheduledSoftwareUpgrade',
    summary: 'Cancel a software campaign that has not started.',
    method: 'DELETE',
    path: V2_CAMPAIGN,
    aliases: [withoutApi(V2_CAMPAIGN)],
    params: CampaignParams,
    success: { status: 200, schema: SuccessResponse },
  },
  changeCampaignDatesAndTimeWindows: {
    ...V2,
    operationId: 'changeCampaignDatesAndTimeWindows',
    summary: 'Change the dates and windows of a software campaign.',
    method: 'PUT',
    path: V2_DATES,
    aliases: [withoutApi(V2_DATES)],
    params: CampaignParams,
    body: { media: 'json', schema: ChangeCampaignDatesRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: CampaignSoftware },
  },
  scheduleAFirmwareUpgrade: {
    ...V3,
    operationId: 'scheduleAFirmwareUpgrade',
    summary: 'Schedule a firmware campaign.',
    method: 'POST',
    path: V3_FIRMWARE,
    aliases: [withoutApi(V3_FIRMWARE)],
    params: AccountParams,
    body: { media: 'json', schema: CampaignFirmwareUpgrade, bytesMax: 'scheduleBodyBytesMax' },
    success: { status: 200, schema: FirmwareCampaign },
  },
  addOrRemoveDevices: {
    ...V3,
    operationId: 'addOrRemoveDevices',
    summary: 'Add devices to a firmware campaign or remove them, before it is scheduled.',
    method: 'PUT',
    path: V3_FIRMWARE_CAMPAIGN,
    // contract.md §2.7, disagreement F
    aliases: [V3_CAMPAIGN, withoutApi(V3_FIRMWARE_CAMPAIGN), withoutApi(V3_CAMPAIGN)],
    params: CampaignParams,
    body: {
      media: 'json',
      schema: DeviceChanges,
      documented: AddOrRemoveDeviceRequest,
      bytesMax: 'scheduleBodyBytesMax',
    },
    success: { status: 200, schema: AddOrRemoveDeviceResp1 },
  },
  changeCampaignDatesTime: {
    ...V3,
    operationId: 'changeCampaignDatesTime',
    summary: 'Change the dates and windows of a firmware campaign.',
    method: 'PUT',
    path: V3_DATES,
    aliases: [withoutApi(V3_DATES)],
    params: CampaignParams,
    body: { media: 'json', schema: ChangeCampaignDatesRequest1, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: FirmwareCampaign },
  },
  retrieveCampaignLevelInformation: {
    ...V3,
    operationId: 'retrieveCampaignLevelInformation',
    summary: 'Read a firmware campaign.',
    method: 'GET',
    path: V3_CAMPAIGN,
    aliases: [withoutApi(V3_CAMPAIGN)],
    params: CampaignParams,
    success: { status: 200, schema: Campaign },
  },
  deleteACampaign: {
    ...V3,
    operationId: 'deleteACampaign',
    summary: 'Cancel a firmware campaign that has not started.',
    method: 'DELETE',
    path: V3_CAMPAIGN,
    aliases: [withoutApi(V3_CAMPAIGN)],
    params: CampaignParams,
    success: { status: 200, schema: SuccessResponse },
  },
} as const satisfies Record<string, Operation>;

const OAUTH = { family: 'auth', tag: 'OAuth2', method: 'POST', aliases: [], credentials: ['basic'] } as const;
const SESSION = { family: 'auth', tag: 'Session', aliases: [] } as const;

export const AUTH_OPERATIONS = {
  issueToken: {
    ...OAUTH,
    operationId: 'issueToken',
    summary: 'Get an access token for a client id and secret.',
    path: '/api/ts/v1/oauth2/token',
    body: { media: 'form', schema: OAuthTokenRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: OAuthToken },
  },
  revokeToken: {
    ...OAUTH,
    operationId: 'revokeToken',
    summary: 'Revoke an access token.',
    path: '/api/ts/v1/oauth2/revoke',
    body: { media: 'form', schema: OAuthRevokeRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200 },
  },
  logIn: {
    ...SESSION,
    operationId: 'logIn',
    summary: 'Open a session.',
    method: 'POST',
    path: '/api/m2m/v1/session/login',
    credentials: ['bearer'],
    body: { media: 'json', schema: LogInRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: SessionTokenResponse },
  },
  logOut: {
    ...SESSION,
    operationId: 'logOut',
    summary: 'Close the session.',
    method: 'POST',
    path: '/api/m2m/v1/session/logout',
    credentials: BOTH_TOKENS,
    success: { status: 200, schema: SessionTokenResponse },
  },
  resetPassword: {
    ...SESSION,
    operationId: 'resetPassword',
    summary: 'Exchange the password for a new one.',
    method: 'PUT',
    path: '/api/m2m/v1/session/password/actions/reset',
    credentials: BOTH_TOKENS,
    body: { media: 'json', schema: PasswordResetRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: PasswordResetResponse },
  },
} as const satisfies Record<string, Operation>;

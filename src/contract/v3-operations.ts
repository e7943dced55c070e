// What surrounds the firmware campaigns of generation 3 (contract.md §6.3 to §6.7), as data.

import { AccountDeviceListV3, DeviceQuery, DeviceQueryResponse } from './devices.ts';
import { LicenseChangeV3, LicenseRequest, LicenseSummary, LicensesFromParams, Subscription } from './licenses.ts';
import { CallbackListener, CallbackRegistration } from './listeners.ts';
import { CampaignsQuery, DevicesV3Query, LastSeenDeviceQuery, ProtocolQuery } from './lists.ts';
import { fotaPaths, type Operation } from './operation.ts';
import { FirmwarePackageList, FirmwareReportRequested, FirmwareSyncRequest, FirmwareSyncResponse } from './packages.ts';
import { CampaignDeviceV3, CampaignHistoryV3, DeviceHistoryV3 } from './reports.ts';
import { AccountDeviceParams, AccountParams, CampaignParams, SuccessResponse } from './shared.ts';

const V3 = { family: 'v3', credentials: ['bearer', 'session'] } as const;

const firmwareOperations = {
  listFirmwareV3: {
    ...V3,
    operationId: 'listFirmwareV3',
    tag: 'Firmware (v3)',
    summary: 'List the firmware that can be installed.',
    method: 'GET',
    ...fotaPaths('/v3/firmware/{account}'),
    params: AccountParams,
    query: ProtocolQuery,
    success: { status: 200, schema: FirmwarePackageList },
  },
  synchronizeFirmwareV3: {
    ...V3,
    operationId: 'synchronizeFirmwareV3',
    tag: 'Firmware (v3)',
    summary: 'Bring the stored firmware versions of devices up to date.',
    method: 'PUT',
    ...fotaPaths('/v3/firmware/{account}/devices'),
    params: AccountParams,
    body: { media: 'json', schema: FirmwareSyncRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: FirmwareSyncResponse },
  },
  synchronizeDeviceFirmwareV3: {
    ...V3,
    operationId: 'synchronizeDeviceFirmwareV3',
    tag: 'Firmware (v3)',
    summary: 'Bring the stored firmware version of one device up to date.',
    method: 'PUT',
    ...fotaPaths('/v3/firmware/{account}/{deviceId}'),
    params: AccountDeviceParams,
    success: { status: 200, schema: FirmwareSyncResponse },
  },
  requestFirmwareReportV3: {
    ...V3,
    operationId: 'requestFirmwareReportV3',
    tag: 'Firmware (v3)',
    summary: 'Ask a device to report its firmware.',
    method: 'PUT',
    ...fotaPaths('/v3/firmware/{account}/async/{deviceId}'),
    params: AccountDeviceParams,
    success: { status: 200, schema: FirmwareReportRequested },
  },
  listDevicesV3: {
    ...V3,
    operationId: 'listDevicesV3',
    tag: 'Devices (v3)',
    summary: 'List the devices of an account.',
    method: 'GET',
    ...fotaPaths('/v3/devices/{account}'),
    params: AccountParams,
    query: DevicesV3Query,
    success: { status: 200, schema: AccountDeviceListV3 },
  },
  queryDevicesV3: {
    ...V3,
    operationId: 'queryDevicesV3',
    tag: 'Devices (v3)',
    summary: 'Read some devices of an account.',
    method: 'POST',
    ...fotaPaths('/v3/devices/{account}'),
    params: AccountParams,
    body: { media: 'json', schema: DeviceQuery, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: DeviceQueryResponse },
  },
} as const satisfies Record<string, Operation>;

const reportOperations = {
  listCampaignsV3: {
    ...V3,
    operationId: 'listCampaignsV3',
    tag: 'Reports (v3)',
    summary: 'List firmware campaigns of one status.',
    method: 'GET',
    ...fotaPaths('/v3/reports/{account}/firmware/campaigns', '/v3/reports/{account}/campaigns'),
    params: AccountParams,
    query: CampaignsQuery,
    success: { status: 200, schema: CampaignHistoryV3 },
  },
  listCampaignDevicesV3: {
    ...V3,
    operationId: 'listCampaignDevicesV3',
    tag: 'Reports (v3)',
    summary: 'List the devices of a campaign with what became of each.',
    method: 'GET',
    ...fotaPaths('/v3/reports/{account}/campaigns/{campaignId}/devices'),
    params: CampaignParams,
    query: LastSeenDeviceQuery,
    success: { status: 200, schema: CampaignDeviceV3 },
  },
  getDeviceHistoryV3: {
    ...V3,
    operationId: 'getDeviceHistoryV3',
    tag: 'Reports (v3)',
    summary: 'Read what became of a device in its campaigns.',
    method: 'GET',
    ...fotaPaths('/v3/reports/{account}/devices/{deviceId}'),
    params: AccountDeviceParams,
    success: { status: 200, schema: DeviceHistoryV3 },
  },
} as const satisfies Record<string, Operation>;

const licenseOperations = {
  getSubscriptionV3: {
    ...V3,
    operationId: 'getSubscriptionV3',
    tag: 'Licenses (v3)',
    summary: 'Read the subscription of an account.',
    method: 'GET',
    ...fotaPaths('/v3/subscriptions/{account}'),
    params: AccountParams,
    success: { status: 200, schema: Subscription },
  },
  listLicensesV3: {
    ...V3,
    operationId: 'listLicensesV3',
    tag: 'Licenses (v3)',
    summary: 'Count the licenses and list the devices that have one.',
    method: 'GET',
    ...fotaPaths('/v3/licenses/{account}'),
    params: AccountParams,
    query: LastSeenDeviceQuery,
    success: { status: 200, schema: LicenseSummary },
  },
  assignLicensesV3: {
    ...V3,
    operationId: 'assignLicensesV3',
    tag: 'Licenses (v3)',
    summary: 'Assign licenses to devices.',
    method: 'POST',
    ...fotaPaths('/v3/licenses/{account}/assign'),
    params: AccountParams,
    body: { media: 'json', schema: LicenseRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: LicenseChangeV3 },
  },
  removeLicensesV3: {
    ...V3,
    operationId: 'removeLicensesV3',
    tag: 'Licenses (v3)',
    summary: 'Take unused licenses back from devices.',
    method: 'POST',
    ...fotaPaths('/v3/licenses/{account}/remove'),
    params: AccountParams,
    body: { media: 'json', schema: LicenseRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: LicenseChangeV3 },
  },
  listLicensesFromDeviceV3: {
    ...V3,
    operationId: 'listLicensesFromDeviceV3',
    tag: 'Licenses (v3)',
    summary: 'Count the licenses and list the devices that have one, after a device.',
    method: 'GET',
    ...fotaPaths('/v3/licenses/{account}/index/{lastSeenDeviceId}'),
    params: LicensesFromParams,
    success: { status: 200, schema: LicenseSummary },
  },
} as const satisfies Record<string, Operation>;

const callbackOperations = {
  getCallbackV3: {
    ...V3,
    operationId: 'getCallbackV3',
    tag: 'Callbacks (v3)',
    summary: 'Read the callback listener.',
    method: 'GET',
    ...fotaPaths('/v3/callbacks/{account}'),
    params: AccountParams,
    success: { status: 200, schema: CallbackListener },
  },
  registerCallbackV3: {
    ...V3,
    operationId: 'registerCallbackV3',
    tag: 'Callbacks (v3)',
    summary: 'Register the callback listener, in place of the one before.',
    method: 'POST',
    ...fotaPaths('/v3/callbacks/{account}'),
    params: AccountParams,
    body: { media: 'json', schema: CallbackRegistration, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: CallbackListener },
  },
  replaceCallbackV3: {
    ...V3,
    operationId: 'replaceCallbackV3',
    tag: 'Callbacks (v3)',
    summary: 'Replace the callback listener.',
    method: 'PUT',
    ...fotaPaths('/v3/callbacks/{account}'),
    params: AccountParams,
    body: { media: 'json', schema: CallbackRegistration, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: CallbackListener },
  },
  deregisterCallbackV3: {
    ...V3,
    operationId: 'deregisterCallbackV3',
    tag: 'Callbacks (v3)',
    summary: 'Remove the callback listener.',
    method: 'DELETE',
    ...fotaPaths('/v3/callbacks/{account}'),
    params: AccountParams,
    success: { status: 200, schema: SuccessResponse },
  },
} as const satisfies Record<string, Operation>;

export const V3_OPERATIONS = {
  ...firmwareOperations,
  ...reportOperations,
  ...licenseOperations,
  ...callbackOperations,
} as const satisfies Record<string, Operation>;

// Every operation of generation 1 (contract.md §6.1), as data.

import { AccountDeviceListV1 } from './devices.ts';
import {
  CancellationChange,
  CancellationList,
  CancellationRequest,
  LicenseChangeV1,
  LicenseRequest,
  LicenseSummaryV1,
  Subscription,
} from './licenses.ts';
import {
  CallbackListenersV1,
  CallbackRegisteredV1,
  CallbackRegistrationV1,
  CallbackServiceParams,
} from './listeners.ts';
import { ClientTypeQuery, IndexParams } from './lists.ts';
import { fotaPaths, type Operation } from './operation.ts';
import { FirmwareListV1 } from './packages.ts';
import { DeviceHistoryV1 } from './reports.ts';
import { AccountDeviceParams, AccountParams, DeviceChanges, SuccessResponse } from './shared.ts';
import {
  FirmwareUpgrade,
  FirmwareUpgradeChange,
  FirmwareUpgradeChangeRequest,
  FirmwareUpgradeRequest,
  UpgradeParams,
  UpgradeReport,
  UpgradesParams,
} from './upgrades.ts';

const V1 = { family: 'v1', credentials: ['bearer', 'session'] } as const;
const UPGRADE = '/v1/upgrades/{account}/upgrade/{upgradeId}';

const upgradeOperations = {
  listFirmwareV1: {
    ...V1,
    operationId: 'listFirmwareV1',
    tag: 'Firmware (v1)',
    summary: 'List the firmware that can be installed.',
    method: 'GET',
    ...fotaPaths('/v1/firmware/{account}'),
    params: AccountParams,
    success: { status: 200, schema: FirmwareListV1 },
  },
  scheduleUpgradeV1: {
    ...V1,
    operationId: 'scheduleUpgradeV1',
    tag: 'Upgrades (v1)',
    summary: 'Schedule a firmware upgrade; the account is in the body.',
    method: 'POST',
    ...fotaPaths('/v1/upgrades'),
    body: { media: 'json', schema: FirmwareUpgradeRequest, bytesMax: 'scheduleBodyBytesMax' },
    success: { status: 200, schema: FirmwareUpgrade },
  },
  getUpgradeV1: {
    ...V1,
    operationId: 'getUpgradeV1',
    tag: 'Upgrades (v1)',
    summary: 'Read an upgrade with its devices.',
    method: 'GET',
    ...fotaPaths(UPGRADE),
    params: UpgradeParams,
    success: { status: 200, schema: FirmwareUpgrade },
  },
  changeUpgradeDevicesV1: {
    ...V1,
    operationId: 'changeUpgradeDevicesV1',
    tag: 'Upgrades (v1)',
    summary: 'Add devices to an upgrade or remove them, before it starts.',
    method: 'PUT',
    ...fotaPaths(UPGRADE),
    params: UpgradeParams,
    body: {
      media: 'json',
      schema: DeviceChanges,
      documented: FirmwareUpgradeChangeRequest,
      bytesMax: 'scheduleBodyBytesMax',
    },
    success: { status: 200, schema: FirmwareUpgradeChange },
  },
  cancelUpgradeV1: {
    ...V1,
    operationId: 'cancelUpgradeV1',
    tag: 'Upgrades (v1)',
    summary: 'Cancel an upgrade that has not started.',
    method: 'DELETE',
    ...fotaPaths(UPGRADE),
    params: UpgradeParams,
    success: { status: 200, schema: SuccessResponse },
  },
} as const satisfies Record<string, Operation>;

const reportOperations = {
  listUpgradesV1: {
    ...V1,
    operationId: 'listUpgradesV1',
    tag: 'Reports (v1)',
    summary: 'List upgrades of one status.',
    method: 'GET',
    ...fotaPaths('/v1/reports/{account}/status/{upgradeStatus}/index/{startIndex}'),
    params: UpgradesParams,
    success: { status: 200, schema: UpgradeReport },
  },
  getDeviceHistoryV1: {
    ...V1,
    operationId: 'getDeviceHistoryV1',
    tag: 'Reports (v1)',
    summary: 'Read what became of a device in its upgrades.',
    method: 'GET',
    ...fotaPaths('/v1/reports/{account}/devices/{deviceId}'),
    params: AccountDeviceParams,
    success: { status: 200, schema: DeviceHistoryV1 },
  },
  listDevicesV1: {
    ...V1,
    operationId: 'listDevicesV1',
    tag: 'Devices (v1)',
    summary: 'List the devices of an account from an index on.',
    method: 'GET',
    ...fotaPaths('/v1/devices/{account}/index/{startIndex}'),
    params: IndexParams,
    query: ClientTypeQuery,
    success: { status: 200, schema: AccountDeviceListV1 },
  },
} as const satisfies Record<string, Operation>;

const licenseOperations = {
  getSubscriptionV1: {
    ...V1,
    operationId: 'getSubscriptionV1',
    tag: 'Licenses (v1)',
    summary: 'Read the subscription of an account.',
    method: 'GET',
    ...fotaPaths('/v1/subscriptions/{account}'),
    params: AccountParams,
    success: { status: 200, schema: Subscription },
  },
  listLicensesV1: {
    ...V1,
    operationId: 'listLicensesV1',
    tag: 'Licenses (v1)',
    summary: 'Count the licenses and list the first devices that have one.',
    method: 'GET',
    ...fotaPaths('/v1/licenses/{account}'),
    params: AccountParams,
    success: { status: 200, schema: LicenseSummaryV1 },
  },
  listLicensesFromIndexV1: {
    ...V1,
    operationId: 'listLicensesFromIndexV1',
    tag: 'Licenses (v1)',
    summary: 'Count the licenses and list the devices that have one, from an index on.',
    method: 'GET',
    ...fotaPaths('/v1/licenses/{account}/index/{startIndex}'),
    params: IndexParams,
    success: { status: 200, schema: LicenseSummaryV1 },
  },
  assignLicensesV1: {
    ...V1,
    operationId: 'assignLicensesV1',
    tag: 'Licenses (v1)',
    summary: 'Assign licenses to devices.',
    method: 'POST',
    ...fotaPaths('/v1/licenses/{account}/assign'),
    params: AccountParams,
    body: { media: 'json', schema: LicenseRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: LicenseChangeV1 },
  },
  removeLicensesV1: {
    ...V1,
    operationId: 'removeLicensesV1',
    tag: 'Licenses (v1)',
    summary: 'Take unused licenses back from devices.',
    method: 'POST',
    ...fotaPaths('/v1/licenses/{account}/remove'),
    params: AccountParams,
    body: { media: 'json', schema: LicenseRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: LicenseChangeV1 },
  },
  setCancellationsV1: {
    ...V1,
    operationId: 'setCancellationsV1',
    tag: 'Licenses (v1)',
    summary: 'Name the devices whose licenses may be taken back when the subscription shrinks.',
    method: 'POST',
    ...fotaPaths('/v1/licenses/{account}/cancel'),
    params: AccountParams,
    body: { media: 'json', schema: CancellationRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: CancellationChange },
  },
  listCancellationsV1: {
    ...V1,
    operationId: 'listCancellationsV1',
    tag: 'Licenses (v1)',
    summary: 'List the devices whose licenses may be taken back.',
    method: 'GET',
    ...fotaPaths('/v1/licenses/{account}/cancel/index/{startIndex}'),
    params: IndexParams,
    success: { status: 200, schema: CancellationList },
  },
  clearCancellationsV1: {
    ...V1,
    operationId: 'clearCancellationsV1',
    tag: 'Licenses (v1)',
    summary: 'Empty the list of devices whose licenses may be taken back.',
    method: 'DELETE',
    ...fotaPaths('/v1/licenses/{account}/cancel'),
    params: AccountParams,
    success: { status: 200, schema: SuccessResponse },
  },
} as const satisfies Record<string, Operation>;

const callbackOperations = {
  getCallbackV1: {
    ...V1,
    operationId: 'getCallbackV1',
    tag: 'Callbacks (v1)',
    summary: 'Read the callback listener.',
    method: 'GET',
    ...fotaPaths('/v1/callbacks/{account}'),
    params: AccountParams,
    success: { status: 200, schema: CallbackListenersV1 },
  },
  registerCallbackV1: {
    ...V1,
    operationId: 'registerCallbackV1',
    tag: 'Callbacks (v1)',
    summary: 'Register the callback listener, in place of the one before.',
    method: 'POST',
    ...fotaPaths('/v1/callbacks/{account}'),
    params: AccountParams,
    body: { media: 'json', schema: CallbackRegistrationV1, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: CallbackRegisteredV1 },
  },
  deregisterCallbackV1: {
    ...V1,
    operationId: 'deregisterCallbackV1',
    tag: 'Callbacks (v1)',
    summary: 'Remove the callback listener.',
    method: 'DELETE',
    ...fotaPaths('/v1/callbacks/{account}/name/{name}'),
    params: CallbackServiceParams,
    success: { status: 200, schema: SuccessResponse },
  },
} as const satisfies Record<string, Operation>;

export const V1_OPERATIONS = {
  ...upgradeOperations,
  ...reportOperations,
  ...licenseOperations,
  ...callbackOperations,
} as const satisfies Record<string, Operation>;

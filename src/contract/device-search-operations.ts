// The operations of the operator API that tell of one device over time, as data.

import { CheckInPage, DeviceHistoryPage, DeviceLogPage } from './device-search.ts';
import { DeviceParams } from './inventory.ts';
import type { Operation } from './operation.ts';
import { FOR_VIEWERS } from './roles.ts';
import { PageQuery } from './shared.ts';

const DEVICE = '/operator/v1/accounts/{accountName}/devices/{imei}';

export const DEVICE_SEARCH_OPERATIONS = {
  listDeviceHistory: {
    ...FOR_VIEWERS,
    operationId: 'listDeviceHistory',
    tag: 'Devices',
    summary: 'List the parts of a device in all campaigns, by campaign id.',
    method: 'GET',
    path: `${DEVICE}/history`,
    params: DeviceParams,
    query: PageQuery,
    success: { status: 200, schema: DeviceHistoryPage },
  },
  listDeviceCheckIns: {
    ...FOR_VIEWERS,
    operationId: 'listDeviceCheckIns',
    tag: 'Devices',
    summary: 'List the last check-ins of a device, the newest first.',
    method: 'GET',
    path: `${DEVICE}/check-ins`,
    params: DeviceParams,
    success: { status: 200, schema: CheckInPage },
  },
  listDeviceLogs: {
    ...FOR_VIEWERS,
    operationId: 'listDeviceLogs',
    tag: 'Devices',
    summary: 'List what was last logged of a device, the newest first.',
    method: 'GET',
    path: `${DEVICE}/logs`,
    params: DeviceParams,
    success: { status: 200, schema: DeviceLogPage },
  },
} as const satisfies Record<string, Operation>;

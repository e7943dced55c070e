// The operator's operations on device profiles, held devices and gateway tokens, as data.

import {
  ApprovedDevice,
  DeviceApproval,
  DeviceProfiles,
  GatewayToken,
  HeldDevice,
  HeldDevicePage,
  HeldParams,
} from './http-devices.ts';
import type { Operation } from './operation.ts';
import { OperatorAccountParams } from './operator.ts';
import { FOR_ADMINS, FOR_OPERATORS, FOR_VIEWERS } from './roles.ts';
import { PageQuery } from './shared.ts';

const ACCOUNT = '/operator/v1/accounts/{accountName}';

export const HTTP_DEVICE_OPERATIONS = {
  getProfiles: {
    ...FOR_VIEWERS,
    operationId: 'getProfiles',
    tag: 'Accounts',
    summary: 'Read how the kinds of device of an account behave.',
    method: 'GET',
    path: `${ACCOUNT}/profiles`,
    params: OperatorAccountParams,
    success: { status: 200, schema: DeviceProfiles },
  },
  putProfiles: {
    ...FOR_ADMINS,
    operationId: 'putProfiles',
    tag: 'Accounts',
    summary: 'Replace how the kinds of device of an account behave; the first profile that fits counts.',
    method: 'PUT',
    path: `${ACCOUNT}/profiles`,
    params: OperatorAccountParams,
    body: { media: 'json', schema: DeviceProfiles, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: DeviceProfiles },
  },
  rotateGatewayToken: {
    ...FOR_ADMINS,
    operationId: 'rotateGatewayToken',
    tag: 'Accounts',
    summary: 'Make a new gateway token; the one before stops working. It is shown this once.',
    method: 'POST',
    path: `${ACCOUNT}/gateway-token`,
    params: OperatorAccountParams,
    success: { status: 201, schema: GatewayToken },
  },
  deleteGatewayToken: {
    ...FOR_ADMINS,
    operationId: 'deleteGatewayToken',
    tag: 'Accounts',
    summary: 'Delete the gateway token.',
    method: 'DELETE',
    path: `${ACCOUNT}/gateway-token`,
    params: OperatorAccountParams,
    success: { status: 204 },
  },
  listHeldDevices: {
    ...FOR_VIEWERS,
    operationId: 'listHeldDevices',
    tag: 'Devices',
    summary: 'List HTTP devices that polled, are not in the account, and wait for approval or were refused.',
    method: 'GET',
    path: `${ACCOUNT}/held-devices`,
    params: OperatorAccountParams,
    query: PageQuery,
    success: { status: 200, schema: HeldDevicePage },
  },
  approveHeldDevice: {
    ...FOR_OPERATORS,
    operationId: 'approveHeldDevice',
    tag: 'Devices',
    summary: 'Take a held device into the account; the token by which it came becomes its own.',
    method: 'POST',
    path: `${ACCOUNT}/held-devices/{imei}/approve`,
    params: HeldParams,
    body: { media: 'json', schema: DeviceApproval, bytesMax: 'bodyBytesMax' },
    success: { status: 201, schema: ApprovedDevice },
  },
  refuseHeldDevice: {
    ...FOR_OPERATORS,
    operationId: 'refuseHeldDevice',
    tag: 'Devices',
    summary: 'Refuse a held device; it is remembered, and can be approved later or deleted.',
    method: 'POST',
    path: `${ACCOUNT}/held-devices/{imei}/refuse`,
    params: HeldParams,
    success: { status: 200, schema: HeldDevice },
  },
  deleteHeldDevice: {
    ...FOR_OPERATORS,
    operationId: 'deleteHeldDevice',
    tag: 'Devices',
    summary: 'Forget a held device; its next poll lists it again.',
    method: 'DELETE',
    path: `${ACCOUNT}/held-devices/{imei}`,
    params: HeldParams,
    success: { status: 204 },
  },
} as const satisfies Record<string, Operation>;

// The operator's operations on callback listeners and the audit log, as data.

import type { Operation } from './operation.ts';
import { OperatorAccountParams } from './operator.ts';
import {
  AuditPage,
  DeliveriesQuery,
  DeliveryPage,
  ListenerPage,
  ListenerParams,
  ListenerSecret,
  ListenerTest,
  ReplayRequest,
  ReplayResult,
} from './operator-callbacks.ts';
import { FOR_ADMINS, FOR_OPERATORS, FOR_VIEWERS } from './roles.ts';
import { PageQuery } from './shared.ts';

const ACCOUNT = '/operator/v1/accounts/{accountName}';
const LISTENER = '/operator/v1/accounts/{accountName}/callbacks/{generation}';

export const OPERATOR_CALLBACK_OPERATIONS = {
  listListeners: {
    ...FOR_VIEWERS,
    operationId: 'listListeners',
    tag: 'Callbacks',
    summary: 'List the callback listeners of an account with their state, lag and dead letters.',
    method: 'GET',
    path: `${ACCOUNT}/callbacks`,
    params: OperatorAccountParams,
    query: PageQuery,
    success: { status: 200, schema: ListenerPage },
  },
  rotateListenerSecret: {
    ...FOR_ADMINS,
    operationId: 'rotateListenerSecret',
    tag: 'Callbacks',
    summary: 'Make a new signing secret for a listener.',
    method: 'POST',
    path: `${LISTENER}/rotate-secret`,
    params: ListenerParams,
    success: { status: 200, schema: ListenerSecret },
  },
  testListener: {
    ...FOR_OPERATORS,
    operationId: 'testListener',
    tag: 'Callbacks',
    summary: 'Send a signed event without meaning to a listener and tell how it went.',
    method: 'POST',
    path: `${LISTENER}/test`,
    params: ListenerParams,
    success: { status: 200, schema: ListenerTest },
  },
  replayListener: {
    ...FOR_OPERATORS,
    operationId: 'replayListener',
    tag: 'Callbacks',
    summary: 'Send events again, from a number on.',
    method: 'POST',
    path: `${LISTENER}/replay`,
    params: ListenerParams,
    body: { media: 'json', schema: ReplayRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: ReplayResult },
  },
  listDeliveries: {
    ...FOR_VIEWERS,
    operationId: 'listDeliveries',
    tag: 'Callbacks',
    summary: 'List the deliveries of callbacks, the latest first.',
    method: 'GET',
    path: `${ACCOUNT}/callbacks/deliveries`,
    params: OperatorAccountParams,
    query: DeliveriesQuery,
    success: { status: 200, schema: DeliveryPage },
  },
  listAudit: {
    ...FOR_VIEWERS,
    operationId: 'listAudit',
    tag: 'Audit',
    summary: 'List who changed what, the latest first.',
    method: 'GET',
    path: `${ACCOUNT}/audit`,
    params: OperatorAccountParams,
    query: PageQuery,
    success: { status: 200, schema: AuditPage },
  },
} as const satisfies Record<string, Operation>;

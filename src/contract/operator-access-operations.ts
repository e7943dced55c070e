// The operations on operators, their keys, sign-in links and sessions, as data.

import type { Operation } from './operation.ts';
import {
  MeView,
  NewOperator,
  OperatorKey,
  OperatorPage,
  OperatorParams,
  OperatorPatch,
  OperatorSessionView,
  OperatorView,
  SignInLinkRequest,
  SignInLinkView,
  SignInRequest,
} from './operator-access.ts';
import { AuditPage } from './operator-callbacks.ts';
import { FOR_ADMINS, FOR_VIEWERS } from './roles.ts';
import { PageQuery } from './shared.ts';

const OPERATORS = '/operator/v1/operators';
const OPERATOR = '/operator/v1/operators/{name}';
const SESSION = '/operator/v1/session';
const bytesMax = 'bodyBytesMax';

const operators = {
  createOperator: {
    ...FOR_ADMINS,
    operationId: 'createOperator',
    tag: 'Operators',
    summary: 'Make an operator; its key is shown this once.',
    method: 'POST',
    path: OPERATORS,
    body: { media: 'json', schema: NewOperator, bytesMax },
    success: { status: 201, schema: OperatorKey },
  },
  listOperators: {
    ...FOR_VIEWERS,
    operationId: 'listOperators',
    tag: 'Operators',
    summary: 'List operators by name; root, whose key the server was given, is not among them.',
    method: 'GET',
    path: OPERATORS,
    query: PageQuery,
    success: { status: 200, schema: OperatorPage },
  },
  getOperator: {
    ...FOR_VIEWERS,
    operationId: 'getOperator',
    tag: 'Operators',
    summary: 'Read an operator.',
    method: 'GET',
    path: OPERATOR,
    params: OperatorParams,
    success: { status: 200, schema: OperatorView },
  },
  patchOperator: {
    ...FOR_ADMINS,
    operationId: 'patchOperator',
    tag: 'Operators',
    summary: 'Change the role of an operator, disable it, enable it again.',
    method: 'PATCH',
    path: OPERATOR,
    params: OperatorParams,
    body: { media: 'json', schema: OperatorPatch, bytesMax },
    success: { status: 200, schema: OperatorView },
  },
  deleteOperator: {
    ...FOR_ADMINS,
    operationId: 'deleteOperator',
    tag: 'Operators',
    summary: 'Delete an operator; its key and its sessions open nothing any more.',
    method: 'DELETE',
    path: OPERATOR,
    params: OperatorParams,
    success: { status: 204 },
  },
  rotateOperatorKey: {
    ...FOR_ADMINS,
    operationId: 'rotateOperatorKey',
    tag: 'Operators',
    summary: 'Make a new key for an operator; the old one, its links and its sessions end at once.',
    method: 'POST',
    path: `${OPERATOR}/rotate-key`,
    params: OperatorParams,
    success: { status: 200, schema: OperatorKey },
  },
  getMe: {
    ...FOR_VIEWERS,
    operationId: 'getMe',
    tag: 'Operators',
    summary: 'Who calls, and with which role.',
    method: 'GET',
    path: '/operator/v1/me',
    success: { status: 200, schema: MeView },
  },
  listServerAudit: {
    ...FOR_VIEWERS,
    operationId: 'listServerAudit',
    tag: 'Audit',
    summary: 'List who changed what on the whole server, the latest first.',
    method: 'GET',
    path: '/operator/v1/audit',
    query: PageQuery,
    success: { status: 200, schema: AuditPage },
  },
} as const satisfies Record<string, Operation>;

const sessions = {
  createSignInLink: {
    ...FOR_ADMINS,
    operationId: 'createSignInLink',
    tag: 'Sessions',
    summary: 'Make a link that signs an operator in once, within ten minutes.',
    method: 'POST',
    path: '/operator/v1/sign-in-links',
    body: { media: 'json', schema: SignInLinkRequest, bytesMax },
    success: { status: 201, schema: SignInLinkView },
  },
  createOperatorSession: {
    family: 'operator',
    aliases: [],
    credentials: [],
    operationId: 'createOperatorSession',
    tag: 'Sessions',
    summary: 'Sign a browser in, by the token of a sign-in link or by a key; the session comes as a cookie.',
    method: 'POST',
    path: SESSION,
    body: { media: 'json', schema: SignInRequest, bytesMax },
    success: { status: 200, schema: OperatorSessionView },
  },
  getOperatorSession: {
    ...FOR_VIEWERS,
    operationId: 'getOperatorSession',
    tag: 'Sessions',
    summary: 'Whose session this is, and its token for changes.',
    method: 'GET',
    path: SESSION,
    success: { status: 200, schema: OperatorSessionView },
  },
  deleteOperatorSession: {
    ...FOR_VIEWERS,
    operationId: 'deleteOperatorSession',
    tag: 'Sessions',
    summary: 'Sign out.',
    method: 'DELETE',
    path: SESSION,
    success: { status: 204 },
  },
} as const satisfies Record<string, Operation>;

export const OPERATOR_ACCESS_OPERATIONS = { ...operators, ...sessions } as const satisfies Record<string, Operation>;

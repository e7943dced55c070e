// The operator's operations on its own events and their listener, as data.

import type { Operation } from './operation.ts';
import { ListenerTest } from './operator-callbacks.ts';
import {
  EventListenerMade,
  EventListenerRequest,
  EventListenerSecret,
  EventListenerView,
  OperatorEventPage,
  OperatorEventsQuery,
} from './operator-events.ts';
import { FOR_ADMINS, FOR_OPERATORS, FOR_VIEWERS } from './roles.ts';

const LISTENER = '/operator/v1/event-listener';
const TAG = 'Events';

export const OPERATOR_EVENT_OPERATIONS = {
  listOperatorEvents: {
    ...FOR_VIEWERS,
    operationId: 'listOperatorEvents',
    tag: TAG,
    summary: 'List what the operator of the server was told, the latest first.',
    method: 'GET',
    path: '/operator/v1/events',
    query: OperatorEventsQuery,
    success: { status: 200, schema: OperatorEventPage },
  },
  putEventListener: {
    ...FOR_ADMINS,
    operationId: 'putEventListener',
    tag: TAG,
    summary: 'Set where events of the operator are told; the signing secret is shown when it is first made.',
    method: 'PUT',
    path: LISTENER,
    body: { media: 'json', schema: EventListenerRequest, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: EventListenerMade },
  },
  getEventListener: {
    ...FOR_ADMINS,
    operationId: 'getEventListener',
    tag: TAG,
    summary: 'Read where events of the operator are told.',
    method: 'GET',
    path: LISTENER,
    success: { status: 200, schema: EventListenerView },
  },
  deleteEventListener: {
    ...FOR_ADMINS,
    operationId: 'deleteEventListener',
    tag: TAG,
    summary: 'Tell events of the operator to nobody any more.',
    method: 'DELETE',
    path: LISTENER,
    success: { status: 204 },
  },
  rotateEventListenerSecret: {
    ...FOR_ADMINS,
    operationId: 'rotateEventListenerSecret',
    tag: TAG,
    summary: 'Make a new signing secret for the listener of events.',
    method: 'POST',
    path: `${LISTENER}/rotate-secret`,
    success: { status: 200, schema: EventListenerSecret },
  },
  testEventListener: {
    ...FOR_OPERATORS,
    operationId: 'testEventListener',
    tag: TAG,
    summary: 'Send a signed event without meaning to the listener of events and tell how it went.',
    method: 'POST',
    path: `${LISTENER}/test`,
    success: { status: 200, schema: ListenerTest },
  },
} as const satisfies Record<string, Operation>;

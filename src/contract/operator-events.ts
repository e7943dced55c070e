// Operator API: what the operator of the server is told, and the listener that it is told to.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, oneOf, text, withoutNulls } from './schema.ts';
import { InstantText, pageOf, pageQuery } from './shared.ts';

export const OPERATOR_EVENT_KINDS = [
  'halted',
  'will-miss-end',
  'dead-callback',
  'disk-low',
  'violation',
  'certificate-expiring',
  'image-damaged',
  'node-lost',
] as const;

export const OperatorEventView = named(
  'OperatorEventView',
  z.object({
    id: z.int(),
    kind: z.enum(OPERATOR_EVENT_KINDS),
    text: z.string().describe('What has happened, and what to do about it.'),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    accountName: z.string().exactOptional(),
    campaignId: z.string().exactOptional(),
    raisedAt: InstantText,
    clearedAt: InstantText.describe('Absent: it is not over.').exactOptional(),
    toldAt: InstantText.describe('When the listener was told last, or could not be.').exactOptional(),
    lastError: z.string().describe('Why the listener could not be told.').exactOptional(),
  }),
);
export type OperatorEventView = z.infer<typeof OperatorEventView>;
export const OperatorEventPage = pageOf('OperatorEventPage', OperatorEventView);

export const OperatorEventsQuery = z.preprocess(
  withoutNulls,
  z.object({
    ...pageQuery,
    kind: oneOf(OPERATOR_EVENT_KINDS).exactOptional(),
    open: z
      .enum(['true', 'false'], accepts('true or false'))
      .describe('Only those that are not over, or only those that are.')
      .exactOptional(),
  }),
);
export type OperatorEventsQuery = z.infer<typeof OperatorEventsQuery>;

/** What the listener reads: once when an event is raised, once when it is over. */
export const OperatorEventCallback = named(
  'OperatorEventCallback',
  z.object({
    type: z.literal('operatorEvent'),
    what: z.enum(['raised', 'cleared', 'test']),
    eventId: z.string().describe('The same for every try: also in the header webhook-id.'),
    event: OperatorEventView,
  }),
);
export type OperatorEventCallback = z.infer<typeof OperatorEventCallback>;

const HOST = text(LIMITS.hostLengthMax);

export const EventListenerRequest = named(
  'EventListenerRequest',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        url: text(LIMITS.callbackUrlLengthMax),
        allowPrivateCallbackHosts: z
          .array(HOST, accepts('a list of host names, addresses and ranges like 10.1.0.0/16'))
          .max(LIMITS.callbackHostsMax, accepts(`at most ${LIMITS.callbackHostsMax} hosts`))
          .describe('Hosts and ranges that may be told although they are not public.')
          .default([]),
      },
      accepts('an object {"url": …}'),
    ),
  ),
);
export type EventListenerRequest = z.input<typeof EventListenerRequest>;

const listener = {
  url: z.string(),
  allowPrivateCallbackHosts: z.array(z.string()),
  createdAt: InstantText,
};

export const EventListenerView = named('EventListenerView', z.object(listener));
export type EventListenerView = z.infer<typeof EventListenerView>;

export const EventListenerMade = named(
  'EventListenerMade',
  z.object({
    ...listener,
    secret: z.string().describe('Shown once, when it was just made: whsec_ and base64.').exactOptional(),
  }),
);
export type EventListenerMade = z.infer<typeof EventListenerMade>;

export const EventListenerSecret = named(
  'EventListenerSecret',
  z.object({
    secret: z.string().describe('Signs everything that is told from now on: whsec_ and base64.'),
    previousUntil: InstantText.describe('Until then it is signed with the secret before, too.'),
  }),
);
export type EventListenerSecret = z.infer<typeof EventListenerSecret>;

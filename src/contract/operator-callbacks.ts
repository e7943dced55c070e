// Operator API: callback listeners, their deliveries, and the audit log; in our own words.

import { z } from 'zod';
import { accepts, named, oneOf, wholeNumber, withoutNulls } from './schema.ts';
import { AccountName, CampaignId, InstantText, pageOf, pageQuery } from './shared.ts';

export const GENERATIONS = ['v1', 'v2', 'v3'] as const;
export type Generation = (typeof GENERATIONS)[number];

export const ListenerParams = z.object({ accountName: AccountName, generation: oneOf(GENERATIONS) });

/** `refused`: its address may not be called; `lastError` names the setting that allows it. */
export const LISTENER_STATES = ['ok', 'failing', 'refused'] as const;

export const ListenerView = named(
  'ListenerView',
  z.object({
    generation: z.enum(GENERATIONS),
    url: z.string(),
    username: z.string().exactOptional(),
    createdAt: InstantText,
    state: z.enum(LISTENER_STATES),
    waiting: z.int().describe('Events that are not yet delivered.'),
    lagSeconds: z.int().describe('Age of the oldest of them.'),
    deadLetters: z.int().describe('Events that were given up; replay sends them again.'),
    lastDeliveredAt: InstantText.exactOptional(),
    lastError: z.string().exactOptional(),
  }),
);
export type ListenerView = z.infer<typeof ListenerView>;
/** An account has one listener of each generation at most, so there is only one page. */
export const ListenerPage = pageOf('ListenerPage', ListenerView);

/** Shown once, when it is made. */
export const ListenerSecret = named(
  'ListenerSecret',
  z.object({
    generation: z.enum(GENERATIONS),
    secret: z.string().describe('Signs every delivery from now on: whsec_ and base64.'),
    previousUntil: InstantText.describe(
      'Until then deliveries are signed with the secret before, too.',
    ).exactOptional(),
  }),
);
export type ListenerSecret = z.infer<typeof ListenerSecret>;

export const ListenerTest = named(
  'ListenerTest',
  z.object({
    delivered: z.boolean(),
    url: z.string(),
    status: z.int().describe('HTTP status that the listener answered.').exactOptional(),
    error: z.string().exactOptional(),
    milliseconds: z.int(),
  }),
);
export type ListenerTest = z.infer<typeof ListenerTest>;

export const ReplayRequest = named(
  'ReplayRequest',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        from: wholeNumber(1, Number.MAX_SAFE_INTEGER).describe('The first event, by its number in its campaign.'),
        campaignId: CampaignId.describe('Absent: every campaign.').exactOptional(),
      },
      accepts('an object {"from": …, "campaignId": …}'),
    ),
  ),
);
export type ReplayRequest = z.infer<typeof ReplayRequest>;

export const ReplayResult = named(
  'ReplayResult',
  z.object({ events: z.int().describe('Events that are sent again.') }),
);
export type ReplayResult = z.infer<typeof ReplayResult>;

export const DeliveriesQuery = z.preprocess(
  withoutNulls,
  z.object({
    ...pageQuery,
    campaignId: CampaignId.exactOptional(),
    generation: oneOf(GENERATIONS).exactOptional(),
  }),
);
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;

export const DELIVERY_OUTCOMES = ['delivered', 'failed', 'dead'] as const;

/** One try to deliver one event. */
export const DeliveryView = named(
  'DeliveryView',
  z.object({
    generation: z.enum(GENERATIONS),
    campaignId: z.string(),
    number: z.int(),
    eventId: z.string(),
    url: z.string(),
    attempt: z.int(),
    at: InstantText,
    outcome: z.enum(DELIVERY_OUTCOMES).describe('failed: it is tried again. dead: it was given up.'),
    status: z.int().exactOptional(),
    error: z.string().exactOptional(),
    milliseconds: z.int(),
    nextAttemptAt: InstantText.exactOptional(),
  }),
);
export type DeliveryView = z.infer<typeof DeliveryView>;
export const DeliveryPage = pageOf('DeliveryPage', DeliveryView);

export const ACTOR_KINDS = ['operator', 'client', 'user', 'server'] as const;

/** Who changed what, with what it was before and after; secrets are never in it. */
export const AuditView = named(
  'AuditView',
  z.object({
    at: InstantText,
    actor: z.object({ kind: z.enum(ACTOR_KINDS), name: z.string() }),
    accountName: z.string().describe('Absent: it concerns the whole server.').exactOptional(),
    action: z.string().describe('A verb and its object, like "change account settings".'),
    target: z.string().describe('What was changed, like a campaign id or an IMEI.'),
    before: z.record(z.string(), z.unknown()).exactOptional(),
    after: z.record(z.string(), z.unknown()).exactOptional(),
  }),
);
export type AuditView = z.infer<typeof AuditView>;
export const AuditPage = pageOf('AuditPage', AuditView);

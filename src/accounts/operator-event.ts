// What the operator of the server should know at once: raised once for each cause, cleared when it is over, told to a listener of its own.
import type { AccountName, CampaignId, Instant } from '../campaigns/index.ts';

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
export type OperatorEventKind = (typeof OPERATOR_EVENT_KINDS)[number];

export type EventFacts = Readonly<Record<string, string | number>>;

/** What is told next, and when; a try that fails puts it off. */
export interface EventTelling {
  readonly what: 'raised' | 'cleared';
  readonly dueAt: Instant;
  /** Tries that failed, and when the first of them was. */
  readonly tries: number;
  readonly since?: Instant;
}

export interface OperatorEvent {
  /** Rising; 0 before it is stored. */
  readonly id: number;
  readonly revision: number;
  readonly kind: OperatorEventKind;
  /** Names what it is about: of one cause one event is open at a time. */
  readonly cause: string;
  readonly account?: AccountName;
  readonly campaign?: CampaignId;
  /** One sentence, with what to do where that is known. */
  readonly text: string;
  readonly facts: EventFacts;
  readonly raisedAt: Instant;
  /** Absent: it is open. */
  readonly clearedAt?: Instant;
  /** Absent: nothing waits to be told. */
  readonly telling?: EventTelling;
  /** How the last try to tell it ended. */
  readonly told?: { readonly at: Instant; readonly error?: string };
}

/** Where the operator of the server wants to be told; one for the whole server. */
export interface EventListener {
  readonly url: string;
  /** Hosts and address ranges that may be told although they are not public. */
  readonly allowPrivateCallbackHosts: readonly string[];
  /** `whsec_` and base64, as Standard Webhooks writes it. */
  readonly secret: string;
  readonly previous?: { readonly secret: string; readonly until: Instant };
  readonly createdAt: Instant;
}

export type EventListenerRequest = Pick<EventListener, 'url' | 'allowPrivateCallbackHosts'>;

/** The secret stays when the listener is replaced. */
export const registeredEventListener = (
  { url, allowPrivateCallbackHosts }: EventListenerRequest,
  stored: EventListener | undefined,
  freshSecret: string,
  now: Instant,
): EventListener => ({
  ...(stored ?? { secret: freshSecret, createdAt: now }),
  url,
  allowPrivateCallbackHosts,
});

export const EVENT_LIMITS = {
  /** How long events that are over are kept (milliseconds). */
  keptMax: 90 * 86_400_000,
  /** Open events that are looked at together. */
  openMax: 1_000,
  /** Events that are told in one turn. */
  toldMax: 20,
  /** Nobody else tells an event for so long once a node has begun to (milliseconds): longer than one try may take. */
  tellLease: 60_000,
} as const;

/** Cleared as soon as it is over; what was not told of its raising is told with it. */
export const cleared = (event: OperatorEvent, now: Instant): OperatorEvent => ({
  ...event,
  clearedAt: now,
  telling: { what: 'cleared', dueAt: now, tries: 0 },
});

/** A node takes it up: for the length of the lease it is due to nobody else. */
export const takenUp = (event: OperatorEvent, telling: EventTelling, now: Instant): OperatorEvent => ({
  ...event,
  telling: { ...telling, dueAt: (now + EVENT_LIMITS.tellLease) as Instant },
});

/** What became of a try. `again`: absent when it got through, or was given up. */
export function toldOf(
  { telling: _done, ...event }: OperatorEvent,
  now: Instant,
  outcome: { readonly error?: string; readonly again?: EventTelling },
): OperatorEvent {
  const { error, again } = outcome;
  return {
    ...event,
    told: { at: now, ...(error === undefined ? {} : { error }) },
    ...(again === undefined ? {} : { telling: again }),
  };
}

// An update: one device's part in one campaign, its states and the moves between them.
import type { Evidence } from './device.ts';
import type { AccountName, CampaignId, ImageToken, Imei } from './ids.ts';
import type { FailureReason, RejectReason, WaitReason } from './reasons.ts';
import type { Rule } from './rules.ts';
import type { Instant } from './time.ts';

/** One try of an update. */
export interface Attempt {
  /** From 1. A suspended attempt that is taken up again keeps its number, token and action. */
  readonly number: number;
  readonly token: ImageToken;
  /** DDI action; never used twice for a device. */
  readonly actionId: number;
  readonly offeredAt: Instant;
  /** The least that proves this attempt, settled when it was offered (engine.md §6). */
  readonly leastEvidence: Evidence;
  /** LwM2M: Result of object 5 when it was offered; until bytes have moved, the same one tells nothing about this attempt. */
  readonly resultBefore?: string;
  /** Orders to install that the device refused. */
  readonly executesRefused: number;
  /** LwM2M: how the image travels. */
  readonly delivery: 'pull' | 'push';
  /** Set by the first transfer grant. */
  readonly transfer?: Transfer;
  /** The device's boot or registration that was current when the installation was started. */
  readonly registrationSince?: Instant;
  /** When we last interrupted it. */
  readonly interruptedAt?: Instant;
  readonly interruptions: number;
}

/** What was committed before the first byte and after the last one (engine.md §5). */
export interface Transfer {
  readonly grantedAt: Instant;
  /** No permit of this transfer reaches beyond this: the earliest close. */
  readonly notAfter: Instant;
  readonly completeAt?: Instant;
  /** When its last answer ended; absent while one is under way, and after a crash: then nobody knows what was sent. */
  readonly endedAt?: Instant;
  readonly bytes: number;
}

export type UpdateState =
  | {
      readonly name: 'waiting';
      readonly reason: WaitReason;
      /** Nothing is offered before this. */
      readonly readyAt: Instant;
      /** It was asked and is not asked again before this, unless it speaks first. */
      readonly askAt?: Instant;
      readonly suspended?: Attempt;
    }
  | {
      readonly name: 'offered';
      readonly attempt: Attempt;
      readonly untilUntouched: Instant;
      readonly actedAt?: Instant /** The device has the offer: what it answered before belongs to earlier times. */;
      readonly deliveredAt?: Instant;
    }
  | { readonly name: 'downloading'; readonly attempt: Attempt; readonly idleDeadline: Instant }
  | { readonly name: 'downloaded'; readonly attempt: Attempt; readonly since: Instant; readonly askAt: Instant }
  | {
      readonly name: 'installing';
      readonly attempt: Attempt;
      readonly since: Instant;
      readonly deadline: Instant;
      /** `pending`: committed, not yet sent. `unknown`: sent, outcome not known (engine.md §5). */
      readonly order: 'pending' | 'sent' | 'unknown';
      readonly askAt: Instant;
    }
  | {
      readonly name: 'verifying';
      readonly attempt: Attempt;
      readonly since: Instant;
      readonly deadline: Instant;
      readonly word: Evidence;
    }
  | Final;

export type Final =
  | { readonly name: 'succeeded'; readonly at: Instant; readonly evidence: Evidence; readonly attempt: number }
  | {
      readonly name: 'failed';
      readonly at: Instant;
      readonly reason: FailureReason;
      readonly attempt: number;
      readonly detail?: string;
    }
  | { readonly name: 'rejected'; readonly at: Instant; readonly reason: RejectReason; readonly detail?: string }
  | { readonly name: 'cancelled' | 'aborted' | 'expired'; readonly at: Instant };

export type StateName = UpdateState['name'];
export type LiveState = Extract<UpdateState, { readonly attempt: Attempt }>;

/** Legal moves; tests compare every transition seen with this table, docs print it. */
export const UPDATE_MOVES = {
  waiting: [
    'waiting',
    'offered',
    'downloading',
    'downloaded',
    'succeeded',
    'failed',
    'rejected',
    'cancelled',
    'aborted',
    'expired',
  ],
  offered: [
    'offered',
    'waiting',
    'downloading',
    'downloaded',
    'installing',
    'verifying',
    'succeeded',
    'failed',
    'aborted',
    'expired',
  ],
  downloading: [
    'downloading',
    'waiting',
    'downloaded',
    'installing',
    'verifying',
    'succeeded',
    'failed',
    'aborted',
    'expired',
  ],
  downloaded: [
    'downloaded',
    'waiting',
    'installing',
    'verifying',
    'succeeded',
    'failed',
    'rejected',
    'aborted',
    'expired',
  ],
  installing: ['installing', 'waiting', 'downloaded', 'verifying', 'succeeded', 'failed', 'aborted', 'expired'],
  verifying: ['verifying', 'waiting', 'succeeded', 'failed', 'aborted', 'expired'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
  aborted: ['aborted'],
  expired: ['expired'],
} as const satisfies Record<StateName, readonly StateName[]>;

export const FINAL_STATES: readonly StateName[] = [
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
  'aborted',
  'expired',
];
export const isFinal = (state: UpdateState): state is Final => FINAL_STATES.includes(state.name);
/** A live attempt holds a slot. */
export const isLive = (state: UpdateState): state is LiveState => 'attempt' in state && !isFinal(state);

/** How an attempt ended; never changes afterwards. */
export interface AttemptOutcome {
  readonly number: number;
  readonly offeredAt: Instant;
  readonly endedAt: Instant;
  readonly outcome:
    | 'succeeded'
    | 'suspended'
    | 'untouched'
    | 'unreachable'
    | 'deferred'
    | 'campaign-over'
    | FailureReason;
  /** Image bytes may have reached the device: from here on a new version on it may be ours. */
  readonly transferred: boolean;
  /** HTTP: the device itself closed the action; nothing of it is open there. */
  readonly closed: boolean;
  readonly bytes: number;
  readonly rule: Rule;
}

export interface Update {
  readonly account: AccountName;
  readonly campaign: CampaignId;
  readonly imei: Imei;
  readonly revision: number;
  /** Place of its stratum in the campaign's list. */
  readonly stratum: number;
  /** The device can be spoken to at any time: the steward offers by itself. */
  readonly awake: boolean;
  readonly hash: number;
  /** Attempts that were spent; a suspended, deferred or untouched one is not. */
  readonly attempts: number;
  readonly state: UpdateState;
  /** Rule of the last change. */
  readonly rule: Rule;
  readonly changedAt: Instant;
  /** When a timer has to look at it, if nothing happens before. */
  readonly nextActionAt?: Instant;
  readonly history: readonly AttemptOutcome[];
  /** What the device told after the end; the outcome stays (engine.md §1). */
  readonly lateResult?: { readonly at: Instant; readonly result: 'succeeded' | 'failed'; readonly detail?: string };
  /** The closed period whose refusal is already in the ledger. */
  readonly refusedUntil?: Instant;
}

/** Whether bytes may have reached the device; false only where every answer is known to have ended without one. */
export const mayHaveSent = (transfer: Transfer | undefined): boolean =>
  transfer !== undefined && (transfer.endedAt === undefined || transfer.bytes > 0 || transfer.completeAt !== undefined);

/** The attempt that is under way, or suspended. */
export const attemptOf = ({ state }: Update): Attempt | undefined =>
  isLive(state) ? state.attempt : state.name === 'waiting' ? state.suspended : undefined;

/** Whether image bytes of this campaign may have reached the device, in whichever attempt. */
export const mayHoldImage = (update: Update): boolean =>
  mayHaveSent(attemptOf(update)?.transfer) || update.history.some((past) => past.transferred);

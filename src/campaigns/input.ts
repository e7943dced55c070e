// What a decision about an update is made from: the rows it sees and the one thing that has happened.
import type { LabelBudget } from './arrivals.ts';
import type { Campaign } from './campaign.ts';
import type { SlotLease } from './change.ts';
import type { Device, DeviceProfile } from './device.ts';
import type { ImageToken, NodeId } from './ids.ts';
import type { FailureReason } from './reasons.ts';
import type { Instant } from './time.ts';
import type { Update } from './update.ts';

export interface Snapshot {
  readonly update: Update;
  readonly campaign: Campaign;
  readonly device: Device;
  readonly profile: DeviceProfile;
  /** The lease of the node that decides, if it has one. */
  readonly slots?: SlotLease;
  /** Allowances of the labels of the device that have one. */
  readonly budgets?: readonly LabelBudget[];
}

/** What every decision is handed: the time, who decides, and fresh randomness in case a token is needed. */
export interface Moment {
  readonly now: Instant;
  readonly node: NodeId;
  readonly token: ImageToken;
  /** Version of the time zone data by which windows are judged; the ledger names it. */
  readonly tzdata?: string;
}

/** The Firmware Update object as just read, in our words (devices.md; OMA LwM2M object 5). */
export interface FirmwareObject {
  readonly state: 'idle' | 'downloading' | 'downloaded' | 'updating';
  readonly result: 'initial' | 'success' | 'deferred' | 'cancelled' | FailureReason;
  readonly canPull: boolean;
  readonly canPush: boolean;
  readonly packageVersion?: string;
}

/** A device's answer to an `ask`; what it did not tell is absent. */
export interface DeviceReading {
  readonly make?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** Labels that the device itself tells: in which cell and whose network it is. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `absent`: the device has no such object. */
  readonly object5?: FirmwareObject | 'absent';
}

/** What an HTTP device tells about its current action (hawkBit DDI feedback), in our words. */
export type Report =
  | {
      readonly step: 'progress' | 'downloading' | 'downloaded' | 'installed' | 'deferred' | 'cancelled' | 'rejected';
      readonly detail?: string;
    }
  | { readonly step: 'failed'; readonly detail?: string };

/** What one answer or push has sent. Its instants are those at which its first and its last byte were handed to a socket. */
export interface BytesSent {
  /** The sum that was sent for this attempt. */
  readonly bytes: number;
  readonly firstByteAt?: Instant;
  readonly lastByteAt?: Instant;
}

export type UpdateInput =
  /** The device polled or registered. */
  | { readonly type: 'contact' }
  /** An LwM2M device was asked, at `askedAt`, and answered; its inventory in the snapshot already shows the answer. */
  | { readonly type: 'reading'; readonly askedAt: Instant; readonly object5?: FirmwareObject | 'absent' }
  /** A DDI device told its attributes; the inventory in the snapshot already shows them. */
  | { readonly type: 'attributes' }
  /** The device looked at the offer. */
  | { readonly type: 'acted' }
  | { readonly type: 'report'; readonly report: Report }
  /** The device asks for image bytes from `offset` on, or a push is about to begin. */
  | { readonly type: 'transfer-begin'; readonly offset: number }
  /** A transfer ended: all bytes were sent, or not; `took` in milliseconds. */
  | ({ readonly type: 'transfer-end'; readonly complete: boolean; readonly took: number } & BytesSent)
  /** Bytes moved; kept at most once a minute, so that idle deadlines follow progress. */
  | { readonly type: 'transfer-progress'; readonly bytes: number }
  /** We cut the transfer: the permit ended. Without `sent` nobody knows what had left by then. */
  | { readonly type: 'interrupted'; readonly sent?: BytesSent }
  | {
      readonly type: 'settled';
      readonly intent: 'ask' | 'offer' | 'execute';
      readonly attempt?: number;
      readonly outcome: SendOutcome;
    }
  | { readonly type: 'due' }
  | { readonly type: 'swept' };

/** `refused`: the device answered and would not. `unknown`: it may have arrived. `withheld`: the permit was gone when it was to be sent. */
export type SendOutcome =
  | { readonly is: 'delivered' }
  | { readonly is: 'refused'; readonly detail: string }
  | { readonly is: 'no-answer' }
  | { readonly is: 'unknown' }
  | { readonly is: 'withheld'; readonly until?: Instant };

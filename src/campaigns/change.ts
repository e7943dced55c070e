// What a decision results in: rows to write, entries for the steward, intents for the outbox, all in one commit.
import type { Audience, CallbackEvent, DeviceEvent } from './callbacks.ts';
import type { Campaign } from './campaign.ts';
import type { Device } from './device.ts';
import type { KeptBook } from './guard.ts';
import type { AccountName, CampaignId, CampaignKey, DeviceKey, ImageToken, Imei, NodeId, UpdateKey } from './ids.ts';
import type { Licence, LicencePool } from './licence.ts';
import type { Rule } from './rules.ts';
import type { Instant } from './time.ts';
import type { StateName, Update } from './update.ts';

/** A node's share of a campaign's slots: used by the node, filled and emptied by the steward. */
export interface SlotLease {
  readonly account: AccountName;
  readonly campaign: CampaignId;
  readonly node: NodeId;
  readonly revision: number;
  readonly free: number;
  /** Updates that may still be begun under it: arrivals are leased like slots (engine.md §4). */
  readonly arrivals: number;
  readonly until: Instant;
}

/** An allowance that several campaigns share: of an account, or of the devices with one label of it (engine.md §4). */
export interface Budget {
  readonly account: AccountName;
  /** `account`, or `key=value` of a label. */
  readonly scope: string;
  readonly revision: number;
  /** Thousandths of an arrival that it held at `at`. */
  readonly level: number;
  readonly at: Instant;
}

/** One thing that happened to a campaign or update: the steward's inbox, and later the ledger's text. */
export interface Entry {
  readonly account: AccountName;
  readonly campaign: CampaignId;
  readonly imei?: Imei;
  readonly at: Instant;
  readonly kind: EntryKind;
  readonly rule: Rule;
  /** The tallies move by this; `none` before admission, `gone` after removal from the list. */
  readonly move?: { readonly from: StateName | 'none'; readonly to: StateName | 'gone' };
  /** The stratum of its update, where that is not the first, and whether it joined while the campaign ran. */
  readonly stratum?: number;
  readonly joined?: true;
  /** Slots taken (+1) from a node's lease or set free (-1). */
  readonly slots?: 1 | -1;
  /** Further facts, flat, for the ledger and for explaining. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

export const ENTRY_KINDS = [
  'admission',
  'offer',
  'refusal',
  'transfer-grant',
  'last-byte',
  'execute',
  'report',
  'verification',
  'state',
  'late',
  'violation',
  'phase',
  'hold',
  'rollout',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What leaves the server, once committed. `execute` may not happen twice; the others may (engine.md §5). */
export type Intent =
  | { readonly kind: 'ask'; readonly device: DeviceKey }
  | {
      readonly kind: 'offer';
      readonly update: UpdateKey;
      readonly attempt: number;
      readonly token: ImageToken;
      readonly delivery: 'pull' | 'push';
      /** Whether object 5 is brought back to Idle first. */
      readonly reset: boolean;
    }
  | { readonly kind: 'execute'; readonly update: UpdateKey; readonly attempt: number }
  | { readonly kind: 'clean-up'; readonly device: DeviceKey; readonly campaign: CampaignId }
  | { readonly kind: 'callback'; readonly to: readonly Audience[]; readonly event: CallbackEvent };

/** What is sent to a device, from the outbox; callbacks stand in a line of their own for each listener. */
export type DeviceIntent = Exclude<Intent, { readonly kind: 'callback' }>;

/**
 * A turn to tell one listener the next event of one campaign: claimed by one node at a time, so that events of a campaign
 * reach a listener one after the other.
 */
export interface CallbackTurn extends CampaignKey {
  readonly to: Audience;
  /** Where the line stood when it was claimed: a replay that was ordered meanwhile is not lost. */
  readonly from: number;
  /** The last number that there was then. */
  readonly last: number;
  /** Which claim of the line it is: a claim that has run out settles nothing. */
  readonly claim: number;
}

/** One try to tell a listener, for the delivery log. `dead`: the last one, the event is given up and leaves a gap. */
export interface Delivery extends CampaignKey {
  readonly to: Audience;
  readonly number: number;
  /** Counted from 1. */
  readonly attempt: number;
  readonly at: Instant;
  readonly outcome: 'delivered' | 'failed' | 'dead';
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  readonly error?: string;
  readonly took: number;
}

/** What follows a turn: the next number, or the same one again. */
export type AfterTurn =
  | { readonly is: 'next'; readonly number: number }
  | { readonly is: 'again'; readonly at: Instant; readonly tries: number; readonly since: Instant };

/** `replace` expects the stored revision to be the row's, and stores the next one. */
export type Write =
  | { readonly op: 'insert-update' | 'replace-update' | 'delete-update'; readonly row: Update }
  | { readonly op: 'insert-device' | 'replace-device' | 'delete-device'; readonly row: Device }
  /** A replacement of which only the campaign that the device takes part in is new: lists have many of them. */
  | { readonly op: 'claim-device'; readonly row: Device }
  | { readonly op: 'insert-campaign' | 'replace-campaign'; readonly row: Campaign }
  | { readonly op: 'insert-slots' | 'replace-slots'; readonly row: SlotLease }
  /** Expects the stored revision to be the row's (0: no row), and stores the next one. */
  | { readonly op: 'replace-budget'; readonly row: Budget }
  | {
      readonly op: 'insert-intake';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly parts: readonly (readonly string[])[];
    }
  | {
      readonly op: 'replace-intake';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly part: number;
      readonly imeis: readonly string[];
    }
  | {
      readonly op: 'delete-intake';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly part: number;
    }
  | {
      readonly op: 'seal';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly sealed: readonly SealedEntry[];
    }
  /** Entries that come with their place: what the steward itself decides, in the commit that counts it. */
  | {
      readonly op: 'insert-sealed';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly sealed: readonly NewSealedEntry[];
    }
  /** The score book of a campaign; written by its steward only. */
  | {
      readonly op: 'keep-score';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly kept: KeptBook;
    }
  | { readonly op: 'settle'; readonly intent: number }
  | { readonly op: 'insert-licence' | 'delete-licence'; readonly row: Licence }
  /** Expects the stored revision to be the row's (0: no row), and stores the next one. */
  | { readonly op: 'replace-pool'; readonly row: LicencePool }
  /** A device that fits waits for the steward of a campaign that adds such devices. */
  | { readonly op: 'insert-joiner' | 'delete-joiner'; readonly key: UpdateKey }
  /** The device events that wait to be told; none: nothing waits. */
  | {
      readonly op: 'gather';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly devices: readonly DeviceEvent[];
    }
  | {
      readonly op: 'settle-callback';
      readonly turn: CallbackTurn;
      readonly after: AfterTurn;
      readonly at: Instant;
      readonly delivery?: Delivery;
    };

/** An entry with its place in the campaign's order and the exact text that was hashed. */
export interface SealedEntry {
  readonly id: number;
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
}

/** The same of an entry that was not stored before. */
export interface NewSealedEntry extends Omit<SealedEntry, 'id'> {
  readonly imei?: Imei;
}

export interface Change {
  readonly writes: readonly Write[];
  readonly entries: readonly Entry[];
  readonly intents: readonly Intent[];
  /** Why; also when nothing changes. */
  readonly rule: Rule;
}

export const noChange = (rule: Rule): Change => ({ writes: [], entries: [], intents: [], rule });
export const isEmpty = (change: Change): boolean =>
  change.writes.length === 0 && change.entries.length === 0 && change.intents.length === 0;

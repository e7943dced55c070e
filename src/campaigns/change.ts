// What a decision results in: rows to write, entries for the steward, intents for the outbox, all in one commit.
import type { Campaign } from './campaign.ts';
import type { Device } from './device.ts';
import type { AccountName, CampaignId, DeviceKey, ImageToken, Imei, NodeId, UpdateKey } from './ids.ts';
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
  readonly until: Instant;
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
  'phase',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What a customer is told about one device. */
export interface DeviceEvent {
  readonly imei: Imei;
  readonly state: StateName;
  readonly reason?: string;
  readonly at: Instant;
}

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
  | {
      readonly kind: 'callback';
      readonly account: AccountName;
      readonly campaign: CampaignId;
      readonly number: number;
      readonly phase?: Campaign['phase']['name'];
      readonly devices: readonly DeviceEvent[];
    };

/** `replace` expects the stored revision to be the row's, and stores the next one. */
export type Write =
  | { readonly op: 'insert-update' | 'replace-update' | 'delete-update'; readonly row: Update }
  | { readonly op: 'insert-device' | 'replace-device' | 'delete-device'; readonly row: Device }
  | { readonly op: 'insert-campaign' | 'replace-campaign'; readonly row: Campaign }
  | { readonly op: 'insert-slots' | 'replace-slots'; readonly row: SlotLease }
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
  | { readonly op: 'settle'; readonly intent: number };

/** An entry with its place in the campaign's order and the exact text that was hashed. */
export interface SealedEntry {
  readonly id: number;
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
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

// What the engine needs from the outside: stored rows, senders, a clock, randomness, a hash. Types only.
import type {
  Campaign,
  CampaignKey,
  Candidate,
  Change,
  Device,
  DeviceKey,
  DeviceSnapshot,
  Digest,
  ImageToken,
  Instant,
  Intent,
  NodeId,
  SendOutcome,
  SlotLease,
  Snapshot,
  UnsealedEntry,
  Update,
  UpdateKey,
} from '../campaigns/index.ts';

export interface Clock {
  now(): Instant;
}

export interface Random {
  /** A fresh image token: 128 bits in base64url. */
  token(): ImageToken;
}

/** `stale`: a row had another revision than the change expected; nothing of the change was stored. */
export type CommitResult = 'saved' | 'stale';

export interface ClaimedIntent {
  readonly id: number;
  readonly intent: Intent;
  /** It was claimed before and never settled: whoever had it may have sent it. */
  readonly again: boolean;
}

export interface StewardSnapshot {
  readonly campaign: Campaign;
  /** In one total order, at most `foldMax`. */
  readonly unsealed: readonly UnsealedEntry[];
  readonly leases: readonly SlotLease[];
  /** Live nodes, in a fixed order. */
  readonly nodes: readonly NodeId[];
}

export interface IntakePart {
  readonly part: number;
  readonly imeis: readonly string[];
  /** No other part is left. */
  readonly last: boolean;
}

/**
 * Rows of the engine. Every method is one short transaction; `commit` is the only one that writes rows, and each
 * change of it is stored whole or not at all (engine.md §10). A `settle` of an outbox row that is gone already is no
 * obstacle: the rest of its change is stored.
 */
export interface EngineStore {
  /** Snapshots in the order of the keys; undefined where there is no such update. `node`: whose slot lease is included. */
  loadUpdates(keys: readonly UpdateKey[], node: NodeId): Promise<readonly (Snapshot | undefined)[]>;
  loadDevice(key: DeviceKey, node: NodeId): Promise<DeviceSnapshot | undefined>;
  /** The update whose current or suspended attempt has this token; not of final updates. */
  updateOfToken(token: ImageToken): Promise<UpdateKey | undefined>;
  loadCampaign(key: CampaignKey): Promise<Campaign | undefined>;

  /** Updates whose `nextActionAt` has come, longest overdue first; claimed for `claimLease`, so that nodes share them. */
  claimDue(now: Instant, max: number): Promise<readonly UpdateKey[]>;
  /** Campaigns with unsealed entries or a due `nextActionAt`; leased to this node as their steward for `stewardLease`. */
  claimCampaigns(now: Instant, max: number, node: NodeId): Promise<readonly CampaignKey[]>;
  loadSteward(key: CampaignKey, now: Instant): Promise<StewardSnapshot | undefined>;
  /** The first part of a campaign's list that admission has not looked at. */
  loadIntake(key: CampaignKey): Promise<IntakePart | undefined>;
  /** Every part, for changing a list before admission has looked at it. */
  loadIntakeAll(key: CampaignKey): Promise<readonly IntakePart[]>;
  /** What is known of the lines of a device list, in their order. */
  loadCandidates(key: CampaignKey, imeis: readonly string[]): Promise<readonly Candidate[]>;
  /** Waiting updates of reachable LwM2M devices that may be asked now, ordered by wave, attempts, hash. */
  loadReady(key: CampaignKey, now: Instant, max: number): Promise<readonly UpdateKey[]>;
  /** Updates of an ended campaign that are neither final nor installing or verifying. */
  loadSweep(key: CampaignKey, max: number): Promise<readonly UpdateKey[]>;

  /**
   * Outbox rows that nobody works on, oldest first; claimed for `sendLease`. Rows for an LwM2M device go to the node
   * where it is registered, or to any node when that one is dead. Callbacks of one campaign come one at a time.
   */
  claimIntents(now: Instant, max: number, node: NodeId): Promise<readonly ClaimedIntent[]>;

  /**
   * The node has started again: outbox rows that an earlier life of it had claimed can be claimed at once, marked `again`.
   * Therefore an outbox row keeps who claimed it; its claim lasts `sendLease` (due rows: `claimLease`). Answers the rows.
   */
  release(node: NodeId): Promise<readonly Intent[]>;
  /** The node is alive until `until`. */
  beat(node: NodeId, now: Instant, until: Instant): Promise<void>;
  commit(changes: readonly Change[], now: Instant): Promise<readonly CommitResult[]>;
}

/** An intent with everything needed to carry it out; `until`: nothing of it may leave after this. */
export type Sendable =
  | { readonly kind: 'ask'; readonly id: number; readonly device: Device; readonly snapshot?: Snapshot }
  | {
      readonly kind: 'offer' | 'execute';
      readonly id: number;
      readonly device: Device;
      readonly snapshot: Snapshot;
      readonly until: Instant;
      readonly intent: Extract<Intent, { readonly kind: 'offer' | 'execute' }>;
    }
  | { readonly kind: 'clean-up'; readonly id: number; readonly device: Device }
  | { readonly kind: 'callback'; readonly id: number; readonly intent: Extract<Intent, { readonly kind: 'callback' }> };

/** Starts work and returns; the outcome comes back through `Engine.sendSettled`. */
export interface Sender {
  send(sendable: Sendable): void;
}

/** What is kept of a failure that nobody can be told: a change that stayed stale, a sender that threw. */
export interface EngineLog {
  event(name: string, facts: Readonly<Record<string, string | number>>): void;
}

export interface EngineParts {
  readonly store: EngineStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly sender: Sender;
  readonly node: NodeId;
  readonly log: EngineLog;
}

export type { SendOutcome, Update };

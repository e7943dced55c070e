// What the engine needs from the outside: stored rows, senders, a clock, randomness, a hash. Types only.
import type { CheckIn, DeviceLog, LicencesSeen, Listener } from '../accounts/index.ts';
import type {
  AccountAllowance,
  AccountName,
  CallbackEvent,
  CallbackTurn,
  Campaign,
  CampaignKey,
  Candidate,
  Change,
  Device,
  DeviceIntent,
  DeviceKey,
  DeviceProfile,
  DeviceSnapshot,
  Digest,
  ImageToken,
  Imei,
  Instant,
  KeptBook,
  Licensing,
  NodeId,
  Rule,
  SendOutcome,
  Signer,
  SlotLease,
  Snapshot,
  Telling,
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
  readonly intent: DeviceIntent;
  /** It was claimed before and never settled: whoever had it may have sent it. */
  readonly again: boolean;
}

/** A listener's turn to be told the next event of one campaign. */
export interface ClaimedCallback {
  readonly turn: CallbackTurn;
  readonly listener: Listener;
  /** Hosts and address ranges that the account allows beside the public ones. */
  readonly allowed: readonly string[];
  /** Absent: the event is no longer kept, there is nothing to tell. */
  readonly event?: CallbackEvent;
  /** Tries of this event that failed, and when the first of them was. */
  readonly tries: number;
  readonly since?: Instant;
}

export interface StewardSnapshot extends Telling {
  readonly campaign: Campaign;
  /** In one total order, at most `foldMax`. */
  readonly unsealed: readonly UnsealedEntry[];
  readonly leases: readonly SlotLease[];
  /** Live nodes, in a fixed order. */
  readonly nodes: readonly NodeId[];
  readonly kept?: KeptBook;
  /** What all campaigns of the account may begin together; absent: there is no cap. */
  readonly allowance?: AccountAllowance;
}

export interface HashRow {
  readonly imei: string;
  readonly stratum: number;
  readonly hash: number;
  readonly waits: boolean;
}

export interface IntakePart {
  readonly part: number;
  readonly imeis: readonly string[];
  /** No other part is left. */
  readonly last: boolean;
}

/** What admission and orders about licences look at beside the campaign. */
export interface NeighbourLoads {
  /** Undefined where the account's subscription asks for no licence. */
  loadLicensing(account: AccountName, imeis: readonly string[]): Promise<Licensing | undefined>;
  loadLicences(account: AccountName, imeis: readonly string[]): Promise<LicencesSeen>;
  /** Campaigns that add devices by themselves and are not over. */
  addingCampaigns(account: AccountName): Promise<readonly Campaign[]>;
  /** Devices that wait to join, by IMEI. */
  loadJoiners(key: CampaignKey, max: number): Promise<readonly Imei[]>;
}

/**
 * Rows of the engine. Every method is one short transaction; `commit` is the only one that writes rows, and each
 * change of it is stored whole or not at all (engine.md §10). A `settle` of an outbox row that is gone already is no
 * obstacle: the rest of its change is stored.
 */
export interface EngineStore extends NeighbourLoads {
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
  /**
   * Waiting updates of devices that can be spoken to at any time and may be asked now, the fewest attempts first, then by
   * hash. `open`: by stratum the highest hash that counts; absent: there is only one stratum, and every one does.
   */
  loadReady(
    key: CampaignKey,
    now: Instant,
    which: { readonly max: number; readonly open?: readonly number[] | undefined },
  ): Promise<readonly UpdateKey[]>;
  /** Every update of a campaign by IMEI, as far as steps are cut by it. */
  loadHashes(key: CampaignKey, page: { readonly after?: string; readonly max: number }): Promise<readonly HashRow[]>;
  /** Updates of an ended campaign that are neither final nor installing or verifying. */
  loadSweep(key: CampaignKey, max: number): Promise<readonly UpdateKey[]>;

  /**
   * Outbox rows that nobody works on, oldest first; claimed for `sendLease`. Rows for an LwM2M device go to the node
   * where it is registered, or to any node when that one is dead. Callbacks are no rows of the outbox: see below.
   */
  claimIntents(now: Instant, max: number, node: NodeId): Promise<readonly ClaimedIntent[]>;
  /**
   * Turns of listeners that are due, claimed for `callbackLease`: one at a time for each listener and campaign, in the
   * order of numbers; at most `callbacksPerListenerMax` at a time for each listener. Every listener's first turn comes
   * before any listener's second, so that one with many campaigns does not hold up the others.
   */
  claimCallbacks(now: Instant, max: number, node: NodeId): Promise<readonly ClaimedCallback[]>;

  /**
   * The node has started again: outbox rows and callbacks that an earlier life of it had claimed can be claimed at once,
   * marked `again`. Therefore an outbox row keeps who claimed it; its claim lasts `sendLease` (due rows: `claimLease`).
   * Answers the intents of these rows.
   */
  release(node: NodeId): Promise<readonly DeviceIntent[]>;
  /** The node is alive until `until`. */
  beat(node: NodeId, now: Instant, until: Instant): Promise<void>;
  commit(changes: readonly Change[], now: Instant): Promise<readonly CommitResult[]>;
}

/** An intent with everything needed to carry it out; `until`: nothing of it may leave after this. */
export type Sendable =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly device: Device;
      readonly profile: DeviceProfile;
      readonly snapshot?: Snapshot;
      /** Its cell and carrier are wanted too. */
      readonly network?: boolean;
    }
  | {
      readonly kind: 'offer' | 'execute';
      readonly id: number;
      readonly device: Device;
      readonly snapshot: Snapshot;
      readonly until: Instant;
      readonly intent: Extract<DeviceIntent, { readonly kind: 'offer' | 'execute' }>;
    }
  | { readonly kind: 'clean-up'; readonly id: number; readonly device: Device; readonly profile: DeviceProfile }
  | { readonly kind: 'callback'; readonly callback: DueCallback };

export type DueCallback = ClaimedCallback & { readonly event: CallbackEvent };

/** Starts work and returns; the outcome comes back through `Engine.sendSettled`. */
export interface Sender {
  send(sendable: Sendable): void;
  /** How many callbacks it can take up now; absent: as many as come. */
  callbackRoom?(): number;
}

/** What is kept of a failure that nobody can be told: a change that stayed stale, a sender that threw. */
export interface EngineLog {
  event(name: string, facts: Readonly<Record<string, string | number>>): void;
}

/** Takes note of what devices did and writes it later, many at a time; nothing waits for it. */
export interface Journal {
  checkedIn(checkIn: CheckIn): void;
  logged(log: DeviceLog): void;
}

export interface EngineParts {
  readonly store: EngineStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  /** Absent: heads of the ledger are not signed. */
  readonly signer?: Signer;
  /** Version of the time zone data; the ledger names it beside every window. */
  readonly tzdata?: string;
  readonly sender: Sender;
  readonly node: NodeId;
  readonly log: EngineLog;
  /** Told the rule of every decision that counts: what was stored, what changes nothing, and permits. */
  readonly ruled?: (rule: Rule) => void;
  readonly journal?: Journal;
}

export type { SendOutcome, Update };

// The tables of the memory store and the groups by which their rows are looked for.
import type {
  Account,
  BearerToken,
  Client,
  DeviceSecrets,
  ImageRecord,
  Listener,
  Package,
  Session,
  User,
} from '../accounts/index.ts';
import type {
  AccountName,
  Audience,
  Budget,
  CallbackEvent,
  Campaign,
  CampaignKey,
  Delivery,
  Device,
  DeviceEvent,
  DeviceIntent,
  DeviceKey,
  Entry,
  Instant,
  KeptBook,
  LedgerKey,
  NodeId,
  SlotLease,
  Update,
  UpdateKey,
} from '../campaigns/index.ts';
import { isSwept, tokenOf } from './derived.ts';
import { NeighbourRows } from './memory-neighbour-rows.ts';
import { OperatorRows } from './memory-operators.ts';
import { Journal, Table } from './memory-table.ts';

export interface UpdateRow {
  readonly update: Update;
  readonly claimedUntil?: Instant;
}
export interface CampaignRow {
  readonly campaign: Campaign;
  readonly lease?: { readonly node: NodeId; readonly until: Instant };
}
export interface EntryRow {
  readonly id: number;
  readonly entry: Entry;
  readonly sealed?: { readonly sequence: number; readonly text: string; readonly hash: string };
}
export interface OutboxRow {
  readonly id: number;
  readonly intent: DeviceIntent;
  readonly claims: number;
  readonly claimedBy?: NodeId;
  readonly claimedUntil?: Instant;
}
export interface IntakeRow extends CampaignKey {
  readonly part: number;
  readonly imeis: readonly string[];
}

/** What one listener is told of one campaign: one number after the other. */
export interface LineRow extends CampaignKey {
  readonly generation: Audience;
  readonly next: number;
  readonly last: number;
  /** Absent while nothing waits. */
  readonly dueAt?: Instant;
  readonly tries: number;
  readonly since?: Instant;
  readonly claims: number;
  readonly claimedBy?: NodeId;
  readonly claimedUntil?: Instant;
}

// A blank cannot occur in an account name, a campaign id or the name of a node; a line of a list comes last.
export const campaignText = ({ account, campaign }: CampaignKey): string => `${account} ${campaign}`;
export const updateText = (key: UpdateKey): string => `${campaignText(key)} ${key.imei}`;
export const deviceText = ({ account, imei }: DeviceKey): string => `${account} ${imei}`;
export const slotsText = (lease: CampaignKey & { readonly node: NodeId }): string =>
  `${campaignText(lease)} ${lease.node}`;
export const intakeText = (row: CampaignKey & { readonly part: number }): string => `${campaignText(row)} ${row.part}`;
export const listenerText = (row: { readonly account: AccountName; readonly generation: Audience }): string =>
  `${row.account} ${row.generation}`;
export const lineText = (line: CampaignKey & { readonly generation: Audience }): string =>
  `${listenerText(line)} ${line.campaign}`;
export const callbackText = (event: CampaignKey & { readonly number: number }): string =>
  `${campaignText(event)} ${event.number}`;
export const keyOfCampaign = ({ account, id }: Campaign): CampaignKey => ({ account, campaign: id });
export const keyOfUpdate = ({ account, campaign, imei }: Update): UpdateKey => ({ account, campaign, imei });

function groupsOfUpdate({ update }: UpdateRow): readonly string[] {
  const campaign = campaignText(update);
  const token = tokenOf(update);
  return [
    `campaign ${campaign}`,
    `device ${deviceText(update)}`,
    ...(update.nextActionAt === undefined ? [] : ['timed']),
    ...(update.state.name === 'waiting' ? [`waiting ${campaign}`] : []),
    ...(isSwept(update) ? [`swept ${campaign}`] : []),
    ...(token === undefined ? [] : [`token ${token}`]),
  ];
}

export class MemoryRows {
  readonly journal = new Journal();
  readonly accounts = new Table<Account>(this.journal);
  readonly clients = new Table<Client>(this.journal, ({ account }) => [account]);
  readonly bearers = new Table<BearerToken>(this.journal, ({ clientId }) => [clientId]);
  readonly users = new Table<User>(this.journal);
  readonly sessions = new Table<Session>(this.journal);
  readonly devices = new Table<Device>(this.journal, ({ account, imei }) => [`account ${account}`, `imei ${imei}`]);
  readonly secrets = new Table<DeviceSecrets>(this.journal);
  /** `psk NAME` and `endpoint NAME` → device. */
  readonly directory = new Table<DeviceKey & { readonly entry: string }>(this.journal, (row) => [deviceText(row)]);
  readonly lastSeen = new Table<Instant>(this.journal);
  readonly packages = new Table<Package>(this.journal, ({ account }) => [account]);
  readonly images = new Table<ImageRecord>(this.journal);
  readonly campaigns = new Table<CampaignRow>(this.journal, ({ campaign }) => [campaign.account]);
  readonly intake = new Table<IntakeRow>(this.journal, (row) => [campaignText(row)]);
  readonly updates = new Table<UpdateRow>(this.journal, groupsOfUpdate);
  readonly entries = new Table<EntryRow>(this.journal, ({ entry, sealed }) => [
    `${sealed === undefined ? 'unsealed' : 'sealed'} ${campaignText(entry)}`,
  ]);
  readonly outbox = new Table<OutboxRow>(this.journal);
  readonly listeners = new Table<Listener>(this.journal, ({ account }) => [account]);
  readonly gathered = new Table<readonly DeviceEvent[]>(this.journal);
  readonly callbacks = new Table<CallbackEvent>(this.journal, (event) => [campaignText(event)]);
  readonly lines = new Table<LineRow>(this.journal, (line) => [listenerText(line)]);
  readonly deliveries = new Table<Delivery & { readonly id: number }>(this.journal, ({ account }) => [account]);
  readonly slots = new Table<SlotLease>(this.journal, (lease) => [campaignText(lease)]);
  readonly ledgerKeys = new Table<LedgerKey>(this.journal);
  readonly scoreBooks = new Table<KeptBook>(this.journal);
  readonly budgets = new Table<Budget>(this.journal);
  readonly nodes = new Table<{ readonly node: NodeId; readonly until: Instant }>(this.journal);
  readonly repeats = new Table<{ readonly text: string; readonly until: Instant }>(this.journal);
  readonly beside = new NeighbourRows(this.journal);
  readonly running = new OperatorRows(this.journal);
  #lastId = 0;

  /** Entries and outbox rows are numbered rising; a number of a change that was undone is not used again. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

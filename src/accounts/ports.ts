// What the account services need from the store: accounts, credentials, devices, packages, repeated requests. Types only.
import type {
  AccountName,
  Audience,
  Campaign,
  CampaignId,
  CampaignKey,
  Delivery,
  Device,
  DeviceKey,
  DeviceProfile,
  Generation,
  Imei,
  Instant,
  LedgerKey,
  Licence,
  LicencePool,
  NodeId,
  PhaseName,
  StateName,
  Transport,
  Update,
} from '../campaigns/index.ts';
import type { Account, AccountSettings } from './account.ts';
import type { AccountList, AccountListKind } from './account-list.ts';
import type { AuditEntry } from './audit.ts';
import type { BearerToken, Client, Session, User } from './credential.ts';
import type { DeviceSecrets } from './device-import.ts';
import type { CheckIn, DeviceLog } from './device-log.ts';
import type { DeviceSearch, DeviceSight, DevicesFound } from './device-search.ts';
import type { Listener } from './listener.ts';
import type { Operator, OperatorSession, SignInLink } from './operator.ts';
import type { EventListener, OperatorEvent, OperatorEventKind } from './operator-event.ts';
import type { ImageCheck, ImageRecord, Package } from './package.ts';

/** A page in the order of a key; `after` is the last key of the page before. */
export interface PageRequest {
  readonly after?: string;
  /** Rows behind `after` that are left out: for lists of v1, which are paged by place. */
  readonly skip?: number;
  readonly max: number;
}

export interface AccountStore {
  /** False when there is one of this name already. */
  insertAccount(account: Account, client: Client, user: User): Promise<boolean>;
  account(name: AccountName): Promise<Account | undefined>;
  accounts(page: PageRequest): Promise<readonly Account[]>;
  /** False when the stored revision is another. */
  replaceAccount(account: Account): Promise<boolean>;

  insertClient(client: Client): Promise<void>;
  client(clientId: string): Promise<Client | undefined>;
  clients(account: AccountName): Promise<readonly Client[]>;
  replaceClient(client: Client): Promise<void>;
  /** Also forgets its tokens. */
  deleteClient(account: AccountName, clientId: string): Promise<boolean>;
  putBearer(token: BearerToken): Promise<void>;
  bearer(tokenHash: string): Promise<BearerToken | undefined>;
  deleteBearer(tokenHash: string): Promise<void>;

  user(username: string): Promise<User | undefined>;
  putUser(user: User): Promise<void>;
  putSession(session: Session): Promise<void>;
  session(tokenHash: string): Promise<Session | undefined>;
  deleteSession(tokenHash: string): Promise<void>;
  /** Tokens and sessions whose time is over. */
  forgetExpired(now: Instant): Promise<void>;
}

/** One line of an import as it is stored: the device with its expected revision, and what changes of its secrets. */
export interface DeviceWrite {
  readonly device: Device;
  readonly isNew: boolean;
  /** Absent: unchanged. `''` clears. */
  readonly secrets?: DeviceSecrets;
}

/** `taken`: the PSK identity belongs to another device of this server (engine.md §9). */
export type DeviceWriteResult = 'saved' | 'stale' | 'taken';

/** A device with what decides who it is and how it is answered. */
export interface HttpDevice {
  readonly device: Device;
  readonly profile: DeviceProfile;
  readonly ddiToken?: string;
  readonly settings: AccountSettings;
}

export interface DeviceFilter {
  readonly transport?: Transport;
}

export interface InventoryStore {
  /**
   * A page may hold fewer devices than `max`, even none, and still have a next one: no more rows are looked at than
   * can be looked at at once. `after`: the `next` of the page before.
   */
  findDevices(
    account: AccountName,
    wanted: DeviceSearch,
    page: { readonly after?: string; readonly max: number },
  ): Promise<DevicesFound>;
  /** Of devices of one account, in their order. */
  deviceSights(devices: readonly Device[]): Promise<readonly DeviceSight[]>;
  devices(account: AccountName, page: PageRequest, filter?: DeviceFilter): Promise<readonly Device[]>;
  devicesByImei(account: AccountName, imeis: readonly Imei[]): Promise<ReadonlyMap<Imei, Device>>;
  device(key: DeviceKey): Promise<Device | undefined>;
  devicesOf(account: AccountName, make: string, model: string, page: PageRequest): Promise<readonly Device[]>;
  writeDevices(lines: readonly DeviceWrite[]): Promise<readonly DeviceWriteResult[]>;
  /** Device, secrets and directory rows. False when there is none. */
  deleteDevice(device: Device): Promise<boolean>;
  secrets(key: DeviceKey): Promise<DeviceSecrets>;
  /** All that a poll of an HTTP device needs, in one question; undefined where there is no such device. */
  httpDevice(key: DeviceKey): Promise<HttpDevice | undefined>;
  /** Which device a PSK identity or an LwM2M endpoint name belongs to, on the whole server. */
  lookUp(kind: 'psk' | 'endpoint', name: string): Promise<DeviceKey | undefined>;
  /** The devices with this IMEI, in whichever account. */
  byImei(imei: Imei): Promise<readonly DeviceKey[]>;
  /** Devices whose registration ran out before this, as far as is written down; the longest ago first. */
  registrationsOver(before: Instant, max: number): Promise<readonly DeviceKey[]>;
  lastSeen(key: DeviceKey): Promise<Instant | undefined>;
  /** Batched: the latest contact of many devices in one transaction. */
  putLastSeen(seen: readonly { readonly key: DeviceKey; readonly at: Instant }[]): Promise<void>;

  insertImage(image: ImageRecord): Promise<void>;
  image(sha256: string): Promise<ImageRecord | undefined>;
  /** By SHA-256 ascending. */
  images(page: PageRequest): Promise<readonly ImageRecord[]>;
  /** What a look at its bytes has found; nothing where there is no such image. */
  noteImageCheck(sha256: string, check: ImageCheck): Promise<void>;
  /** False when the account has one of this kind and name. */
  insertPackage(pack: Package): Promise<boolean>;
  /** False when the stored one is not `before`. */
  replacePackage(before: Package, next: Package): Promise<boolean>;
  package(account: AccountName, name: string): Promise<Package | undefined>;
  packages(account: AccountName, page: PageRequest): Promise<readonly Package[]>;
}

export interface UpdateFilter {
  readonly state?: StateName;
}

/** The public keys by which heads of ledgers were ever signed: by any node, at any time. */
export interface LedgerKeyStore {
  /** A key that is known already stays as it is. */
  keepLedgerKey(key: LedgerKey): Promise<void>;
  /** The oldest first. */
  ledgerKeys(): Promise<readonly LedgerKey[]>;
}

export interface CampaignFilter {
  readonly phases?: readonly PhaseName[];
  readonly generations?: readonly Generation[];
}

/** One device's part in a campaign, with that campaign. */
export interface HistoryItem {
  readonly update: Update;
  readonly campaign: Campaign;
}

/** Reading for people: lists of campaigns and updates; a second connection may serve it. */
export interface CampaignReader {
  campaign(key: CampaignKey): Promise<Campaign | undefined>;
  /** By id ascending. */
  campaigns(account: AccountName, page: PageRequest): Promise<readonly Campaign[]>;
  /** By id ascending, of those that the filter lets through. */
  campaignsWhere(account: AccountName, page: PageRequest, filter: CampaignFilter): Promise<readonly Campaign[]>;
  /** A device's parts in campaigns, by campaign id ascending. */
  history(account: AccountName, imei: string, page: PageRequest): Promise<readonly HistoryItem[]>;
  /** By IMEI ascending. */
  updates(key: CampaignKey, page: PageRequest, filter?: UpdateFilter): Promise<readonly Update[]>;
  update(key: CampaignKey, imei: string): Promise<Update | undefined>;
  updatesOf(account: AccountName, imei: string, page: PageRequest): Promise<readonly Update[]>;
  /** Sealed texts from a sequence number on. */
  ledger(
    key: CampaignKey,
    from: number,
    max: number,
  ): Promise<readonly { readonly sequence: number; readonly text: string; readonly hash: string }[]>;
  nodes(now: Instant): Promise<readonly NodeId[]>;
}

/** What is remembered of requests, so that one that is sent again is answered as the first time: a text for each key. */
export interface RepeatStore {
  /** Undefined when nothing is remembered, or no longer. */
  repeated(account: AccountName, key: string, now: Instant): Promise<string | undefined>;
  /** In the place of what was remembered. */
  remember(account: AccountName, key: string, text: string, until: Instant): Promise<void>;
  /** Remembers it where nothing is at `now`; false where something is. Of two at the same moment one gets true. */
  reserve(
    account: AccountName,
    key: string,
    text: string,
    life: { readonly now: Instant; readonly until: Instant },
  ): Promise<boolean>;
  /** Where this very text is remembered. */
  forget(account: AccountName, key: string, text: string): Promise<void>;
}

/** Who holds a licence. They are assigned and taken back by the engine's commands. */
export interface LicenceStore {
  licencePool(account: AccountName): Promise<LicencePool>;
  /** By IMEI ascending. */
  licences(account: AccountName, page: PageRequest): Promise<readonly Licence[]>;
  licencesOf(account: AccountName, imeis: readonly string[]): Promise<ReadonlyMap<string, Licence>>;
}

/** Short lists of an account, each one row. */
export interface AccountListStore {
  accountList<Kind extends AccountListKind>(
    account: AccountName,
    kind: Kind,
  ): Promise<Extract<AccountList, { readonly kind: Kind }>>;
  /** Stores the next revision; false when the stored one is another. */
  replaceAccountList(list: AccountList): Promise<boolean>;
}

/** At most `contactsReadMax` instants, the newest first. */
export interface ContactTimes {
  readonly instants: readonly Instant[];
  readonly lastSeenAt?: Instant;
}

/** What devices did; written in batches. */
export interface DeviceLogStore {
  putCheckIns(checkIns: readonly CheckIn[]): Promise<void>;
  /** The newest first. */
  checkIns(key: DeviceKey): Promise<readonly CheckIn[]>;
  /** When many devices were in contact: their latest check-ins, and when each was seen last. */
  contactsOf(account: AccountName, imeis: readonly Imei[]): Promise<ReadonlyMap<Imei, ContactTimes>>;
  putDeviceLogs(logs: readonly DeviceLog[]): Promise<void>;
  /** The newest first. */
  deviceLogs(key: DeviceKey): Promise<readonly DeviceLog[]>;
}

/** Who runs the server: operators, and what their browsers were given. */
export interface OperatorStore {
  /** False when there is one of this name already. */
  insertOperator(operator: Operator): Promise<boolean>;
  operator(name: string): Promise<Operator | undefined>;
  operatorByKey(keyHash: string): Promise<Operator | undefined>;
  /** By name. */
  operators(page: PageRequest): Promise<readonly Operator[]>;
  /** False when the stored revision is another. */
  replaceOperator(operator: Operator): Promise<boolean>;
  /** Also forgets its links and sessions. */
  deleteOperator(name: string): Promise<boolean>;
  putSignInLink(link: SignInLink): Promise<void>;
  /** Gives it out, once. */
  takeSignInLink(tokenHash: string): Promise<SignInLink | undefined>;
  /** Notes too that its operator has signed in. */
  insertOperatorSession(session: OperatorSession): Promise<void>;
  operatorSession(tokenHash: string): Promise<OperatorSession | undefined>;
  /** False when it has ended meanwhile. */
  replaceOperatorSession(session: OperatorSession): Promise<boolean>;
  deleteOperatorSession(tokenHash: string): Promise<void>;
  /** When a session of this operator began last; without a name: of any, also of one that was deleted since. */
  lastSignIn(name?: string): Promise<Instant | undefined>;
}

export interface AuditStore {
  putAudit(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest first; of one account, or of the whole server. `before`: the id of the last one of the page before. */
  audit(
    account: AccountName | undefined,
    page: { readonly before?: number; readonly max: number },
  ): Promise<readonly (AuditEntry & { readonly id: number })[]>;
}

/** Which deliveries of an account are wanted; absent: all. */
export interface DeliveryFilter {
  readonly generation?: Audience;
  readonly campaign?: CampaignId;
}

/** A line of the delivery log; its id is the key of the pages. */
export interface LoggedDelivery extends Delivery {
  readonly id: number;
}

/** How far one listener is behind. */
export interface ListenerLag {
  /** Campaigns of which something waits for it. */
  readonly campaigns: number;
  /** Callbacks that wait for it. */
  readonly callbacks: number;
  /** When the oldest of them was numbered. */
  readonly oldestAt?: Instant;
}

/** Who is told, and what became of it. */
export interface CallbackStore {
  listener(account: AccountName, generation: Audience): Promise<Listener | undefined>;
  /** By generation. */
  listeners(account: AccountName): Promise<readonly Listener[]>;
  /** Replaces the one of its generation; it counts as well again. What waits is told to the new one. */
  putListener(listener: Listener): Promise<void>;
  /** What waits for it is forgotten. False when there is none. */
  deleteListener(account: AccountName, generation: Audience): Promise<boolean>;
  /** The newest first; `before`: the last id of the page before. */
  deliveries(
    account: AccountName,
    page: { readonly before?: number; readonly max: number },
    filter?: DeliveryFilter,
  ): Promise<readonly LoggedDelivery[]>;
  /** Events that were given up and not delivered by a replay since: the gaps. The newest first. */
  deadLetters(account: AccountName, max: number, filter?: DeliveryFilter): Promise<readonly LoggedDelivery[]>;
  lag(account: AccountName, generation: Audience): Promise<ListenerLag>;
  /**
   * Tells a listener the kept events of a campaign again, from this number on. Answers how many there are; nothing is
   * replayed where there is no such listener.
   */
  replay(key: CampaignKey, generation: Audience, from: number, now: Instant): Promise<number>;
}

/** What the operator of the server is told; of one cause one event is open at a time. */
export interface OperatorEventStore {
  /** False when one of its cause is open. */
  raiseEvent(event: OperatorEvent): Promise<boolean>;
  /** False when the stored revision is another. */
  replaceEvent(event: OperatorEvent): Promise<boolean>;
  /** The newest first; `before`: the last id of the page before. */
  operatorEvents(
    page: { readonly before?: number; readonly max: number },
    filter?: { readonly kind?: OperatorEventKind; readonly open?: boolean },
  ): Promise<readonly OperatorEvent[]>;
  /** Those that have to be told now, the longest due first. */
  eventsToTell(now: Instant, max: number): Promise<readonly OperatorEvent[]>;
  eventListener(): Promise<EventListener | undefined>;
  putEventListener(listener: EventListener): Promise<void>;
  /** False when there is none. */
  deleteEventListener(): Promise<boolean>;
}

/** A listener that fails, is behind, or has been given up on. */
export interface ListenerHealth {
  readonly account: AccountName;
  readonly generation: Audience;
  readonly failingSince?: Instant;
  /** Callbacks that wait for it, and when the oldest of them was numbered. */
  readonly waiting: number;
  readonly oldestAt?: Instant;
  /** Callbacks that were given up and not delivered since, and when the last of them was. */
  readonly dead: number;
  readonly deadAt?: Instant;
}

/** What is watched over the whole server, whatever the account. */
export interface WatchStore {
  /** Listeners of which nothing has to be said are left out. By account and generation. */
  listenersInTrouble(): Promise<readonly ListenerHealth[]>;
  /** The earliest instants at which an update and a campaign are due; absent: none is. */
  earliestDue(): Promise<{ readonly update?: Instant; readonly campaign?: Instant }>;
  /** Every node that has told that it is alive and has not taken its leave; by name. */
  knownNodes(): Promise<readonly { readonly node: NodeId; readonly until: Instant }[]>;
  /** It takes its leave, or is not expected back. */
  forgetNode(node: NodeId): Promise<void>;
}

export type StoreOfAccounts = AccountStore &
  InventoryStore &
  CampaignReader &
  LedgerKeyStore &
  RepeatStore &
  LicenceStore &
  AccountListStore &
  DeviceLogStore &
  AuditStore &
  OperatorStore &
  OperatorEventStore &
  WatchStore &
  CallbackStore;

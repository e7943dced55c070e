// What the account services need from the store: accounts, credentials, devices, packages, repeated requests. Types only.
import type {
  AccountName,
  Campaign,
  CampaignId,
  CampaignKey,
  Device,
  DeviceKey,
  Imei,
  Instant,
  NodeId,
  PhaseName,
  StateName,
  Update,
} from '../campaigns/index.ts';
import type { Account } from './account.ts';
import type { BearerToken, Client, Session, User } from './credential.ts';
import type { DeviceSecrets } from './device-import.ts';
import type { ImageRecord, Package } from './package.ts';

/** A page in the order of a key; `after` is the last key of the page before. */
export interface PageRequest {
  readonly after?: string;
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

export interface InventoryStore {
  devices(account: AccountName, page: PageRequest): Promise<readonly Device[]>;
  devicesByImei(account: AccountName, imeis: readonly Imei[]): Promise<ReadonlyMap<Imei, Device>>;
  device(key: DeviceKey): Promise<Device | undefined>;
  devicesOf(account: AccountName, make: string, model: string, page: PageRequest): Promise<readonly Device[]>;
  writeDevices(lines: readonly DeviceWrite[]): Promise<readonly DeviceWriteResult[]>;
  /** Device, secrets and directory rows. False when there is none. */
  deleteDevice(device: Device): Promise<boolean>;
  secrets(key: DeviceKey): Promise<DeviceSecrets>;
  /** Which device a PSK identity or an LwM2M endpoint name belongs to, on the whole server. */
  lookUp(kind: 'psk' | 'endpoint', name: string): Promise<DeviceKey | undefined>;
  /** The devices with this IMEI, in whichever account. */
  byImei(imei: Imei): Promise<readonly DeviceKey[]>;
  lastSeen(key: DeviceKey): Promise<Instant | undefined>;
  /** Batched: the latest contact of many devices in one transaction. */
  putLastSeen(seen: readonly { readonly key: DeviceKey; readonly at: Instant }[]): Promise<void>;

  insertImage(image: ImageRecord): Promise<void>;
  image(sha256: string): Promise<ImageRecord | undefined>;
  /** False when the account has one of this kind and name. */
  insertPackage(pack: Package): Promise<boolean>;
  package(account: AccountName, name: string): Promise<Package | undefined>;
  packages(account: AccountName, page: PageRequest): Promise<readonly Package[]>;
}

export interface UpdateFilter {
  readonly state?: StateName;
}

/** Reading for people: lists of campaigns and updates; a second connection may serve it. */
export interface CampaignReader {
  campaign(key: CampaignKey): Promise<Campaign | undefined>;
  /** By id ascending. */
  campaigns(account: AccountName, page: PageRequest, phases?: readonly PhaseName[]): Promise<readonly Campaign[]>;
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

/** A first answer that a repeated request gets again. */
export interface RepeatStore {
  /** Undefined when the key is new; it is then reserved for `campaign` in the accepting commit. */
  repeated(account: AccountName, key: string, now: Instant): Promise<CampaignId | undefined>;
  remember(account: AccountName, key: string, campaign: CampaignId, until: Instant): Promise<void>;
}

export type StoreOfAccounts = AccountStore & InventoryStore & CampaignReader & RepeatStore;

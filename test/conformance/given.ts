/** Rows for the store's conformance suite, each whole and as small as it may be. */
import {
  type Account,
  type Client,
  DEFAULT_SETTINGS,
  type Listener,
  type Package,
  type User,
} from '../../src/accounts/index.ts';
import {
  type AccountName,
  type Attempt,
  type Audience,
  type CallbackEvent,
  type Campaign,
  type CampaignId,
  type CampaignKey,
  type Change,
  type Day,
  type Device,
  type DeviceKey,
  type Entry,
  fullArrivals,
  type ImageHash,
  type ImageToken,
  type Imei,
  type Instant,
  type Intent,
  instant,
  NO_TALLIES,
  type NodeId,
  type PackageFacts,
  type Registration,
  type Update,
  type UpdateKey,
  type Write,
} from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';

export const ACCOUNT = '0000000001-00001' as AccountName;
export const OTHER_ACCOUNT = '0000000002-00001' as AccountName;
export const CAMPAIGN = 'campaign-1' as CampaignId;
export const KEY: CampaignKey = { account: ACCOUNT, campaign: CAMPAIGN };
export const ONE = 'node-one' as NodeId;
export const TWO = 'node-two' as NodeId;
export const NOW = instant(1_800_000_000_000);
export const later = (milliseconds: number): Instant => instant(NOW + milliseconds);

export const imei = (number: number): Imei => String(350_000_000_000_000 + number) as Imei;
export const deviceKey = (number: number): DeviceKey => ({ account: ACCOUNT, imei: imei(number) });
export const updateKey = (number: number): UpdateKey => ({ ...KEY, imei: imei(number) });

const PACKAGE: PackageFacts = {
  kind: 'firmware',
  name: 'fw',
  from: ['1'],
  to: '2',
  make: 'Maker',
  model: 'M1',
  transports: ['LWM2M'],
  image: { sha256: 'a'.repeat(64) as ImageHash, size: 1_000 },
};

export const device = (number: number, more: Partial<Device> = {}): Device => ({
  ...deviceKey(number),
  revision: 0,
  make: 'Maker',
  model: 'M1',
  transport: 'LWM2M',
  software: {},
  attributes: {},
  labels: {},
  reachable: true,
  lastActionId: 0,
  ...more,
});

export const registration = (number: number, node: NodeId = ONE): Registration => ({
  node,
  location: `/rd/${number}`,
  peer: '127.0.0.1:1',
  endpoint: `endpoint-${number}`,
  queueMode: false,
  version: '1.1',
  expiresAt: later(3_600_000),
  since: NOW,
});

export const update = (number: number, more: Partial<Update> = {}): Update => ({
  ...updateKey(number),
  revision: 0,
  stratum: 0,
  awake: true,
  hash: number,
  attempts: 0,
  state: { name: 'waiting', reason: 'ready', readyAt: NOW },
  rule: 'admission.accepted',
  changedAt: NOW,
  history: [],
  ...more,
});

export const attempt = (token: string): Attempt => ({
  number: 1,
  token: token as ImageToken,
  actionId: 1,
  offeredAt: NOW,
  leastEvidence: 'version',
  delivery: 'pull',
  interruptions: 0,
  executesRefused: 0,
});

export const campaign = (more: Partial<Campaign> = {}): Campaign => ({
  account: ACCOUNT,
  id: CAMPAIGN,
  revision: 0,
  generation: 'v3',
  package: PACKAGE,
  from: '1',
  transport: 'LWM2M',
  timetable: {
    startDate: '2027-01-01' as Day,
    endDate: '2027-02-01' as Day,
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    fallbackZone: 'UTC',
    rule: 'strict',
  },
  createdAt: NOW,
  phase: { name: 'scheduled', since: NOW, rule: 'campaign.scheduled' },
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  slotsMax: 10,
  slotsOut: 0,
  strata: [''],
  arrivals: fullArrivals(1_000, NOW),
  intakePending: false,
  devicesTotal: 1,
  tallies: NO_TALLIES,
  rejections: {},
  zones: [],
  sweepPending: false,
  ledger: { length: 0, head: '' },
  callbacks: { last: 0 },
  turn: 0,
  ...more,
});

export const entry = (number: number, more: Partial<Entry> = {}): Entry => ({
  ...updateKey(number),
  at: NOW,
  kind: 'state',
  rule: 'admission.accepted',
  ...more,
});

export const callback = (number: number, id: CampaignId = CAMPAIGN): Intent => ({
  kind: 'callback',
  to: ['v3'],
  event: callbackEvent(number, id),
});

export const callbackEvent = (number: number, id: CampaignId = CAMPAIGN): CallbackEvent => ({
  account: ACCOUNT,
  campaign: id,
  number,
  at: later(number),
  facts: {
    generation: 'v3',
    phase: 'scheduled',
    package: 'fw',
    from: '1',
    to: '2',
    make: 'Maker',
    model: 'M1',
    startDate: '2027-01-01' as Day,
    endDate: '2027-02-01' as Day,
  },
  devices: [],
});

export const listener = (generation: Audience = 'v3', more: Partial<Listener> = {}): Listener => ({
  account: ACCOUNT,
  generation,
  url: 'https://customer.example/',
  secret: 'whsec_c2VjcmV0',
  createdAt: NOW,
  ...more,
});

export const change = (
  writes: readonly Write[],
  more: { readonly entries?: readonly Entry[]; readonly intents?: readonly Intent[] } = {},
): Change => ({ writes, entries: more.entries ?? [], intents: more.intents ?? [], rule: 'update.no-change' });

/** Stores rows that are new. */
export async function put(store: Store, rows: Rows): Promise<void> {
  const writes: Write[] = [
    ...(rows.campaigns ?? []).map((row): Write => ({ op: 'insert-campaign', row })),
    ...(rows.devices ?? []).map((row): Write => ({ op: 'insert-device', row })),
    ...(rows.updates ?? []).map((row): Write => ({ op: 'insert-update', row })),
  ];
  const [result] = await store.commit([change(writes, rows)], NOW);
  if (result !== 'saved') throw new Error('The rows of a test were there already.');
}

interface Rows {
  readonly campaigns?: readonly Campaign[];
  readonly devices?: readonly Device[];
  readonly updates?: readonly Update[];
  readonly entries?: readonly Entry[];
  readonly intents?: readonly Intent[];
}

export const account = (name: AccountName = ACCOUNT): Account => ({
  name,
  revision: 0,
  createdAt: NOW,
  settings: DEFAULT_SETTINGS,
});
export const client = (clientId: string, more: Partial<Client> = {}): Client => ({
  clientId,
  account: ACCOUNT,
  secretHash: 'hash',
  createdAt: NOW,
  issue: 0,
  ...more,
});
export const user = (username: string, more: Partial<User> = {}): User => ({
  username,
  account: ACCOUNT,
  passwordHash: 'hash',
  failures: 0,
  ...more,
});
export const pack = (name: string, more: Partial<Package> = {}): Package => ({
  ...PACKAGE,
  name,
  account: ACCOUNT,
  createdAt: NOW,
  ...more,
});

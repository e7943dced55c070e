// What the SQL stores show the engine: snapshots of updates and devices, a steward's view, lists of what to do next.
import { sql } from 'kysely';
import { ACCOUNT_SCOPE, type Account, cappedLabels, DEFAULT_SETTINGS, profileOf } from '../accounts/index.ts';
import {
  type Budget,
  type Campaign,
  type CampaignId,
  type CampaignKey,
  type Candidate,
  type Device,
  type DeviceKey,
  type DeviceSnapshot,
  type Entry,
  type ImageToken,
  type Imei,
  type Instant,
  LIMITS,
  type NodeId,
  type SlotLease,
  type Snapshot,
  type Update,
  type UpdateKey,
} from '../campaigns/index.ts';
import type { IntakePart, StewardSnapshot } from '../engine/ports.ts';
import { freshBudget, labelBudgets } from './budgets.ts';
import { keyText, parsed, placeOf, unpackIntake } from './columns.ts';
import { SWEPT_STATES } from './derived.ts';
import { keyTable, type Sql } from './sql.ts';
import { loadTelling } from './sql-callbacks.ts';
import { loadBudgets, loadScoreBook } from './sql-rollout.ts';

const keyOf = ({ account, campaign, imei }: Update): UpdateKey => ({ account, campaign, imei });

interface Pair {
  readonly place: number;
  readonly update_body: string;
  readonly device_body: string;
}

/** Two questions, however many keys: the rows of the devices first, so that the campaigns are the freshest. */
export async function loadUpdates(
  store: Sql,
  keys: readonly UpdateKey[],
  node: NodeId,
): Promise<readonly (Snapshot | undefined)[]> {
  if (keys.length === 0) return [];
  const wanted = keyTable(
    store.dialect,
    keys.map((key, place) => [place, key.account, placeOf(key).bucket, placeOf(key).imei, key.campaign]),
    [
      ['place', 'integer'],
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
      ['campaign', 'text'],
    ],
  );
  const { rows } = await sql<Pair>`
    select k.place, u.body as update_body, d.body as device_body
    from ${wanted} as k
    join updates u on u.account = k.account and u.bucket = k.bucket and u.imei = k.imei and u.campaign = k.campaign
    join devices d on d.account = k.account and d.bucket = k.bucket and d.imei = k.imei`.execute(store.read);
  const frames = await loadFrames(store, keys, node);
  const budgets = await loadLabelBudgets(store, rows, frames);
  const found: (Snapshot | undefined)[] = keys.map(() => undefined);
  for (const { place, update_body, device_body } of rows) {
    const update = parsed<Update>(update_body);
    const device = parsed<Device>(device_body);
    const frame = frames.get(`${update.account} ${update.campaign}`);
    if (frame === undefined) continue;
    const { campaign, settings, slots } = frame;
    const profile = profileOf(settings, device);
    const labels = labelBudgets(settings, device, budgets);
    found[place] = { update, campaign, device, profile, ...labels, ...(slots === undefined ? {} : { slots }) };
  }
  return found;
}

/** Allowances of labels are only looked for where the account has caps on labels. */
async function loadLabelBudgets(
  store: Sql,
  rows: readonly Pair[],
  frames: ReadonlyMap<string, Frame>,
): Promise<ReadonlyMap<string, Budget>> {
  const wanted = new Map<string, Pick<Budget, 'account' | 'scope'>>();
  for (const { update_body, device_body } of rows) {
    const { account, campaign } = parsed<Update>(update_body);
    const settings = frames.get(`${account} ${campaign}`)?.settings;
    if (settings?.arrivalCaps?.labels === undefined) continue;
    for (const { scope } of cappedLabels(settings, parsed<Device>(device_body)))
      wanted.set(`${account} ${scope}`, { account, scope });
  }
  return loadBudgets(store, [...wanted.values()]);
}

interface Frame {
  readonly campaign: Campaign;
  readonly settings: Account['settings'];
  readonly slots: SlotLease | undefined;
}

/** The campaigns of some updates, each with its account's settings and this node's slots. */
async function loadFrames(store: Sql, keys: readonly CampaignKey[], node: NodeId): Promise<ReadonlyMap<string, Frame>> {
  const texts = new Map(keys.map(({ account, campaign }) => [`${account} ${campaign}`, [account, campaign]]));
  const wanted = keyTable(
    store.dialect,
    [...texts.values()],
    [
      ['account', 'text'],
      ['campaign', 'text'],
    ],
  );
  const { rows } = await sql<{
    readonly body: string;
    readonly account_body: string | null;
    readonly revision: number | null;
    readonly free: number | null;
    readonly arrivals: number | null;
    readonly until: number | null;
  }>`
    select c.body, a.body as account_body, s.revision, s.free, s.arrivals, s.until
    from ${wanted} as k
    join campaigns c on c.account = k.account and c.id = k.campaign
    left join accounts a on a.name = k.account
    left join slots s on s.account = k.account and s.campaign = k.campaign and s.node = ${node}`.execute(store.read);
  return new Map(
    rows.map(({ body, account_body, revision, free, arrivals, until }) => {
      const campaign = parsed<Campaign>(body);
      const settings = account_body === null ? DEFAULT_SETTINGS : parsed<Account>(account_body).settings;
      const { account, id } = campaign;
      const slots =
        revision === null || free === null || arrivals === null || until === null
          ? undefined
          : { account, campaign: id, node, revision, free, arrivals, until: until as Instant };
      return [`${account} ${id}`, { campaign, settings, slots }];
    }),
  );
}

export async function loadDevice(store: Sql, key: DeviceKey, node: NodeId): Promise<DeviceSnapshot | undefined> {
  const { account, bucket, imei } = placeOf(key);
  const row = await store.read
    .selectFrom('devices')
    .leftJoin('accounts', 'accounts.name', 'devices.account')
    .select(['devices.body', 'accounts.body as account_body'])
    .where('devices.account', '=', account)
    .where('devices.bucket', '=', bucket)
    .where('devices.imei', '=', imei)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const device = parsed<Device>(row.body);
  const settings = row.account_body === null ? DEFAULT_SETTINGS : parsed<Account>(row.account_body).settings;
  const partIn = (campaign: CampaignId | undefined) => (campaign === undefined ? [] : [{ ...key, campaign }]);
  const lives = partIn(device.liveCampaign);
  const found = await loadUpdates(store, [...lives, ...partIn(device.lastCampaign)], node);
  // One device in all of it, even if it has just changed: the revision tells at the commit.
  const [live, last] = (lives.length === 0 ? [undefined, found[0]] : found).map((one) => one && { ...one, device });
  return {
    device,
    profile: profileOf(settings, device),
    ...(live === undefined ? {} : { live }),
    ...(last === undefined ? {} : { last }),
  };
}

export async function updateOfToken(store: Sql, token: ImageToken): Promise<UpdateKey | undefined> {
  const row = await store.read.selectFrom('updates').select('body').where('token', '=', token).executeTakeFirst();
  return row === undefined ? undefined : keyOf(parsed<Update>(row.body));
}

export async function loadCampaign(store: Sql, { account, campaign }: CampaignKey): Promise<Campaign | undefined> {
  const query = store.read.selectFrom('campaigns').select('body').where('account', '=', account);
  const row = await query.where('id', '=', campaign).executeTakeFirst();
  return row === undefined ? undefined : parsed<Campaign>(row.body);
}

/** The entries are asked for after the campaign: one that was sealed in between makes the commit stale. */
export async function loadSteward(store: Sql, key: CampaignKey, now: Instant): Promise<StewardSnapshot | undefined> {
  const campaign = await loadCampaign(store, key);
  if (campaign === undefined) return undefined;
  const unsealed = await store.read
    .selectFrom('entries')
    .select(['id', 'body'])
    .where('account', '=', key.account)
    .where('campaign', '=', key.campaign)
    .where('sequence', 'is', null)
    .orderBy('id')
    .limit(LIMITS.foldMax)
    .execute();
  const leases = await store.read
    .selectFrom('slots')
    .selectAll()
    .where('account', '=', key.account)
    .where('campaign', '=', key.campaign)
    .orderBy('node')
    .execute();
  return {
    campaign,
    unsealed: unsealed.map(({ id, body }) => ({ id, entry: parsed<Entry>(body ?? '{}') })),
    leases: leases.map(({ node, revision, free, arrivals, until }) => ({
      ...key,
      node: node as NodeId,
      revision,
      free,
      arrivals,
      until: until as Instant,
    })),
    nodes: await liveNodes(store, now),
    ...(await loadJudging(store, key)),
    ...(await loadTelling(store, key)),
  };
}

/** The campaign's score book, and what all campaigns of its account may begin together. */
async function loadJudging(store: Sql, key: CampaignKey) {
  const kept = await loadScoreBook(store, key);
  const settings = await settingsOf(store, key.account);
  const cap = settings.arrivalCaps?.perMinute;
  if (cap === undefined) return kept === undefined ? {} : { kept };
  const scope = ACCOUNT_SCOPE;
  const row = (await loadBudgets(store, [{ account: key.account, scope }])).get(`${key.account} ${scope}`);
  const allowance = { row: row ?? freshBudget(key.account, scope, cap), perMinute: cap };
  return { allowance, ...(kept === undefined ? {} : { kept }) };
}

async function settingsOf(store: Sql, account: string): Promise<Account['settings']> {
  const row = await store.read.selectFrom('accounts').select('body').where('name', '=', account).executeTakeFirst();
  return row === undefined ? DEFAULT_SETTINGS : parsed<Account>(row.body).settings;
}

export async function liveNodes(store: Sql, now: Instant): Promise<readonly NodeId[]> {
  const query = store.read.selectFrom('nodes').select('node').where('until', '>=', store.leaseClock(now));
  const rows = await query.orderBy('node').execute();
  return rows.map(({ node }) => node as NodeId);
}

export async function loadIntake(store: Sql, key: CampaignKey): Promise<IntakePart | undefined> {
  const [part] = await intakeParts(store, key, 1);
  return part;
}

export const loadIntakeAll = (store: Sql, key: CampaignKey): Promise<readonly IntakePart[]> => intakeParts(store, key);

async function intakeParts(
  store: Sql,
  { account, campaign }: CampaignKey,
  max?: number,
): Promise<readonly IntakePart[]> {
  const query = store.read
    .selectFrom('intake')
    .select(['part', 'body'])
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .orderBy('part');
  // One more than is wanted tells whether another is left.
  const rows = await (max === undefined ? query : query.limit(max + 1)).execute();
  return rows
    .slice(0, max)
    .map(({ part, body }, place) => ({ part, imeis: unpackIntake(body), last: place === rows.length - 1 }));
}

export async function loadCandidates(
  store: Sql,
  { account, campaign }: CampaignKey,
  imeis: readonly string[],
): Promise<readonly Candidate[]> {
  const wanted = keyTable(
    store.dialect,
    imeis.map((imei, place) => [place, placeOf({ account, imei: imei as Imei }).bucket, keyText(imei)]),
    [
      ['place', 'integer'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );
  const { rows } = await sql<{ readonly place: number; readonly body: string | null; readonly row: string | null }>`
    select k.place, d.body, u.body as row
    from ${wanted} as k
    left join devices d on d.account = ${account} and d.bucket = k.bucket and d.imei = k.imei
    left join updates u
      on u.account = ${account} and u.bucket = k.bucket and u.imei = k.imei and u.campaign = ${campaign}`.execute(
    store.read,
  );
  const known = new Map(rows.map((row) => [row.place, row]));
  return imeis.map((imei, place) => {
    const row = known.get(place);
    const body = row?.body ?? null;
    const update = row?.row ?? null;
    return {
      imei,
      present: update !== null,
      ...(update === null ? {} : { update: parsed<Update>(update) }),
      ...(body === null ? {} : { device: parsed<Device>(body) }),
    };
  });
}

export async function loadSweep(
  store: Sql,
  { account, campaign }: CampaignKey,
  max: number,
): Promise<readonly UpdateKey[]> {
  const rows = await store.read
    .selectFrom('updates')
    .select('body')
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .where('state', 'in', SWEPT_STATES)
    .orderBy('state')
    .orderBy('imei')
    .limit(max)
    .execute();
  return rows.map(({ body }) => keyOf(parsed<Update>(body)));
}

// Listeners, the events they are told, the line of each of them and the delivery log, in SQL.
import { sql } from 'kysely';
import type { Account, Listener } from '../accounts/index.ts';
import type { CallbackStore, DeliveryFilter, ListenerLag, LoggedDelivery } from '../accounts/ports.ts';
import {
  type AccountName,
  type Audience,
  type CallbackEvent,
  type CampaignId,
  type CampaignKey,
  type Delivery,
  type DeviceEvent,
  type Instant,
  LIMITS,
  type NodeId,
} from '../campaigns/index.ts';
import type { ClaimedCallback } from '../engine/ports.ts';
import { parsed } from './columns.ts';
import { leaseUntil, type Sql, skipLocked } from './sql.ts';
import { isSaved, stored } from './sql-accounts.ts';

interface ClaimedLine {
  readonly account: AccountName;
  readonly campaign: CampaignId;
  readonly generation: Audience;
  readonly next: number;
  readonly last: number;
  readonly tries: number;
  readonly since: Instant | null;
  readonly claims: number;
}

/** Every listener's first turn comes before any listener's second. */
export async function claimCallbacks(
  store: Sql,
  now: Instant,
  max: number,
  node: NodeId,
): Promise<readonly ClaimedCallback[]> {
  const clock = store.leaseClock(now);
  const { rows } = await sql<ClaimedLine>`
    with ready as (
      select account, generation, campaign,
        row_number() over (partition by account, generation order by due_at, campaign) as place
      from callback_lines
      where due_at <= ${now} and (claimed_until is null or claimed_until < ${clock})
    ), chosen as materialized (
      select l.account as k_account, l.generation as k_generation, l.campaign as k_campaign
      from callback_lines l
      join ready r on r.account = l.account and r.generation = l.generation and r.campaign = l.campaign
      where l.due_at <= ${now} and (l.claimed_until is null or l.claimed_until < ${clock})
        and r.place + (
          select count(*) from callback_lines b
          where b.account = l.account and b.generation = l.generation and b.claimed_until >= ${clock}
        ) <= ${LIMITS.callbacksPerListenerMax}
      order by r.place, l.due_at, l.account, l.generation, l.campaign
      limit ${max}
      ${skipLocked(store, 'l')}
    )
    update callback_lines
    set claimed_until = ${leaseUntil(store, now, LIMITS.callbackLease)}, claimed_by = ${node}, claims = claims + 1
    from chosen
    where account = k_account and generation = k_generation and campaign = k_campaign
    returning account, campaign, generation, next, last, tries, since, claims`.execute(store.write);
  const textOf = (line: ClaimedLine): string => `${line.account} ${line.generation} ${line.campaign}`;
  const lines = [...rows].sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
  const found = await Promise.all(lines.map((line) => claimedCallback(store, line)));
  return found.filter((one) => one !== undefined);
}

/** Undefined when the listener has just been deleted: its line goes with it. */
async function claimedCallback(store: Sql, line: ClaimedLine): Promise<ClaimedCallback | undefined> {
  const { account, campaign, generation, next, last, tries, since, claims } = line;
  const told = await store.read
    .selectFrom('listeners')
    .leftJoin('accounts', 'accounts.name', 'listeners.account')
    .select(['listeners.body', 'listeners.failing_since', 'accounts.body as account_body'])
    .where('listeners.account', '=', account)
    .where('generation', '=', generation)
    .executeTakeFirst();
  if (told === undefined) return undefined;
  const event = await store.read
    .selectFrom('callbacks')
    .select('body')
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .where('number', '>=', next)
    .where('number', '<=', last)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  const settings = told.account_body === null ? undefined : parsed<Account>(told.account_body).settings;
  return {
    turn: { account, campaign, to: generation, from: next, last, claim: claims },
    listener: listenerOf(told),
    allowed: settings?.allowPrivateCallbackHosts ?? [],
    tries,
    ...(event === undefined ? {} : { event: parsed<CallbackEvent>(event.body) }),
    ...(since === null ? {} : { since }),
  };
}

const listenerOf = (row: { readonly body: string; readonly failing_since: number | null }): Listener => ({
  ...parsed<Listener>(row.body),
  ...(row.failing_since === null ? {} : { failingSince: row.failing_since as Instant }),
});

/** Which generations listen, and what has been gathered for them. */
export async function loadTelling(store: Sql, { account, campaign }: CampaignKey) {
  const query = store.read.selectFrom('listeners').select('generation').where('account', '=', account);
  const listeners = await query.orderBy('generation').execute();
  const gathered = await store.read
    .selectFrom('gathered')
    .select('body')
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .executeTakeFirst();
  return {
    audience: listeners.map(({ generation }) => generation as Audience),
    gathered: gathered === undefined ? [] : parsed<readonly DeviceEvent[]>(gathered.body),
  };
}

export const sqlCallbacks = (store: Sql): CallbackStore => ({
  listener: async (account, generation) => {
    const query = store.read.selectFrom('listeners').select(['body', 'failing_since']).where('account', '=', account);
    const row = await query.where('generation', '=', generation).executeTakeFirst();
    return row === undefined ? undefined : listenerOf(row);
  },
  listeners: async (account) => {
    const query = store.read.selectFrom('listeners').select(['body', 'failing_since']).where('account', '=', account);
    return (await query.orderBy('generation').execute()).map(listenerOf);
  },
  putListener: (listener) => putListener(store, listener),
  deleteListener: (account, generation) => deleteListener(store, account, generation),
  deliveries: (account, page, filter) => deliveries(store, account, page, filter),
  deadLetters: (account, max, filter) => deadLetters(store, account, max, filter),
  lag: (account, generation) => lag(store, account, generation),
  replay: (key, generation, from, now) => replay(store, key, generation, from, now),
});

function putListener(store: Sql, { failingSince: _derived, ...listener }: Listener): Promise<void> {
  const { account, generation } = listener;
  const rest = { failing_since: null, body: JSON.stringify(listener) };
  const query = store.write.insertInto('listeners').values({ account, generation, ...rest });
  return stored(
    store,
    query.onConflict((conflict) => conflict.columns(['account', 'generation']).doUpdateSet(rest)),
  );
}

function deleteListener(store: Sql, account: AccountName, generation: Audience): Promise<boolean> {
  const of = <Query extends { where(column: 'account' | 'generation', is: '=', value: string): Query }>(query: Query) =>
    query.where('account', '=', account).where('generation', '=', generation);
  return isSaved(store, [
    { query: of(store.write.deleteFrom('listeners')).compile(), rows: 1 },
    { query: of(store.write.deleteFrom('callback_lines')).compile() },
  ]);
}

const wantedOf = (account: AccountName, { generation, campaign }: DeliveryFilter = {}) => sql`d.account = ${account}
  ${generation === undefined ? sql`` : sql`and d.generation = ${generation}`}
  ${campaign === undefined ? sql`` : sql`and d.campaign = ${campaign}`}`;

interface DeliveryRow {
  readonly id: number;
  readonly body: string;
}
const logged = ({ id, body }: DeliveryRow): LoggedDelivery => ({ id, ...parsed<Delivery>(body) });

async function deliveries(
  store: Sql,
  account: AccountName,
  { before, max }: { readonly before?: number; readonly max: number },
  filter?: DeliveryFilter,
): Promise<readonly LoggedDelivery[]> {
  const earlier = before === undefined ? sql`` : sql`and d.id < ${before}`;
  const { rows } = await sql<DeliveryRow>`
    select d.id, d.body from deliveries d where ${wantedOf(account, filter)} ${earlier}
    order by d.id desc limit ${max}`.execute(store.read);
  return rows.map(logged);
}

async function deadLetters(
  store: Sql,
  account: AccountName,
  max: number,
  filter?: DeliveryFilter,
): Promise<readonly LoggedDelivery[]> {
  const { rows } = await sql<DeliveryRow>`
    select d.id, d.body from deliveries d
    where ${wantedOf(account, filter)} and d.outcome = 'dead' and not exists (
      select 1 from deliveries later
      where later.account = d.account and later.campaign = d.campaign and later.generation = d.generation
        and later.number = d.number and later.id > d.id and later.outcome in ('delivered', 'dead')
    )
    order by d.id desc limit ${max}`.execute(store.read);
  return rows.map(logged);
}

async function lag(store: Sql, account: AccountName, generation: Audience): Promise<ListenerLag> {
  const { rows } = await sql<{
    readonly campaigns: number;
    readonly callbacks: number;
    readonly oldest: number | null;
  }>`
    select count(distinct l.campaign) as campaigns, count(c.number) as callbacks, min(c.at) as oldest
    from callback_lines l
    join callbacks c on c.account = l.account and c.campaign = l.campaign and c.number between l.next and l.last
    where l.account = ${account} and l.generation = ${generation} and l.due_at is not null`.execute(store.read);
  const { campaigns = 0, callbacks = 0, oldest = null } = rows[0] ?? {};
  return { campaigns, callbacks, ...(oldest === null ? {} : { oldestAt: oldest as Instant }) };
}

async function replay(store: Sql, key: CampaignKey, to: Audience, from: number, now: Instant): Promise<number> {
  const { account, campaign } = key;
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from callbacks
    where account = ${account} and campaign = ${campaign} and number >= ${from}
      and exists (select 1 from listeners where account = ${account} and generation = ${to})`.execute(store.read);
  const count = rows[0]?.count ?? 0;
  if (count === 0) return 0;
  const query = sql`
    insert into callback_lines (account, campaign, generation, next, last, due_at, tries, claims)
    select ${account}, ${campaign}, ${to}, ${sql.lit(from)}, max(number), ${sql.lit(now)}, 0, 0
    from callbacks where account = ${account} and campaign = ${campaign}
    on conflict (account, generation, campaign)
    do update set next = excluded.next, last = excluded.last, due_at = excluded.due_at, tries = 0, since = null`;
  await stored(store, { compile: () => query.compile(store.write) });
  return count;
}

/** What has been kept long enough, and lines that lead to nobody. */
export const forgetCallbacks = (store: Sql, now: Instant): Promise<void> =>
  stored(
    store,
    store.write.deleteFrom('callbacks').where('at', '<=', now - LIMITS.callbackKept),
    store.write.deleteFrom('deliveries').where('at', '<=', now - LIMITS.callbackKept),
    {
      compile: () =>
        sql`delete from callback_lines where due_at is not null and not exists (
          select 1 from listeners l
          where l.account = callback_lines.account and l.generation = callback_lines.generation
        )`.compile(store.write),
    },
  );

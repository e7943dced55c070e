// Rollouts in the SQL stores: score books, allowances, the hashes that steps are cut by, and who may be offered now.
import { sql } from 'kysely';
import type { Budget, CampaignKey, Imei, Instant, KeptBook, UpdateKey, Write } from '../campaigns/index.ts';
import type { HashRow } from '../engine/ports.ts';
import { parsed } from './columns.ts';
import { nextRevision } from './derived.ts';
import { type Db, keyTable, type Sql, type Statement } from './sql.ts';

type KeepScore = Extract<Write, { readonly op: 'keep-score' }>;

export const keepScore = (db: Db, { account, campaign, kept }: KeepScore): Statement => {
  const body = JSON.stringify(kept);
  const query = db.insertInto('score_books').values({ account, campaign, body });
  return {
    query: query.onConflict((conflict) => conflict.columns(['account', 'campaign']).doUpdateSet({ body })).compile(),
  };
};

export const replaceBudget = (db: Db, budget: Budget): Statement => {
  const { account, scope, revision, level, at } = nextRevision(budget);
  const row = { revision, level, at };
  const query = db.insertInto('budgets').values({ account, scope, ...row });
  return {
    query: query
      .onConflict((conflict) =>
        conflict.columns(['account', 'scope']).doUpdateSet(row).where('budgets.revision', '=', budget.revision),
      )
      .compile(),
    rows: 1,
  };
};

export async function loadScoreBook(store: Sql, { account, campaign }: CampaignKey): Promise<KeptBook | undefined> {
  const query = store.read.selectFrom('score_books').select('body').where('account', '=', account);
  const row = await query.where('campaign', '=', campaign).executeTakeFirst();
  return row === undefined ? undefined : parsed<KeptBook>(row.body);
}

/** The stored allowances of these names, by `account scope`. */
export async function loadBudgets(
  store: Sql,
  wanted: readonly Pick<Budget, 'account' | 'scope'>[],
): Promise<ReadonlyMap<string, Budget>> {
  if (wanted.length === 0) return new Map();
  const names = keyTable(
    store.dialect,
    wanted.map(({ account, scope }) => [account, scope]),
    [
      ['account', 'text'],
      ['scope', 'text'],
    ],
  );
  const { rows } = await sql<Budget>`
    select b.account, b.scope, b.revision, b.level, b.at
    from ${names} as k join budgets b on b.account = k.account and b.scope = k.scope`.execute(store.read);
  return new Map(rows.map((row) => [`${row.account} ${row.scope}`, row]));
}

export async function loadHashes(
  store: Sql,
  { account, campaign }: CampaignKey,
  page: { readonly after?: string; readonly max: number },
): Promise<readonly HashRow[]> {
  const rows = await store.read
    .selectFrom('updates')
    .select(['imei', 'stratum', 'hash', 'state'])
    .where('account', '=', account)
    .where('campaign', '=', campaign)
    .where('imei', '>', page.after ?? '')
    .orderBy('imei')
    .limit(page.max)
    .execute();
  return rows.map(({ imei, stratum, hash, state }) => ({ imei, stratum, hash, waits: state === 'waiting' }));
}

export async function loadReady(
  store: Sql,
  key: CampaignKey,
  now: Instant,
  { max, open }: { readonly max: number; readonly open?: readonly number[] | undefined },
): Promise<readonly UpdateKey[]> {
  const bounds = open ?? [undefined];
  const found: { readonly imei: string; readonly attempts: number; readonly hash: number }[] = [];
  for (const [stratum, hashMax] of bounds.entries()) {
    if (hashMax !== undefined && hashMax < 0) continue;
    const { rows } = await sql<{ readonly imei: string; readonly attempts: number; readonly hash: number }>`
      select imei, attempts, hash
      from updates
      where account = ${key.account} and campaign = ${key.campaign} and state = 'waiting' and awake = 1
        and stratum = ${stratum} and ready_at <= ${now} ${hashMax === undefined ? sql`` : sql`and hash <= ${hashMax}`}
      order by attempts, hash, imei
      limit ${max}`.execute(store.read);
    found.push(...rows);
  }
  return found
    .toSorted(
      (one, other) => one.attempts - other.attempts || one.hash - other.hash || (one.imei < other.imei ? -1 : 1),
    )
    .slice(0, max)
    .map(({ imei }) => ({ ...key, imei: imei as Imei }));
}

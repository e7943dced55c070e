// What is watched over the whole server, in SQL: listeners in trouble, what is due, which nodes there are.
import { sql } from 'kysely';
import type { ListenerHealth, WatchStore } from '../accounts/ports.ts';
import type { AccountName, Audience, Instant, NodeId } from '../campaigns/index.ts';
import type { Sql } from './sql.ts';
import { stored } from './sql-accounts.ts';

export const sqlWatch = (store: Sql): WatchStore => ({
  listenersInTrouble: () => listenersInTrouble(store),
  earliestDue: async () => {
    const { rows } = await sql<{ readonly due_update: Instant | null; readonly due_campaign: Instant | null }>`
      select
        (select min(next_action_at) from updates where next_action_at is not null) as due_update,
        (select min(next_action_at) from campaigns where next_action_at is not null) as due_campaign
      `.execute(store.read);
    const { due_update: update = null, due_campaign: campaign = null } = rows[0] ?? {};
    return { ...(update === null ? {} : { update }), ...(campaign === null ? {} : { campaign }) };
  },
  knownNodes: async () => {
    const rows = await store.read.selectFrom('nodes').select(['node', 'until']).orderBy('node').execute();
    return rows.map(({ node, until }) => ({ node: node as NodeId, until: until as Instant }));
  },
  forgetNode: (node) => stored(store, store.write.deleteFrom('nodes').where('node', '=', node)),
});

interface HealthRow {
  readonly account: AccountName;
  readonly generation: Audience;
  readonly failing_since: Instant | null;
  readonly waiting: number | null;
  readonly oldest: Instant | null;
  readonly dead: number | null;
  readonly dead_at: Instant | null;
}

/** The oldest that waits in a line is the one that is told next. */
async function listenersInTrouble(store: Sql): Promise<readonly ListenerHealth[]> {
  const { rows } = await sql<HealthRow>`
    select li.account, li.generation, li.failing_since, w.waiting, w.oldest, g.dead, g.dead_at
    from listeners li
    left join (
      select l.account, l.generation, sum(l.last - l.next + 1) as waiting, min(c.at) as oldest
      from callback_lines l
      left join callbacks c on c.account = l.account and c.campaign = l.campaign and c.number = l.next
      where l.due_at is not null
      group by l.account, l.generation
    ) w on w.account = li.account and w.generation = li.generation
    left join (
      select d.account, d.generation, count(*) as dead, max(d.at) as dead_at
      from deliveries d
      where d.outcome = 'dead' and not exists (
        select 1 from deliveries later
        where later.account = d.account and later.campaign = d.campaign and later.generation = d.generation
          and later.number = d.number and later.id > d.id and later.outcome in ('delivered', 'dead')
      )
      group by d.account, d.generation
    ) g on g.account = li.account and g.generation = li.generation
    where li.failing_since is not null or w.waiting is not null or g.dead is not null
    order by li.account, li.generation`.execute(store.read);
  return rows.map(({ account, generation, failing_since, waiting, oldest, dead, dead_at }) => ({
    account,
    generation,
    waiting: Number(waiting ?? 0),
    dead: dead ?? 0,
    ...(failing_since === null ? {} : { failingSince: failing_since }),
    ...(oldest === null ? {} : { oldestAt: oldest }),
    ...(dead_at === null ? {} : { deadAt: dead_at }),
  }));
}

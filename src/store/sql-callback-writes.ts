// What a change does to callbacks, as statements: events and their lines, what is gathered, what became of a turn.
import { sql } from 'kysely';
import type { CallbackEvent, Delivery, Intent, Write } from '../campaigns/index.ts';
import type { Db, Statement } from './sql.ts';

type Callback = Extract<Intent, { readonly kind: 'callback' }>;
type Gather = Extract<Write, { readonly op: 'gather' }>;
type Settle = Extract<Write, { readonly op: 'settle-callback' }>;

/** The event, and a place in the line of everybody who listens. */
export const callbackStatements = (db: Db, { to, event }: Callback): readonly Statement[] => {
  const { account, campaign, number, at } = event;
  const body = JSON.stringify(event satisfies CallbackEvent);
  const query = db.insertInto('callbacks').values({ account, campaign, number, at, body });
  return [
    { query: query.onConflict((conflict) => conflict.doNothing()).compile(), rows: 1 },
    ...(to.length === 0 ? [] : [{ query: joinLines(event, to).compile(db) }]),
  ];
};

// A line that had come to its end goes on with this number; one that has not hears of it in its turn.
const joinLines = ({ account, campaign, number, at }: CallbackEvent, to: Callback['to']) => sql`
  insert into callback_lines (account, campaign, generation, next, last, due_at, tries, claims)
  select account, ${campaign}, generation, ${sql.lit(number)}, ${sql.lit(number)}, ${sql.lit(at)}, 0, 0
  from listeners where account = ${account} and generation in (${sql.join(to)})
  on conflict (account, generation, campaign) do update set
    next = case when callback_lines.due_at is null then excluded.next else callback_lines.next end,
    last = case when callback_lines.last > excluded.last then callback_lines.last else excluded.last end,
    due_at = coalesce(callback_lines.due_at, excluded.due_at)`;

export function gatherStatement(db: Db, { account, campaign, devices }: Gather): Statement {
  if (devices.length === 0)
    return {
      query: db.deleteFrom('gathered').where('account', '=', account).where('campaign', '=', campaign).compile(),
    };
  const body = JSON.stringify(devices);
  const query = db.insertInto('gathered').values({ account, campaign, body });
  return {
    query: query.onConflict((conflict) => conflict.columns(['account', 'campaign']).doUpdateSet({ body })).compile(),
  };
}

export function settleStatements(db: Db, { turn, after, at, delivery }: Settle): readonly Statement[] {
  const line = db
    .updateTable('callback_lines')
    .where('account', '=', turn.account)
    .where('generation', '=', turn.to)
    .where('campaign', '=', turn.campaign)
    .where('claims', '=', turn.claim);
  const free = { claimed_by: null, claimed_until: null };
  const query =
    after.is === 'again'
      ? line.set({ ...free, due_at: after.at, tries: after.tries, since: after.since })
      : line.set({
          ...free,
          // A replay that was ordered meanwhile stays where it was set.
          next: sql<number>`case when next = ${turn.from} then ${sql.lit(after.number + 1)} else next end`,
          due_at: sql<number>`case when last > ${after.number} or next <> ${turn.from} then ${sql.lit(at)} end`,
          tries: 0,
          since: null,
        });
  return [{ query: query.compile() }, ...(delivery === undefined ? [] : logStatements(db, delivery))];
}

/** The log, and whether the listener is well; only a change of that is written. */
function logStatements(db: Db, delivery: Delivery): readonly Statement[] {
  const { account, campaign, to: generation, number, at, outcome } = delivery;
  const row = { account, campaign, generation, number, at, outcome, body: JSON.stringify(delivery) };
  const well = outcome === 'delivered';
  const health = db
    .updateTable('listeners')
    .set({ failing_since: well ? null : at })
    .where('account', '=', account)
    .where('generation', '=', generation)
    .where('failing_since', well ? 'is not' : 'is', null);
  return [{ query: db.insertInto('deliveries').values(row).compile() }, { query: health.compile() }];
}

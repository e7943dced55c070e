// How nodes share the work of a SQL store: due updates, campaigns that need their steward, intents to send.
import { sql } from 'kysely';
import {
  type AccountName,
  type CampaignId,
  type CampaignKey,
  type DeviceIntent,
  type Instant,
  LIMITS,
  type NodeId,
  type Update,
  type UpdateKey,
} from '../campaigns/index.ts';
import type { ClaimedIntent } from '../engine/ports.ts';
import { parsed } from './columns.ts';
import { leaseUntil, type Sql, skipLocked } from './sql.ts';

export async function claimDue(store: Sql, now: Instant, max: number): Promise<readonly UpdateKey[]> {
  const { rows } = await sql<{ readonly body: string }>`
    with due as materialized (
      select account as k_account, bucket as k_bucket, imei as k_imei, campaign as k_campaign
      from updates
      where next_action_at <= ${now} and (claimed_until is null or claimed_until < ${store.leaseClock(now)})
      order by next_action_at, account, campaign, imei
      limit ${max}
      ${skipLocked(store)}
    )
    update updates set claimed_until = ${leaseUntil(store, now, LIMITS.claimLease)}
    from due
    where account = k_account and bucket = k_bucket and imei = k_imei and campaign = k_campaign
    returning body`.execute(store.write);
  const overdue = ({ nextActionAt }: Update): number => nextActionAt ?? 0;
  const textOf = ({ account, campaign, imei }: Update): string => `${account} ${campaign} ${imei}`;
  return rows
    .map(({ body }) => parsed<Update>(body))
    .sort((one, other) => overdue(one) - overdue(other) || (textOf(one) < textOf(other) ? -1 : 1))
    .map(({ account, campaign, imei }) => ({ account, campaign, imei }));
}

/** Whoever was served longest ago is first, so that a busy campaign cannot starve the others. */
export async function claimCampaigns(
  store: Sql,
  now: Instant,
  max: number,
  node: NodeId,
): Promise<readonly CampaignKey[]> {
  const { rows } = await sql<{ readonly account: AccountName; readonly id: CampaignId }>`
    with due as materialized (
      select account as k_account, id as k_id
      from campaigns
      where (
          next_action_at <= ${now}
          or (account, id) in (select account, campaign from entries where sequence is null)
        )
        and (lease_until is null or lease_until < ${store.leaseClock(now)} or lease_node = ${node})
      order by coalesce(lease_until, 0), account, id
      limit ${max}
      ${skipLocked(store)}
    )
    update campaigns set lease_node = ${node}, lease_until = ${leaseUntil(store, now, LIMITS.stewardLease)}
    from due
    where account = k_account and id = k_id
    returning account, id`.execute(store.write);
  return rows
    .map(({ account, id }) => ({ account, campaign: id }))
    .sort((one, other) => (`${one.account} ${one.campaign}` < `${other.account} ${other.campaign}` ? -1 : 1));
}

/** A device's intents go where it is registered, unless that node is dead. */
export async function claimIntents(
  store: Sql,
  now: Instant,
  max: number,
  node: NodeId,
): Promise<readonly ClaimedIntent[]> {
  const clock = store.leaseClock(now);
  const { rows } = await sql<{ readonly id: number; readonly body: string; readonly claims: number }>`
    with free as materialized (
      select o.id as k_id
      from outbox o
      left join devices d on d.account = o.account and d.imei = o.imei
      where (o.claimed_until is null or o.claimed_until < ${clock})
        and (
          d.node is null or d.node = ${node}
          or not exists (select 1 from nodes n where n.node = d.node and n.until >= ${clock})
        )
      order by o.id
      limit ${max}
      ${skipLocked(store, 'o')}
    )
    update outbox
    set claimed_until = ${leaseUntil(store, now, LIMITS.sendLease)}, claimed_by = ${node}, claims = claims + 1
    from free
    where id = k_id
    returning id, body, claims`.execute(store.write);
  return rows
    .map(({ id, body, claims }) => ({ id, intent: parsed<DeviceIntent>(body), again: claims > 1 }))
    .sort((one, other) => one.id - other.id);
}

/** What an earlier life of this node was sending is free again. */
export async function release(store: Sql, node: NodeId): Promise<readonly DeviceIntent[]> {
  const lines = store.write.updateTable('callback_lines').set({ claimed_until: null });
  await lines.where('claimed_by', '=', node).where('claimed_until', 'is not', null).execute();
  const query = store.write.updateTable('outbox').set({ claimed_until: null });
  const held = query.where('claimed_by', '=', node).where('claimed_until', 'is not', null);
  const rows = await held.returning(['id', 'body']).execute();
  return rows.sort((one, other) => one.id - other.id).map(({ body }) => parsed<DeviceIntent>(body));
}

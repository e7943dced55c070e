// How nodes share the work of the memory store: due updates, campaigns that need their steward, intents to send.
import {
  after,
  type CampaignKey,
  type DeviceIntent,
  type Instant,
  LIMITS,
  type NodeId,
  type UpdateKey,
} from '../campaigns/index.ts';
import type { ClaimedIntent } from '../engine/ports.ts';
import { deviceOfIntent } from './derived.ts';
import {
  type CampaignRow,
  campaignText,
  deviceText,
  keyOfCampaign,
  keyOfUpdate,
  lineText,
  type MemoryRows,
  type OutboxRow,
  updateText,
} from './memory-rows.ts';

const isFree = (until: Instant | undefined, now: Instant): boolean => until === undefined || until < now;

export function claimDue(rows: MemoryRows, now: Instant, max: number): readonly UpdateKey[] {
  const dueAt = ({ update }: { readonly update: { readonly nextActionAt?: Instant } }) =>
    update.nextActionAt ?? Number.POSITIVE_INFINITY;
  const due = rows.updates
    .group('timed')
    .filter((row) => dueAt(row) <= now && isFree(row.claimedUntil, now))
    .map((row) => ({ row, text: updateText(row.update) }))
    .sort((one, other) => dueAt(one.row) - dueAt(other.row) || (one.text < other.text ? -1 : 1))
    .slice(0, max);
  return due.map(({ row, text }) => {
    rows.updates.put(text, { ...row, claimedUntil: after(now, LIMITS.claimLease) });
    return keyOfUpdate(row.update);
  });
}

export function claimCampaigns(rows: MemoryRows, now: Instant, max: number, node: NodeId): readonly CampaignKey[] {
  const needsSteward = ({ campaign, lease }: CampaignRow): boolean => {
    const isDue = campaign.nextActionAt !== undefined && campaign.nextActionAt <= now;
    const hasNews = rows.entries.hasGroup(`unsealed ${campaignText(keyOfCampaign(campaign))}`);
    return (isDue || hasNews) && (isFree(lease?.until, now) || lease?.node === node);
  };
  // Whoever was served longest ago is first, so that a busy campaign cannot starve the others.
  const claimed = rows.campaigns
    .all()
    .filter(needsSteward)
    .map((row) => ({ row, key: keyOfCampaign(row.campaign), servedUntil: row.lease?.until ?? 0 }))
    .sort(
      (one, other) => one.servedUntil - other.servedUntil || (campaignText(one.key) < campaignText(other.key) ? -1 : 1),
    )
    .slice(0, max);
  return claimed.map(({ row, key }) => {
    const lease = { node, until: after(now, LIMITS.stewardLease) };
    rows.campaigns.put(campaignText(key), { ...row, lease });
    return key;
  });
}

export function claimIntents(rows: MemoryRows, now: Instant, max: number, node: NodeId): readonly ClaimedIntent[] {
  const claimed = rows.outbox
    .all()
    .filter((row) => isFree(row.claimedUntil, now) && isFor(rows, row, node, now))
    .sort((one, other) => one.id - other.id)
    .slice(0, max);
  return claimed.map((row) => {
    const { id, intent, claims } = row;
    rows.outbox.put(String(id), {
      ...row,
      claims: claims + 1,
      claimedBy: node,
      claimedUntil: after(now, LIMITS.sendLease),
    });
    return { id, intent, again: claims > 0 };
  });
}

function isFor(rows: MemoryRows, { intent }: OutboxRow, node: NodeId, now: Instant): boolean {
  const registration = rows.devices.get(deviceText(deviceOfIntent(intent)))?.registration;
  if (registration === undefined || registration.node === node) return true;
  return (rows.nodes.get(registration.node)?.until ?? 0) < now;
}

/** What an earlier life of this node was sending is free again. */
export function release(rows: MemoryRows, node: NodeId): readonly DeviceIntent[] {
  const held = rows.outbox.all().filter((row) => row.claimedBy === node && row.claimedUntil !== undefined);
  for (const { claimedUntil: _over, ...row } of held) rows.outbox.put(String(row.id), row);
  for (const { claimedUntil: _over, ...line } of rows.lines.all()) {
    if (line.claimedBy === node) rows.lines.put(lineText(line), line);
  }
  return held.sort((one, other) => one.id - other.id).map(({ intent }) => intent);
}

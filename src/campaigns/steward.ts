// The steward's turns: what the one node that holds a campaign's lease counts, numbers, grants and ends (engine.md §4).

import { type Admitted, admissionChange, admit, type Candidate } from './admission.ts';
import { endedBy } from './attempt.ts';
import { type Telling, tell, withCallbacks } from './callbacks.ts';
import {
  CAMPAIGN_MOVES,
  type Campaign,
  campaignEnd,
  campaignStart,
  downloadFrom,
  isOver,
  type Phase,
  type PhaseName,
  type Tallies,
} from './campaign.ts';
import { type Change, type Entry, noChange, type SealedEntry, type SlotLease, type Write } from './change.ts';
import type { NodeId } from './ids.ts';
import { invariant } from './invariant.ts';
import type { Licensing } from './licence.ts';
import { LIMITS } from './limits.ts';
import type { RejectReason } from './reasons.ts';
import type { Rule } from './rules.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import type { StateName } from './update.ts';
import { nextOpening, openingAt, type Zone } from './windows.ts';

/** Hash of a text in lower-case hex; SHA-256 in production. */
export type Digest = (text: string) => string;

export interface UnsealedEntry {
  readonly id: number;
  readonly entry: Entry;
}

const TALLY: Record<StateName, keyof Tallies> = {
  waiting: 'waiting',
  offered: 'live',
  downloading: 'live',
  downloaded: 'live',
  installing: 'live',
  verifying: 'live',
  succeeded: 'succeeded',
  failed: 'failed',
  rejected: 'rejected',
  cancelled: 'cancelled',
  aborted: 'aborted',
  expired: 'expired',
};

const tallyOf = (state: StateName, entry: Entry): keyof Tallies =>
  state === 'rejected' && isAlreadyCurrent(entry) ? 'alreadyCurrent' : TALLY[state];
const isAlreadyCurrent = ({ facts }: Entry): boolean => facts?.['reason'] === 'already-current';

function countRejection(rejections: Partial<Record<RejectReason, number>>, { move, facts }: Entry): void {
  const reason = facts?.['reason'] as RejectReason | undefined;
  if (reason === undefined) return;
  if (move?.to === 'rejected') rejections[reason] = (rejections[reason] ?? 0) + 1;
  if (move?.from === 'rejected') rejections[reason] = (rejections[reason] ?? 0) - 1;
}

function count(tallies: Tallies, entry: Entry): Tallies {
  const { move } = entry;
  const next = { ...tallies };
  if (move !== undefined && move.from !== 'none') next[tallyOf(move.from, entry)] -= 1;
  if (move !== undefined && move.to !== 'gone') next[tallyOf(move.to, entry)] += 1;
  if (entry.kind === 'late' && entry.facts?.['result'] === 'succeeded') next.succeededLate += 1;
  return next;
}

/** What the steward has not counted yet, and whom it would tell. */
export interface Unfolded extends Telling {
  readonly campaign: Campaign;
  readonly unsealed: readonly UnsealedEntry[];
}

/** Counts and chains entries in one total order, and numbers what the customer is told. */
export function fold({ campaign, unsealed, ...telling }: Unfolded, digest: Digest, now: Instant): Change {
  let { tallies, slotsOut } = campaign;
  let { length, head } = campaign.ledger;
  const rejections: Partial<Record<RejectReason, number>> = { ...campaign.rejections };
  const sealed: SealedEntry[] = [];
  for (const { id, entry } of unsealed) {
    tallies = count(tallies, entry);
    if (entry.slots === -1) slotsOut -= 1;
    countRejection(rejections, entry);
    length += 1;
    const text = JSON.stringify({ sequence: length, previous: head, entry });
    head = digest(text);
    sealed.push({ id, sequence: length, text, hash: head });
  }
  invariant(slotsOut >= 0, 'more slots are set free than were out');
  const told = tell(
    campaign,
    unsealed.map(({ entry }) => entry),
    telling,
    now,
  );
  const counted: Campaign = { ...campaign, tallies, rejections, slotsOut, ledger: { length, head } };
  const { account, id } = campaign;
  return {
    writes: [
      { op: 'replace-campaign', row: withCallbacks(counted, told.callbacks) },
      { op: 'seal', account, campaign: id, sealed },
      ...told.writes,
    ],
    entries: [],
    intents: told.intents,
    rule: 'campaign.folded',
  };
}

/** Looks at one part of the device list; the part is gone in the same commit, so a crash looks at it once more or never. */
export function admitPart(
  campaign: Campaign,
  part: number,
  candidates: readonly Candidate[],
  last: boolean,
  now: Instant,
  licensing?: Licensing,
): { readonly change: Change; readonly results: readonly Admitted[] } {
  const result = admit(candidates, campaign, now, licensing);
  const row: Campaign = { ...campaign, zones: result.zones, intakePending: !last };
  const { account, id } = campaign;
  const more: Write[] = [
    { op: 'replace-campaign', row },
    { op: 'delete-intake', account, campaign: id, part },
  ];
  return { change: admissionChange(result, more, 'campaign.admitted'), results: result.results };
}

export function toPhase(
  campaign: Campaign,
  name: PhaseName,
  rule: Rule,
  now: Instant,
): { readonly row: Campaign; readonly entry: Entry } {
  const legal: readonly string[] = CAMPAIGN_MOVES[campaign.phase.name];
  invariant(legal.includes(name), `a campaign cannot go from ${campaign.phase.name} to ${name}`);
  const phase: Phase = { name, since: now, rule };
  // The sweep finds out by itself whether rows are left; tallies may be behind.
  const ends = isOver(phase);
  const row: Campaign = { ...campaign, phase, nextActionAt: now, sweepPending: ends || campaign.sweepPending };
  return {
    row,
    entry: { account: campaign.account, campaign: campaign.id, at: now, kind: 'phase', rule, facts: { phase: name } },
  };
}

/** The next move of the campaign itself, once everything that happened is counted and every device looked at. */
export function advance(campaign: Campaign, now: Instant): Change {
  const move = nextPhase(campaign, now);
  if (move === undefined) return noChange('update.no-change');
  const { row, entry } = toPhase(campaign, move.name, move.rule, now);
  return { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule: move.rule };
}

function nextPhase(campaign: Campaign, now: Instant): { readonly name: PhaseName; readonly rule: Rule } | undefined {
  const { phase, tallies, timetable } = campaign;
  const open = tallies.waiting + tallies.live;
  if (isOver(phase) || campaign.intakePending) return undefined;
  if (phase.name === 'pending') {
    const none = open + tallies.succeeded + tallies.failed === 0 && !campaign.autoAddDevices;
    return none ? { name: 'failed', rule: 'campaign.all-rejected' } : { name: 'queued', rule: 'campaign.admitted' };
  }
  if (phase.name === 'queued' && campaign.generation === 'v3')
    return { name: 'prescheduled', rule: 'campaign.prescheduled' };
  if (phase.name !== 'scheduled')
    return now >= campaignStart(timetable) ? { name: 'scheduled', rule: 'campaign.scheduled' } : undefined;
  if (now >= campaignEnd(timetable)) return { name: 'ended', rule: 'campaign.ended-date' };
  return open === 0 && !campaign.autoAddDevices ? { name: 'ended', rule: 'campaign.ended-done' } : undefined;
}

const zonesOf = (campaign: Campaign): readonly Zone[] => {
  const { zone, fallbackZone } = campaign.timetable;
  return zone !== 'device' ? [zone] : campaign.zones.length > 0 ? campaign.zones : [fallbackZone];
};

/** Whether any of its devices could be offered at `now`. */
export function opensAnywhere(campaign: Campaign, now: Instant): boolean {
  if (campaign.phase.name !== 'scheduled' || campaign.hold !== undefined || now < downloadFrom(campaign.timetable))
    return false;
  const end = campaignEnd(campaign.timetable);
  return zonesOf(campaign).some((zone) => openingAt(campaign.timetable.downloadWindows, zone, now, end) !== undefined);
}

const SLOT_RENEWAL = (LIMITS.slotLease / 2) as Duration;

/** When the steward has to look at the campaign again, if nothing happens before. */
export function nextTurn(campaign: Campaign, now: Instant): Instant | undefined {
  if (campaign.intakePending || campaign.sweepPending) return now;
  return earliest(campaign.callbacks.dueAt, nextMove(campaign, now));
}

function nextMove(campaign: Campaign, now: Instant): Instant | undefined {
  if (isOver(campaign.phase)) return undefined;
  const { timetable } = campaign;
  if (campaign.phase.name !== 'scheduled') return Math.max(now, campaignStart(timetable)) as Instant;
  const end = campaignEnd(timetable);
  if (opensAnywhere(campaign, now)) return earliest(end, after(now, SLOT_RENEWAL));
  const from = Math.max(now, downloadFrom(timetable)) as Instant;
  const openings =
    campaign.hold === undefined
      ? zonesOf(campaign).map((zone) => nextOpening(timetable.downloadWindows, zone, from, end)?.from)
      : [];
  return earliest(end, ...openings);
}

/**
 * Leases slots to the nodes: what was leased and not used comes back when its time is over, what is free is shared out
 * evenly. With fewer slots than nodes, every turn serves another node first.
 */
export function leaseSlots(
  campaign: Campaign,
  leases: readonly SlotLease[],
  nodes: readonly NodeId[],
  now: Instant,
): Change {
  const open = opensAnywhere(campaign, now) && campaign.tallies.waiting > 0;
  const spent = (lease: SlotLease) => lease.until <= after(now, SLOT_RENEWAL) || !open;
  const returned = leases.filter((lease) => spent(lease) && lease.free > 0).reduce((sum, lease) => sum + lease.free, 0);
  let slotsOut = campaign.slotsOut - returned;
  const free = Math.max(0, campaign.slotsMax - slotsOut);
  const order = nodes
    .map((_, index) => nodes[(index + campaign.turn) % nodes.length])
    .filter((node) => node !== undefined);
  const writes: Write[] = [];
  let served = 0;
  for (const [index, node] of order.entries()) {
    const share = open ? Math.floor(free / order.length) + (index < free % order.length ? 1 : 0) : 0;
    const lease = leases.find((one) => one.node === node);
    const renewed = lease === undefined || spent(lease);
    if (!renewed && share === 0) continue;
    const kept = lease !== undefined && !renewed ? lease.free : 0;
    if (lease === undefined && share === 0) continue;
    if (lease !== undefined && lease.free === 0 && share === 0) continue;
    slotsOut += share;
    if (share > 0) served += 1;
    const until = after(now, LIMITS.slotLease);
    const row: SlotLease = {
      account: campaign.account,
      campaign: campaign.id,
      node,
      revision: lease?.revision ?? 0,
      free: kept + share,
      until,
    };
    writes.push({ op: lease === undefined ? 'insert-slots' : 'replace-slots', row });
  }
  for (const lease of leases) {
    if (nodes.includes(lease.node) || lease.free === 0 || !spent(lease)) continue;
    writes.push({ op: 'replace-slots', row: { ...lease, free: 0 } });
  }
  return settleTurn({ ...campaign, turn: campaign.turn + (free < order.length ? served : 0) }, slotsOut, writes, now);
}

/** A look that is planned already and comes no later is kept: else every look would plan, and write, another one. */
function soonest(campaign: Campaign, now: Instant): Instant | undefined {
  const planned = campaign.nextActionAt;
  const next = nextTurn(campaign, now);
  return planned !== undefined && next !== undefined && now < planned && planned <= next ? planned : next;
}

/** The campaign row at the end of a turn; not written when nothing of it changed. */
function settleTurn(campaign: Campaign, slotsOut: number, writes: readonly Write[], now: Instant): Change {
  invariant(
    slotsOut >= 0 && slotsOut <= Math.max(campaign.slotsMax, campaign.slotsOut),
    'more slots are leased than there are',
  );
  const next = soonest(campaign, now);
  if (writes.length === 0 && next === campaign.nextActionAt) return noChange('campaign.slots-leased');
  const { nextActionAt: _old, ...rest } = campaign;
  const row: Campaign = {
    ...rest,
    slotsOut,
    ...(next === undefined ? {} : { nextActionAt: next }),
  };
  return {
    writes: [{ op: 'replace-campaign', row }, ...writes],
    entries: [],
    intents: [],
    rule: 'campaign.slots-leased',
  };
}

/** Every row of an ended campaign has been looked at. */
export function swept(campaign: Campaign): Change {
  const rule = endedBy(campaign).rule;
  return {
    writes: [{ op: 'replace-campaign', row: { ...campaign, sweepPending: false } }],
    entries: [],
    intents: [],
    rule,
  };
}

// What the steward leases to the nodes: slots for live attempts and arrivals for new ones (engine.md §4).
import { burstOf, filled, wholeOf, without } from './arrivals.ts';
import type { Campaign } from './campaign.ts';
import { type Budget, type Change, noChange, type SlotLease, type Write } from './change.ts';
import type { NodeId } from './ids.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { maxUnresolved } from './rollout.ts';
import { nextTurn, opensAnywhere, SLOT_RENEWAL } from './steward.ts';
import { after, earliest, type Instant } from './time.ts';

/** What all campaigns of the account may begin together. */
export interface AccountAllowance {
  readonly row: Budget;
  readonly perMinute: number;
}

export interface Leasing {
  readonly campaign: Campaign;
  readonly leases: readonly SlotLease[];
  readonly nodes: readonly NodeId[];
  readonly allowance?: AccountAllowance | undefined;
}

/** Slots that may be out at a time: as many as it has, and no more than may be without an outcome. */
export const slotsOf = (campaign: Campaign): number => Math.min(campaign.slotsMax, maxUnresolved(campaign));

/** How many devices may be asked now: each that has not answered yet may still take one of the slots. */
export function asksLeft({ campaign, leases }: Pick<Leasing, 'campaign' | 'leases'>, now: Instant): number {
  const free = leases
    .filter((lease) => now < lease.until)
    .reduce((sum, lease) => sum + Math.min(lease.free, lease.arrivals), 0);
  const { asking } = campaign;
  return free - (asking !== undefined && now < asking.until ? asking.count : 0);
}

/** So many were asked now. */
export function withAsked(campaign: Campaign, count: number, now: Instant): Change {
  const before = campaign.asking !== undefined && now < campaign.asking.until ? campaign.asking.count : 0;
  const until = after(now, LIMITS.askWait);
  const row: Campaign = {
    ...campaign,
    asking: { count: before + count, until },
    nextActionAt: earliest(campaign.nextActionAt, until) ?? until,
  };
  return { writes: [{ op: 'replace-campaign', row }], entries: [], intents: [], rule: 'update.asked' };
}

const sumOf = (leases: readonly SlotLease[], what: 'free' | 'arrivals'): number =>
  leases.reduce((sum, lease) => sum + lease[what], 0);

/** The buckets once everything that was leased and not used has come back, and what may be leased out of them now. */
function arrivalsLeft({ campaign, allowance }: Leasing, returned: number, kept: number, now: Instant) {
  const { perMinute } = campaign.arrivals;
  const own = without(filled(campaign.arrivals, perMinute, now), -returned);
  const shared = allowance && without(filled(allowance.row, allowance.perMinute, now), -returned);
  const room = Math.max(0, burstOf(perMinute) - kept);
  const free = Math.min(room, wholeOf(own), shared === undefined ? room : wholeOf(shared));
  return { own, shared, free };
}

/** An even part for each, the first ones get what is left over. */
const share = (free: number, place: number, nodes: number): number =>
  Math.floor(free / nodes) + (place < free % nodes ? 1 : 0);

/**
 * Leases slots and arrivals to the nodes: what was leased and not used comes back when its time is over, what is free is
 * shared out evenly. With fewer slots than nodes, every turn serves another node first.
 */
export function leaseSlots(leasing: Leasing, now: Instant): Change {
  const { campaign, leases, nodes } = leasing;
  const open = opensAnywhere(campaign, now) && campaign.tallies.waiting > 0;
  const isSpent = (lease: SlotLease) => lease.until <= after(now, SLOT_RENEWAL) || !open;
  const spent = leases.filter(isSpent);
  const running = leases.filter((lease) => !isSpent(lease));
  const back = { free: sumOf(spent, 'free'), arrivals: sumOf(spent, 'arrivals') };
  const free = open ? Math.max(0, slotsOf(campaign) - (campaign.slotsOut - back.free)) : 0;
  const arrivals = arrivalsLeft(leasing, back.arrivals, sumOf(running, 'arrivals'), now);
  const arriving = open ? arrivals.free : 0;
  const order = nodes
    .map((_, place) => nodes[(place + campaign.turn) % nodes.length])
    .filter((node) => node !== undefined);
  const writes: Write[] = [];
  let [served, slots, begun] = [0, 0, 0];
  for (const [place, node] of order.entries()) {
    const more = { free: share(free, place, order.length), arrivals: share(arriving, place, order.length) };
    const row = renewed(campaign, node, leases, isSpent, more, now);
    if (row === undefined) continue;
    slots += more.free;
    begun += more.arrivals;
    if (more.free > 0) served += 1;
    writes.push(row);
  }
  for (const lease of spent)
    if (!nodes.includes(lease.node) && (lease.free > 0 || lease.arrivals > 0))
      writes.push({ op: 'replace-slots', row: { ...lease, free: 0, arrivals: 0 } });
  const held = sumOf(running, 'arrivals') + begun;
  const { own, shared } = arrivals;
  return settleTurn(
    {
      campaign: {
        ...campaign,
        turn: campaign.turn + (free < order.length ? served : 0),
        arrivals: without(own, begun),
      },
      before: campaign,
      slotsOut: campaign.slotsOut - back.free + slots,
      // Who comes now may find the allowance used up: more is handed out as it fills.
      hungry: open && held < burstOf(campaign.arrivals.perMinute),
      writes:
        begun === back.arrivals || shared === undefined
          ? writes
          : [...writes, { op: 'replace-budget', row: without(shared, begun) }],
    },
    now,
  );
}

/** The node's lease with what it gets now; undefined where nothing of it changes. */
function renewed(
  { account, id }: Campaign,
  node: NodeId,
  leases: readonly SlotLease[],
  isSpent: (lease: SlotLease) => boolean,
  more: { readonly free: number; readonly arrivals: number },
  now: Instant,
): Write | undefined {
  const lease = leases.find((one) => one.node === node);
  const fresh = lease === undefined || isSpent(lease);
  const gets = more.free > 0 || more.arrivals > 0;
  if (!gets && !(fresh && lease !== undefined && (lease.free > 0 || lease.arrivals > 0))) return undefined;
  const kept = fresh ? { free: 0, arrivals: 0 } : lease;
  const row: SlotLease = {
    account,
    campaign: id,
    node,
    revision: lease?.revision ?? 0,
    free: kept.free + more.free,
    arrivals: kept.arrivals + more.arrivals,
    until: after(now, LIMITS.slotLease),
  };
  return { op: lease === undefined ? 'insert-slots' : 'replace-slots', row };
}

interface TurnEnd {
  readonly campaign: Campaign;
  readonly before: Campaign;
  readonly slotsOut: number;
  readonly hungry: boolean;
  readonly writes: readonly Write[];
}

/** A look that is planned already and comes no later is kept: else every look would plan, and write, another one. */
function soonest(campaign: Campaign, hungry: boolean, now: Instant): Instant | undefined {
  const { nextActionAt: planned, asking } = campaign;
  // The slots that are kept for devices that do not answer are for others then.
  const unanswered = asking !== undefined && asking.count > 0 && now < asking.until ? asking.until : undefined;
  const next = earliest(nextTurn(campaign, now), unanswered, hungry ? after(now, LIMITS.arrivalTurn) : undefined);
  return planned !== undefined && next !== undefined && now < planned && planned <= next ? planned : next;
}

/** The campaign row at the end of a turn; not written when nothing of it changed. */
function settleTurn({ campaign, before, slotsOut, hungry, writes }: TurnEnd, now: Instant): Change {
  invariant(
    slotsOut >= 0 && slotsOut <= Math.max(campaign.slotsMax, campaign.slotsOut),
    'more slots are leased than there are',
  );
  const next = soonest(before, hungry, now);
  if (writes.length === 0 && next === before.nextActionAt) return noChange('campaign.slots-leased');
  const { nextActionAt: _old, ...rest } = campaign;
  const row: Campaign = { ...rest, slotsOut, ...(next === undefined ? {} : { nextActionAt: next }) };
  return {
    writes: [{ op: 'replace-campaign', row }, ...writes],
    entries: [],
    intents: [],
    rule: 'campaign.slots-leased',
  };
}

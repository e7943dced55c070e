// Slots: however they are leased, used and given back, there are never more than the campaign has.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burstOf, fullArrivals } from './arrivals.ts';
import type { Campaign } from './campaign.ts';
import type { Entry, SlotLease } from './change.ts';
import type { NodeId } from './ids.ts';
import { leaseSlots } from './leases.ts';
import { LIMITS } from './limits.ts';
import { fold } from './steward.ts';
import { ACCOUNT, CAMPAIGN, END, givenCampaign, givenTimetable, phase, START, utc } from './testing/given.ts';
import { type Instant, instant, minutes } from './time.ts';

const node = (name: string): NodeId => name as NodeId;
const A = node('node-a');
const B = node('node-b');
const C = node('node-c');

/** The campaign row, its leases, and the attempts that live in slots. */
class Fleet {
  campaign: Campaign;
  leases: readonly SlotLease[] = [];
  live = 0;
  begun = 0;
  now: Instant = utc('2026-03-02T10:00:00Z');
  readonly used = new Map<NodeId, number>();

  constructor(more: Partial<Campaign>) {
    this.campaign = givenCampaign({ tallies: { ...givenCampaign().tallies, waiting: 1_000 }, ...more });
  }

  turn(nodes: readonly NodeId[]): void {
    for (const write of leaseSlots({ campaign: this.campaign, leases: this.leases, nodes }, this.now).writes) {
      if (write.op === 'replace-campaign') this.campaign = write.row;
      if (write.op === 'insert-slots') expect(this.leases.some((one) => one.node === write.row.node)).toBe(false);
      if (write.op === 'insert-slots' || write.op === 'replace-slots')
        this.leases = [...this.leases.filter((one) => one.node !== write.row.node), write.row];
    }
    expect(this.live + this.leased).toBe(this.campaign.slotsOut);
    expect(this.campaign.slotsOut).toBeLessThanOrEqual(this.campaign.slotsMax);
  }

  get leased(): number {
    return this.leases.reduce((sum, lease) => sum + lease.free, 0);
  }

  /** The node offers something, if its lease lets it. */
  offer(by: NodeId): boolean {
    const lease = this.leases.find(
      (one) => one.node === by && one.free > 0 && one.arrivals > 0 && this.now < one.until,
    );
    if (lease === undefined) return false;
    this.leases = this.leases.map((one) =>
      one === lease ? { ...one, free: one.free - 1, arrivals: one.arrivals - 1 } : one,
    );
    this.live += 1;
    this.begun += 1;
    this.used.set(by, (this.used.get(by) ?? 0) + 1);
    return true;
  }

  /** An attempt ends; the steward hears of it by the entry. */
  free(): void {
    if (this.live === 0) return;
    this.live -= 1;
    const entry: Entry = {
      account: ACCOUNT,
      campaign: CAMPAIGN,
      at: this.now,
      kind: 'state',
      rule: 'update.failed',
      slots: -1,
    };
    const unfolded = { campaign: this.campaign, unsealed: [{ id: 1, entry }], audience: [], gathered: [] };
    for (const write of fold(unfolded, { digest: () => 'head' }, this.now).writes)
      if (write.op === 'replace-campaign') this.campaign = write.row;
  }

  wait(milliseconds: number): void {
    this.now = instant(this.now + milliseconds);
  }
}

describe('slots', () => {
  test('are shared out evenly to the nodes that are there', () => {
    const fleet = new Fleet({ slotsMax: 7 });
    fleet.turn([A, B]);
    expect(fleet.leases.map(({ free }) => free).sort()).toEqual([3, 4]);
    expect(fleet.campaign.slotsOut).toBe(7);
    expect(fleet.campaign.nextActionAt).toBe(fleet.now + LIMITS.slotLease / 2);
  });

  test('that were not used come back when their time is over, also from a node that is gone', () => {
    const fleet = new Fleet({ slotsMax: 4 });
    fleet.turn([A, B]);
    fleet.offer(A);
    fleet.wait(LIMITS.slotLease + 1);
    fleet.turn([B]);
    expect(fleet.leases.find((one) => one.node === A)?.free).toBe(0);
    expect(fleet.leases.find((one) => one.node === B)?.free).toBe(3);
  });

  test('come back at once when the window closes, the campaign is held, or nobody waits', () => {
    const timetable = givenTimetable({ downloadWindows: [{ from: 10, until: 11 }] });
    const closed = new Fleet({ timetable });
    closed.turn([A]);
    closed.now = utc('2026-03-02T11:00:00Z');
    closed.turn([A]);
    expect(closed.leased).toBe(0);
    const held = new Fleet({});
    held.turn([A]);
    held.campaign = {
      ...held.campaign,
      hold: { kind: 'halted', reason: 'bricks', since: START, rule: 'campaign.paused' },
    };
    held.turn([A]);
    expect(held.leased).toBe(0);
    const done = new Fleet({});
    done.turn([A]);
    done.campaign = { ...done.campaign, tallies: { ...done.campaign.tallies, waiting: 0 } };
    done.turn([A]);
    expect(done.leased).toBe(0);
  });

  test('are not leased before the start, after the end, or without a node', () => {
    expect(
      leaseSlots({ campaign: givenCampaign({ phase: phase('queued') }), leases: [], nodes: [A] }, START).writes,
    ).toHaveLength(1);
    expect(
      leaseSlots({ campaign: givenCampaign({ phase: phase('ended') }), leases: [], nodes: [A] }, END).writes,
    ).toEqual([]);
    const alone = new Fleet({});
    alone.turn([]);
    expect(alone.campaign.slotsOut).toBe(0);
  });

  test('that are fewer than the nodes are lent to each of them in turn while nobody uses them', () => {
    const fleet = new Fleet({ slotsMax: 1 });
    const seen = new Set<NodeId>();
    for (let turn = 0; turn < 12; turn += 1) {
      fleet.turn([A, B, C]);
      for (const lease of fleet.leases) if (lease.free > 0) seen.add(lease.node);
      fleet.wait(LIMITS.slotLease / 2 + 1);
    }
    expect([...seen].sort()).toEqual([A, B, C]);
  });

  test('are never more than the campaign has, whatever happens on two nodes', () => {
    const anyStep = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(A, B, C).map((by) => ({ do: 'offer', by }) as const) },
      { weight: 3, arbitrary: fc.subarray([A, B, C]).map((nodes) => ({ do: 'turn', nodes }) as const) },
      fc.constant({ do: 'free' } as const),
      fc
        .constantFrom(1_000, LIMITS.slotLease / 2, LIMITS.slotLease, minutes(70))
        .map((time) => ({ do: 'wait', time }) as const),
      fc.boolean().map((on) => ({ do: 'hold', on }) as const),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(anyStep, { maxLength: 60 }),
        (slotsMax, perMinute, steps) => {
          const fleet = new Fleet({ slotsMax, arrivals: fullArrivals(perMinute, utc('2026-03-02T10:00:00Z')) });
          for (const step of steps) {
            if (step.do === 'offer') fleet.offer(step.by);
            else if (step.do === 'turn') fleet.turn(step.nodes);
            else if (step.do === 'free') fleet.free();
            else if (step.do === 'wait') fleet.wait(step.time);
            else {
              const { hold: _hold, ...campaign } = fleet.campaign;
              const hold = { kind: 'paused', reason: 'a look', since: START, rule: 'campaign.paused' } as const;
              fleet.campaign = step.on ? { ...campaign, hold } : campaign;
            }
            expect(fleet.live).toBeLessThanOrEqual(slotsMax);
            const passed = (fleet.now - utc('2026-03-02T10:00:00Z')) / minutes(1);
            const allowed = burstOf(fleet.campaign.arrivals.perMinute) + passed * fleet.campaign.arrivals.perMinute;
            expect(fleet.begun).toBeLessThanOrEqual(allowed);
          }
        },
      ),
      { seed: 41, numRuns: 300 },
    );
  });
});

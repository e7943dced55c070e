// A rollout from the first step to the last: it always gets on, never calls the steward for nothing, and ends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Campaign } from './campaign.ts';
import type { Change, Entry, SlotLease } from './change.ts';
import type { KeptBook } from './guard.ts';
import { hashOf, type Imei, type NodeId } from './ids.ts';
import { isEmpty } from './index.ts';
import { leaseSlots } from './leases.ts';
import { isStepOpen, newRollout, orderOf, type RolloutPolicy, type Share } from './rollout.ts';
import { advanceRollout, needsPreparing, prepare } from './stages.ts';
import { approve, pause, resume } from './steering.ts';
import { advance, fold, nextTurn, swept } from './steward.ts';
import { ACCOUNT, CAMPAIGN, givenCampaign, START } from './testing/given.ts';
import { after, type Duration, hours, type Instant, minutes } from './time.ts';

const digest = (text: string): string => hashOf(text).toString(16);
type Fate = 'succeeded' | 'failed' | 'rejected';
const NODES = ['node-a' as NodeId];

interface Member {
  readonly imei: Imei;
  readonly stratum: number;
  readonly hash: number;
  waits: boolean;
}

/** The campaign row, its score book and its devices; outcomes are told by entries as in life. */
class Run {
  campaign: Campaign;
  now: Instant = after(START, hours(1));
  kept: KeptBook | undefined;
  leases: readonly SlotLease[] = [];
  readonly members: readonly Member[];

  constructor(policy: RolloutPolicy, sizes: readonly number[]) {
    const strata = sizes.map((_, place) => (place === 0 ? '' : `site-${place}`));
    this.members = sizes.flatMap((size, stratum) =>
      Array.from({ length: size }, (_, at) => {
        const imei = String(100_000_000_000_000 + stratum * 1_000 + at) as Imei;
        return { imei, stratum, hash: orderOf(CAMPAIGN, imei), waits: true };
      }),
    );
    const { score: _none, ...campaign } = givenCampaign({ rollout: newRollout(policy), strata, orderedBy: 'ann' });
    this.campaign = { ...campaign, tallies: { ...campaign.tallies, waiting: this.members.length } };
    this.settle();
  }

  /** What the steward does until nothing is left to do now. */
  settle(): void {
    for (let steps = 0; ; steps += 1) {
      expect(steps).toBeLessThan(100);
      const moved = this.#next();
      if (isEmpty(moved)) break;
      this.take(moved);
    }
    const { nextActionAt } = this.campaign;
    if (nextActionAt !== undefined) expect(nextActionAt).toBeGreaterThan(this.now);
    const due = nextTurn(this.campaign, this.now);
    if (due !== undefined) expect(nextActionAt).toBeLessThanOrEqual(due);
  }

  #next(): Change {
    const { campaign, now, leases } = this;
    if (campaign.sweepPending) return swept(campaign);
    const moved = advance(campaign, now);
    if (!isEmpty(moved)) return moved;
    const hashes = campaign.strata.map((_, stratum) =>
      this.members.filter((one) => one.waits && one.stratum === stratum).map(({ hash }) => hash),
    );
    if (needsPreparing(campaign)) return prepare(campaign, hashes, now);
    const opened = advanceRollout(campaign, now);
    return isEmpty(opened) ? leaseSlots({ campaign, leases, nodes: NODES }, now) : opened;
  }

  take(change: Change): void {
    for (const write of change.writes) {
      if (write.op === 'replace-campaign') this.campaign = write.row;
      if (write.op === 'keep-score') this.kept = write.kept;
      if (write.op === 'insert-slots' || write.op === 'replace-slots') this.leases = [write.row];
    }
    if (change.entries.length === 0) return;
    const unsealed = change.entries.map((entry, id) => ({ id, entry }));
    const { campaign, kept } = this;
    this.take(fold({ campaign, unsealed, audience: [], gathered: [], ...(kept && { kept }) }, { digest }, this.now));
  }

  /** So many of those who may be granted come to this end. */
  resolve(count: number, fate: Fate): void {
    if (this.campaign.hold !== undefined || this.campaign.phase.name !== 'scheduled') return;
    const open = this.members.filter((one) => one.waits && isStepOpen(this.campaign, one)).slice(0, count);
    for (const { imei, stratum } of open) {
      const entry: Omit<Entry, 'kind'> = {
        account: ACCOUNT,
        campaign: CAMPAIGN,
        imei,
        stratum,
        at: this.now,
        rule: 'update.failed',
      };
      const entries: readonly Entry[] = [
        { ...entry, kind: 'transfer-grant', move: { from: 'waiting', to: 'downloading' } },
        { ...entry, kind: 'state', move: { from: 'downloading', to: fate }, facts: { reason: 'install-failed' } },
      ];
      this.take({ writes: [], entries, intents: [], rule: 'update.failed' });
    }
    for (const one of open) one.waits = false;
    this.settle();
  }

  order(by: string): void {
    const { campaign, now } = this;
    const { hold } = campaign;
    const approved = approve(campaign, { by }, now);
    const resumed = resume(campaign, { by, reason: 'it is well again', packageWithdrawn: false }, now);
    if (by === campaign.orderedBy) expect(approved.ok).toBe(false);
    if (approved.ok) this.take(approved.change);
    else if (hold !== undefined && resumed.ok) this.take(resumed.change);
    this.settle();
  }

  pause(): void {
    const result = pause(this.campaign, { by: 'ann' }, this.now);
    if (result.ok) this.take(result.change);
    this.settle();
  }

  wait(time: Duration): void {
    this.now = after(this.now, time);
    this.settle();
  }
}

const share = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((devices): Share => ({ devices })),
  fc.integer({ min: 1, max: 100 }).map((percent): Share => ({ percent })),
);
const policies = fc
  .record({
    canary: fc.option(share, { nil: undefined }),
    waves: fc.array(share, { maxLength: 4 }),
    soak: fc.constantFrom(minutes(0), minutes(30)),
    advanceAtPercent: fc.constantFrom(1, 50, 100),
    stepDeadline: fc.option(fc.constant(hours(6)), { nil: undefined }),
    onStepDeadline: fc.constantFrom('advance' as const, 'hold' as const),
    approval: fc.constantFrom('none' as const, 'start' as const, 'every-step' as const),
  })
  .map(
    ({ canary, stepDeadline, ...policy }): RolloutPolicy => ({
      ...policy,
      stratifyBy: 'label:site',
      ...(canary === undefined ? {} : { canary }),
      ...(stepDeadline === undefined ? {} : { stepDeadline }),
    }),
  );
const deeds = fc.array(
  fc.oneof(
    fc.record({ is: fc.constantFrom('succeeded' as const, 'failed' as const, 'rejected' as const), count: fc.nat(20) }),
    fc.record({ is: fc.constant('wait' as const), count: fc.nat(120) }),
    fc.record({ is: fc.constantFrom('bob' as const, 'ann' as const, 'pause' as const), count: fc.constant(1) }),
  ),
  { maxLength: 25 },
);

test('whatever happens to its devices, a rollout that is approved and resumed comes to its last step and ends', () => {
  fc.assert(
    fc.property(policies, fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }), deeds, (policy, sizes, done) => {
      const run = new Run(policy, sizes);
      for (const { is, count } of done) {
        if (is === 'wait') run.wait(minutes(count));
        else if (is === 'pause') run.pause();
        else if (is === 'bob' || is === 'ann') run.order(is);
        else run.resolve(count, is);
      }
      for (let rounds = 0; rounds < 40 && run.campaign.phase.name === 'scheduled'; rounds += 1) {
        run.order('bob');
        run.resolve(1_000, 'succeeded');
        run.wait(minutes(30));
      }
      expect(run.campaign.phase.name).toBe('ended');
      expect(run.members.filter(({ waits }) => waits)).toEqual([]);
      for (const { size, tallies } of run.campaign.rollout?.steps ?? [])
        expect(tallies.live + tallies.succeeded + tallies.failed + tallies.other).toBe(size);
    }),
    { numRuns: 150 },
  );
});

// The rollout of a campaign: canary, then waves, each opened when the one before has shown enough (engine.md §7).
import type { Campaign } from './campaign.ts';
import type { Entry } from './change.ts';
import type { Device } from './device.ts';
import { type CampaignId, hashOf } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Rule } from './rules.ts';
import type { CanaryVerdict } from './score.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import type { Update } from './update.ts';

/** How much of a campaign: so many of its accepted devices, or so many percent of them, rounded up. */
export type Share = { readonly devices: number } | { readonly percent: number };

/** What devices are told apart by: their model, or a label of theirs. */
export type StratifyBy = 'model' | `label:${string}`;

export interface RolloutPolicy {
  /** Judged by a test of its own before anything else is opened. */
  readonly canary?: Share;
  /** Shares of all accepted devices, in order; what is left over is a last wave of its own. */
  readonly waves: readonly Share[];
  /** Each step takes its share of every stratum, and each stratum has a guard score of its own. */
  readonly stratifyBy?: StratifyBy;
  /** From the end of a step to the opening of the next one. */
  readonly soak: Duration;
  /** A wave is done when so many percent of its devices have an outcome. */
  readonly advanceAtPercent: number;
  /** A step that is not done after this long is passed with what it has, or waits for somebody to decide. */
  readonly stepDeadline?: Duration;
  readonly onStepDeadline: 'advance' | 'hold';
  readonly approval: 'none' | 'start' | 'every-step';
  /** Devices between offer and outcome at a time; absent: engine.md §7. */
  readonly maxUnresolved?: number;
}

/** What became of the devices of one step. */
export interface StepTallies {
  readonly live: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Rejected, expired, cancelled: no evidence about the image. */
  readonly other: number;
}
const NO_STEP_TALLIES: StepTallies = { live: 0, succeeded: 0, failed: 0, other: 0 };

export interface RolloutStep {
  readonly kind: 'canary' | 'wave';
  readonly size: number;
  /** By stratum: devices whose hash is not above this belong to this step or one before it; -1: none of the stratum. */
  readonly hashMax: readonly number[];
  readonly tallies: StepTallies;
}

export interface Rollout {
  readonly policy: RolloutPolicy;
  /** Fixed when the campaign is scheduled; empty before. */
  readonly steps: readonly RolloutStep[];
  /** The last step that was opened; -1: none. */
  readonly at: number;
  readonly openedAt?: Instant;
  /** Since when enough of it has an outcome: the soak runs from here. */
  readonly doneAt?: Instant;
  /** The next step opens when somebody approves. */
  readonly awaitsApproval: boolean;
  readonly approvedBy?: string;
}

const HASH_MAX = 0xffff_ffff;

export const newRollout = (policy: RolloutPolicy): Rollout => ({
  policy,
  steps: [],
  at: -1,
  awaitsApproval: policy.approval !== 'none',
});

/** Devices of a campaign by stratum: the hashes of those that wait, in any order. */
export type HashesByStratum = readonly (readonly number[])[];

export const sizeOf = (share: Share, total: number): number =>
  'devices' in share ? Math.min(share.devices, total) : Math.min(total, Math.ceil((total * share.percent) / 100));

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0);

/** The largest remainders get what rounding down has left over, so that the parts add up to `size`. */
function portions(size: number, totals: readonly number[]): readonly number[] {
  const all = sumOf(totals);
  const exact = totals.map((one) => (all === 0 ? 0 : (size * one) / all));
  const parts = exact.map(Math.floor);
  let left = size - sumOf(parts);
  const order = exact.map((value, place) => ({ place, rest: value - Math.floor(value) }));
  for (const { place } of order.toSorted((one, other) => other.rest - one.rest || one.place - other.place)) {
    if (left === 0) break;
    parts[place] = (parts[place] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}

/** Cuts the devices into steps: every stratum gives its share, in the order of hashes. */
export function cutSteps(policy: RolloutPolicy, hashes: HashesByStratum): readonly RolloutStep[] {
  // Who joined by itself belongs to the last wave, never to a canary (engine.md §2).
  const sorted = hashes.map((one) => one.filter((hash) => hash < JOINED_HASH).toSorted((a, b) => a - b));
  const total = sumOf(hashes.map((one) => one.length));
  const known = sumOf(sorted.map((one) => one.length));
  const shares = [
    ...(policy.canary === undefined ? [] : [{ kind: 'canary' as const, share: policy.canary }]),
    ...policy.waves.map((share) => ({ kind: 'wave' as const, share })),
  ];
  const steps: RolloutStep[] = [];
  let counts: readonly number[] = sorted.map(() => 0);
  for (const { kind, share } of shares) {
    const taken = sumOf(counts);
    const wanted = Math.min(sizeOf(share, total), known - taken);
    if (wanted === 0) continue;
    counts = taking(wanted, sorted, counts);
    const hashMax = counts.map((count, place) => boundOf(sorted[place] ?? [], count));
    steps.push({ kind, size: sumOf(counts) - taken, hashMax, tallies: NO_STEP_TALLIES });
  }
  const left = total - sumOf(counts);
  const hashMax = hashes.map(() => HASH_MAX);
  const last = steps.at(-1);
  if (last?.kind !== 'wave' || sumOf(counts) < known)
    return [...steps, { kind: 'wave', size: left, hashMax, tallies: NO_STEP_TALLIES }];
  return [...steps.slice(0, -1), { ...last, size: last.size + left, hashMax }];
}

/**
 * How many of each stratum belong to the steps so far once so many more do. They are shared out among those that are left:
 * shares of a growing whole may shrink, and then a step would have other devices than it counts. Devices of one hash stay
 * together.
 */
function taking(wanted: number, sorted: HashesByStratum, counts: readonly number[]): readonly number[] {
  const left = sorted.map((one, place) => one.length - (counts[place] ?? 0));
  return portions(wanted, left).map((more, place) => {
    const list = sorted[place] ?? [];
    let count = (counts[place] ?? 0) + more;
    while (more > 0 && count < list.length && list[count] === list[count - 1]) count += 1;
    return count;
  });
}

const boundOf = (sorted: readonly number[], count: number): number =>
  count === 0 ? -1 : (sorted[count - 1] ?? HASH_MAX);

/** The order of a campaign's devices: another one in every campaign, so that not always the same ones go first. */
export const orderOf = (campaign: CampaignId, imei: string): number =>
  Math.min(hashOf(`${campaign}/${imei}`), JOINED_HASH - 1);

/** Of those who join a campaign that runs: after everybody else, whatever is opened before. */
export const JOINED_HASH = HASH_MAX;

/** A stratum that nobody was in when the steps were cut: whoever is in it has joined since. */
const within = (step: RolloutStep, { stratum, hash }: Pick<Update, 'stratum' | 'hash'>): boolean =>
  hash <= (step.hashMax[stratum] ?? -1);

/** The step that an update belongs to; undefined as long as steps are not cut. */
export function stepOf(rollout: Rollout | undefined, update: Pick<Update, 'stratum' | 'hash'>): number | undefined {
  if (rollout === undefined || rollout.steps.length === 0) return undefined;
  const place = rollout.steps.findIndex((step) => within(step, update));
  return place === -1 ? rollout.steps.length - 1 : place;
}

/** Whether the update's step has been opened. */
export function isStepOpen({ rollout }: Campaign, update: Pick<Update, 'stratum' | 'hash'>): boolean {
  if (rollout === undefined) return true;
  const step = stepOf(rollout, update);
  return step !== undefined && step <= rollout.at;
}

/** By stratum the highest hash that may be granted; undefined: every one may. */
export function openHashes({ rollout, strata }: Campaign): readonly number[] | undefined {
  if (rollout === undefined) return undefined;
  const { steps, at } = rollout;
  const rest = at < steps.length - 1 ? -1 : HASH_MAX;
  return at < 0 ? [] : strata.map((_, place) => steps[at]?.hashMax[place] ?? rest);
}

/**
 * How many devices may be between offer and outcome, so that silent bricks cannot pile up: a canary may have all of its
 * devices there, a wave the larger of 50 and 5 % of it (engine.md §7).
 */
export function maxUnresolved(campaign: Campaign): number {
  const { rollout, devicesTotal } = campaign;
  const step = rollout?.steps[rollout.at];
  if (step?.kind === 'canary') return step.size;
  const size = step?.size ?? devicesTotal;
  const usual = Math.max(LIMITS.unresolvedMin, Math.ceil((size * LIMITS.unresolvedPercent) / 100));
  return rollout?.policy.maxUnresolved ?? usual;
}

/** The name of the stratum of a device; '' for one that does not tell. */
export function stratumNameOf(policy: RolloutPolicy | undefined, device: Device): string {
  const by = policy?.stratifyBy;
  if (by === undefined) return '';
  if (by === 'model') return device.model ?? '';
  return device.labels[by.slice('label:'.length)] ?? '';
}

const hasOutcome = ({ succeeded, failed, other }: StepTallies): number => succeeded + failed + other;

/** What the next look at the rollout does, if anything. */
export type RolloutMove =
  | { readonly is: 'opened'; readonly step: number; readonly rule: Rule }
  | { readonly is: 'done'; readonly rule: Rule }
  | { readonly is: 'undecided'; readonly rule: Rule; readonly reason: string }
  | { readonly is: 'none' };

export function nextRolloutMove(rollout: Rollout, canary: CanaryVerdict, now: Instant): RolloutMove {
  const { policy, steps, at, doneAt, awaitsApproval } = rollout;
  if (steps.length === 0 || at >= steps.length - 1) return { is: 'none' };
  if (at === -1) return awaitsApproval ? { is: 'none' } : { is: 'opened', step: 0, rule: 'campaign.step-opened' };
  if (doneAt !== undefined) {
    const soaked = now >= after(doneAt, policy.soak);
    return soaked && !awaitsApproval ? { is: 'opened', step: at + 1, rule: 'campaign.step-opened' } : { is: 'none' };
  }
  const step = steps[at];
  if (step === undefined) return { is: 'none' };
  return step.kind === 'canary' ? canaryMove(step, canary, overdue(rollout, now)) : waveMove(rollout, step, now);
}

const overdue = ({ openedAt, policy }: Rollout, now: Instant): boolean =>
  openedAt !== undefined && policy.stepDeadline !== undefined && now >= after(openedAt, policy.stepDeadline);

function canaryMove(step: RolloutStep, verdict: CanaryVerdict, late: boolean): RolloutMove {
  const { succeeded, failed } = step.tallies;
  const told = `${succeeded} succeeded and ${failed} failed of ${step.size}`;
  if (verdict === 'accept') return { is: 'done', rule: 'campaign.canary-accepted' };
  if (hasOutcome(step.tallies) >= step.size)
    return {
      is: 'undecided',
      rule: 'campaign.canary-undecided',
      reason: `Every device of the canary has an outcome (${told}), which is not enough to trust or to distrust the image.`,
    };
  if (late)
    return {
      is: 'undecided',
      rule: 'campaign.step-deadline',
      reason: `The canary was not decided before its deadline (${told}).`,
    };
  return { is: 'none' };
}

function waveMove(rollout: Rollout, step: RolloutStep, now: Instant): RolloutMove {
  const { policy } = rollout;
  const outcomes = hasOutcome(step.tallies);
  if (outcomes * 100 >= step.size * policy.advanceAtPercent) return { is: 'done', rule: 'campaign.step-done' };
  if (!overdue(rollout, now)) return { is: 'none' };
  // A wave without any outcome has shown nothing: nobody goes on from there without being asked.
  if (policy.onStepDeadline === 'advance' && step.tallies.succeeded > 0)
    return { is: 'done', rule: 'campaign.step-deadline' };
  return {
    is: 'undecided',
    rule: 'campaign.step-deadline',
    reason: `Wave ${rollout.at + 1} was not done before its deadline (${outcomes} of ${step.size} devices have an outcome).`,
  };
}

/** When the rollout has to be looked at again, if nothing happens before. */
export function nextRolloutLook(rollout: Rollout | undefined): Instant | undefined {
  if (rollout === undefined || rollout.at >= rollout.steps.length - 1) return undefined;
  const { policy, openedAt, doneAt, awaitsApproval } = rollout;
  if (doneAt !== undefined) return awaitsApproval ? undefined : after(doneAt, policy.soak);
  const due =
    openedAt === undefined || policy.stepDeadline === undefined ? undefined : after(openedAt, policy.stepDeadline);
  return earliest(due);
}

export const openStep = (rollout: Rollout, step: number, now: Instant): Rollout => {
  const { doneAt: _before, approvedBy: _used, ...rest } = rollout;
  return { ...rest, at: step, openedAt: now, awaitsApproval: rollout.policy.approval === 'every-step' };
};

const LIVE_STATES = ['offered', 'downloading', 'downloaded', 'installing', 'verifying'];

type StepKey = keyof StepTallies;
const keyOf = (state: string): StepKey | undefined => {
  if (state === 'waiting' || state === 'none' || state === 'gone') return undefined;
  if (LIVE_STATES.includes(state)) return 'live';
  return state === 'succeeded' || state === 'failed' ? state : 'other';
};

/** Where an update stands among the others, as its entries say it. */
export const placeOf = ({ stratum, hash }: Pick<Update, 'stratum' | 'hash'>): Pick<Entry, 'stratum' | 'joined'> => ({
  ...(stratum === 0 ? {} : { stratum }),
  ...(hash === JOINED_HASH ? { joined: true } : {}),
});

const stepOfEntry = (rollout: Rollout, { campaign, imei, stratum = 0, joined }: Entry): number | undefined =>
  imei === undefined
    ? undefined
    : stepOf(rollout, { stratum, hash: joined === true ? JOINED_HASH : orderOf(campaign, imei) });

/** The tallies of the step of the entry's update, moved as the entry says. */
export function countStep(rollout: Rollout | undefined, entry: Entry): Rollout | undefined {
  const { move } = entry;
  if (rollout === undefined || move === undefined) return rollout;
  const step = stepOfEntry(rollout, entry);
  if (step === undefined) return rollout;
  const [from, to] = [keyOf(move.from), keyOf(move.to)];
  if (from === to) return rollout;
  const steps = rollout.steps.map((one, place) => {
    if (place !== step) return one;
    const tallies: Record<StepKey, number> = { ...one.tallies };
    if (from !== undefined) tallies[from] -= 1;
    if (to !== undefined) tallies[to] += 1;
    return { ...one, tallies };
  });
  return { ...rollout, steps };
}

// The rollout of a request made into what the engine is ordered, and how it is answered with its defaults and progress.
import {
  after,
  areSound,
  type Campaign,
  hours,
  LIMITS,
  maxUnresolved,
  minutes,
  type Rollout,
  type RolloutPolicy,
  type RolloutStep,
  rfc3339,
  SCORE_TERMS,
  type ScheduleOrder,
  type ScoreTerms,
  type Share,
  type StratifyBy,
} from '../campaigns/index.ts';
import type { RolloutShare, RolloutView, RolloutPolicy as WirePolicy } from '../contract/index.ts';
import { invalid, type Refusal } from './refusal.ts';

/** What a rollout says to the engine; all of it absent where the request has none. */
export type RolloutOrder = Pick<
  ScheduleOrder,
  'rollout' | 'haltTerms' | 'attemptsMax' | 'retryWait' | 'arrivalsPerMinute' | 'slotsMax'
>;

const ADVANCE_AT_PERCENT = 90;

const shareOf = ({ devices, percent = 100 }: RolloutShare): Share =>
  devices === undefined ? { percent } : { devices };

const length = (count: number) => Math.round(hours(count)) as ReturnType<typeof hours>;

export function rolloutOrder(wire: WirePolicy | undefined): RolloutOrder {
  if (wire === undefined) return {};
  const { halt, retry, arrivalsPerMinute, slots } = wire;
  return {
    rollout: policyOf(wire),
    ...(halt === undefined ? {} : { haltTerms: termsOf(halt) }),
    ...(retry?.attemptsMax === undefined ? {} : { attemptsMax: retry.attemptsMax }),
    ...(retry?.waitMinutes === undefined ? {} : { retryWait: minutes(retry.waitMinutes) }),
    ...(arrivalsPerMinute === undefined ? {} : { arrivalsPerMinute }),
    ...(slots === undefined ? {} : { slotsMax: slots }),
  };
}

function policyOf(wire: WirePolicy): RolloutPolicy {
  const { canary, waves = [], stratifyBy, stepDeadlineHours, maxUnresolved: unresolved } = wire;
  return {
    ...(canary === undefined ? {} : { canary: shareOf(canary) }),
    waves: waves.map(shareOf),
    ...(stratifyBy === undefined ? {} : { stratifyBy: stratifyBy as StratifyBy }),
    soak: length(wire.soakHours ?? 0),
    advanceAtPercent: wire.advanceAtPercent ?? ADVANCE_AT_PERCENT,
    ...(stepDeadlineHours === undefined ? {} : { stepDeadline: length(stepDeadlineHours) }),
    onStepDeadline: wire.onStepDeadline ?? 'hold',
    approval: wire.approval ?? 'none',
    ...(unresolved === undefined ? {} : { maxUnresolved: unresolved }),
  };
}

const partOf = (percent: number | undefined, usual: number): number => (percent === undefined ? usual : percent / 100);

const termsOf = (halt: NonNullable<WirePolicy['halt']>): ScoreTerms => ({
  p0: partOf(halt.usualFailurePercent, SCORE_TERMS.p0),
  p1: partOf(halt.badFailurePercent, SCORE_TERMS.p1),
  alpha: partOf(halt.falseHaltPercent, SCORE_TERMS.alpha),
  beta: partOf(halt.missPercent, SCORE_TERMS.beta),
});

/** Terms so near to one another, or to nothing, that whole micro-nats do not tell them apart. */
export function refuseTerms({ haltTerms }: RolloutOrder): Refusal | undefined {
  if (haltTerms === undefined || areSound(haltTerms)) return undefined;
  const { p0, p1 } = haltTerms;
  return invalid(
    `halt of rollout: given usualFailurePercent ${p0 * 100} and badFailurePercent ${p1 * 100}, accepted: percentages that can be told apart.`,
  );
}

/** The same way of going about it, for a campaign that takes this one up again. */
export function rolloutOrderOf(campaign: Campaign): RolloutOrder {
  const { rollout, haltTerms, attemptsMax, retryWait, arrivals, slotsMax } = campaign;
  return {
    ...(rollout === undefined ? {} : { rollout: rollout.policy }),
    ...(haltTerms === undefined ? {} : { haltTerms }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(retryWait === undefined ? {} : { retryWait }),
    arrivalsPerMinute: arrivals.perMinute,
    slotsMax,
  };
}

const asHours = (duration: number): number => duration / hours(1);
const asPercent = (part: number): number => Math.round(part * 1e8) / 1e6;
const shareView = (share: Share): RolloutShare => ({ ...share });

/** Absent where the campaign has no policy of its own. */
export function rolloutView(campaign: Campaign): RolloutView | undefined {
  const { rollout, haltTerms = SCORE_TERMS, attemptsMax, retryWait, arrivals, slotsMax } = campaign;
  if (rollout === undefined) return undefined;
  const { canary, waves, stratifyBy, soak, advanceAtPercent, stepDeadline, onStepDeadline, approval } = rollout.policy;
  return {
    ...(canary === undefined ? {} : { canary: shareView(canary) }),
    waves: waves.map(shareView),
    ...(stratifyBy === undefined ? {} : { stratifyBy }),
    soakHours: asHours(soak),
    advanceAtPercent,
    ...(stepDeadline === undefined ? {} : { stepDeadlineHours: asHours(stepDeadline) }),
    onStepDeadline,
    approval,
    maxUnresolved: maxUnresolved(campaign),
    halt: {
      usualFailurePercent: asPercent(haltTerms.p0),
      badFailurePercent: asPercent(haltTerms.p1),
      falseHaltPercent: asPercent(haltTerms.alpha),
      missPercent: asPercent(haltTerms.beta),
    },
    retry: {
      attemptsMax: attemptsMax ?? LIMITS.attemptsMax,
      waitMinutes: (retryWait ?? LIMITS.retryWait) / minutes(1),
    },
    arrivalsPerMinute: arrivals.perMinute,
    slots: slotsMax,
    progress: progressOf(rollout),
  };
}

function progressOf(rollout: Rollout): NonNullable<RolloutView['progress']> {
  const { policy, steps, at, openedAt, doneAt, awaitsApproval, approvedBy } = rollout;
  const isLast = at >= steps.length - 1;
  return {
    step: at + 1,
    steps: steps.map((step, place) => stepView(step, place, rollout)),
    ...(openedAt === undefined ? {} : { openedAt: rfc3339(openedAt) }),
    ...(doneAt === undefined ? {} : { doneAt: rfc3339(doneAt) }),
    ...(doneAt === undefined || isLast ? {} : { soakUntil: rfc3339(after(doneAt, policy.soak)) }),
    awaitsApproval: awaitsApproval && (steps.length === 0 || !isLast),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
}

function stepView({ kind, size, tallies }: RolloutStep, place: number, { at, doneAt }: Rollout) {
  const isOpen = place === at;
  const state =
    place > at
      ? ('waiting' as const)
      : !isOpen
        ? ('done' as const)
        : doneAt === undefined
          ? ('open' as const)
          : ('soaking' as const);
  return { kind, size, state, ...tallies };
}

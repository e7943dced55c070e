// The halt score: how far failures speak against an image, in whole micro-nats, with bounds fixed once (engine.md §7).
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';

/** What a campaign tolerates, as shares between 0 and 1. */
export interface ScoreTerms {
  /** The share of failures that is usual. */
  readonly p0: number;
  /** The share that is too much. */
  readonly p1: number;
  /** Chance to halt although failures are usual: once for the canary, once for all guard scores together. */
  readonly alpha: number;
  /** Chance to accept a canary although failures are too many. */
  readonly beta: number;
}
export const SCORE_TERMS: ScoreTerms = { p0: 0.02, p1: 0.1, alpha: 0.01, beta: 0.05 };

/** Steps and bounds in micro-nats: fixed when admission is done and stored, so that every node adds the same integers. */
export interface ScorePlan {
  /** Above 0. */
  readonly failure: number;
  /** Below 0. */
  readonly success: number;
  readonly canary: { readonly halt: number; readonly accept: number };
  readonly guard: { readonly halt: number };
  /** How many guard scores there are beside that of the campaign. */
  readonly strata: number;
}

export interface ScoreScope {
  /** Devices that admission took in. */
  readonly devices: number;
  /** The same by stratum, for each that has a guard score of its own; empty: the campaign's is the only one. */
  readonly strata: readonly number[];
  /** Nobody knows how many join, so each score counts as many as a campaign may have. */
  readonly autoAddDevices: boolean;
}

const micro = (nats: number): number => nats * 1_000_000;

/**
 * The success step follows from the rounded failure step and is rounded away from zero: then no outcome at p0 raises the
 * score's exponential on average, which is what the bound on false halts rests on (Ville's inequality).
 */
function stepsOf({ p0, p1 }: ScoreTerms): { readonly failure: number; readonly success: number } {
  const failure = Math.round(micro(Math.log(p1 / p0)));
  const success = Math.floor(micro(Math.log((1 - p0 * Math.exp(failure / 1_000_000)) / (1 - p0))));
  return { failure, success };
}

/** Whether the terms tell good from bad at all; a request with others is refused before it comes to a plan. */
export function areSound(terms: ScoreTerms): boolean {
  const { p0, p1, alpha, beta } = terms;
  if (!(p0 > 0 && p0 < p1 && p1 < 1 && alpha > 0 && beta > 0 && alpha + beta < 1)) return false;
  const { failure, success } = stepsOf(terms);
  return failure > 0 && success < 0 && Number.isFinite(success);
}

export function scorePlan(terms: ScoreTerms, { devices, strata, autoAddDevices }: ScoreScope): ScorePlan {
  invariant(areSound(terms), 'a score is planned on terms that tell nothing apart');
  const { failure, success } = stepsOf(terms);
  const { alpha, beta } = terms;
  // Whoever climbs higher than this many failures less one has seen at least `haltFailuresMin` of them.
  const least = (LIMITS.haltFailuresMin - 1) * failure + 1;
  const known = strata.reduce((sum, one) => sum + one, devices);
  const judged = autoAddDevices ? LIMITS.campaignDevicesMax * (1 + strata.length) : Math.max(1, known);
  return {
    failure,
    success,
    canary: {
      halt: Math.max(least, Math.ceil(micro(Math.log((1 - beta) / alpha)))),
      accept: Math.floor(micro(Math.log(beta / (1 - alpha)))),
    },
    guard: { halt: Math.max(least, Math.ceil(micro(Math.log(judged / alpha)))) },
    strata: strata.length,
  };
}

/** Devices that have to succeed, without a failure, before a canary is accepted: a smaller one never is. */
export const canaryLeast = ({ success, canary: { accept } }: ScorePlan): number => Math.ceil(accept / success);

export type Outcome = 'success' | 'failure';

/** Counts reach back to where the score last stood at zero: what came before says nothing about a halt. */
export interface Score {
  readonly value: number;
  readonly outcomes: number;
  readonly failures: number;
}
export const NO_SCORE: Score = { value: 0, outcomes: 0, failures: 0 };

export type CanaryVerdict = 'continue' | 'accept' | 'halt';
export type GuardVerdict = 'continue' | 'halt';

/** One more outcome: a sequential probability ratio test. */
export function canary(
  plan: ScorePlan,
  score: Score,
  outcome: Outcome,
): { readonly score: Score; readonly verdict: CanaryVerdict } {
  const next = added(plan, score, outcome);
  const { halt, accept } = plan.canary;
  return { score: next, verdict: next.value >= halt ? 'halt' : next.value <= accept ? 'accept' : 'continue' };
}

/** One more outcome: a cumulative sum that never falls below zero, so that good days do not pay for bad ones. */
export function guard(
  plan: ScorePlan,
  score: Score,
  outcome: Outcome,
): { readonly score: Score; readonly verdict: GuardVerdict } {
  const next = added(plan, score, outcome);
  if (next.value <= 0) return { score: NO_SCORE, verdict: 'continue' };
  return { score: next, verdict: next.value >= plan.guard.halt ? 'halt' : 'continue' };
}

/** As many successes one after the other; they never halt. */
export function guardSuccesses(plan: ScorePlan, { value, outcomes, failures }: Score, count: number): Score {
  const left = value + count * plan.success;
  return left <= 0 ? NO_SCORE : { value: left, outcomes: outcomes + count, failures };
}

const added = (plan: ScorePlan, { value, outcomes, failures }: Score, outcome: Outcome): Score =>
  outcome === 'failure'
    ? { value: value + plan.failure, outcomes: outcomes + 1, failures: failures + 1 }
    : { value: value + plan.success, outcomes: outcomes + 1, failures };

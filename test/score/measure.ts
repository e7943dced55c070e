// Runs the pure scores on drawn outcomes, to see how often they halt without cause and how soon they halt with one.
import { canary, guard, NO_SCORE, type ScorePlan } from '../../src/campaigns/index.ts';
import type { Seeded } from '../world/random.ts';

interface Draws {
  readonly runs: number;
  /** The share of devices that fail. */
  readonly share: number;
  readonly outcomesMax: number;
}

/** Outcomes until the guard halted, run by run; undefined where it did not. */
export function guardRuns(plan: ScorePlan, random: Seeded, draws: Draws): readonly (number | undefined)[] {
  return Array.from({ length: draws.runs }, () => guardRun(plan, random, draws));
}

function guardRun(plan: ScorePlan, random: Seeded, { share, outcomesMax }: Draws): number | undefined {
  let now = NO_SCORE;
  for (let count = 1; count <= outcomesMax; count += 1) {
    const { score, verdict } = guard(plan, now, random.chance(share) ? 'failure' : 'success');
    if (verdict === 'halt') return count;
    now = score;
  }
  return undefined;
}

export interface CanaryRun {
  readonly verdict: 'accept' | 'halt' | 'continue';
  readonly outcomes: number;
}

export function canaryRuns(plan: ScorePlan, random: Seeded, draws: Draws): readonly CanaryRun[] {
  return Array.from({ length: draws.runs }, () => canaryRun(plan, random, draws));
}

function canaryRun(plan: ScorePlan, random: Seeded, { share, outcomesMax }: Draws): CanaryRun {
  let now = NO_SCORE;
  for (let outcomes = 1; outcomes <= outcomesMax; outcomes += 1) {
    const { score, verdict } = canary(plan, now, random.chance(share) ? 'failure' : 'success');
    if (verdict !== 'continue') return { verdict, outcomes };
    now = score;
  }
  return { verdict: 'continue', outcomes: outcomesMax };
}

export interface Spread {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
}

export function spreadOf(counts: readonly number[]): Spread {
  const sorted = counts.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  return { mean: Math.round(mean * 10) / 10, median: at(0.5), p95: at(0.95) };
}

export const halted = (runs: readonly (number | undefined)[]): readonly number[] =>
  runs.filter((count) => count !== undefined);

// The figures of engine.md §7 in short: few runs, one seed, exact results; `npm run score` takes them at length.
import { describe, expect, test } from 'vitest';
import { SCORE_TERMS, scorePlan } from '../../src/campaigns/index.ts';
import { Seeded } from '../world/random.ts';
import { canaryRuns, guardRuns, halted, spreadOf } from './measure.ts';

const plan = scorePlan(SCORE_TERMS, { devices: 400_000, strata: [], autoAddDevices: false });
const { p0, p1 } = SCORE_TERMS;

describe('the guard of 400,000 devices', () => {
  test('does not halt while failures are usual', () => {
    expect(halted(guardRuns(plan, new Seeded(1), { runs: 5, share: p0, outcomesMax: 400_000 }))).toEqual([]);
  });

  test('halts without cause as rarely as it was told to', () => {
    const short = scorePlan({ ...SCORE_TERMS, alpha: 0.2 }, { devices: 200, strata: [], autoAddDevices: false });
    const runs = guardRuns(short, new Seeded(2), { runs: 2_000, share: p0, outcomesMax: 200 });
    // Two hundred outcomes, every one a chance to start from: 20 % is the bound, and far from reached.
    expect(halted(runs)).toHaveLength(11);
  });

  test('catches a jump to 30 % failures after about 41 outcomes, to 10 % after about 208', () => {
    const caught = (share: number) =>
      spreadOf(halted(guardRuns(plan, new Seeded(3), { runs: 500, share, outcomesMax: 400_000 })));
    expect(caught(0.3)).toEqual({ mean: 42.2, median: 42, p95: 64 });
    expect(caught(p1)).toEqual({ mean: 203.8, median: 189, p95: 359 });
  });
});

describe('the canary', () => {
  test('is accepted after about 59 outcomes while failures are usual, and halted when they are too many', () => {
    const judged = (share: number) => {
      const runs = canaryRuns(plan, new Seeded(4), { runs: 2_000, share, outcomesMax: 10_000 });
      const count = (verdict: string): number => runs.filter((run) => run.verdict === verdict).length;
      return { accept: count('accept'), halt: count('halt'), ...spreadOf(runs.map(({ outcomes }) => outcomes)) };
    };
    expect(judged(p0)).toEqual({ accept: 1990, halt: 10, mean: 57.6, median: 55, p95: 115 });
    expect(judged(p1)).toEqual({ accept: 105, halt: 1895, mean: 55.9, median: 45, p95: 132 });
  });
});

// The halt score's integers: those that engine.md §7 names, and what holds for every plan.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from './limits.ts';
import {
  areSound,
  canary,
  canaryLeast,
  guard,
  guardSuccesses,
  NO_SCORE,
  type Outcome,
  SCORE_TERMS,
  type Score,
  type ScorePlan,
  type ScoreTerms,
  scorePlan,
} from './score.ts';

const planFor = (devices: number, strata: readonly number[] = []): ScorePlan =>
  scorePlan(SCORE_TERMS, { devices, strata, autoAddDevices: false });
const PLAN = planFor(400_000);

/** The place of the first verdict, counted from 1. */
function decidedAt(judge: typeof canary | typeof guard, plan: ScorePlan, outcomes: readonly Outcome[]) {
  let score: Score = NO_SCORE;
  for (const [at, outcome] of outcomes.entries()) {
    const judged = judge(plan, score, outcome);
    if (judged.verdict !== 'continue') return { at: at + 1, verdict: judged.verdict, score: judged.score };
    score = judged.score;
  }
  return undefined;
}

const many = (outcome: Outcome, count: number): readonly Outcome[] => Array.from({ length: count }, () => outcome);

describe('the plan of a score', () => {
  test('has the steps and bounds of the defaults', () => {
    expect(PLAN).toEqual({
      failure: 1_609_438,
      success: -85_158,
      canary: { halt: 4_553_877, accept: -2_985_682 },
      guard: { halt: 17_504_391 },
      strata: 0,
    });
    expect(canaryLeast(PLAN)).toBe(36);
  });

  test('counts the devices of all guard scores, of the campaign and of its strata', () => {
    expect(planFor(400_000, [400_000, 400_000, 400_000]).guard.halt).toBe(18_890_685);
    expect(planFor(400_000, [200_000, 200_000])).toMatchObject({ guard: planFor(800_000).guard, strata: 2 });
  });

  test('counts as many devices as a campaign may have where devices join by themselves', () => {
    const joining = scorePlan(SCORE_TERMS, { devices: 5, strata: [5, 0], autoAddDevices: true });
    expect(joining.guard).toEqual(planFor(3 * LIMITS.campaignDevicesMax).guard);
  });

  test('is there for a campaign without a device, too', () => {
    expect(planFor(0)).toEqual(planFor(1));
  });

  test('is refused on terms that tell nothing apart', () => {
    const wrong: readonly Partial<ScoreTerms>[] = [
      { p0: 0 },
      { p0: 0.1 },
      { p1: 1 },
      { p1: 0.02 },
      { p0: 0.02, p1: 0.020_000_000_1 },
      { alpha: 0 },
      { beta: 0 },
      { alpha: 0.5, beta: 0.5 },
      { p0: Number.NaN },
    ];
    for (const more of wrong) expect(areSound({ ...SCORE_TERMS, ...more })).toBe(false);
    expect(areSound(SCORE_TERMS)).toBe(true);
    const scope = { devices: 1, strata: [], autoAddDevices: false };
    expect(() => scorePlan({ ...SCORE_TERMS, p1: 0.01 }, scope)).toThrow('terms that tell nothing apart');
  });
});

describe('a canary', () => {
  test('is accepted after 36 successes, and not before', () => {
    expect(decidedAt(canary, PLAN, many('success', 35))).toBeUndefined();
    expect(decidedAt(canary, PLAN, many('success', 36))).toMatchObject({ at: 36, verdict: 'accept' });
  });

  test('needs 19 more successes for a failure', () => {
    const once: readonly Outcome[] = ['failure', ...many('success', 99)];
    expect(decidedAt(canary, PLAN, once)).toMatchObject({ at: 55, verdict: 'accept' });
  });

  test('halts at the third failure in a row', () => {
    const bad = decidedAt(canary, PLAN, many('failure', 9));
    expect(bad).toEqual({ at: 3, verdict: 'halt', score: { value: 4_828_314, outcomes: 3, failures: 3 } });
  });
});

describe('a guard', () => {
  test('never falls below zero, and forgets what came before', () => {
    const { score } = guard(PLAN, NO_SCORE, 'failure');
    expect(guardSuccesses(PLAN, score, 18)).toEqual({ value: 1_609_438 - 18 * 85_158, outcomes: 19, failures: 1 });
    expect(guardSuccesses(PLAN, score, 19)).toEqual(NO_SCORE);
    expect(guard(PLAN, NO_SCORE, 'success')).toEqual({ score: NO_SCORE, verdict: 'continue' });
  });

  test('of 400,000 devices halts at the eleventh failure in a row', () => {
    expect(decidedAt(guard, PLAN, many('failure', 20))).toMatchObject({ at: 11, verdict: 'halt' });
  });
});

const anyTerms = fc
  .record({
    p0: fc.double({ min: 0.000_1, max: 0.5, noNaN: true }),
    p1: fc.double({ min: 0.000_2, max: 0.999, noNaN: true }),
    alpha: fc.double({ min: 0.000_1, max: 0.49, noNaN: true }),
    beta: fc.double({ min: 0.000_1, max: 0.49, noNaN: true }),
  })
  .filter(areSound);
const anyScope = fc.record({
  devices: fc.integer({ min: 0, max: 1_000_000 }),
  strata: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 8 }),
  autoAddDevices: fc.boolean(),
});
const anyOutcomes = fc.array(fc.constantFrom<Outcome>('success', 'failure'), { maxLength: 200 });
const runs = { seed: 7, numRuns: 300 };

describe('every plan', () => {
  test('is made of safe integers and gives no outcome at p0 a gain on average', () => {
    fc.assert(
      fc.property(anyTerms, anyScope, (terms, scope) => {
        const plan = scorePlan(terms, scope);
        const numbers = [plan.failure, plan.success, plan.canary.halt, plan.canary.accept, plan.guard.halt];
        expect(numbers.every(Number.isSafeInteger)).toBe(true);
        const { p0 } = terms;
        const gain = p0 * Math.exp(plan.failure / 1e6) + (1 - p0) * Math.exp(plan.success / 1e6);
        expect(gain).toBeLessThanOrEqual(1 + 1e-12);
      }),
      runs,
    );
  });

  test('halts on three failures at the least', () => {
    fc.assert(
      fc.property(anyTerms, anyScope, anyOutcomes, (terms, scope, outcomes) => {
        const plan = scorePlan(terms, scope);
        for (const judge of [canary, guard]) {
          const decided = decidedAt(judge, plan, outcomes);
          if (decided?.verdict === 'halt')
            expect(decided.score.failures).toBeGreaterThanOrEqual(LIMITS.haltFailuresMin);
        }
      }),
      runs,
    );
  });

  test('judges a failure worse than a success in the same place', () => {
    fc.assert(
      fc.property(anyTerms, anyScope, anyOutcomes, fc.nat(199), (terms, scope, outcomes, at) => {
        const plan = scorePlan(terms, scope);
        const worse = outcomes.map((outcome, place) => (place === at ? 'failure' : outcome));
        let [here, there]: [Score, Score] = [NO_SCORE, NO_SCORE];
        for (const [place, outcome] of outcomes.entries()) {
          here = guard(plan, here, outcome).score;
          there = guard(plan, there, worse[place] ?? outcome).score;
          expect(here.value).toBeGreaterThanOrEqual(0);
          expect(there.value).toBeGreaterThanOrEqual(here.value);
        }
      }),
      runs,
    );
  });

  test('adds many successes as one after the other', () => {
    fc.assert(
      fc.property(fc.nat(20_000_000), fc.nat(300), (value, count) => {
        let one: Score = value === 0 ? NO_SCORE : { value, outcomes: 40, failures: 20 };
        const together = guardSuccesses(PLAN, one, count);
        for (let left = count; left > 0; left -= 1) one = guard(PLAN, one, 'success').score;
        expect(together).toEqual(one);
      }),
      runs,
    );
  });
});

// Whatever the order of events: the score book says what a plain walk through the finished order says, and no sooner than it is sure.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Imei } from './ids.ts';
import { type CanaryVerdict, canary, guard, NO_SCORE, type Outcome, SCORE_TERMS, scorePlan } from './score.ts';
import { newScoreBook, type ScoreBook, type ScoreEvent, score } from './score-book.ts';

const PLAN = scorePlan({ ...SCORE_TERMS, alpha: 0.05 }, { devices: 1, strata: [1, 1], autoAddDevices: false });
const STRATA = 2;

const imei = (device: number): Imei => String(100_000_000_000_000 + device) as Imei;
const strataOf = (device: number): readonly number[] => (device % 3 === 2 ? [] : [device % 3]);

type Act = 'granted' | 'succeeded' | 'failed' | 'left';
interface Step {
  readonly device: number;
  readonly act: Act;
}

const eventOf = ({ device, act }: Step): ScoreEvent => {
  if (act === 'granted') return { is: act, imei: imei(device), strata: strataOf(device) };
  return act === 'failed' ? { is: act, imei: imei(device), reason: 'install-failed' } : { is: act, imei: imei(device) };
};

/** The order in the plainest form: every device with its outcome, none of them ever taken out. */
class Plain {
  order: { readonly device: number; readonly outcome?: Outcome }[] = [];

  take({ device, act }: Step): void {
    const at = this.order.findIndex((one) => one.device === device && one.outcome === undefined);
    if (act === 'granted') {
      if (at === -1) this.order.push({ device });
    } else if (at !== -1) {
      const outcome = act === 'succeeded' ? 'success' : 'failure';
      this.order.splice(at, 1, ...(act === 'left' ? [] : [{ device, outcome } as const]));
    }
  }

  get open(): readonly number[] {
    return this.order.filter(({ outcome }) => outcome === undefined).map(({ device }) => device);
  }

  outcomes(stratum?: number): readonly Outcome[] {
    const own = this.order.filter(({ device }) => stratum === undefined || strataOf(device).includes(stratum));
    return own.flatMap(({ outcome }) => outcome ?? []);
  }

  guard(stratum?: number) {
    let now = NO_SCORE;
    for (const outcome of this.outcomes(stratum)) {
      const { score: next, verdict } = guard(PLAN, now, outcome);
      if (verdict === 'halt') return { halts: true, score: next };
      now = next;
    }
    return { halts: false, score: now };
  }

  canary(): CanaryVerdict {
    let now = NO_SCORE;
    for (const outcome of this.outcomes()) {
      const { score: next, verdict } = canary(PLAN, now, outcome);
      if (verdict !== 'continue') return verdict;
      now = next;
    }
    return 'continue';
  }
}

/** Devices fail rarely, often or nearly always; some leave; at the end everybody has an outcome. */
const anyStory = fc.tuple(fc.constantFrom(0, 1, 4, 12), fc.integer({ min: 2, max: 40 })).chain(([failures, devices]) =>
  fc
    .array(
      fc.record({
        device: fc.nat(devices - 1),
        act: fc.oneof(
          { weight: 12, arbitrary: fc.constant<Act>('granted') },
          { weight: 10, arbitrary: fc.constant<Act>('succeeded') },
          { weight: failures, arbitrary: fc.constant<Act>('failed') },
          { weight: 1, arbitrary: fc.constant<Act>('left') },
        ),
      }),
      { minLength: 20, maxLength: 400, size: 'max' },
    )
    .map(finished),
);

function finished(steps: readonly Step[]): readonly Step[] {
  const plain = new Plain();
  for (const step of steps) plain.take(step);
  return [
    ...steps,
    ...plain.open.map((device) => ({ device, act: device % 2 === 0 ? 'succeeded' : 'failed' }) as const),
  ];
}

function play(steps: readonly Step[], withCanary: boolean, together: number): ScoreBook {
  let book = newScoreBook(PLAN, withCanary);
  for (let at = 0; at < steps.length; at += together) {
    const stored: ScoreBook = JSON.parse(JSON.stringify(book));
    book = score(PLAN, stored, steps.slice(at, at + together).map(eventOf)).book;
    const open = book.places.filter(([who]) => typeof who === 'string').length;
    const failures = book.places.filter(([who]) => who === 0).length;
    expect(book.places.length).toBeLessThanOrEqual((open + failures + 1) * (STRATA + 1) + open + failures);
  }
  return book;
}

const runs = { seed: 11, numRuns: 150 };

describe('in whatever order devices end, the book', () => {
  test('halts if and only if a guard halts in the order of the grants, and else has the same scores', () => {
    const seen = { halted: 0, well: 0 };
    fc.assert(
      fc.property(anyStory, fc.constantFrom(1, 7, 1_000), (steps, together) => {
        const plain = new Plain();
        for (const step of steps) plain.take(step);
        const guards = [plain.guard(), plain.guard(0), plain.guard(1)];
        const book = play(steps, false, together);
        expect(book.halted).toBe(guards.some(({ halts }) => halts));
        if (!book.halted) expect(book).toMatchObject({ guards: guards.map((one) => one.score), places: [] });
        seen[book.halted ? 'halted' : 'well'] += 1;
      }),
      runs,
    );
    expect(Math.min(seen.halted, seen.well)).toBeGreaterThan(30);
  });

  test('comes to the verdict of the canary that the order of the grants gives', () => {
    const seen = { accept: 0, halt: 0, continue: 0 };
    fc.assert(
      fc.property(anyStory, (steps) => {
        const plain = new Plain();
        for (const step of steps) plain.take(step);
        const { canary: judged } = play(steps, true, 1);
        expect(judged?.verdict).toBe(plain.canary());
        seen[plain.canary()] += 1;
      }),
      runs,
    );
    expect(Math.min(seen.accept, seen.halt, seen.continue)).toBeGreaterThan(5);
  });

  test('is the same however its events are given together', () => {
    fc.assert(
      fc.property(anyStory, fc.boolean(), fc.integer({ min: 2, max: 50 }), (steps, withCanary, together) => {
        const [one, many] = [play(steps, withCanary, 1), play(steps, withCanary, together)];
        expect(many.halted).toBe(one.halted);
        expect(many).toEqual(one);
      }),
      runs,
    );
  });

  test('does not care which device ended first', () => {
    const outcomes = fc.array(fc.constantFrom<Act>('succeeded', 'succeeded', 'succeeded', 'failed'), { maxLength: 60 });
    const shuffled = outcomes.chain((acts) => {
      const places = acts.map((_, device) => device);
      return fc.tuple(fc.constant(acts), fc.shuffledSubarray(places, { minLength: places.length }));
    });
    fc.assert(
      fc.property(shuffled, ([acts, ends]) => {
        const grants = acts.map((_, device) => ({ device, act: 'granted' as const }));
        const inOrder = acts.map((act, device) => ({ device, act }));
        const mixed = ends.map((device) => ({ device, act: acts[device] ?? 'left' }));
        const [usual, other] = [play([...grants, ...inOrder], false, 1), play([...grants, ...mixed], false, 1)];
        expect(other.halted).toBe(usual.halted);
        if (!usual.halted) expect(other.guards).toEqual(usual.guards);
      }),
      runs,
    );
  });
});

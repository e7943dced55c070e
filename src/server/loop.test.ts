// The loop that keeps the engine going, on a hand-driven clock.
import { describe, expect, test } from 'vitest';
import { instant } from '../campaigns/index.ts';
import { SERVER_LIMITS } from './limits.ts';
import { Loop } from './loop.ts';

/** Time that only passes when it is told to, and looks that answer what they are told to. */
function world() {
  let now = 0;
  let looks = 0;
  const answers: (boolean | Error)[] = [];
  const failures: unknown[] = [];
  let timer: { readonly at: number; readonly then: () => void } | undefined;
  const loop = new Loop({
    tick: async () => {
      looks += 1;
      const answer = answers.shift() ?? false;
      if (typeof answer !== 'boolean') throw answer;
      return answer;
    },
    clock: { now: () => instant(now) },
    timers: {
      after: (wait, then) => {
        timer = { at: now + wait, then };
        return () => {
          timer = undefined;
        };
      },
    },
    afterOthers: (run) => queueMicrotask(run),
    failed: (error) => failures.push(error),
  });
  /** Everything that happens without time passing. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  };
  return {
    loop,
    answers,
    failures,
    looks: () => looks,
    settle,
    pass: async (ms: number): Promise<void> => {
      now += ms;
      if (timer !== undefined && timer.at <= now) timer.then();
      await settle();
    },
  };
}

describe('the loop', () => {
  test('looks again at once while work is left, then rests', async () => {
    const { loop, answers, looks, settle, pass } = world();
    answers.push(true, true);
    loop.start();
    await settle();
    expect(looks()).toBe(3);
    await pass(SERVER_LIMITS.idleWait - 1);
    expect(looks()).toBe(3);
    await pass(1);
    expect(looks()).toBe(4);
    await loop.stop();
  });

  test('is woken by what was stored, also while it looks', async () => {
    const { loop, looks, settle } = world();
    loop.start();
    loop.poke();
    await settle();
    expect(looks()).toBe(2);
    loop.poke();
    await settle();
    expect(looks()).toBe(3);
    await loop.stop();
  });

  test('goes on after a look that failed, but not at once', async () => {
    const { loop, answers, failures, looks, settle, pass } = world();
    answers.push(new Error('the database is away'));
    loop.start();
    await settle();
    expect([looks(), failures.length]).toEqual([1, 1]);
    await pass(SERVER_LIMITS.failedWait);
    expect(looks()).toBe(2);
    await loop.stop();
  });

  test('is not healthy when no look has succeeded for a while, and after its end', async () => {
    const { loop, settle, pass } = world();
    loop.start();
    await settle();
    expect(loop.isHealthy).toBe(true);
    await loop.stop();
    expect(loop.isHealthy).toBe(false);
    const other = world();
    other.answers.push(...Array.from({ length: 50 }, () => new Error('the database is away')));
    other.loop.start();
    for (let second = 0; second < 11; second += 1) await other.pass(SERVER_LIMITS.failedWait);
    expect(other.loop.isHealthy).toBe(false);
    await other.loop.stop();
    await pass(0);
  });

  test('looks no more once it is stopped', async () => {
    const { loop, looks, settle, pass } = world();
    loop.start();
    await settle();
    await loop.stop();
    const before = looks();
    loop.poke();
    await pass(SERVER_LIMITS.idleWait * 10);
    expect(looks()).toBe(before);
  });
});

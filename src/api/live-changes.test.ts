// News for those who watch: gathered, bounded, with signs of life.
import { describe, expect, test } from 'vitest';
import { LIMITS, type LiveChange } from '../contract/index.ts';
import { LIVE_LIMITS, LiveChanges } from './live-changes.ts';

const ACCOUNT = '0000123456-00001';

/** Time that passes when it is told to. */
function virtualTime() {
  let now = 0;
  const waiting = new Set<{ readonly at: number; readonly then: () => void }>();
  return {
    after(wait: number, then: () => void): () => void {
      const entry = { at: now + wait, then };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    pass(milliseconds: number): void {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        waiting.delete(next);
        now = next.at;
        next.then();
      }
      now = end;
    },
    waiting,
  };
}

function listening(account = ACCOUNT) {
  const told: (readonly LiveChange[])[] = [];
  const time = virtualTime();
  const live = new LiveChanges(time, LIMITS.liveStreamsMax);
  let ended = 0;
  const end = live.open({
    account,
    told: (changes) => told.push(changes),
    ended: () => {
      ended += 1;
    },
  });
  return { told, time, live, end, endings: () => ended };
}

describe('whoever listens', () => {
  test('is told once of a campaign that changes many times in a second', () => {
    const { told, time, live } = listening();
    for (let count = 0; count < 100; count += 1) live.changed(ACCOUNT, 'one');
    time.pass(LIVE_LIMITS.gatherFor);
    expect(told).toEqual([[{ what: 'campaign', id: 'one' }]]);
  });

  test('hears nothing of another account', () => {
    const { told, time, live } = listening();
    live.changed('0000999999-00001', 'one');
    time.pass(LIVE_LIMITS.gatherFor);
    expect(told).toEqual([]);
  });

  test('is told that everything changed where there is more than can be named', () => {
    const { told, time, live } = listening();
    for (let count = 0; count <= LIVE_LIMITS.namedMax; count += 1) live.changed(ACCOUNT, `campaign ${count}`);
    time.pass(LIVE_LIMITS.gatherFor);
    expect(told).toEqual([[{ what: 'all' }]]);
  });

  test('gets a sign of life when there is no news', () => {
    const { told, time } = listening();
    time.pass(3 * LIVE_LIMITS.aliveEvery);
    expect(told).toEqual([[], [], []]);
  });

  test('has to come again after a while, and leaves nothing behind', () => {
    const { time, live, endings } = listening();
    time.pass(LIVE_LIMITS.streamLife);
    expect({ ended: endings(), count: live.count, waiting: time.waiting.size }).toEqual({
      ended: 1,
      count: 0,
      waiting: 0,
    });
  });

  test('is ended once, also when it leaves by itself', () => {
    const { live, end, endings } = listening();
    end?.();
    live.endAll();
    expect(endings()).toBe(1);
  });
});

test('there are only so many at a time', () => {
  const { live } = listening();
  const more = Array.from({ length: LIMITS.liveStreamsMax }, () =>
    live.open({ account: ACCOUNT, told: () => {}, ended: () => {} }),
  );
  expect(more.filter((end) => end === undefined)).toHaveLength(1);
});

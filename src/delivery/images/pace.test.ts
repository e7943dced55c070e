// Stories of the caps on downloads.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccountName, type CampaignId, instant } from '../../campaigns/index.ts';
import { IMAGE_LIMITS } from './limits.ts';
import { Bucket, type Caps, Pace } from './pace.ts';

const KEY = { account: 'a' as AccountName, campaign: 'c' as CampaignId };
const OTHER = { account: 'a' as AccountName, campaign: 'd' as CampaignId };

function given(caps: (campaign: string) => Caps) {
  let now = 0;
  let asked = 0;
  const pace = new Pace({
    clock: { now: () => instant(now) },
    capsOf: async ({ campaign }) => {
      asked += 1;
      return caps(campaign);
    },
  });
  const later = (wait: number): void => {
    now += wait;
  };
  return { pace, later, asked: () => asked };
}

test('without a cap nobody waits', async () => {
  const { pace } = given(() => ({ nodes: 1, account: 0 }));
  await pace.refresh(KEY);
  expect(pace.claim(KEY, 1e9).wait).toBe(0);
});

describe('with a cap', () => {
  test('a burst goes at once, what is more waits, one after the other', async () => {
    const { pace } = given(() => ({ nodes: 1, campaign: 1_000 }));
    await pace.refresh(KEY);
    expect([1, 2, 3].map(() => pace.claim(KEY, 250).wait)).toEqual([0, 250, 500]);
  });

  test('the campaigns of an account share its cap, and the slower of both counts', async () => {
    const { pace } = given((campaign) => ({
      nodes: 1,
      account: 2_000,
      ...(campaign === 'c' ? { campaign: 500 } : {}),
    }));
    await pace.refresh(KEY);
    await pace.refresh(OTHER);
    expect(pace.claim(KEY, 500).wait).toBe(750);
    expect(pace.claim(OTHER, 500).wait).toBe(250);
  });

  test('each of several nodes gives its part', async () => {
    const { pace } = given(() => ({ nodes: 2, campaign: 1_000 }));
    await pace.refresh(KEY);
    expect(pace.claim(KEY, 625).wait).toBe(1_000);
  });

  test('what was not sent after all is given back', async () => {
    const { pace } = given(() => ({ nodes: 1, campaign: 1_000 }));
    await pace.refresh(KEY);
    pace.claim(KEY, 1_250).giveBack();
    expect(pace.claim(KEY, 250).wait).toBe(0);
  });
});

test('a cap that was changed or taken away counts when it is read again, once a second at most', async () => {
  let campaign = 1_000;
  const { pace, later, asked } = given(() => ({ nodes: 1, campaign }));
  await pace.refresh(KEY);
  await pace.refresh(KEY);
  expect(asked()).toBe(1);
  pace.claim(KEY, 250);
  campaign = 10_000;
  later(IMAGE_LIMITS.capsKept);
  await pace.refresh(KEY);
  expect(pace.claim(KEY, 1_250).wait).toBe(100);
  campaign = 0;
  later(IMAGE_LIMITS.capsKept);
  await pace.refresh(KEY);
  expect(pace.claim(KEY, 1e9).wait).toBe(0);
});

test('whatever is claimed and when, no more than the rate and one burst go in any time', () => {
  const claims = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 65_536 }), pause: fc.nat(500) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.integer({ min: 16_384, max: 10_000_000 }), claims, (rate, all) => {
      const bucket = new Bucket(rate, 0);
      let now = 0;
      let sent = 0;
      for (const { bytes, pause } of all) {
        now += pause;
        now += bucket.take(bytes, now);
        sent += bytes;
        expect(sent).toBeLessThanOrEqual((rate * now) / 1_000 + rate * IMAGE_LIMITS.paceBurst + 1);
      }
    }),
    { numRuns: 100 },
  );
});

// The world as every change has to pass it: all stories, 300 seeds, one seed that nobody chose, and the rules that were hit.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/campaigns/index.ts';
import { ALL_STORIES } from './all-stories.ts';
import { Hits, runSeed, runStory } from './survey.ts';

const SEEDS = 300;
const PER_TEST = 50;
const TIME = 200_000;

const hits = new Hits();

/** Another one with each commit; where there is no git, always the same. */
function seedOfCommit(): number {
  try {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number.parseInt(head.slice(0, 8), 16);
  } catch {
    return 20_261_122;
  }
}

describe('stories', () => {
  for (const story of ALL_STORIES) test(story.title, () => runStory(story, hits), TIME);
});

describe('worlds drawn from seeds', () => {
  for (let from = 1; from <= SEEDS; from += PER_TEST) {
    test(
      `seeds ${from} to ${from + PER_TEST - 1}`,
      async () => {
        for (let seed = from; seed < from + PER_TEST; seed += 1) await runSeed(seed, hits);
      },
      TIME,
    );
  }

  test(`seed ${seedOfCommit()}, that of the commit`, () => runSeed(seedOfCommit(), hits), TIME);
});

const NO_SUCH_DEVICE = 'no simulated device behaves so; the stories of the domain do (src/campaigns)';
const TELLS_ITS_VERSION = 'every simulated device tells the version that it runs, and of the image that it holds';
const WIDENED = 'only where hours are given back in the middle of a transfer; src/campaigns has it';
const NOT_ASKED_FOR = 'no campaign of the world asks for it; src/campaigns and test/engine have stories of it';

/** Rules that no world hits, each with the reason. */
const NEVER: Partial<Record<Rule, string>> = {
  'account.licences-assigned': NOT_ASKED_FOR,
  'account.licences-removed': NOT_ASKED_FOR,
  'admission.imei-check-digit': NOT_ASKED_FOR,
  'admission.no-licence': NOT_ASKED_FOR,
  'permit.grant-over': WIDENED,
  'update.closed-without-bytes': NO_SUCH_DEVICE,
  'update.confirmation-denied': NOT_ASKED_FOR,
  'update.confirmed': NOT_ASKED_FOR,
  'update.deferred': NO_SUCH_DEVICE,
  'update.device-busy': NO_SUCH_DEVICE,
  'update.not-capable': NO_SUCH_DEVICE,
  'update.not-confirmed': NOT_ASKED_FOR,
  'update.not-verified': TELLS_ITS_VERSION,
  'update.transfer-unproven': TELLS_ITS_VERSION,
  'update.verified-reported': TELLS_ITS_VERSION,
  'update.verified-restart': TELLS_ITS_VERSION,
};

test('every rule is hit by some world, but for those that are named with the reason', () => {
  expect(hits.missing.toSorted()).toEqual(Object.keys(NEVER).toSorted());
});

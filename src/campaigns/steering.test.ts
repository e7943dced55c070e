// Orders on a rollout that waits for somebody: who may give them, and what the refusals say.
import { expect, test } from 'vitest';
import type { Hold } from './campaign.ts';
import { cutSteps, newRollout, type RolloutPolicy } from './rollout.ts';
import { approve, resume } from './steering.ts';
import { givenCampaign, START, utc } from './testing/given.ts';
import { hours, minutes } from './time.ts';

const NOW = utc('2026-03-02T10:00:00Z');
const POLICY: RolloutPolicy = {
  waves: [{ devices: 2 }],
  soak: minutes(0),
  advanceAtPercent: 100,
  stepDeadline: hours(1),
  onStepDeadline: 'hold',
  approval: 'start',
};
const hold: Hold = {
  kind: 'undecided',
  reason: 'Wave 1 was not done before its deadline (0 of 2 devices have an outcome).',
  since: START,
  rule: 'campaign.step-deadline',
};
const undecided = givenCampaign({
  hold,
  orderedBy: 'ann',
  rollout: { ...newRollout(POLICY), steps: cutSteps(POLICY, [[1, 2, 3]]), at: 0, awaitsApproval: false },
});

test('a wave that waits for a decision says so when it is resumed instead', () => {
  const refused = resume(undecided, { by: 'bob', reason: 'go on', packageWithdrawn: false }, NOW);
  expect(refused).toMatchObject({ ok: false, code: 'CAMPAIGN_STATE_INVALID' });
  expect(refused.ok ? '' : refused.sentence).toContain('Wave 1 was not done before its deadline');
});

test('nobody approves what they have ordered themselves, neither a step nor what is undecided', () => {
  const { hold: _none, ...waiting } = undecided;
  const first = { ...waiting, rollout: newRollout(POLICY) };
  for (const campaign of [undecided, first]) {
    expect(approve(campaign, { by: 'ann' }, NOW)).toMatchObject({ ok: false, code: 'CAMPAIGN_STATE_INVALID' });
    expect(approve(campaign, { by: 'bob' }, NOW).ok).toBe(true);
  }
});

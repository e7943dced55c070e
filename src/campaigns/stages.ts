// The steward's part in a rollout: cuts the devices into steps, opens one after the other, stops where nothing is decided.
import { type Campaign, type Hold, openOf } from './campaign.ts';
import { type Change, type Entry, noChange } from './change.ts';
import { startScore } from './guard.ts';
import { cutSteps, type HashesByStratum, nextRolloutMove, openStep, type Rollout } from './rollout.ts';
import type { Rule } from './rules.ts';
import { withHold } from './steward.ts';
import type { Instant } from './time.ts';

/** Its devices are known and nothing has been granted: now steps and score are fixed (engine.md §7). */
export const needsPreparing = (campaign: Campaign): boolean =>
  campaign.phase.name === 'scheduled' && campaign.score === undefined && !campaign.intakePending;

/** `hashes`: of the waiting devices, by stratum; only asked for where the campaign has a rollout. */
export function prepare(campaign: Campaign, hashes: HashesByStratum, now: Instant): Change {
  const { rollout } = campaign;
  const steps = rollout === undefined ? [] : cutSteps(rollout.policy, hashes);
  const score = startScore(
    campaign,
    steps,
    hashes.map((one) => one.length),
  );
  const cut: Rollout | undefined = rollout === undefined ? undefined : { ...rollout, steps, at: -1 };
  const row: Campaign = { ...campaign, score, ...(cut === undefined ? {} : { rollout: cut }), nextActionAt: now };
  const entries =
    cut === undefined
      ? []
      : [
          entryOf(
            campaign,
            'campaign.steps-cut',
            { steps: JSON.stringify(steps.map(({ kind, size }) => [kind, size])) },
            now,
          ),
        ];
  return { writes: [{ op: 'replace-campaign', row }], entries, intents: [], rule: 'campaign.steps-cut' };
}

function entryOf(campaign: Campaign, rule: Rule, facts: NonNullable<Entry['facts']>, now: Instant): Entry {
  return { account: campaign.account, campaign: campaign.id, at: now, kind: 'rollout', rule, facts };
}

/** Opens the next step, or says that nothing can be decided; no change where there is nothing to do. */
export function advanceRollout(campaign: Campaign, now: Instant): Change {
  const { rollout, score, hold, phase } = campaign;
  if (rollout === undefined || score === undefined || hold !== undefined || phase.name !== 'scheduled')
    return noChange('update.no-change');
  const move = nextRolloutMove(rollout, score.canary?.verdict ?? 'continue', now);
  switch (move.is) {
    case 'none':
      return noChange('update.no-change');
    case 'opened': {
      const opened = openStep(rollout, move.step, now);
      return changed(campaign, opened, move.rule, { step: move.step, size: rollout.steps[move.step]?.size ?? 0 }, now);
    }
    case 'done':
      return changed(campaign, { ...rollout, doneAt: now }, move.rule, { step: rollout.at }, now);
    case 'undecided': {
      const held: Hold = { kind: 'undecided', reason: move.reason, since: now, rule: move.rule };
      const { row, entry } = withHold(campaign, held);
      return { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule: move.rule };
    }
  }
}

function changed(
  campaign: Campaign,
  rollout: Rollout,
  rule: Rule,
  facts: NonNullable<Entry['facts']>,
  now: Instant,
): Change {
  const row: Campaign = { ...campaign, rollout, nextActionAt: now };
  const entry = entryOf(campaign, rule, { ...facts, waiting: openOf(campaign.tallies) }, now);
  return { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule };
}

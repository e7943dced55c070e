// Why a step of a rollout is closed: which one the device belongs to, which is open, and what opens the next.
import { type Rollout, type RolloutStep, stepOf } from '../rollout.ts';
import { after } from '../time.ts';
import { type Here, momentText, spanText } from './clock-times.ts';
import { stepOpensAt } from './prospect.ts';
import type { Sight } from './sight.ts';

const nameOf = (steps: readonly RolloutStep[], place: number): string => {
  const step = steps[place];
  const kind = step?.kind === 'canary' ? 'the canary' : 'a wave';
  return `step ${place + 1} of ${steps.length} (${kind} of ${step?.size ?? 0})`;
};

const outcomesOf = ({ tallies }: RolloutStep): number => tallies.succeeded + tallies.failed + tallies.other;

/** What has to come about before the step after this one is opened. */
function progressOf(rollout: Rollout, step: RolloutStep, here: Here): string {
  const { policy, doneAt, awaitsApproval } = rollout;
  const approval = awaitsApproval ? ' and is approved' : '';
  if (doneAt !== undefined) {
    const soaked = after(doneAt, policy.soak);
    const soak = soaked > here.now ? ` after a soak until ${momentText(soaked, here)}` : '';
    return awaitsApproval ? `is done; the next one waits for an approval${soak}` : `is done; the next one opens${soak}`;
  }
  const outcomes = `${outcomesOf(step)} of ${step.size} devices have an outcome`;
  const soak = policy.soak === 0 ? '' : `, then soaks ${spanText(policy.soak)}`;
  if (step.kind === 'canary')
    return `is open (${step.tallies.succeeded} succeeded, ${step.tallies.failed} failed); the next one opens once the canary is accepted${approval}${soak}`;
  const needed = Math.ceil((step.size * policy.advanceAtPercent) / 100);
  return `is open (${outcomes}); the next one opens at ${needed}${approval}${soak}`;
}

export function whyStepClosed({ snapshot: { campaign, update }, ...here }: Sight): string {
  const { rollout } = campaign;
  const place = stepOf(rollout, update);
  if (rollout === undefined || place === undefined) return 'the campaign is not divided into its steps yet';
  const own = `it belongs to ${nameOf(rollout.steps, place)}`;
  const open = rollout.steps[rollout.at];
  if (open === undefined)
    return `${own}; the first one ${rollout.awaitsApproval ? 'waits for an approval' : 'is opened in a moment'}`;
  return `${own}; step ${rollout.at + 1} ${progressOf(rollout, open, here)}`;
}

export function stepUnblock({ snapshot: { campaign, update } }: Sight): string {
  const { rollout } = campaign;
  if (rollout?.awaitsApproval === true && (rollout.doneAt !== undefined || rollout.at === -1)) {
    const than = campaign.orderedBy === undefined ? '' : ` other than ${campaign.orderedBy}`;
    return `Somebody${than} approves the next step.`;
  }
  return stepOpensAt(campaign, update) === undefined
    ? 'Nothing to do; it follows when the steps before it have shown enough.'
    : 'Nothing to do.';
}

// The wave board: the canary and each wave with its size, what became of its devices, and what opens the next one.

import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';

type Rollout = NonNullable<CampaignView['rollout']>;
type Step = NonNullable<Rollout['progress']>['steps'][number];

const STATE_WORDS = { waiting: 'Waiting', open: 'Open', soaking: 'Soaking', done: 'Done' } as const;
const STATE_COLORS = { waiting: 'gray', open: 'cyan', soaking: 'blue', done: 'green' } as const;

export function Waves({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { rollout, score } = campaign;
  const progress = rollout?.progress;
  // Without a canary and with one wave there is no board to look at.
  if (rollout === undefined || progress === undefined || (progress.steps.length < 2 && rollout.canary === undefined))
    return null;
  return (
    <Panel title="Waves" aside={score === undefined ? undefined : <ScoreMark score={score} />}>
      <div className="steps">
        {progress.steps.map((step, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <StepCard key={place} step={step} number={place + 1} />
        ))}
      </div>
      <p>{nextStepText(rollout, campaign.hold?.kind)}</p>
      {progress.soakUntil === undefined ? null : (
        <p className="small">
          Soaks until <Time at={progress.soakUntil} />
        </p>
      )}
    </Panel>
  );
}

function StepCard({ step, number }: { readonly step: Step; readonly number: number }): ReactNode {
  const { kind, size, state, succeeded, failed, other, live } = step;
  const total = Math.max(1, size);
  const parts = [
    { fill: 'succeeded', count: succeeded },
    { fill: 'failed', count: failed },
    { fill: 'ended', count: other },
  ];
  return (
    <div className={state === 'open' ? 'step step-open' : 'step'}>
      <div className="row">
        <strong>{kind === 'canary' ? 'Canary' : `Step ${number}`}</strong>
        <Badge color={STATE_COLORS[state]} variant="light" radius="sm" tt="none">
          {STATE_WORDS[state]}
        </Badge>
      </div>
      <div className="bar" role="img" aria-label={`${succeeded} succeeded, ${failed} failed of ${size}`}>
        {parts.map(({ fill, count }) => (
          <span key={fill} className={`fill-${fill}`} style={{ width: `${(count / total) * 100}%` }} />
        ))}
      </div>
      <span className="small number">
        {succeeded} succeeded, {failed} failed, {live} to go, of {size}
      </span>
    </div>
  );
}

type HoldKind = NonNullable<CampaignView['hold']>['kind'];

function nextStepText({ progress, advanceAtPercent, soakHours }: Rollout, hold: HoldKind | undefined): string {
  if (progress === undefined || progress.step >= progress.steps.length) return 'Every step is open.';
  if (hold === 'undecided') return 'The first wave opens when somebody approves it.';
  if (progress.awaitsApproval) return 'The next step waits for the approval of somebody else than who scheduled.';
  const soak = soakHours === 0 ? '' : ` and ${soakHours} h have passed`;
  const isCanary = progress.steps[progress.step - 1]?.kind === 'canary';
  return isCanary
    ? `The first wave opens when the canary is accepted${soak}.`
    : `The next step opens when ${advanceAtPercent} % of this one have an outcome${soak}.`;
}

function ScoreMark({ score }: { readonly score: NonNullable<CampaignView['score']> }): ReactNode {
  const { guard, canary } = score;
  const of = canary !== undefined && canary.verdict === 'continue' ? canary : guard;
  const percent = Math.max(0, Math.round((of.value / of.bound) * 100));
  return (
    <span className="dimmed small">
      Halt score {percent} % of the bound · {of.failures} failures in {of.outcomes} outcomes
    </span>
  );
}

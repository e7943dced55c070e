// What holds a campaign: who or what stopped it, why, since when, and what a halt saw.

import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { isOver } from '../../parts/campaign-words.ts';
import { Facts } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';

const WORDS = {
  paused: { title: 'Paused', color: 'yellow', next: 'Nothing is sent until it is resumed.' },
  halted: {
    title: 'Halted',
    color: 'red',
    next: 'Nothing is sent until somebody resumes it with a reason, or aborts it.',
  },
  undecided: {
    title: 'Undecided',
    color: 'orange',
    next: 'The canary has shown too little either way: approve the next wave, or abort.',
  },
} as const;

export function Hold({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { hold } = campaign;
  if (hold === undefined || isOver(campaign)) return null;
  const { title, color, next } = WORDS[hold.kind];
  return (
    <Alert color={color} variant="light" title={title}>
      <div className="stack-tight">
        <p>
          {hold.reason} <span className="small">{next}</span>
        </p>
        <p className="small">
          Since <Time at={hold.since} />
          {hold.by === undefined ? '' : `, by ${hold.by}`}
        </p>
        {hold.evidence === undefined ? null : <Evidence evidence={hold.evidence} />}
      </div>
    </Alert>
  );
}

type HaltEvidence = NonNullable<NonNullable<CampaignView['hold']>['evidence']>;

const counted = (list: HaltEvidence['reasons']): string | undefined =>
  list.length === 0 ? undefined : list.map(({ name, devices }) => `${name}: ${devices}`).join(', ');

function Evidence({ evidence }: { readonly evidence: HaltEvidence }): ReactNode {
  const { failures, outcomes, value, bound, reasons, shares, devices } = evidence;
  return (
    <Facts
      facts={[
        ['What it saw', `${failures} failures in ${outcomes} outcomes`],
        ['Score', `${Math.round((value / bound) * 100)} % of the bound`],
        ['Reasons', counted(reasons)],
        ['What they share', counted(shares)],
        ['Failed last', devices.slice(0, 5).join(', ')],
      ]}
    />
  );
}

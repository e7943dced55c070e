// A campaign at a glance: its standing as a badge, its devices as a bar with a legend.

import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CampaignView } from '../../sdk/operator.ts';
import { countOf, nextOf, PARTS, STANDING_WORDS, type Standing, standingOf } from './campaign-words.ts';
import { Time } from './time.tsx';

const COLORS: Readonly<Record<Standing, string>> = {
  halted: 'red',
  undecided: 'orange',
  paused: 'yellow',
  running: 'cyan',
  preparing: 'blue',
  scheduled: 'blue',
  ended: 'green',
  aborted: 'gray',
  cancelled: 'gray',
  refused: 'red',
};

export function StandingBadge({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const standing = standingOf(campaign);
  return (
    <Badge color={COLORS[standing]} variant="light" radius="sm" tt="none">
      {STANDING_WORDS[standing]}
    </Badge>
  );
}

export function NextStep({
  campaign,
  mode = 'short',
}: {
  readonly campaign: CampaignView;
  readonly mode?: 'short' | 'full';
}): ReactNode {
  const { what, at } = nextOf(campaign);
  return (
    <span>
      {what} {at === undefined ? null : <Time at={at} mode={mode} />}
    </span>
  );
}

/** What has happened, from the left; devices to which nothing has happened are the empty rest. */
export function CountBar({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const shown = PARTS.filter(({ fill }) => fill !== 'waiting').map((part) => ({
    ...part,
    count: countOf(campaign, part),
  }));
  const sentence = shown.filter(({ count }) => count > 0).map(({ word, count }) => `${count} ${word.toLowerCase()}`);
  const total = Math.max(1, campaign.devices);
  return (
    <div
      className="bar"
      role="img"
      aria-label={`Of ${campaign.devices} devices: ${sentence.join(', ') || 'none begun'}`}
    >
      {shown.map(({ word, fill, count }) =>
        count === 0 ? null : (
          <span key={word} className={`fill-${fill}`} style={{ width: `${(count / total) * 100}%` }} />
        ),
      )}
    </div>
  );
}

export function CountLegend({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  return (
    <div className="legend">
      {PARTS.map((part) => {
        const count = countOf(campaign, part);
        return count === 0 ? null : (
          <span key={part.word} className="state">
            <span className={`state-dot fill-${part.fill}`} aria-hidden="true" />
            {part.word} <strong className="number">{count.toLocaleString('en')}</strong>
          </span>
        );
      })}
    </div>
  );
}

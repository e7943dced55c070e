// How far the campaign is: its counts, what comes next, why devices were rejected, and its course over time.

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { CampaignView, UpdateView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { CountBar, CountLegend, NextStep } from '../../parts/campaign-marks.tsx';
import { donePercent, isOver } from '../../parts/campaign-words.ts';
import { Facts, Panel } from '../../parts/page.tsx';
import { Plot } from '../../parts/plot.tsx';
import { Time, useNow } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { courseOf } from './progress.ts';

/** Devices whose times are plotted; of a larger campaign these are a sample by IMEI. */
const PLOTTED_MAX = 3_000;
const PAGE_SIZE = 1_000;

export function ProgressPanel({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { devices, rejections = {}, statusReason } = campaign;
  return (
    <Panel
      title="Progress"
      aside={
        <span className="dimmed">
          <NextStep campaign={campaign} mode="full" />
        </span>
      }
    >
      <div className="row">
        <span className="figure number">{donePercent(campaign)} %</span>
        <span>
          <strong className="number">{campaign.counts.succeeded.toLocaleString('en')}</strong> of{' '}
          <span className="number">{devices.toLocaleString('en')}</span> devices done
          {statusReason === undefined ? null : <span className="dimmed"> · {statusReason}</span>}
        </span>
      </div>
      <CountBar campaign={campaign} />
      <CountLegend campaign={campaign} />
      <Rejections rejections={rejections} />
      <CoursePlot campaign={campaign} />
      <Facts
        facts={[
          ['Made', <Time key="made" at={campaign.createdAt} />],
          ['Started', campaign.startedAt === undefined ? undefined : <Time key="started" at={campaign.startedAt} />],
          [
            isOver(campaign) ? 'Ended' : undefined,
            campaign.endedAt === undefined ? undefined : <Time key="ended" at={campaign.endedAt} />,
          ],
        ].flatMap(([name, value]) => (typeof name === 'string' ? [[name, value] as const] : []))}
      />
    </Panel>
  );
}

function Rejections({ rejections }: { readonly rejections: Readonly<Record<string, number>> }): ReactNode {
  const reasons = Object.entries(rejections).filter(([, count]) => count > 0);
  if (reasons.length === 0) return null;
  return (
    <p className="small">
      Rejected:{' '}
      {reasons.map(([reason, count]) => `${count.toLocaleString('en')} × ${reason.replaceAll('-', ' ')}`).join(', ')}
    </p>
  );
}

async function firstUpdates({ accountName, id }: CampaignView, signal: AbortSignal): Promise<readonly UpdateView[]> {
  const updates: UpdateView[] = [];
  for await (const update of client.campaigns.eachUpdate(accountName, id, { limit: PAGE_SIZE, signal })) {
    updates.push(update);
    if (updates.length >= PLOTTED_MAX) break;
  }
  return updates;
}

function CoursePlot({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { accountName, id, devices } = campaign;
  const now = useNow();
  const { data } = useQuery({
    queryKey: accountKey(accountName, 'campaigns', 'course', id),
    queryFn: ({ signal }) => firstUpdates(campaign, signal),
    staleTime: 10_000,
  });
  // Its time of day is taken when the data come, so that it is not drawn anew every few seconds.
  // biome-ignore lint/correctness/useExhaustiveDependencies: now is read, not waited for
  const course = useMemo(() => (data === undefined ? undefined : courseOf(data, now)), [data]);
  const lines = useMemo(
    () =>
      course === undefined
        ? []
        : [
            { word: 'Begun', color: '--state-busy', values: course.begun },
            { word: 'Succeeded', color: '--state-succeeded', values: course.succeeded },
            { word: 'Failed', color: '--state-failed', values: course.failed },
          ],
    [course],
  );
  if (course === undefined) return null;
  return (
    <div className="stack-tight">
      <h3>Over time, in UTC</h3>
      <Plot label="Devices begun, succeeded and failed over time" times={course.times} lines={lines} />
      {devices > PLOTTED_MAX ? (
        <p className="dimmed small">Of the first {PLOTTED_MAX.toLocaleString('en')} devices by IMEI.</p>
      ) : null}
    </div>
  );
}

// One campaign: how far it is, what holds it, its waves, its devices, its hours, and the orders that steer it.

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { StandingBadge } from '../../parts/campaign-marks.tsx';
import { nameOf } from '../../parts/campaign-words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { Actions } from './actions.tsx';
import { Events } from './events.tsx';
import { Hold } from './hold.tsx';
import { Plan } from './plan.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { Updates } from './updates.tsx';
import { Waves } from './waves.tsx';

export function CampaignPage(): ReactNode {
  const account = useAccount();
  const { campaignId = '' }: { readonly campaignId?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'campaigns', 'one', campaignId),
    queryFn: ({ signal }) => client.campaigns.get(account, campaignId, { signal }),
  });
  if (data === undefined)
    return error === null ? (
      <Busy what="Loading the campaign" />
    ) : (
      <Failure error={error} again={() => void refetch()} />
    );
  return (
    <Page
      title={nameOf(data)}
      mark={<StandingBadge campaign={data} />}
      subtitle={`${data.packageName} · ${data.from} → ${data.to} · ${data.make} ${data.model} · ${data.transport}`}
      actions={
        <May atLeast="operator">
          <Actions campaign={data} />
        </May>
      }
    >
      <Hold campaign={data} />
      <ProgressPanel campaign={data} />
      <Waves campaign={data} />
      <Updates campaign={data} />
      <Plan campaign={data} />
      <Events campaign={data} />
    </Page>
  );
}

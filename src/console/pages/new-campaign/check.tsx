// The last step: one sentence with the numbers, a name, and the order itself.

import { Alert, Button, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { NewCampaign, PackageView, SimulatedCampaign } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { takeHandedOver } from '../../handover.ts';
import { Busy } from '../../parts/busy.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Prediction } from '../../parts/prediction.tsx';
import { toast } from '../../parts/toasts.tsx';
import { manyOf } from '../../parts/words.ts';
import { accountKey, refresh } from '../../queries.ts';
import { type Draft, orderOf } from './draft.ts';
import { confirmingSentence } from './sentence.ts';

interface CheckProps {
  readonly account: string;
  readonly chosen: PackageView;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

export function Check({ account, chosen, draft, change }: CheckProps): ReactNode {
  const [isStrict, setStrict] = useState(true);
  const navigate = useNavigate();
  const order = orderOf(draft);
  const played = useSimulation(account, order);
  const schedule = useMutation({
    mutationFn: (campaign: NewCampaign) => client.orders.schedule(account, campaign, { strict: isStrict }),
    onSuccess: async (made) => {
      takeHandedOver();
      toast.done('The campaign is scheduled.');
      for (const warning of made.warnings ?? []) toast.done(warning);
      await refresh(account, 'campaigns');
      await navigate({ to: `/${account}/campaigns/${made.id}` });
    },
  });
  return (
    <>
      <TextInput
        label="Name"
        description="How people speak of it."
        placeholder={`${chosen.name} to ${chosen.to}`}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Alert color="cyan" title="What will be done">
        <p>{confirmingSentence(draft, chosen, played.data)}</p>
      </Alert>
      <Simulation played={played} />
      <Switch
        label="Refuse it if some devices cannot get there within these hours"
        description="Otherwise such devices are only warned of."
        checked={isStrict}
        onChange={(event) => setStrict(event.currentTarget.checked)}
      />
      {schedule.error === null ? null : <Failure error={schedule.error} />}
      <div>
        <Button
          size="md"
          loading={schedule.isPending}
          disabled={order === undefined}
          onClick={() => {
            if (order !== undefined) schedule.mutate(order);
          }}
        >
          Schedule {manyOf(draft.imeis.length, 'device')}
        </Button>
      </div>
    </>
  );
}

/** Played before anything is stored; what it says is a prediction and is labelled as one. */
function useSimulation(account: string, order: NewCampaign | undefined) {
  const { campaignName: _name, ...campaign } = order ?? { campaignName: undefined };
  return useQuery({
    queryKey: accountKey(account, 'devices', 'simulate', campaign),
    queryFn: ({ signal }) => client.simulate.order(account, campaign as SimulatedCampaign, { signal }),
    enabled: order !== undefined,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function Simulation({ played }: { readonly played: ReturnType<typeof useSimulation> }): ReactNode {
  const { data, error, refetch } = played;
  return (
    <section className="stack simulation" aria-label="Simulation">
      <h2>Simulation</h2>
      {data === undefined && error === null ? <Busy what="Playing the campaign on a virtual clock" /> : null}
      {error === null ? null : <Failure error={error} again={() => void refetch()} />}
      {data === undefined ? null : <Prediction prediction={data} />}
    </section>
  );
}

// Takes up the failed and expired devices of a campaign that is over, in a new one.

import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { clock } from '../../clock.ts';
import { nameOf } from '../../parts/campaign-words.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { dayOf } from '../../parts/when.ts';
import { refresh } from '../../queries.ts';

interface RetryDialogProps {
  readonly campaign: CampaignView;
  readonly close: () => void;
}

const DAYS = 7;

export function RetryDialog({ campaign, close }: RetryDialogProps): ReactNode {
  const { accountName, id, counts } = campaign;
  const [startDate, setStart] = useState(() => dayOf(clock.now()));
  const [endDate, setEnd] = useState(() => dayOf(clock.now(), DAYS));
  const navigate = useNavigate();
  const retry = useMutation({
    mutationFn: () => client.orders.retry(accountName, id, { startDate, endDate }),
    onSuccess: async (made) => {
      toast.done(`A new campaign takes up ${made.devices.toLocaleString('en')} devices.`);
      await refresh(accountName, 'campaigns');
      await navigate({ to: `/${accountName}/campaigns/${made.id}` });
      close();
    },
  });
  return (
    <Dialog
      title={`Retry ${nameOf(campaign)}`}
      doing="Make the new campaign"
      isPending={retry.isPending}
      error={retry.error}
      close={close}
      confirm={() => retry.mutate()}
    >
      <p>
        A new campaign is made of the devices that failed ({counts.failed}), expired ({counts.expired}) or were aborted
        ({counts.aborted}) and do not run {campaign.to} by now. This one stays as it is.
      </p>
      <div className="row row-end">
        <TextInput
          className="grow"
          type="date"
          label="First day (UTC)"
          required
          value={startDate}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          className="grow"
          type="date"
          label="Last day (UTC)"
          required
          min={startDate}
          value={endDate}
          onChange={(event) => setEnd(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  );
}

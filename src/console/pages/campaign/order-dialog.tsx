// Asks before a campaign is paused, resumed, approved or aborted, with the server's own preview of what that does.

import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CampaignView, OrderedCampaign } from '../../../sdk/operator.ts';
import { Busy } from '../../parts/busy.tsx';
import { nameOf } from '../../parts/campaign-words.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import { ORDERS, type OrderName, sendOrder } from './orders.ts';

interface OrderDialogProps {
  readonly campaign: CampaignView;
  readonly order: OrderName;
  readonly close: () => void;
}

export function OrderDialog({ campaign, order, close }: OrderDialogProps): ReactNode {
  const { title, doing, done, isGrave, reasonFor } = ORDERS[order];
  const { accountName } = campaign;
  const reason = reasonFor(campaign);
  const preview = useQuery({
    queryKey: accountKey(accountName, 'campaigns', 'preview', campaign.id, order),
    // The preview of an order that needs a reason needs one too; nothing of it is kept.
    queryFn: ({ signal }) =>
      sendOrder(order, campaign, { preview: true, signal, ...(reason === 'required' ? { reason: 'Preview' } : {}) }),
    staleTime: 0,
    refetchInterval: false,
  });
  const send = useMutation({
    mutationFn: (given: string | undefined) => sendOrder(order, campaign, given === undefined ? {} : { reason: given }),
    onSuccess: async () => {
      toast.done(`${nameOf(campaign)} ${done}.`);
      close();
      await refresh(accountName, 'campaigns');
    },
  });
  return (
    <Dialog
      title={`${title} ${nameOf(campaign)}`}
      doing={doing}
      isGrave={isGrave}
      {...(reason === undefined ? {} : { reason })}
      isPending={send.isPending}
      isBlocked={preview.data === undefined}
      error={send.error}
      close={close}
      confirm={(given) => send.mutate(given)}
    >
      {preview.data === undefined ? null : <Meaning ordered={preview.data} />}
      {preview.error === null ? null : <Failure error={preview.error} />}
      {preview.isPending ? <Busy what="Asking what this does" /> : null}
    </Dialog>
  );
}

function Meaning({ ordered }: { readonly ordered: OrderedCampaign }): ReactNode {
  const { consequences, statusReason } = ordered;
  if (consequences === undefined) return <p>{statusReason ?? 'The campaign goes on where it stopped.'}</p>;
  const { sentence, stops, goesOn } = consequences;
  return (
    <div className="stack">
      <p>{sentence}</p>
      <div className="columns-two">
        <Counted title="Stops" counts={stops} />
        <Counted title="Goes on" counts={goesOn} />
      </div>
    </div>
  );
}

function Counted({
  title,
  counts,
}: {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
}): ReactNode {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      <ul className="plain-list">
        {Object.entries(counts).map(([state, count]) => (
          <li key={state}>
            <strong className="number">{count.toLocaleString('en')}</strong> {state}
          </li>
        ))}
      </ul>
    </section>
  );
}

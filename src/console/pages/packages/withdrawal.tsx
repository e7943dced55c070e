// Takes a package back so that no campaign may use it, and gives it free again.

import { Badge, Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import { May } from '../../session/session.tsx';

interface WithdrawalProps {
  readonly account: string;
  readonly pack: PackageView;
}

export function Withdrawal({ account, pack }: WithdrawalProps): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const { withdrawn } = pack;
  return (
    <>
      {withdrawn === undefined ? null : (
        <div className="small">
          <Badge color="red" variant="light" radius="sm" tt="none">
            withdrawn
          </Badge>{' '}
          <Time at={withdrawn.at} mode="short" /> by {withdrawn.by}: {withdrawn.reason}
        </div>
      )}
      <May atLeast="operator">
        <Button
          className="button-start"
          px={0}
          size="compact-xs"
          variant="subtle"
          {...(withdrawn === undefined ? { color: 'red' } : {})}
          onClick={() => setAsked(true)}
        >
          {withdrawn === undefined ? 'Withdraw' : 'Reinstate'}
        </Button>
      </May>
      {isAsked ? <WithdrawalDialog {...{ account, pack }} close={() => setAsked(false)} /> : null}
    </>
  );
}

/** Only to see what would happen: nobody gave this reason. */
const PREVIEW_REASON = 'preview';

function WithdrawalDialog({ account, pack, close }: WithdrawalProps & { readonly close: () => void }): ReactNode {
  const { name } = pack;
  const isBack = pack.withdrawn !== undefined;
  const preview = useQuery({
    queryKey: accountKey(account, 'packages', 'withdrawal', name),
    queryFn: ({ signal }) => client.orders.withdrawPackage(account, name, PREVIEW_REASON, { preview: true, signal }),
    enabled: !isBack,
  });
  const order = useMutation({
    mutationFn: (reason: string | undefined) =>
      isBack
        ? client.orders.reinstatePackage(account, name, reason === undefined ? {} : { reason })
        : client.orders.withdrawPackage(account, name, reason ?? ''),
    onSuccess: async ({ sentence }) => {
      toast.done(sentence);
      await Promise.all([refresh(account, 'packages'), refresh(account, 'campaigns')]);
      close();
    },
  });
  return (
    <Dialog
      title={isBack ? `Reinstate ${name}` : `Withdraw ${name}`}
      doing={isBack ? 'Reinstate' : 'Withdraw'}
      isGrave={!isBack}
      reason={isBack ? 'optional' : 'required'}
      isPending={order.isPending}
      error={order.error ?? preview.error}
      close={close}
      confirm={(reason) => order.mutate(reason)}
    >
      {isBack ? (
        <p>New campaigns may use it again. Campaigns that were halted stay halted until each of them is resumed.</p>
      ) : (
        <>
          <p>
            No new campaign may use it, and every running one halts at once. Devices that install it go on to their end.
          </p>
          {preview.data === undefined && preview.error === null ? <Busy what="Looking which campaigns use it" /> : null}
          {preview.data === undefined ? null : <Affected account={account} campaigns={preview.data.campaigns} />}
        </>
      )}
    </Dialog>
  );
}

type Affected = Awaited<ReturnType<typeof client.orders.withdrawPackage>>['campaigns'];

function Affected({ account, campaigns }: { readonly account: string; readonly campaigns: Affected }): ReactNode {
  if (campaigns.length === 0) return <p className="dimmed">No live campaign uses it.</p>;
  return (
    <ul className="plain-list">
      {campaigns.map(({ id, campaignName, outcome }) => (
        <li key={id}>
          <PageLink to={`/${account}/campaigns/${id}`}>{campaignName ?? id}</PageLink>{' '}
          {outcome === 'unchanged' ? 'stays as it is' : 'halts'}
        </li>
      ))}
    </ul>
  );
}

// Devices that polled and are in no account: approved, refused or forgotten by somebody who knows them.

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { HeldDevice } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import { May } from '../../session/session.tsx';

export function HeldDevices({ account }: { readonly account: string }): ReactNode {
  const paged = usePaged(accountKey(account, 'devices', 'held'), (page) => client.httpDevices.held(account, page));
  const held = paged.items?.filter(({ state }) => state === 'held') ?? [];
  if (held.length === 0) return null;
  return (
    <Panel title="Unknown devices that ask to be let in">
      <DataTable
        label="Unknown devices"
        columns={columnsFor(account)}
        rows={held}
        keyOf={({ imei }) => imei}
        more={paged.more}
        isLoadingMore={paged.isLoadingMore}
        empty={null}
      />
    </Panel>
  );
}

const PROOF_WORDS: Readonly<Record<HeldDevice['proof'], string>> = {
  token: 'shows a token of its own',
  gateway: 'shows the gateway token',
  none: 'proves nothing',
};

const columnsFor = (account: string): readonly Column<HeldDevice>[] => [
  { id: 'imei', head: 'IMEI', cell: ({ imei }) => <span className="strong number">{imei}</span> },
  {
    id: 'proof',
    head: 'Proof',
    cell: ({ proof, tokenFingerprint }) => (
      <>
        {PROOF_WORDS[proof]}
        {tokenFingerprint === undefined ? null : (
          <div className="dimmed small">
            fingerprint <code>{tokenFingerprint}</code>
          </div>
        )}
      </>
    ),
  },
  { id: 'seen', head: 'Heard', cell: ({ lastSeenAt }) => <Time at={lastSeenAt} mode="short" /> },
  {
    id: 'act',
    head: 'Decide',
    cell: ({ imei }) => (
      <May atLeast="operator">
        <Decide account={account} imei={imei} />
      </May>
    ),
  },
];

function Decide({ account, imei }: { readonly account: string; readonly imei: string }): ReactNode {
  const decide = useMutation({
    mutationFn: async (word: 'approve' | 'refuse') =>
      word === 'approve' ? client.httpDevices.approve(account, imei) : client.httpDevices.refuse(account, imei),
    onSuccess: (_, word) => {
      toast.done(word === 'approve' ? `${imei} is in the account now.` : `${imei} stays outside.`);
      return refresh(account, 'devices');
    },
    onError: (error) => toast.refused(error),
  });
  return (
    <div className="row">
      <Button size="compact-xs" loading={decide.isPending} onClick={() => decide.mutate('approve')}>
        Approve
      </Button>
      <Button size="compact-xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate('refuse')}>
        Refuse
      </Button>
    </div>
  );
}

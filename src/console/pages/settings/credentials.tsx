// By which programs of the account call the campaign API; two pairs at a time, so that one can be exchanged.

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AccountCredentials, CredentialView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Facts, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Secret } from '../../parts/secret.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import type { SettingsProps } from './account-form.tsx';

export function Credentials({ account }: SettingsProps): ReactNode {
  const [made, setMade] = useState<AccountCredentials>();
  const [leaving, setLeaving] = useState<string>();
  const paged = usePaged(accountKey(account, 'settings', 'credentials'), (page) =>
    client.accounts.listCredentials(account, page),
  );
  const add = useMutation({
    mutationFn: () => client.accounts.addCredentials(account),
    onSuccess: async (pair) => {
      setMade(pair);
      await refresh(account, 'settings');
    },
    onError: (error) => toast.refused(error),
  });
  return (
    <Panel
      title="Credential pairs"
      aside={
        <Button size="xs" loading={add.isPending} onClick={() => add.mutate()}>
          Add a pair
        </Button>
      }
    >
      <p className="dimmed">To exchange a pair: add the second one, let programs use it, delete the first.</p>
      {made === undefined ? null : <Made pair={made} noted={() => setMade(undefined)} />}
      <Listed of={paged} what="credentials">
        {(pairs) => (
          <DataTable
            label="Credential pairs"
            columns={columnsFor(setLeaving)}
            rows={pairs}
            keyOf={({ clientId }) => clientId}
            empty={<Empty title="There is none: nobody can call the campaign API for this account." />}
          />
        )}
      </Listed>
      {leaving === undefined ? null : (
        <DeleteDialog account={account} clientId={leaving} close={() => setLeaving(undefined)} />
      )}
    </Panel>
  );
}

export function Made({ pair, noted }: { readonly pair: AccountCredentials; readonly noted: () => void }): ReactNode {
  return (
    <div className="stack" role="status">
      <Facts
        facts={[
          ['Client id', <code key="id">{pair.clientId}</code>],
          ['User', <code key="user">{pair.username}</code>],
        ]}
      />
      <Secret word="Client secret" text={pair.clientSecret} />
      <Secret word="Password" text={pair.password} />
      <Button className="button-start" size="xs" variant="default" onClick={noted}>
        I have noted them
      </Button>
    </div>
  );
}

const columnsFor = (leave: (clientId: string) => void): readonly Column<CredentialView>[] => [
  { id: 'client', head: 'Client id', cell: ({ clientId }) => <code>{clientId}</code> },
  { id: 'user', head: 'User', wideOnly: true, cell: ({ username }) => <code>{username}</code> },
  { id: 'made', head: 'Made', cell: ({ createdAt }) => <Time at={createdAt} mode="short" /> },
  {
    id: 'act',
    head: 'Act',
    cell: ({ clientId }) => (
      <Button size="compact-xs" variant="subtle" color="red" onClick={() => leave(clientId)}>
        Delete
      </Button>
    ),
  },
];

interface DeleteDialogProps {
  readonly account: string;
  readonly clientId: string;
  readonly close: () => void;
}

function DeleteDialog({ account, clientId, close }: DeleteDialogProps): ReactNode {
  const remove = useMutation({
    mutationFn: () => client.accounts.deleteCredentials(account, clientId),
    onSuccess: async () => {
      await refresh(account, 'settings');
      toast.done('The pair was deleted.');
      close();
    },
  });
  return (
    <Dialog
      title="Delete a credential pair"
      doing="Delete"
      isGrave
      isPending={remove.isPending}
      error={remove.error}
      close={close}
      confirm={() => remove.mutate()}
    >
      <p>
        Programs that use <code>{clientId}</code> are refused from now on; its tokens stop working at once.
      </p>
    </Dialog>
  );
}

// The accounts of the server, and how a further one is made.

import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { AccountView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { sentenceOf } from '../../parts/failure.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { queryClient } from '../../queries.ts';
import { Made } from './credentials.tsx';

const KEY = ['accounts', 'listed'] as const;

export function Accounts(): ReactNode {
  const paged = usePaged(KEY, (page) => client.accounts.list(page));
  return (
    <Panel title="Accounts of this server">
      <Add />
      <Listed of={paged} what="accounts">
        {(accounts) => (
          <DataTable
            label="Accounts"
            columns={COLUMNS}
            rows={accounts}
            keyOf={({ accountName }) => accountName}
            more={paged.more}
            isLoadingMore={paged.isLoadingMore}
            empty={null}
          />
        )}
      </Listed>
    </Panel>
  );
}

const COLUMNS: readonly Column<AccountView>[] = [
  {
    id: 'name',
    head: 'Account',
    cell: ({ accountName }) => (
      <PageLink to={`/${accountName}`} className="strong number">
        {accountName}
      </PageLink>
    ),
  },
  { id: 'made', head: 'Made', cell: ({ createdAt }) => <Time at={createdAt} mode="short" /> },
];

function Add(): ReactNode {
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => client.accounts.create(name.trim()),
    onSuccess: async () => {
      setName('');
      await queryClient.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <>
      <form onSubmit={submit} className="row row-end">
        <TextInput
          className="grow"
          label="Name of a new account"
          description="Ten digits, a hyphen, five digits."
          placeholder="0000123456-00001"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={make.error === null ? undefined : sentenceOf(make.error)}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={make.isPending}>
          Make the account
        </Button>
      </form>
      {make.data === undefined ? null : <Made pair={make.data} noted={() => make.reset()} />}
    </>
  );
}

// Makes the first account of a server; its credentials are shown this once.

import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { client } from '../client.ts';
import { sentenceOf } from '../parts/failure.tsx';
import { LinkButton } from '../parts/link.tsx';
import { Facts } from '../parts/page.tsx';
import { queryClient } from '../queries.ts';

export function FirstAccount(): ReactNode {
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => client.accounts.create(name.trim()),
    // Not before the secrets were read: the page would lead away.
    onSuccess: () => queryClient.cancelQueries({ queryKey: ['accounts'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data !== undefined) return <Made made={make.data} />;
  return (
    <form onSubmit={submit} className="stack narrow">
      <TextInput
        label="Name of the account"
        description="Ten digits, a hyphen, five digits, as programs of the campaign API use it."
        placeholder="0000123456-00001"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={make.error === null ? undefined : sentenceOf(make.error)}
        required
      />
      <Button type="submit" loading={make.isPending}>
        Make the account
      </Button>
    </form>
  );
}

type Account = Awaited<ReturnType<typeof client.accounts.create>>;

function Made({ made }: { readonly made: Account }): ReactNode {
  return (
    <div className="stack">
      <p>
        <strong>The account is there.</strong> These credentials are for programs that call the campaign API; they are
        shown this once.
      </p>
      <Facts
        facts={[
          ['Client id', <code key="id">{made.clientId}</code>],
          ['Client secret', <code key="secret">{made.clientSecret}</code>],
          ['User', <code key="user">{made.username}</code>],
          ['Password', <code key="password">{made.password}</code>],
        ]}
      />
      <div>
        <LinkButton to={`/${made.accountName}`}>I have noted them</LinkButton>
      </div>
    </div>
  );
}

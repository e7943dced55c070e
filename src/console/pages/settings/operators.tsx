// Who runs the server: operators with their roles; keys and sign-in links are shown once.

import { Badge, Button, Menu, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { OperatorView, Role } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { sentenceOf } from '../../parts/failure.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Secret } from '../../parts/secret.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { queryClient } from '../../queries.ts';
import { useMe } from '../../session/session.tsx';

const KEY = ['operators'] as const;
const again = (): Promise<void> => queryClient.invalidateQueries({ queryKey: KEY });

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'viewer: reads',
  operator: 'operator: runs campaigns',
  admin: 'admin: holds keys and accounts',
};
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

interface Shown {
  readonly word: string;
  readonly text: string;
}

export function Operators(): ReactNode {
  const [shown, show] = useState<Shown>();
  const me = useMe();
  const paged = usePaged(KEY, (page) => client.operators.list(page));
  return (
    <Panel title="Operators of this server">
      <Add show={show} />
      {shown === undefined ? null : (
        <div className="stack-tight" role="status">
          <Secret {...shown} />
          <Button className="button-start" size="xs" variant="default" onClick={() => show(undefined)}>
            I have noted it
          </Button>
        </div>
      )}
      <Listed of={paged} what="operators">
        {(operators) => (
          <DataTable
            label="Operators"
            columns={columnsFor(me.name, show)}
            rows={operators}
            keyOf={({ name }) => name}
            more={paged.more}
            isLoadingMore={paged.isLoadingMore}
            empty={null}
          />
        )}
      </Listed>
    </Panel>
  );
}

function Add({ show }: { readonly show: (shown: Shown) => void }): ReactNode {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const make = useMutation({
    mutationFn: () => client.operators.create(name.trim(), role),
    onSuccess: async (made) => {
      setName('');
      show({ word: `Key of ${made.name}`, text: made.key });
      await again();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} className="row row-end">
      <TextInput
        className="grow"
        label="Name of a new operator"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={make.error === null ? undefined : sentenceOf(make.error)}
        required
        withAsterisk={false}
      />
      <Select
        className="filter-own wide-select"
        label="Role"
        allowDeselect={false}
        data={ROLES.map((value) => ({ value, label: ROLE_WORDS[value] }))}
        value={role}
        onChange={(value) => setRole(ROLES.find((one) => one === value) ?? 'viewer')}
      />
      <Button type="submit" loading={make.isPending}>
        Add
      </Button>
    </form>
  );
}

const columnsFor = (mine: string, show: (shown: Shown) => void): readonly Column<OperatorView>[] => [
  {
    id: 'name',
    head: 'Operator',
    cell: ({ name, disabledAt }) => (
      <>
        <span className="strong">{name}</span> {name === mine ? <span className="dimmed small">you</span> : null}
        {disabledAt === undefined ? null : (
          <Badge color="gray" variant="light" radius="sm" tt="none" ml="xs">
            disabled
          </Badge>
        )}
      </>
    ),
  },
  { id: 'role', head: 'Role', cell: ({ role }) => role },
  {
    id: 'seen',
    head: 'Signed in',
    wideOnly: true,
    cell: ({ lastSignInAt }) => <Time at={lastSignInAt} mode="short" />,
  },
  { id: 'act', head: 'Act', cell: (operator) => <Act operator={operator} isMe={operator.name === mine} show={show} /> },
];

interface ActProps {
  readonly operator: OperatorView;
  readonly isMe: boolean;
  readonly show: (shown: Shown) => void;
}

function Act({ operator: { name, role, disabledAt }, isMe, show }: ActProps): ReactNode {
  const run = useMutation({
    mutationFn: async (act: () => Promise<unknown>) => act(),
    onSuccess: again,
    onError: (error) => toast.refused(error),
  });
  const link = async (): Promise<void> =>
    show({ word: `Sign-in link of ${name}`, text: (await client.session.makeLink(name)).url });
  const rotate = async (): Promise<void> =>
    show({ word: `New key of ${name}`, text: (await client.operators.rotateKey(name)).key });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="compact-xs" variant="default" loading={run.isPending}>
          Act
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => run.mutate(link)}>Make a sign-in link</Menu.Item>
        <Menu.Item onClick={() => run.mutate(rotate)}>New key</Menu.Item>
        {isMe
          ? null
          : ROLES.filter((one) => one !== role).map((one) => (
              <Menu.Item key={one} onClick={() => run.mutate(() => client.operators.patch(name, { role: one }))}>
                Make {one}
              </Menu.Item>
            ))}
        {isMe ? null : (
          <>
            <Menu.Item
              onClick={() => run.mutate(() => client.operators.patch(name, { disabled: disabledAt === undefined }))}
            >
              {disabledAt === undefined ? 'Disable' : 'Enable'}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => run.mutate(() => client.operators.delete(name))}>
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

// Every limit of the server: what it bounds, how much that is here, and within which bounds it can be set.

import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { LimitView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Panel } from '../../parts/page.tsx';

export function Limits(): ReactNode {
  const [text, setText] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['limits'],
    queryFn: ({ signal }) => client.limits({ signal }),
    staleTime: 300_000,
  });
  const fits = ({ name, sentence }: LimitView): boolean =>
    [name, sentence].some((one) => one.toLowerCase().includes(text.toLowerCase()));
  return (
    <Panel title="Limits of this server">
      <p className="dimmed">
        Those with a range are set when the server is started, as <code>--limit name=value</code>.
      </p>
      <TextInput label="Search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Listed of={{ items: data, error, again: () => void refetch() }} what="limits">
        {(limits) => (
          <DataTable
            label="Limits"
            columns={COLUMNS}
            rows={limits.filter(fits)}
            keyOf={({ name }) => name}
            empty={<Empty title="No limit fits." />}
          />
        )}
      </Listed>
    </Panel>
  );
}

const number = (value: number): string => value.toLocaleString('en');

const COLUMNS: readonly Column<LimitView>[] = [
  {
    id: 'name',
    head: 'Limit',
    cell: ({ name, sentence }) => (
      <>
        {sentence}
        <div className="dimmed small">
          <code>{name}</code>
        </div>
      </>
    ),
  },
  {
    id: 'value',
    head: 'Here',
    align: 'right',
    cell: ({ value, default: usual }) => (value === usual ? number(value) : <strong>{number(value)}</strong>),
  },
  { id: 'default', head: 'Default', align: 'right', wideOnly: true, cell: ({ default: usual }) => number(usual) },
  {
    id: 'range',
    head: 'Can be set to',
    align: 'right',
    wideOnly: true,
    cell: ({ min, max }) =>
      min === undefined || max === undefined ? (
        <span className="dimmed">fixed</span>
      ) : (
        `${number(min)} to ${number(max)}`
      ),
  },
];

// Who changed what and when: of this account, or of the whole server.

import { SegmentedControl, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AuditView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { useWanted } from '../../parts/address.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { Difference } from './difference.tsx';

type Placed = AuditView & { readonly place: number };

export function AuditPage(): ReactNode {
  const account = useAccount();
  const [{ of = 'account', text = '' }, want] = useWanted();
  const isServer = of === 'server';
  const paged = usePaged(accountKey(account, 'audit', of), (page) =>
    isServer ? client.audit.listServer(page) : client.audit.list(account, page),
  );
  return (
    <Page title="Audit" subtitle="Every change that somebody made through an API, with what was before and after.">
      <Panel>
        <div className="filters">
          <TextInput
            className="grow"
            label="Search"
            placeholder="Who, what, target"
            value={text}
            onChange={(event) => want({ text: event.currentTarget.value })}
          />
          <SegmentedControl
            className="filter-own"
            aria-label="Of what"
            data={[
              { value: 'account', label: 'This account' },
              { value: 'server', label: 'Whole server' },
            ]}
            value={isServer ? 'server' : 'account'}
            onChange={(value) => want({ of: value === 'server' ? 'server' : '' })}
          />
        </div>
        <Listed of={paged} what="the audit log">
          {(entries) => (
            <DataTable
              label="Changes"
              columns={isServer ? [...COLUMNS, ACCOUNT_COLUMN] : COLUMNS}
              rows={entries.map((entry, place): Placed => ({ ...entry, place })).filter((entry) => fits(entry, text))}
              keyOf={({ place }) => String(place)}
              more={paged.more}
              isLoadingMore={paged.isLoadingMore}
              empty={
                <Empty title={entries.length === 0 ? 'Nothing was changed yet.' : 'None of those read so far fits.'} />
              }
            />
          )}
        </Listed>
      </Panel>
    </Page>
  );
}

const fits = ({ actor, action, target }: AuditView, text: string): boolean =>
  [actor.name, action, target].some((one) => one.toLowerCase().includes(text.toLowerCase()));

const ACCOUNT_COLUMN: Column<Placed> = {
  id: 'account',
  head: 'Account',
  wideOnly: true,
  cell: ({ accountName }) => <span className="one-line dimmed number">{accountName ?? 'whole server'}</span>,
};

const COLUMNS: readonly Column<Placed>[] = [
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} mode="short" /> },
  {
    id: 'who',
    head: 'Who',
    cell: ({ actor }) => (
      <>
        {actor.name}
        <div className="dimmed small">{actor.kind}</div>
      </>
    ),
  },
  {
    id: 'what',
    head: 'What',
    cell: ({ action, target, before, after }) => (
      <>
        <span className="strong">{action}</span> <span className="breaks">{target}</span>
        <Difference before={before} after={after} />
      </>
    ),
  },
];

// What was decided and sent, the latest first: the end of the campaign's ledger, with its signed head.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CampaignView, LedgerHeadView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { type LedgerEvent, ledgerEvents } from './ledger-events.ts';

const SHOWN_MAX = 20;

interface Ending {
  readonly head: LedgerHeadView;
  readonly events: readonly LedgerEvent[];
}

async function ending({ accountName, id }: CampaignView, signal: AbortSignal): Promise<Ending> {
  const head = await client.ledger.head(accountName, id, { signal });
  const after = Math.max(0, head.length - SHOWN_MAX);
  const lines = await client.ledger.page(accountName, id, { after, limit: SHOWN_MAX, signal });
  return { head, events: ledgerEvents(lines).toReversed() };
}

export function Events({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { accountName, id } = campaign;
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(accountName, 'campaigns', 'ledger', id),
    queryFn: ({ signal }) => ending(campaign, signal),
  });
  return (
    <Panel title="Ledger" aside={data === undefined ? undefined : <Head head={data.head} />}>
      <Listed of={{ items: data?.events, error, again: () => void refetch() }} what="the ledger">
        {(events) => (
          <DataTable
            label="Latest entries"
            columns={columnsFor(accountName)}
            rows={events}
            keyOf={({ sequence }) => String(sequence)}
            empty={<Empty title="Nothing has been decided yet." />}
          />
        )}
      </Listed>
    </Panel>
  );
}

function Head({ head: { length, head, keyId } }: { readonly head: LedgerHeadView }): ReactNode {
  return (
    <span className="dimmed small">
      {length.toLocaleString('en')} entries, head <code title={head}>{head.slice(0, 12)}</code>
      {keyId === undefined ? ', not signed yet' : ', signed'}
    </span>
  );
}

const columnsFor = (account: string): readonly Column<LedgerEvent>[] => [
  { id: 'sequence', head: 'No', align: 'right', wideOnly: true, cell: ({ sequence }) => sequence },
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} mode="short" /> },
  { id: 'kind', head: 'What', cell: ({ kind }) => kind.replaceAll('-', ' ') },
  {
    id: 'imei',
    head: 'Device',
    cell: ({ imei }) =>
      imei === undefined ? 'campaign' : <PageLink to={`/${account}/devices/${imei}`}>{imei}</PageLink>,
  },
  { id: 'rule', head: 'Rule', wideOnly: true, cell: ({ rule }) => <code>{rule}</code> },
];

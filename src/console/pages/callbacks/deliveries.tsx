// Every try to deliver an event, the latest first.

import { Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeliveryOptions, DeliveryView, Generation } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { useTyped, useWanted } from '../../parts/address.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';

const GENERATIONS: readonly Generation[] = ['v1', 'v2', 'v3'];
const OUTCOME_WORDS: Readonly<Record<DeliveryView['outcome'], string>> = {
  delivered: 'Delivered',
  failed: 'Failed, tried again',
  dead: 'Given up',
};
const FILLS: Readonly<Record<DeliveryView['outcome'], string>> = {
  delivered: 'succeeded',
  failed: 'rejected',
  dead: 'failed',
};

export function Deliveries({ account }: { readonly account: string }): ReactNode {
  const [wanted, want] = useWanted();
  const { campaign: campaignId = '', listener = '', outcome = '' } = wanted;
  const generation = GENERATIONS.find((one) => one === listener);
  const filter: DeliveryOptions = {
    ...(campaignId === '' ? {} : { campaignId }),
    ...(generation === undefined ? {} : { generation }),
  };
  const paged = usePaged(accountKey(account, 'callbacks', 'deliveries', filter), (page) =>
    client.callbacks.deliveries(account, { ...page, ...filter }),
  );
  const [text, setText] = useTyped(campaignId, (value) => want({ campaign: value }));
  return (
    <Panel title="Deliveries">
      <div className="filters">
        <TextInput
          className="grow"
          label="Campaign id"
          placeholder="All campaigns"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          label="Listener"
          placeholder="All"
          clearable
          data={GENERATIONS}
          value={generation ?? null}
          onChange={(value) => want({ listener: value ?? '' })}
        />
        <Select
          label="Outcome"
          placeholder="All"
          clearable
          data={Object.entries(OUTCOME_WORDS).map(([value, label]) => ({ value, label }))}
          value={outcome === '' ? null : outcome}
          onChange={(value) => want({ outcome: value ?? '' })}
        />
      </div>
      <Listed of={paged} what="deliveries">
        {(deliveries) => (
          <DataTable
            label="Deliveries"
            columns={columnsFor(account)}
            rows={deliveries.filter((one) => outcome === '' || one.outcome === outcome)}
            keyOf={({ eventId, generation: of, attempt, at }) => `${eventId} ${of} ${attempt} ${at}`}
            more={paged.more}
            isLoadingMore={paged.isLoadingMore}
            empty={
              <Empty
                title={deliveries.length === 0 ? 'Nothing was delivered yet.' : 'None of those read so far fits.'}
              />
            }
          />
        )}
      </Listed>
    </Panel>
  );
}

const columnsFor = (account: string): readonly Column<DeliveryView>[] => [
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} mode="short" /> },
  {
    id: 'outcome',
    head: 'Outcome',
    cell: ({ outcome, error, nextAttemptAt }) => (
      <>
        <span className="state">
          <span className={`state-dot fill-${FILLS[outcome]}`} aria-hidden="true" />
          {OUTCOME_WORDS[outcome]}
        </span>
        {error === undefined ? null : <div className="small">{error}</div>}
        {nextAttemptAt === undefined ? null : (
          <div className="dimmed small">
            again <Time at={nextAttemptAt} mode="short" />
          </div>
        )}
      </>
    ),
  },
  {
    id: 'event',
    head: 'Event',
    cell: ({ campaignId, number, eventId }) => (
      <>
        <PageLink to={`/${account}/campaigns/${campaignId}`}>number {number}</PageLink>
        <div className="dimmed small wide-only">{eventId}</div>
      </>
    ),
  },
  { id: 'to', head: 'To', wideOnly: true, cell: ({ generation, url }) => <span title={url}>{generation}</span> },
  { id: 'attempt', head: 'Attempt', align: 'right', wideOnly: true, cell: ({ attempt }) => attempt },
  { id: 'status', head: 'Answered', align: 'right', wideOnly: true, cell: ({ status }) => status ?? '–' },
  { id: 'took', head: 'Took', align: 'right', wideOnly: true, cell: ({ milliseconds }) => `${milliseconds} ms` },
];

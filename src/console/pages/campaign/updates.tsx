// The devices of a campaign, page by page from the server: state, reason, attempt, when it changed last.

import { Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CampaignView, UpdateView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { isOver, PARTS } from '../../parts/campaign-words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';

export function Updates({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { accountName, id } = campaign;
  const [word, setWord] = useState<string | null>(null);
  const paged = usePaged(accountKey(accountName, 'campaigns', 'updates', id), (page) =>
    client.campaigns.updates(accountName, id, page),
  );
  const states = PARTS.find((part) => part.word === word)?.states;
  const chosen = (updates: readonly UpdateView[]): readonly UpdateView[] =>
    states === undefined ? updates : updates.filter(({ state }) => states.includes(state));
  return (
    <Panel
      title="Devices"
      aside={
        <Select
          aria-label="Show devices in state"
          placeholder="All states"
          clearable
          size="xs"
          data={PARTS.map((part) => part.word)}
          value={word}
          onChange={setWord}
        />
      }
    >
      <Listed of={paged} what="devices">
        {(updates) => (
          <DataTable
            label="Devices"
            columns={columnsFor(accountName)}
            rows={chosen(updates)}
            keyOf={({ imei }) => imei}
            more={paged.more}
            isLoadingMore={paged.isLoadingMore}
            empty={<Empty title={emptyTitle(campaign, updates.length, paged.more !== undefined)} />}
          />
        )}
      </Listed>
    </Panel>
  );
}

function emptyTitle(campaign: CampaignView, known: number, isMore: boolean): string {
  if (known > 0) return isMore ? 'None of the devices read so far is in this state.' : 'No device is in this state.';
  return isOver(campaign) ? 'No device was part of it.' : 'Its devices are being checked.';
}

const FILL: ReadonlyMap<string, string> = new Map(
  PARTS.flatMap(({ states, fill }) => states.map((state) => [state, fill])),
);

const columnsFor = (account: string): readonly Column<UpdateView>[] => [
  {
    id: 'imei',
    head: 'IMEI',
    cell: ({ imei }) => (
      <PageLink to={`/${account}/devices/${imei}`}>
        <span className="number">{imei}</span>
      </PageLink>
    ),
  },
  {
    id: 'state',
    head: 'State',
    cell: ({ state, evidence, lateResult }) => (
      <>
        <span className="state">
          <span className={`state-dot fill-${FILL.get(state) ?? 'waiting'}`} aria-hidden="true" />
          {state}
        </span>
        {evidence === undefined ? null : <div className="dimmed small">shown by {EVIDENCE_WORDS[evidence]}</div>}
        {lateResult === undefined ? null : <div className="small">later: {lateResult.result}</div>}
      </>
    ),
  },
  { id: 'why', head: 'Why', wideOnly: true, cell: ({ reasonText, ruleText, rule }) => reasonText ?? ruleText ?? rule },
  {
    id: 'attempt',
    head: 'Attempt',
    align: 'right',
    wideOnly: true,
    cell: ({ attempt }) => (attempt === 0 ? '–' : attempt),
  },
  { id: 'changed', head: 'Changed', wideOnly: true, cell: ({ changedAt }) => <Time at={changedAt} mode="short" /> },
  {
    id: 'next',
    head: 'Looked at again',
    wideOnly: true,
    cell: ({ nextActionAt }) => <Time at={nextActionAt} mode="short" />,
  },
];

const EVIDENCE_WORDS = { version: 'its version', restart: 'its restart', reported: 'its word' } as const;

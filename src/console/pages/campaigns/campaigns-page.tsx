// Every campaign of the account: what needs somebody first, then what runs; filtered, sorted, searched.

import { Select, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { CountBar, NextStep, StandingBadge } from '../../parts/campaign-marks.tsx';
import { countOf, nameOf, PARTS, STANDING_WORDS, STANDINGS, type Standing } from '../../parts/campaign-words.ts';
import { type Column, DataTable, type Sort } from '../../parts/data-table.tsx';
import { LinkButton, PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { chosenCampaigns } from './choose.ts';

interface Wanted {
  readonly standing?: string;
  readonly text?: string;
  readonly by?: string;
  readonly down?: string;
}

export function CampaignsPage(): ReactNode {
  const account = useAccount();
  const paged = usePaged(accountKey(account, 'campaigns', 'list'), (page) => client.campaigns.list(account, page));
  return (
    <Page
      title="Campaigns"
      actions={
        <May atLeast="operator">
          <LinkButton to={`/${account}/campaigns/new`}>New campaign</LinkButton>
        </May>
      }
    >
      <Listed of={paged} what="campaigns">
        {(campaigns) =>
          campaigns.length === 0 ? (
            <Panel>
              <Empty title="There is no campaign yet.">
                A campaign brings many devices from one version of a package to another between two dates.
                <May atLeast="operator">
                  <LinkButton to={`/${account}/campaigns/new`}>Make the first one</LinkButton>
                </May>
              </Empty>
            </Panel>
          ) : (
            <Campaigns {...{ account, campaigns, more: paged.more, isLoadingMore: paged.isLoadingMore }} />
          )
        }
      </Listed>
    </Page>
  );
}

interface CampaignsProps {
  readonly account: string;
  readonly campaigns: readonly CampaignView[];
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
}

function Campaigns({ account, campaigns, more, isLoadingMore }: CampaignsProps): ReactNode {
  const wanted: Wanted = useSearch({ strict: false });
  const navigate = useNavigate();
  // In the address, so that what is seen can be passed on and found again.
  const want = (change: Wanted): void => {
    const next = Object.entries({ ...wanted, ...change }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ to: '.', search: Object.fromEntries(next), replace: true });
  };
  const { standing = null, text = '', by = '', down } = wanted;
  const sort: Sort = { by, descending: down === '1' };
  const chosen = chosenCampaigns(campaigns, { standing: standing as Standing | null, text, sort });
  return (
    <Panel>
      <div className="filters">
        <TextInput
          className="grow"
          label="Search"
          placeholder="Name, package, version, id"
          value={text}
          onChange={(event) => want({ text: event.currentTarget.value })}
        />
        <Select
          label="State"
          placeholder="All"
          clearable
          data={STANDINGS.map((value) => ({ value, label: STANDING_WORDS[value] }))}
          value={standing}
          onChange={(value) => want({ standing: value ?? '' })}
        />
      </div>
      <DataTable
        label="Campaigns"
        columns={columnsFor(account)}
        rows={chosen}
        keyOf={({ id }) => id}
        sort={sort}
        onSort={({ by: column, descending }) => want({ by: column, down: descending ? '1' : '' })}
        more={more}
        isLoadingMore={isLoadingMore}
        empty={<Empty title="No campaign fits.">Clear the search or the state.</Empty>}
      />
    </Panel>
  );
}

const [, , , FAILED, REJECTED, , WAITING] = PARTS;

const columnsFor = (account: string): readonly Column<CampaignView>[] => [
  {
    id: 'name',
    head: 'Campaign',
    sortable: true,
    cell: (campaign) => (
      <>
        <PageLink to={`/${account}/campaigns/${campaign.id}`} className="strong">
          {nameOf(campaign)}
        </PageLink>
        <div className="narrow-only">
          <StandingBadge campaign={campaign} />
        </div>
        <div className="dimmed small">
          {campaign.packageName} · {campaign.from} → {campaign.to} · {campaign.make} {campaign.model}
        </div>
      </>
    ),
  },
  {
    id: 'standing',
    head: 'State',
    sortable: true,
    wideOnly: true,
    cell: (campaign) => <StandingBadge campaign={campaign} />,
  },
  { id: 'next', head: 'Next', wideOnly: true, cell: (campaign) => <NextStep campaign={campaign} /> },
  { id: 'progress', head: 'Progress', cell: (campaign) => <Progress campaign={campaign} /> },
  { id: 'failed', head: 'Failed', align: 'right', wideOnly: true, sortable: true, cell: (one) => number(one, FAILED) },
  {
    id: 'rejected',
    head: 'Rejected',
    align: 'right',
    wideOnly: true,
    sortable: true,
    cell: (one) => number(one, REJECTED),
  },
  { id: 'waiting', head: 'Not begun', align: 'right', wideOnly: true, cell: (one) => number(one, WAITING) },
  {
    id: 'created',
    head: 'Made',
    wideOnly: true,
    sortable: true,
    cell: ({ createdAt }) => <Time at={createdAt} mode="short" />,
  },
];

const number = (campaign: CampaignView, part: (typeof PARTS)[number] | undefined): string =>
  part === undefined ? '' : countOf(campaign, part).toLocaleString('en');

function Progress({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  return (
    <>
      <CountBar campaign={campaign} />
      <div className="small number">
        {campaign.counts.succeeded.toLocaleString('en')} of {campaign.devices.toLocaleString('en')} done
      </div>
    </>
  );
}

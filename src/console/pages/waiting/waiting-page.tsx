// What waits for a person: halts and holds, campaigns that will hardly make their end, callbacks that nobody takes.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { CountBar, CountLegend, NextStep, StandingBadge } from '../../parts/campaign-marks.tsx';
import { isOver, nameOf, standingOf } from '../../parts/campaign-words.ts';
import { LinkButton, PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { useNow } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { type Matter, mattersOf } from './matters.ts';

export function WaitingPage(): ReactNode {
  const account = useAccount();
  const now = useNow();
  const campaigns = usePaged(accountKey(account, 'campaigns', 'list'), (page) => client.campaigns.list(account, page));
  const { data: listeners = [] } = useQuery({
    queryKey: accountKey(account, 'callbacks', 'list'),
    queryFn: ({ signal }) => client.callbacks.list(account, { signal }),
  });
  return (
    <Page title="Waiting for you" subtitle="What goes on by itself is not shown here.">
      <Listed of={campaigns} what="campaigns">
        {(all) => {
          const matters = mattersOf({ account, campaigns: all, listeners, now });
          const running = all.filter(
            (one) => !isOver(one) && ['running', 'scheduled', 'preparing'].includes(standingOf(one)),
          );
          return (
            <>
              <Panel>
                {matters.length === 0 ? (
                  <Nothing account={account} isNew={all.length === 0} />
                ) : (
                  <Matters matters={matters} />
                )}
              </Panel>
              {running.length === 0 ? null : (
                <Panel
                  title="Goes on by itself"
                  aside={<PageLink to={`/${account}/campaigns`}>All campaigns</PageLink>}
                >
                  <ul className="list">
                    {running.slice(0, SHOWN_MAX).map((campaign) => (
                      <li key={campaign.id} className="stack-tight">
                        <div className="row">
                          <PageLink to={`/${account}/campaigns/${campaign.id}`} className="strong">
                            {nameOf(campaign)}
                          </PageLink>
                          <StandingBadge campaign={campaign} />
                          <span className="dimmed small">
                            <NextStep campaign={campaign} />
                          </span>
                        </div>
                        <CountBar campaign={campaign} />
                        <CountLegend campaign={campaign} />
                      </li>
                    ))}
                  </ul>
                </Panel>
              )}
            </>
          );
        }}
      </Listed>
    </Page>
  );
}

const SHOWN_MAX = 5;

function Nothing({ account, isNew }: { readonly account: string; readonly isNew: boolean }): ReactNode {
  return (
    <Empty title="Nothing waits for you.">
      {isNew ? (
        <>
          Upload a package, import your devices, then make a campaign of both.
          <div className="row">
            <LinkButton to={`/${account}/packages`} variant="default">
              Packages
            </LinkButton>
            <LinkButton to={`/${account}/devices`} variant="default">
              Devices
            </LinkButton>
            <May atLeast="operator">
              <LinkButton to={`/${account}/campaigns/new`}>New campaign</LinkButton>
            </May>
          </div>
        </>
      ) : (
        <>
          A campaign that halts, that needs an approval or that will miss its end appears here, as do callbacks that
          fail.
        </>
      )}
    </Empty>
  );
}

function Matters({ matters }: { readonly matters: readonly Matter[] }): ReactNode {
  return (
    <ul className="list">
      {matters.map(({ id, title, why, to, doing, campaign }) => (
        <li key={id} className="matter">
          <div className="stack-tight grow">
            <div className="row">
              <PageLink to={to} className="strong">
                {title}
              </PageLink>
              {campaign === undefined ? null : <StandingBadge campaign={campaign} />}
            </div>
            <p>{why}</p>
            {campaign === undefined ? null : <CountLegend campaign={campaign} />}
          </div>
          <LinkButton to={to} variant="default">
            {doing}
          </LinkButton>
        </li>
      ))}
    </ul>
  );
}

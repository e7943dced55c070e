// Who is told of campaigns by callbacks: how far behind each listener is, what was delivered and what was given up.

import { Badge, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ListenerView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Facts, Page, Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { Deliveries } from './deliveries.tsx';
import { ReplayDialog, RotateDialog, TestDialog } from './listener-dialogs.tsx';

export function CallbacksPage(): ReactNode {
  const account = useAccount();
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'callbacks', 'listeners'),
    queryFn: ({ signal }) => client.callbacks.list(account, { signal }),
  });
  return (
    <Page title="Callbacks" subtitle="What programs are told as campaigns go on, signed and in order.">
      <Listed of={{ items: data, error, again: () => void refetch() }} what="listeners">
        {(listeners) =>
          listeners.length === 0 ? (
            <Panel>
              <Empty title="Nobody listens.">
                A program of this account registers its address by the callback calls of the API; from then on it is
                told of every campaign. <a href="/docs">API reference</a>
              </Empty>
            </Panel>
          ) : (
            <div className="columns">
              {listeners.map((listener) => (
                <Listener key={listener.generation} account={account} listener={listener} />
              ))}
            </div>
          )
        }
      </Listed>
      <Deliveries account={account} />
    </Page>
  );
}

const COLORS: Readonly<Record<ListenerView['state'], string>> = { ok: 'green', failing: 'orange', refused: 'red' };
const STATE_WORDS: Readonly<Record<ListenerView['state'], string>> = {
  ok: 'hears everything',
  failing: 'fails',
  refused: 'its address may not be called',
};

interface ListenerProps {
  readonly account: string;
  readonly listener: ListenerView;
}

function Listener({ account, listener }: ListenerProps): ReactNode {
  const [asked, setAsked] = useState<'test' | 'replay' | 'rotate'>();
  const { generation, url, username, state, waiting, lagSeconds, deadLetters, lastDeliveredAt, lastError } = listener;
  const close = (): void => setAsked(undefined);
  return (
    <Panel
      title={`Listener of ${generation}`}
      aside={
        <Badge color={COLORS[state]} variant="light" radius="sm" tt="none">
          {STATE_WORDS[state]}
        </Badge>
      }
    >
      <Facts
        facts={[
          ['Address', <code key="url">{url}</code>],
          ['User', username],
          ['Waiting', waiting === 0 ? 'nothing' : `${waiting.toLocaleString('en')}, the oldest for ${lagSeconds} s`],
          ['Given up', deadLetters === 0 ? 'nothing' : `${deadLetters.toLocaleString('en')} dead letters`],
          ['Last delivered', <Time key="last" at={lastDeliveredAt} mode="short" />],
          ['Last error', lastError],
        ]}
      />
      <May atLeast="operator">
        <div className="row">
          <Button size="xs" variant="default" onClick={() => setAsked('test')}>
            Test
          </Button>
          <Button size="xs" variant={deadLetters === 0 ? 'default' : 'filled'} onClick={() => setAsked('replay')}>
            Replay
          </Button>
          <May atLeast="admin">
            <Button size="xs" variant="default" onClick={() => setAsked('rotate')}>
              New secret
            </Button>
          </May>
        </div>
      </May>
      {asked === 'test' ? <TestDialog {...{ account, generation, url, close }} /> : null}
      {asked === 'replay' ? <ReplayDialog {...{ account, generation, url, close }} /> : null}
      {asked === 'rotate' ? <RotateDialog {...{ account, generation, url, close }} /> : null}
    </Panel>
  );
}

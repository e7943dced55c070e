// One device: why it stands where it stands, what it is, all its campaigns, what it told, and how it proves itself.

import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CampanileError, type DeviceView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { Failure } from '../../parts/failure.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Facts, Page, Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { kindOf, Labels, LastSeen, NextContact, StateMark, Versions } from '../devices/device-words.tsx';
import { Actions } from './actions.tsx';
import { Credentials } from './credentials.tsx';
import { Explain } from './explain.tsx';
import { Timeline } from './timeline.tsx';
import { CheckIns, Logs } from './told.tsx';

export function DevicePage(): ReactNode {
  const account = useAccount();
  const { imei = '' }: { readonly imei?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'devices', 'one', imei),
    queryFn: ({ signal }) => client.devices.get(account, imei, { signal }),
  });
  if (data !== undefined) return <Device account={account} device={data} />;
  if (error === null) return <Busy what="Loading the device" />;
  const isUnknown = error instanceof CampanileError && error.errorCode === 'DEVICE_UNKNOWN';
  return (
    <Page title={`Device ${imei}`}>
      <Failure error={error} again={() => void refetch()} />
      {isUnknown ? <Explain account={account} imei={imei} /> : null}
    </Page>
  );
}

interface DeviceProps {
  readonly account: string;
  readonly device: DeviceView;
}

function Device({ account, device }: DeviceProps): ReactNode {
  const { imei, transport, updateState } = device;
  return (
    <Page
      title={`Device ${imei}`}
      mark={updateState === undefined ? undefined : <StateMark state={updateState} />}
      subtitle={`${kindOf(device)} · ${transport}`}
      actions={
        <May atLeast="operator">
          <Actions account={account} device={device} />
        </May>
      }
    >
      <Explain account={account} imei={imei} />
      <Panel title="Known">
        <Known account={account} device={device} />
      </Panel>
      <Panel title="Campaigns">
        <Timeline account={account} imei={imei} />
      </Panel>
      <Panel title="What it told">
        <Tabs defaultValue="check-ins" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="check-ins">Check-ins</Tabs.Tab>
            <Tabs.Tab value="logs">Logs</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="check-ins" pt="md">
            <CheckIns account={account} imei={imei} />
          </Tabs.Panel>
          <Tabs.Panel value="logs" pt="md">
            <Logs account={account} imei={imei} />
          </Tabs.Panel>
        </Tabs>
      </Panel>
      <May atLeast="admin">
        <Credentials account={account} device={device} />
      </May>
    </Page>
  );
}

function Known({ account, device }: DeviceProps): ReactNode {
  const { timeZone, labels, campaignId, residue, refused, autoConfirm, violations, lastSeenAt } = device;
  return (
    <Facts
      facts={[
        ['Runs', <Versions key="runs" device={device} />],
        [
          'Last contact',
          lastSeenAt === undefined ? <LastSeen key="seen" device={device} /> : <Time key="seen" at={lastSeenAt} />,
        ],
        ['Next expected', <NextContact key="next" device={device} />],
        [
          'Zone',
          timeZone ?? (
            <span key="zone" className="dimmed">
              that of the account
            </span>
          ),
        ],
        ['Labels', Object.keys(labels).length === 0 ? undefined : <Labels key="labels" labels={labels} />],
        [
          'Campaign',
          campaignId === undefined ? (
            <span key="campaign" className="dimmed">
              none
            </span>
          ) : (
            <PageLink key="campaign" to={`/${account}/campaigns/${campaignId}`}>
              {campaignId}
            </PageLink>
          ),
        ],
        [
          'Left over',
          residue === true ? 'An ended campaign left something on it; it is removed at its next contact.' : undefined,
        ],
        ['Consent', autoConfirm === true ? 'It agrees by itself to what it is offered.' : undefined],
        ['Installed against orders', violations === undefined ? undefined : `${violations} times`],
        [
          'Turned away',
          refused === undefined ? undefined : (
            <>
              <Time key="refused" at={refused.at} mode="short" />: {refused.why}
            </>
          ),
        ],
      ]}
    />
  );
}

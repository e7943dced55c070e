// Every device of the account: searched and paged by the server; those that are chosen get a campaign, a label, or go.

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { DeviceView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { useWanted } from '../../parts/address.ts';
import { Busy } from '../../parts/busy.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LinkButton } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { type Paged, usePaged } from '../../parts/paged.ts';
import { accountKey } from '../../queries.ts';
import { May, useMay } from '../../session/session.tsx';
import { Chosen } from './chosen.tsx';
import { columnsFor } from './columns.tsx';
import { Filters } from './filters.tsx';
import { HeldDevices } from './held-devices.tsx';
import { searchOf } from './search.ts';

const PAGE_SIZE = 100;

export function DevicesPage(): ReactNode {
  const account = useAccount();
  const [wanted, want] = useWanted();
  const search = searchOf(wanted);
  const paged = usePaged(
    accountKey(account, 'devices', 'list', search),
    (page) => client.devices.list(account, { ...page, search }),
    PAGE_SIZE,
  );
  useFilled(paged);
  return (
    <Page
      title="Devices"
      actions={
        <May atLeast="operator">
          <LinkButton to={`/${account}/devices/import`}>Import</LinkButton>
        </May>
      }
    >
      <HeldDevices account={account} />
      <Panel>
        <Filters wanted={wanted} want={want} />
        <Listed of={paged} what="devices">
          {(devices) => (
            <Devices
              key={JSON.stringify(search)}
              {...{ account, devices, paged, search, isNarrowed: Object.keys(search).length > 0 }}
            />
          )}
        </Listed>
      </Panel>
    </Page>
  );
}

/** The server looks at a limited number of devices for one page: a page that is not full is filled up from the next one. */
function useFilled({ items, more, isLoadingMore }: Paged<DeviceView>): void {
  const isShort = items !== undefined && items.length < PAGE_SIZE && more !== undefined && !isLoadingMore;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next page is asked for once the last one is there
  useEffect(() => {
    if (isShort) more?.();
  }, [isShort, items?.length]);
}

interface DevicesProps {
  readonly account: string;
  readonly devices: readonly DeviceView[];
  readonly paged: Paged<DeviceView>;
  readonly search: ReturnType<typeof searchOf>;
  readonly isNarrowed: boolean;
}

function Devices({ account, devices, paged, search, isNarrowed }: DevicesProps): ReactNode {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const mayChange = useMay('operator');
  const columns = useMemo(() => columnsFor(account), [account]);
  const { more, isLoadingMore } = paged;
  const change = (next: ReadonlySet<string>): void => {
    setAll(false);
    choose(next);
  };
  return (
    <>
      {chosen.size === 0 ? null : (
        <Chosen
          {...{ account, search, isAll }}
          imeis={[...chosen]}
          shown={devices}
          hasMore={more !== undefined}
          chooseAll={() => setAll(true)}
          clear={() => change(new Set())}
        />
      )}
      <DataTable
        label="Devices"
        columns={columns}
        rows={devices}
        keyOf={({ imei }) => imei}
        {...(mayChange
          ? { selection: { chosen: isAll ? new Set(devices.map(({ imei }) => imei)) : chosen, change } }
          : {})}
        more={more}
        isLoadingMore={isLoadingMore}
        empty={
          isLoadingMore || more !== undefined ? <Busy what="Searching" /> : <Nothing {...{ account, isNarrowed }} />
        }
      />
    </>
  );
}

function Nothing({ account, isNarrowed }: { readonly account: string; readonly isNarrowed: boolean }): ReactNode {
  if (isNarrowed) return <Empty title="No device fits.">Make, model, version and label are compared exactly.</Empty>;
  return (
    <Empty title="There is no device yet.">
      Import your devices from a list: IMEI, make, model, transport and, where it is known, the version that runs.
      <May atLeast="operator">
        <LinkButton to={`/${account}/devices/import`}>Import devices</LinkButton>
      </May>
    </Empty>
  );
}

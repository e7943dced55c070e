// Every package of the account: what it brings, who signed it, where it runs already; uploaded and withdrawn here.

import { Badge, Button, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { useWanted } from '../../parts/address.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { May } from '../../session/session.tsx';
import { Installed } from './installed.tsx';
import { sizeText } from './size.ts';
import { UploadDialog } from './upload-dialog.tsx';
import { Withdrawal } from './withdrawal.tsx';

export function PackagesPage(): ReactNode {
  const account = useAccount();
  const [isUploading, setUploading] = useState(false);
  const paged = usePaged(accountKey(account, 'packages', 'list'), (page) => client.packages.list(account, page));
  const upload = (
    <May atLeast="operator">
      <Button onClick={() => setUploading(true)}>Upload a package</Button>
    </May>
  );
  return (
    <Page title="Packages" actions={upload}>
      <Panel>
        <Listed of={paged} what="packages">
          {(packages) =>
            packages.length === 0 ? (
              <Empty title="There is no package yet.">
                A package is an image with the versions that it leads from and to, for one make and model.
                {upload}
              </Empty>
            ) : (
              <Packages {...{ account, packages, more: paged.more, isLoadingMore: paged.isLoadingMore }} />
            )
          }
        </Listed>
      </Panel>
      {isUploading ? <UploadDialog account={account} close={() => setUploading(false)} /> : null}
    </Page>
  );
}

interface PackagesProps {
  readonly account: string;
  readonly packages: readonly PackageView[];
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
}

function Packages({ account, packages, more, isLoadingMore }: PackagesProps): ReactNode {
  const [{ name: text = '' }, want] = useWanted();
  const fits = ({ name, to, make, model }: PackageView): boolean =>
    [name, to, make, model].some((one) => one.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <div className="filters">
        <TextInput
          className="grow"
          label="Search"
          placeholder="Name, version, make, model"
          value={text}
          onChange={(event) => want({ name: event.currentTarget.value })}
        />
      </div>
      <DataTable
        label="Packages"
        columns={columnsFor(account)}
        rows={packages.filter(fits)}
        keyOf={({ kind, name }) => `${kind} ${name}`}
        more={more}
        isLoadingMore={isLoadingMore}
        empty={<Empty title="No package fits." />}
      />
    </>
  );
}

const fromText = (from: PackageView['from']): string =>
  from === '*' ? 'any' : typeof from === 'string' ? from : from.join(', ');

const columnsFor = (account: string): readonly Column<PackageView>[] => [
  {
    id: 'name',
    head: 'Package',
    cell: ({ name, kind, make, model, transports, from, to }) => (
      <>
        <span className="strong">{name}</span>
        <div className="dimmed small">
          {kind} · {make} {model} · {transports.join(', ')}
        </div>
        <div className="small narrow-only">
          {fromText(from)} → <span className="strong">{to}</span>
        </div>
      </>
    ),
  },
  {
    id: 'versions',
    head: 'From → to',
    wideOnly: true,
    cell: ({ from, to }) => (
      <>
        {fromText(from)} → <span className="strong">{to}</span>
      </>
    ),
  },
  { id: 'image', head: 'Image', wideOnly: true, cell: (pack) => <Image pack={pack} /> },
  { id: 'installed', head: 'Where it runs', cell: (pack) => <Installed account={account} pack={pack} /> },
  { id: 'made', head: 'Uploaded', wideOnly: true, cell: ({ createdAt }) => <Time at={createdAt} mode="short" /> },
  { id: 'use', head: 'Use', cell: (pack) => <Use account={account} pack={pack} /> },
];

function Image({ pack: { size, sha256, signedBy, image } }: { readonly pack: PackageView }): ReactNode {
  return (
    <>
      {sizeText(size)}{' '}
      <code className="dimmed" title={sha256}>
        {sha256.slice(0, 12)}
      </code>
      <div className="small">
        {signedBy === undefined ? <span className="dimmed">not signed</span> : `signed by ${signedBy}`}
        {image.state === 'damaged' ? (
          <Badge color="red" variant="light" radius="sm" tt="none" ml="xs" title={image.found}>
            damaged
          </Badge>
        ) : null}
      </div>
    </>
  );
}

function Use({ account, pack }: { readonly account: string; readonly pack: PackageView }): ReactNode {
  return (
    <div className="stack-tight">
      {pack.withdrawn === undefined ? (
        <May atLeast="operator">
          <PageLink to={`/${account}/campaigns/new?package=${encodeURIComponent(pack.name)}`}>New campaign</PageLink>
        </May>
      ) : null}
      <Withdrawal account={account} pack={pack} />
    </div>
  );
}

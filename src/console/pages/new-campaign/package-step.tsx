// The first step: which package, from which version, over which transport.

import { Radio, SegmentedControl, Select } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { Busy } from '../../parts/busy.tsx';
import { LinkButton } from '../../parts/link.tsx';
import { Empty } from '../../parts/page.tsx';
import { type Draft, versionsFrom } from './draft.ts';

interface PackageStepProps {
  readonly account: string;
  readonly packages: readonly PackageView[] | undefined;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

export function PackageStep({ account, packages, draft, change }: PackageStepProps): ReactNode {
  if (packages === undefined) return <Busy what="Loading packages" />;
  const usable = packages.filter(({ withdrawn }) => withdrawn === undefined);
  if (usable.length === 0) {
    return (
      <Empty title="There is no package yet.">
        A campaign installs a package: upload one first.
        <LinkButton to={`/${account}/packages`}>To the packages</LinkButton>
      </Empty>
    );
  }
  const choose = (name: string): void => {
    const one = usable.find((each) => each.name === name);
    if (one === undefined) return;
    change({ packageName: name, from: versionsFrom(one)[0] ?? null, transport: one.transports[0] ?? null });
  };
  const chosen = usable.find(({ name }) => name === draft.packageName);
  return (
    <>
      <Radio.Group label="What is installed" value={draft.packageName} onChange={choose}>
        <div className="cards">
          {usable.map((one) => (
            <PackageCard key={one.name} one={one} />
          ))}
        </div>
      </Radio.Group>
      {chosen === undefined ? null : <Details chosen={chosen} draft={draft} change={change} />}
    </>
  );
}

function PackageCard({ one }: { readonly one: PackageView }): ReactNode {
  const { name, kind, to, make, model, transports, installed } = one;
  const open = installed.from + installed.unknown;
  return (
    <div className="card">
      <Radio
        value={name}
        label={<span className="strong">{name}</span>}
        description={`${kind} ${to} for ${make} ${model}, over ${transports.join(' or ')}. ${open.toLocaleString('en')} devices may need it, ${installed.to.toLocaleString('en')} run it.`}
      />
    </div>
  );
}

interface DetailsProps extends Pick<PackageStepProps, 'draft' | 'change'> {
  readonly chosen: PackageView;
}

function Details({ chosen, draft, change }: DetailsProps): ReactNode {
  const versions = versionsFrom(chosen);
  return (
    <div className="row row-end">
      <Select
        label="Devices that run"
        data={versions.map((value) => ({ value, label: value === '*' ? 'any version' : value }))}
        value={draft.from}
        onChange={(from) => change({ from })}
        allowDeselect={false}
        disabled={versions.length < 2}
      />
      {chosen.transports.length < 2 ? null : (
        <SegmentedControl
          aria-label="Transport"
          data={[...chosen.transports]}
          value={draft.transport ?? ''}
          onChange={(value) => change({ transport: value === 'HTTP' ? 'HTTP' : 'LWM2M' })}
        />
      )}
    </div>
  );
}

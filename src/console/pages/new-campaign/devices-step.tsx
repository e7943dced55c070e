// The second step: the devices, pasted, out of a file, or filtered out of those of the account.

import { Alert, Button, FileInput, SegmentedControl, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { manyOf } from '../../parts/words.ts';
import { csvList, type DeviceList, pastedList } from './device-list.ts';
import type { Draft } from './draft.ts';
import { FilterDevices } from './filter-devices.tsx';

interface DevicesStepProps {
  readonly account: string;
  readonly chosen: PackageView | undefined;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

type Way = 'filter' | 'paste' | 'csv';

const SHOWN_MAX = 6;

export function DevicesStep({ account, chosen, draft, change }: DevicesStepProps): ReactNode {
  const [way, setWay] = useState<Way>('filter');
  const [list, setList] = useState<DeviceList>();
  const take = (next: DeviceList): void => {
    setList(next);
    change({ imeis: next.imeis });
  };
  return (
    <>
      <SegmentedControl
        aria-label="Where the devices come from"
        data={[
          { value: 'filter', label: 'Out of the account' },
          { value: 'paste', label: 'Paste' },
          { value: 'csv', label: 'CSV file' },
        ]}
        value={way}
        onChange={(value) => setWay(value as Way)}
      />
      {way === 'filter' ? <FilterDevices {...{ account, chosen, draft }} take={take} /> : null}
      {way === 'paste' ? <Paste take={take} /> : null}
      {way === 'csv' ? <CsvFile take={take} /> : null}
      <Chosen imeis={draft.imeis} list={list} clear={() => take({ imeis: [], repeated: 0, others: [] })} />
    </>
  );
}

function Paste({ take }: { readonly take: (list: DeviceList) => void }): ReactNode {
  return (
    <Textarea
      label="IMEIs"
      description="With blanks, commas or line ends between them."
      rows={6}
      onChange={(event) => take(pastedList(event.currentTarget.value))}
    />
  );
}

function CsvFile({ take }: { readonly take: (list: DeviceList) => void }): ReactNode {
  return (
    <FileInput
      label="CSV file"
      description="Its column imei counts; without a header its first column."
      placeholder="Choose a file"
      accept=".csv,text/csv,text/plain"
      onChange={async (file) => {
        if (file !== null) take(csvList(await file.text()));
      }}
    />
  );
}

interface ChosenProps {
  readonly imeis: readonly string[];
  readonly list: DeviceList | undefined;
  readonly clear: () => void;
}

function Chosen({ imeis, list, clear }: ChosenProps): ReactNode {
  const { repeated = 0, others = [] } = list ?? {};
  return (
    <div className="stack-tight">
      <div className="row" role="status">
        <strong className="number">{manyOf(imeis.length, 'device')}</strong>
        {repeated === 0 ? null : <span className="dimmed">{repeated.toLocaleString('en')} were there twice</span>}
        {imeis.length === 0 ? null : (
          <Button size="compact-xs" variant="default" onClick={clear}>
            Take none
          </Button>
        )}
      </div>
      {imeis.length === 0 ? null : (
        <span className="dimmed small number">
          {imeis.slice(0, SHOWN_MAX).join(', ')}
          {imeis.length > SHOWN_MAX ? ' …' : ''}
        </span>
      )}
      {others.length === 0 ? null : (
        <Alert
          color="yellow"
          title={`Left out, for it is no IMEI of 15 digits: ${manyOf(others.length, 'entry', 'entries')}`}
        >
          {others.slice(0, SHOWN_MAX).join(', ')}
        </Alert>
      )}
    </div>
  );
}

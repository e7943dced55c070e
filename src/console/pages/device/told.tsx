// What the device told of itself: when it checked in, and what was logged of it.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CheckInView, DeviceLogView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';

interface ToldProps {
  readonly account: string;
  readonly imei: string;
}

type Placed<Row> = Row & { readonly place: number };
const placed = <Row,>(rows: readonly Row[]): readonly Placed<Row>[] => rows.map((row, place) => ({ ...row, place }));
const keyOf = ({ place }: Placed<unknown>): string => String(place);

export function CheckIns({ account, imei }: ToldProps): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'devices', 'check-ins', imei),
    queryFn: ({ signal }) => client.devices.checkIns(account, imei, { signal }),
  });
  return (
    <Listed of={{ items: data, error, again: () => void refetch() }} what="check-ins">
      {(rows) => (
        <DataTable
          label="Check-ins"
          columns={CHECK_IN_COLUMNS}
          rows={placed(rows)}
          keyOf={keyOf}
          empty={<Empty title="It has not checked in yet." />}
        />
      )}
    </Listed>
  );
}

const CHECK_IN_COLUMNS: readonly Column<Placed<CheckInView>>[] = [
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
  { id: 'client', head: 'Over', wideOnly: true, cell: ({ client: over }) => over },
  {
    id: 'result',
    head: 'Result',
    cell: ({ result, failure }) => (
      <>
        <span className="state">
          <span className={`state-dot fill-${result}`} aria-hidden="true" /> {result}
        </span>
        {failure === undefined ? null : <div className="small">{failure}</div>}
      </>
    ),
  },
];

export function Logs({ account, imei }: ToldProps): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'devices', 'logs', imei),
    queryFn: ({ signal }) => client.devices.logs(account, imei, { signal }),
  });
  return (
    <Listed of={{ items: data, error, again: () => void refetch() }} what="logs">
      {(rows) => (
        <DataTable
          label="Log lines"
          columns={LOG_COLUMNS}
          rows={placed(rows)}
          keyOf={keyOf}
          empty={
            <Empty title="Nothing was logged of it.">Lines come with updates, or once logging is switched on.</Empty>
          }
        />
      )}
    </Listed>
  );
}

const LOG_COLUMNS: readonly Column<Placed<DeviceLogView>>[] = [
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
  { id: 'type', head: 'Kind', wideOnly: true, cell: ({ type }) => type },
  { id: 'text', head: 'Line', cell: ({ text }) => <code>{text}</code> },
];

// Devices that were refused, with the sentence of the server for each.

import type { ReactNode } from 'react';
import { type Column, DataTable } from '../../parts/data-table.tsx';

export interface RefusedRow {
  readonly imei: string;
  readonly why: string;
}

const COLUMNS: readonly Column<RefusedRow & { readonly place: number }>[] = [
  { id: 'imei', head: 'IMEI', cell: ({ imei }) => <span className="number">{imei === '' ? '–' : imei}</span> },
  { id: 'why', head: 'Why', cell: ({ why }) => why },
];

export function Refused({ rows }: { readonly rows: readonly RefusedRow[] }): ReactNode {
  return (
    <DataTable
      label="Refused devices"
      columns={COLUMNS}
      rows={rows.map((row, place) => ({ ...row, place }))}
      keyOf={({ place }) => String(place)}
      empty={null}
    />
  );
}

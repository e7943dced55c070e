// The columns of the table of devices.

import type { DeviceView } from '../../../sdk/operator.ts';
import type { Column } from '../../parts/data-table.tsx';
import { PageLink } from '../../parts/link.tsx';
import { kindOf, Labels, LastSeen, NextContact, StateMark, Versions } from './device-words.tsx';

export const columnsFor = (account: string): readonly Column<DeviceView>[] => [
  {
    id: 'imei',
    head: 'IMEI',
    cell: (device) => (
      <>
        <PageLink to={`/${account}/devices/${device.imei}`} className="strong number">
          {device.imei}
        </PageLink>
        <div className="dimmed small">
          {kindOf(device)} · {device.transport}
        </div>
        <div className="small narrow-only">
          heard <LastSeen device={device} />
        </div>
      </>
    ),
  },
  { id: 'version', head: 'Runs', cell: (device) => <Versions device={device} /> },
  { id: 'seen', head: 'Last contact', wideOnly: true, cell: (device) => <LastSeen device={device} /> },
  { id: 'next', head: 'Next expected', wideOnly: true, cell: (device) => <NextContact device={device} /> },
  {
    id: 'campaign',
    head: 'Campaign',
    wideOnly: true,
    cell: ({ campaignId, updateState, residue }) => (
      <>
        {campaignId === undefined ? (
          <span className="dimmed">none</span>
        ) : (
          <PageLink to={`/${account}/campaigns/${campaignId}`}>
            <StateMark state={updateState ?? 'waiting'} />
          </PageLink>
        )}
        {residue === true ? <div className="small">a clean-up is owed</div> : null}
      </>
    ),
  },
  { id: 'labels', head: 'Labels', wideOnly: true, cell: ({ labels }) => <Labels labels={labels} /> },
];

// The tables in memory beside those of campaigns: licences, lists of accounts, what devices did, the audit log.
import type { AccountList, AuditEntry, CheckIn, DeviceLog } from '../accounts/index.ts';
import type { DeviceKey, Licence, LicencePool, UpdateKey } from '../campaigns/index.ts';
import { type Journal, Table } from './memory-table.ts';

const textOfDevice = ({ account, imei }: DeviceKey): string => `${account} ${imei}`;

interface Numbered<Row> {
  readonly id: number;
  readonly row: Row;
}

export class NeighbourRows {
  readonly licences: Table<Licence>;
  readonly pools: Table<LicencePool>;
  readonly lists: Table<AccountList>;
  readonly joiners: Table<UpdateKey>;
  readonly checkIns: Table<Numbered<CheckIn>>;
  readonly deviceLogs: Table<Numbered<DeviceLog>>;
  readonly audit: Table<Numbered<AuditEntry>>;

  constructor(journal: Journal) {
    this.licences = new Table(journal, ({ account }) => [account]);
    this.pools = new Table(journal);
    this.lists = new Table(journal);
    this.joiners = new Table(journal, ({ account, campaign }) => [`${account} ${campaign}`]);
    this.checkIns = new Table(journal, ({ row }) => [textOfDevice(row.key)]);
    this.deviceLogs = new Table(journal, ({ row }) => [textOfDevice(row.key)]);
    this.audit = new Table(journal, ({ row }) => [row.account ?? '', 'all']);
  }
}

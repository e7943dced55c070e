// Licences, joiners, lists of accounts, check-ins, device logs and the audit log in memory.
import { ACCOUNT_LIMITS, DEFAULT_SETTINGS, type LicencesSeen, needsLicence, noList } from '../accounts/index.ts';
import type { AccountListStore, AuditStore, ContactTimes, DeviceLogStore, LicenceStore } from '../accounts/ports.ts';
import {
  type AccountName,
  type CampaignKey,
  type DeviceKey,
  type Imei,
  isOver,
  type LicencePool,
  type Licensing,
  type UpdateKey,
  unreachable,
} from '../campaigns/index.ts';
import type { NeighbourLoads } from '../engine/ports.ts';
import { nextRevision } from './derived.ts';
import { campaignText, deviceText, type MemoryRows, updateText } from './memory-rows.ts';
import { byText, pageOf, type Table } from './memory-table.ts';
import type { NeighbourWrite } from './neighbour-writes.ts';
import { upgradedSince } from './upgraded.ts';

export const memoryNeighbours = (
  rows: MemoryRows,
): LicenceStore & AccountListStore & DeviceLogStore & AuditStore & NeighbourLoads => ({
  licencePool: async (account) => poolOf(rows, account),
  licences: async (account, page) => pageOf(rows.beside.licences.group(account), ({ imei }) => imei, page),
  licencesOf: async (account, imeis) => {
    const found = imeis.map((imei) => rows.beside.licences.get(deviceText({ account, imei: imei as Imei })));
    return new Map(found.filter((one) => one !== undefined).map((one) => [one.imei, one]));
  },
  accountList: async (account, kind) =>
    (rows.beside.lists.get(`${account} ${kind}`) ?? noList(account, kind)) as ReturnType<typeof noList<typeof kind>>,
  replaceAccountList: async (list) => {
    const key = `${list.account} ${list.kind}`;
    if ((rows.beside.lists.get(key)?.revision ?? 0) !== list.revision) return false;
    rows.beside.lists.put(key, nextRevision(list));
    return true;
  },
  putCheckIns: async (all) => keepNewest(rows, rows.beside.checkIns, all, ACCOUNT_LIMITS.checkInsPerDeviceMax),
  checkIns: async (key) => newest(rows.beside.checkIns, key, ACCOUNT_LIMITS.checkInsPerDeviceMax),
  contactsOf: async (account, imeis) => contactsOf(rows, account, imeis),
  putDeviceLogs: async (all) => keepNewest(rows, rows.beside.deviceLogs, all, ACCOUNT_LIMITS.logsPerDeviceMax),
  deviceLogs: async (key) => newest(rows.beside.deviceLogs, key, ACCOUNT_LIMITS.logsPerDeviceMax),
  putAudit: async (entries) => {
    for (const row of entries) {
      const id = rows.nextId();
      rows.beside.audit.put(String(id), { id, row });
    }
  },
  audit: async (account, { before = Number.POSITIVE_INFINITY, max }) =>
    rows.beside.audit
      .group(account ?? 'all')
      .filter(({ id }) => id < before)
      .toSorted((one, other) => other.id - one.id)
      .slice(0, max)
      .map(({ id, row }) => ({ ...row, id })),
  loadLicensing: async (account, imeis) => loadLicensing(rows, account, imeis),
  loadLicences: async (account, imeis) => loadLicences(rows, account, imeis),
  addingCampaigns: async (account) =>
    rows.campaigns
      .group(account)
      .map(({ campaign }) => campaign)
      .filter(({ autoAddDevices, phase }) => autoAddDevices && !isOver(phase))
      .toSorted(byText(({ id }) => id)),
  loadJoiners: async (key: CampaignKey, max: number) =>
    rows.beside.joiners
      .group(campaignText(key))
      .map(({ imei }) => imei)
      .toSorted()
      .slice(0, max),
});

const poolOf = (rows: MemoryRows, account: AccountName): LicencePool =>
  rows.beside.pools.get(account) ?? { account, revision: 0, assigned: 0 };

const subscriptionOf = (rows: MemoryRows, account: AccountName) =>
  (rows.accounts.get(account)?.settings ?? DEFAULT_SETTINGS).subscription;

function loadLicensing(rows: MemoryRows, account: AccountName, imeis: readonly string[]): Licensing | undefined {
  const subscription = subscriptionOf(rows, account);
  if (!needsLicence(subscription)) return undefined;
  const { licenseCount: limit } = subscription;
  const isHeld = (imei: string) => rows.beside.licences.get(deviceText({ account, imei: imei as Imei })) !== undefined;
  return {
    pool: poolOf(rows, account),
    ...(limit === undefined ? {} : { limit }),
    held: new Set(imeis.filter(isHeld)),
  };
}

function loadLicences(rows: MemoryRows, account: AccountName, imeis: readonly string[]): LicencesSeen {
  const { licenseCount: limit } = subscriptionOf(rows, account);
  const lines = imeis.map((imei) => {
    const text = deviceText({ account, imei: imei as Imei });
    const device = rows.devices.get(text);
    const licence = rows.beside.licences.get(text);
    const updates = rows.updates.group(`device ${text}`).map(({ update }) => update);
    const upgradedAt = licence === undefined ? undefined : upgradedSince(licence, updates);
    return {
      imei,
      ...(device === undefined ? {} : { device }),
      ...(licence === undefined ? {} : { licence }),
      ...(upgradedAt === undefined ? {} : { upgradedAt }),
    };
  });
  return { pool: poolOf(rows, account), ...(limit === undefined ? {} : { limit }), lines };
}

interface Kept {
  readonly key: DeviceKey;
}

function keepNewest<Row extends Kept>(
  rows: MemoryRows,
  table: Table<{ readonly id: number; readonly row: Row }>,
  all: readonly Row[],
  max: number,
): void {
  for (const row of all) {
    const id = rows.nextId();
    table.put(String(id), { id, row });
    const kept = table.group(deviceText(row.key)).toSorted((one, other) => other.id - one.id);
    for (const old of kept.slice(max)) table.delete(String(old.id));
  }
}

const newest = <Row extends Kept>(
  table: Table<{ readonly id: number; readonly row: Row }>,
  key: DeviceKey,
  max: number,
): readonly Row[] =>
  table
    .group(deviceText(key))
    .toSorted((one, other) => other.id - one.id)
    .slice(0, max)
    .map(({ row }) => row);

function contactsOf(rows: MemoryRows, account: AccountName, imeis: readonly Imei[]): ReadonlyMap<Imei, ContactTimes> {
  const told = imeis.map((imei): readonly [Imei, ContactTimes] => {
    const checkIns = newest(rows.beside.checkIns, { account, imei }, ACCOUNT_LIMITS.contactsReadMax);
    const lastSeenAt = rows.lastSeen.get(deviceText({ account, imei }));
    return [imei, { instants: checkIns.map(({ at }) => at), ...(lastSeenAt === undefined ? {} : { lastSeenAt }) }];
  });
  return new Map(told.filter(([, { instants, lastSeenAt }]) => instants.length > 0 || lastSeenAt !== undefined));
}

/** What is kept only for a device goes with it; its licence stays its own. */
export function forgetHistory(rows: MemoryRows, device: DeviceKey): void {
  for (const table of [rows.beside.checkIns, rows.beside.deviceLogs]) {
    for (const { id } of table.group(deviceText(device))) table.delete(String(id));
  }
}

/** False: a row is not as the change expects it. */
export function applyNeighbour(rows: MemoryRows, write: NeighbourWrite): boolean {
  const { licences, pools, joiners } = rows.beside;
  switch (write.op) {
    case 'insert-licence':
      return licences.insert(deviceText(write.row), write.row);
    case 'delete-licence':
      return licences.delete(deviceText(write.row));
    case 'replace-pool':
      if (poolOf(rows, write.row.account).revision !== write.row.revision) return false;
      pools.put(write.row.account, nextRevision(write.row));
      return true;
    case 'insert-joiner':
      return joiners.insert(updateText(write.key), keyOnly(write.key));
    case 'delete-joiner':
      return joiners.delete(updateText(write.key));
    default:
      return unreachable(write);
  }
}

const keyOnly = ({ account, campaign, imei }: UpdateKey): UpdateKey => ({ account, campaign, imei });

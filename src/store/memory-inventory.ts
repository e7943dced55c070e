// Devices, their secrets and names, packages and images in memory.
import { DEFAULT_SETTINGS, type Package, profileOf } from '../accounts/index.ts';
import type { DeviceWrite, DeviceWriteResult, HttpDevice, InventoryStore } from '../accounts/ports.ts';
import type { Device, DeviceKey, Imei } from '../campaigns/index.ts';
import { mergedSecrets, nextRevision } from './derived.ts';
import { forgetDevice, nameDevice, unnameDevice } from './memory-commit.ts';
import { deviceText, type MemoryRows } from './memory-rows.ts';
import { deviceSight, findDevices } from './memory-search.ts';
import { byText, pageOf } from './memory-table.ts';

const imeiOf = ({ imei }: Device): string => imei;

export const memoryInventory = (rows: MemoryRows): InventoryStore => ({
  devices: async (account, page, { transport } = {}) => {
    const all = rows.devices.group(`account ${account}`);
    return pageOf(transport === undefined ? all : all.filter((one) => one.transport === transport), imeiOf, page);
  },
  devicesByImei: async (account, imeis) => {
    const found = imeis.map((imei) => rows.devices.get(deviceText({ account, imei })));
    return new Map(found.filter((device) => device !== undefined).map((device) => [device.imei, device]));
  },
  device: async (key) => rows.devices.get(deviceText(key)),
  devicesOf: async (account, make, model, page) => {
    const fitting = rows.devices.group(`account ${account}`).filter((one) => one.make === make && one.model === model);
    return pageOf(fitting, imeiOf, page);
  },
  findDevices: async (account, wanted, page) => findDevices(rows, account, wanted, page),
  deviceSights: async (devices) => devices.map((device) => deviceSight(rows, device)),
  writeDevices: async (lines) => lines.map((line) => writeDevice(rows, line)),
  deleteDevice: async (device) => forgetDevice(rows, device),
  secrets: async (key) => rows.secrets.get(deviceText(key)) ?? {},
  httpDevice: async (key) => httpDevice(rows, key),
  lookUp: async (kind, name) => {
    const found = rows.directory.get(`${kind} ${name}`);
    return found === undefined ? undefined : { account: found.account, imei: found.imei };
  },
  byImei: async (imei: Imei) =>
    rows.devices
      .group(`imei ${imei}`)
      .map(({ account }) => ({ account, imei }))
      .sort(byText(({ account }) => account)),
  registrationsOver: async (before, max) => {
    const over = rows.devices.all().filter(({ registration }) => (registration?.expiresAt ?? before) < before);
    const untilOf = ({ registration }: Device): number => registration?.expiresAt ?? 0;
    const sorted = over.toSorted((one, other) => untilOf(one) - untilOf(other) || byText(deviceText)(one, other));
    return sorted.slice(0, max).map(({ account, imei }) => ({ account, imei }));
  },
  lastSeen: async (key) => rows.lastSeen.get(deviceText(key)),
  putLastSeen: async (seen) => {
    for (const { key, at } of seen) {
      if ((rows.lastSeen.get(deviceText(key)) ?? 0) < at) rows.lastSeen.put(deviceText(key), at);
    }
  },
  insertImage: async (image) => {
    rows.images.insert(image.sha256, image);
  },
  image: async (sha256) => rows.images.get(sha256),
  images: async (page) => pageOf(rows.images.all(), ({ sha256 }) => sha256, page),
  noteImageCheck: async (sha256, check) => {
    const image = rows.images.get(sha256);
    if (image !== undefined) rows.images.put(sha256, { ...image, check });
  },
  insertPackage: async (pack) => rows.packages.insert(packageText(pack), pack),
  replacePackage: async (before, next) => {
    const key = packageText(before);
    if (JSON.stringify(rows.packages.get(key)) !== JSON.stringify(before)) return false;
    rows.packages.put(key, next);
    return true;
  },
  package: async (account, name) => rows.packages.get(packageText({ account, name })),
  packages: async (account, page) => pageOf(rows.packages.group(account), ({ name }) => name, page),
});

function httpDevice(rows: MemoryRows, key: DeviceKey): HttpDevice | undefined {
  const device = rows.devices.get(deviceText(key));
  if (device === undefined) return undefined;
  const settings = rows.accounts.get(key.account)?.settings ?? DEFAULT_SETTINGS;
  const { ddiToken } = rows.secrets.get(deviceText(key)) ?? {};
  return { device, profile: profileOf(settings, device), settings, ...(ddiToken === undefined ? {} : { ddiToken }) };
}

const packageText = ({ account, name }: Pick<Package, 'account' | 'name'>): string => `${account} ${name}`;

function writeDevice(rows: MemoryRows, { device, isNew, secrets }: DeviceWrite): DeviceWriteResult {
  const key = deviceText(device);
  let result: DeviceWriteResult = 'saved';
  rows.journal.attempt(() => {
    if (!isNew && rows.devices.get(key)?.revision !== device.revision) result = 'stale';
    else if (isNew && !rows.devices.insert(key, device)) result = 'stale';
    else if (secrets?.pskIdentity !== undefined && !nameByPsk(rows, device, secrets.pskIdentity)) result = 'taken';
    if (result !== 'saved') return false;
    if (!isNew) rows.devices.put(key, nextRevision(device));
    if (secrets !== undefined) rows.secrets.put(key, mergedSecrets(rows.secrets.get(key) ?? {}, secrets));
    return true;
  });
  return result;
}

function nameByPsk(rows: MemoryRows, { account, imei }: Device, identity: string): boolean {
  if (identity !== '') return nameDevice(rows, 'psk', identity, { account, imei });
  unnameDevice(rows, 'psk', { account, imei });
  return true;
}

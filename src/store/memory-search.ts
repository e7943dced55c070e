// Looking for devices in memory: every device of the account is looked at.
import type { DeviceSearch, DeviceSight, DevicesFound } from '../accounts/index.ts';
import type { AccountName, Device } from '../campaigns/index.ts';
import { marksOf, NEVER_SEEN, silenceDayOf, tailMark } from './marks.ts';
import { deviceText, type MemoryRows, updateText } from './memory-rows.ts';
import { marksWanted, type Place, placeIn, placeText, type Walk, walkOf } from './search.ts';

export function findDevices(
  rows: MemoryRows,
  account: AccountName,
  wanted: DeviceSearch,
  { after, max }: { readonly after?: string; readonly max: number },
): DevicesFound {
  const walk = walkOf(wanted);
  const from = after === undefined ? undefined : placeIn(after);
  const found = rows.devices
    .group(`account ${account}`)
    .filter((device) => fits(rows, device, wanted))
    .map((device) => ({ device, place: { key: keyOf(rows, walk, device), imei: device.imei } }))
    .filter(({ place }) => from === undefined || order(place, from) > 0)
    .sort((one, other) => order(one.place, other.place));
  const page = found.slice(0, max);
  const last = page.at(-1);
  const devices = page.map(({ device }) => device);
  return found.length > max && last !== undefined ? { devices, next: placeText(last.place) } : { devices };
}

const order = (one: Place, other: Place): number => {
  const [left, right] = one.key === other.key ? [one.imei, other.imei] : [one.key, other.key];
  return left < right ? -1 : left > right ? 1 : 0;
};

function keyOf(rows: MemoryRows, walk: Walk, device: Device): string {
  switch (walk.by) {
    case 'tail':
      return tailMark(device.imei);
    case 'silence':
      return String(silenceDayOf(rows.lastSeen.get(deviceText(device)) ?? 0)).padStart(9, '0');
    default:
      return '';
  }
}

function fits(rows: MemoryRows, device: Device, wanted: DeviceSearch): boolean {
  const seen = rows.lastSeen.get(deviceText(device));
  const marks = new Set([...marksOf(device), ...(seen === undefined ? [NEVER_SEEN] : [])]);
  const { begins = '', ends = '', make, model, transport, campaign, state, silentSince } = wanted;
  return (
    device.imei.startsWith(begins) &&
    device.imei.endsWith(ends) &&
    (make === undefined || device.make === make) &&
    (model === undefined || device.model === model) &&
    (transport === undefined || device.transport === transport) &&
    (campaign === undefined || device.liveCampaign === campaign) &&
    (state === undefined || deviceSight(rows, device).state === state) &&
    (silentSince === undefined || (seen !== undefined && silenceDayOf(seen) < silenceDayOf(silentSince))) &&
    marksWanted(wanted).every((mark) => marks.has(mark))
  );
}

export function deviceSight(rows: MemoryRows, device: Device): DeviceSight {
  const { account, imei, liveCampaign } = device;
  const lastSeen = rows.lastSeen.get(deviceText(device));
  const update =
    liveCampaign === undefined ? undefined : rows.updates.get(updateText({ account, imei, campaign: liveCampaign }));
  return {
    secrets: rows.secrets.get(deviceText(device)) ?? {},
    ...(lastSeen === undefined ? {} : { lastSeen }),
    ...(update === undefined ? {} : { state: update.update.state.name }),
  };
}

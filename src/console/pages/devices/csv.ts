// Devices as a table for a spreadsheet; what an import takes has the names that it takes.

import type { DeviceView } from '../../../sdk/operator.ts';
import { csvLine } from '../../parts/download.ts';

const FIXED = ['imei', 'make', 'model', 'transport', 'firmware', 'timeZone', 'lastSeenAt', 'campaignId', 'state'];

export function devicesCsv(devices: readonly DeviceView[]): string {
  const software = namesIn(devices.map((device) => device.software));
  const labels = namesIn(devices.map((device) => device.labels));
  const head = [...FIXED, ...software.map((name) => `software.${name}`), ...labels.map((name) => `labels.${name}`)];
  const lines = devices.map((device) =>
    csvLine([
      ...fixedOf(device),
      ...software.map((name) => device.software[name] ?? ''),
      ...labels.map((name) => device.labels[name] ?? ''),
    ]),
  );
  return csvLine(head) + lines.join('');
}

const namesIn = (maps: readonly Readonly<Record<string, string>>[]): readonly string[] =>
  [...new Set(maps.flatMap((one) => Object.keys(one)))].sort();

function fixedOf(device: DeviceView): readonly string[] {
  const { imei, make = '', model = '', transport, firmware = '', timeZone = '' } = device;
  const { lastSeenAt = '', campaignId = '', updateState = '' } = device;
  return [imei, make, model, transport, firmware, timeZone, lastSeenAt, campaignId, updateState];
}

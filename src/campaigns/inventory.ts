// What a device tells about itself becomes its inventory, whatever its update says (engine.md §1).
import type { Change, Entry } from './change.ts';
import { noChange } from './change.ts';
import { type Device, isAwake, type Reading, type Registration } from './device.ts';
import type { DeviceReading } from './input.ts';
import type { Instant } from './time.ts';
import { isFinal, type Update } from './update.ts';

const reported = (value: string, at: Instant): Reading => ({ value, at, source: 'reported' });

/** After an answer to a question: the device is reachable and these are its versions. */
export function withReading(device: Device, reading: DeviceReading, at: Instant): Device {
  return {
    ...device,
    reachable: true,
    ...(reading.make === undefined ? {} : { make: device.make ?? reading.make }),
    ...(reading.model === undefined ? {} : { model: device.model ?? reading.model }),
    ...(reading.firmware === undefined ? {} : { firmware: reported(reading.firmware, at) }),
    ...(reading.labels === undefined ? {} : { labels: { ...device.labels, ...reading.labels } }),
  };
}

/** Whether the answer shows it under other labels than those that are known of it. */
export const changesLabels = ({ labels }: Device, reading: DeviceReading): boolean =>
  Object.entries(reading.labels ?? {}).some(([key, value]) => labels[key] !== value);

/** After a PUT of configData; hawkBit's modes say what happens to the attributes that are not named. */
export function withAttributes(
  device: Device,
  told: { readonly mode: 'merge' | 'replace' | 'remove'; readonly data: Readonly<Record<string, string>> },
  at: Instant,
): Device {
  const kept = Object.entries(device.attributes).filter(([key]) => told.mode !== 'remove' || !(key in told.data));
  const attributes =
    told.mode === 'replace'
      ? told.data
      : told.mode === 'merge'
        ? { ...device.attributes, ...told.data }
        : Object.fromEntries(kept);
  return { ...device, attributes, attributesAt: at };
}

/** After a registration: where it is now. A new location means that its observations and exchanges are gone. */
export function withRegistration(device: Device, registration: Registration | undefined): Device {
  const { registration: _old, ...rest } = device;
  return registration === undefined ? { ...rest, reachable: false } : { ...rest, registration, reachable: true };
}

/** What an ended campaign left on the device is gone. */
export function cleanedUp(device: Device, at: Instant, detail: string): Change {
  const { residue, ...clean } = device;
  if (residue === undefined) return noChange('update.no-change');
  const entry: Entry = {
    account: device.account,
    campaign: residue.campaign,
    imei: device.imei,
    at,
    kind: 'state',
    rule: 'update.cleaned-up',
    facts: { actionId: residue.actionId, detail },
  };
  return { writes: [{ op: 'replace-device', row: clean }], entries: [entry], intents: [], rule: 'update.cleaned-up' };
}

/** The change with this device in it: what a decision wrote about it, or else the device as told. */
export function withDevice(change: Change, device: Device): Change {
  if (change.writes.some((write) => write.op === 'replace-device')) return change;
  return { ...change, writes: [...change.writes, { op: 'replace-device', row: device }] };
}

/**
 * The change with the update's note of whether its device can be spoken to at any time: what the steward looks for must
 * not be behind the device.
 */
export function keepAwake(change: Change, update: Update): Change {
  if (isFinal(update.state) || change.writes.some((write) => write.op === 'replace-update')) return change;
  const [device] = change.writes.flatMap((write) => (write.op === 'replace-device' ? [write.row] : []));
  if (device === undefined || isAwake(device) === update.awake) return change;
  return {
    ...change,
    writes: [...change.writes, { op: 'replace-update', row: { ...update, awake: isAwake(device) } }],
  };
}

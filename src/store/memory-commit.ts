// How the memory store stores one change: whole, or not at all when a row is not as the change expects it.
import {
  type Budget,
  type Change,
  type Device,
  type DeviceKey,
  type Entry,
  type SealedEntry,
  unreachable,
  type Write,
} from '../campaigns/index.ts';
import { parsed } from './columns.ts';
import { nextRevision } from './derived.ts';
import { gather, insertCallback, settleCallback } from './memory-callbacks.ts';
import { applyNeighbour, forgetHistory } from './memory-neighbours.ts';
import {
  campaignText,
  deviceText,
  intakeText,
  keyOfCampaign,
  type MemoryRows,
  slotsText,
  updateText,
} from './memory-rows.ts';
import { isNeighbourWrite } from './neighbour-writes.ts';

/** False: stale, and nothing of it was stored. */
export function commitOne(rows: MemoryRows, change: Change): boolean {
  return rows.journal.attempt(() => {
    for (const write of change.writes) if (!apply(rows, write)) return false;
    for (const entry of change.entries) {
      const id = rows.nextId();
      rows.entries.put(String(id), { id, entry });
    }
    for (const intent of change.intents) {
      if (intent.kind === 'callback') {
        if (!insertCallback(rows, intent)) return false;
        continue;
      }
      const id = rows.nextId();
      rows.outbox.put(String(id), { id, intent, claims: 0 });
    }
    return true;
  });
}

function apply(rows: MemoryRows, write: Write): boolean {
  if (isNeighbourWrite(write)) return applyNeighbour(rows, write);
  switch (write.op) {
    case 'insert-update':
      return rows.updates.insert(updateText(write.row), { update: write.row });
    case 'replace-update':
      if (rows.updates.get(updateText(write.row))?.update.revision !== write.row.revision) return false;
      rows.updates.put(updateText(write.row), { update: nextRevision(write.row) });
      return true;
    case 'delete-update':
      if (rows.updates.get(updateText(write.row))?.update.revision !== write.row.revision) return false;
      return rows.updates.delete(updateText(write.row));
    case 'insert-device':
    case 'replace-device':
    case 'claim-device':
    case 'delete-device':
      return applyDevice(rows, write.op, write.row);
    case 'insert-campaign':
      return rows.campaigns.insert(campaignText(keyOfCampaign(write.row)), { campaign: write.row });
    case 'replace-campaign': {
      const key = campaignText(keyOfCampaign(write.row));
      const stored = rows.campaigns.get(key);
      if (stored?.campaign.revision !== write.row.revision) return false;
      rows.campaigns.put(key, { ...stored, campaign: nextRevision(write.row) });
      return true;
    }
    case 'insert-slots':
      return rows.slots.insert(slotsText(write.row), write.row);
    case 'replace-slots':
      if (rows.slots.get(slotsText(write.row))?.revision !== write.row.revision) return false;
      rows.slots.put(slotsText(write.row), nextRevision(write.row));
      return true;
    case 'replace-budget':
      return replaceBudget(rows, write.row);
    default:
      return applyList(rows, write);
  }
}

type ListWrite = Extract<
  Write,
  {
    readonly op:
      | 'insert-intake'
      | 'replace-intake'
      | 'delete-intake'
      | 'seal'
      | 'insert-sealed'
      | 'settle'
      | 'gather'
      | 'keep-score'
      | 'settle-callback';
  }
>;

function applyList(rows: MemoryRows, write: ListWrite): boolean {
  switch (write.op) {
    case 'insert-intake': {
      const { account, campaign, parts } = write;
      return parts.every((imeis, part) => {
        const row = { account, campaign, part, imeis };
        return rows.intake.insert(intakeText(row), row);
      });
    }
    case 'replace-intake': {
      const { account, campaign, part, imeis } = write;
      if (rows.intake.get(intakeText(write)) === undefined) return false;
      rows.intake.put(intakeText(write), { account, campaign, part, imeis });
      return true;
    }
    case 'delete-intake':
      return rows.intake.delete(intakeText(write));
    case 'seal':
      return write.sealed.every((one) => seal(rows, one));
    case 'insert-sealed':
      return insertSealed(rows, write);
    case 'settle':
      rows.outbox.delete(String(write.intent));
      return true;
    case 'gather':
      gather(rows, write);
      return true;
    case 'keep-score':
      rows.scoreBooks.put(campaignText(write), write.kept);
      return true;
    case 'settle-callback':
      settleCallback(rows, write);
      return true;
    default:
      return unreachable(write);
  }
}

function replaceBudget(rows: MemoryRows, budget: Budget): boolean {
  const key = `${budget.account} ${budget.scope}`;
  const stored = rows.budgets.get(key);
  if (stored !== undefined && stored.revision !== budget.revision) return false;
  rows.budgets.put(key, nextRevision(budget));
  return true;
}

function seal(rows: MemoryRows, { id, ...sealed }: SealedEntry): boolean {
  const row = rows.entries.get(String(id));
  if (row === undefined || row.sealed !== undefined) return false;
  rows.entries.put(String(id), { ...row, sealed });
  return true;
}

/** False when another steward has given one of the places. */
function insertSealed(rows: MemoryRows, write: Extract<Write, { readonly op: 'insert-sealed' }>): boolean {
  const places = new Set(write.sealed.map(({ sequence }) => sequence));
  const stored = rows.entries.group(`sealed ${campaignText(write)}`);
  if (stored.some(({ sealed }) => sealed !== undefined && places.has(sealed.sequence))) return false;
  for (const { imei: _imei, ...sealed } of write.sealed) {
    const id = rows.nextId();
    const { entry } = parsed<{ readonly entry: Entry }>(sealed.text);
    rows.entries.put(String(id), { id, entry, sealed });
  }
  return true;
}

function applyDevice(
  rows: MemoryRows,
  op: 'insert-device' | 'replace-device' | 'claim-device' | 'delete-device',
  row: Device,
): boolean {
  if (op === 'insert-device') return rows.devices.insert(deviceText(row), row) && nameEndpoint(rows, row);
  if (rows.devices.get(deviceText(row))?.revision !== row.revision) return false;
  if (op === 'delete-device') return forgetDevice(rows, row);
  rows.devices.put(deviceText(row), nextRevision(row));
  return nameEndpoint(rows, row);
}

/** A registered endpoint name belongs to one device of the server (engine.md §9); false when it is another's. */
function nameEndpoint(rows: MemoryRows, { account, imei, registration }: Device): boolean {
  return registration === undefined || nameDevice(rows, 'endpoint', registration.endpoint, { account, imei });
}

/** Gives the device this name of a kind and no other; false when another device has it. */
export function nameDevice(rows: MemoryRows, kind: 'psk' | 'endpoint', name: string, device: DeviceKey): boolean {
  const entry = `${kind} ${name}`;
  const owner = rows.directory.get(entry);
  if (owner !== undefined) return deviceText(owner) === deviceText(device);
  unnameDevice(rows, kind, device);
  rows.directory.put(entry, { ...device, entry });
  return true;
}

export function unnameDevice(rows: MemoryRows, kind: 'psk' | 'endpoint', device: DeviceKey): void {
  for (const { entry } of rows.directory.group(deviceText(device))) {
    if (entry.startsWith(`${kind} `)) rows.directory.delete(entry);
  }
}

/** The device with everything that is kept only for it. */
export function forgetDevice(rows: MemoryRows, device: DeviceKey): boolean {
  const key = deviceText(device);
  for (const { entry } of rows.directory.group(key)) rows.directory.delete(entry);
  rows.secrets.delete(key);
  rows.lastSeen.delete(key);
  forgetHistory(rows, device);
  return rows.devices.delete(key);
}

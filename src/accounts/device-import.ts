// What an import does to a device: an upsert by IMEI in which absent means unchanged and empty means cleared.
import type { AccountName, Device, Imei, Instant, Reading, Transport, Zone } from '../campaigns/index.ts';

/** One line of an import; `''` clears, absent leaves as it is. */
export interface DeviceImport {
  readonly imei: Imei;
  readonly make?: string;
  readonly model?: string;
  readonly transport?: Transport;
  readonly firmware?: string;
  readonly software?: Readonly<Record<string, string>>;
  readonly timeZone?: Zone | '';
  readonly labels?: Readonly<Record<string, string>>;
}

/** How the device proves who it is; never part of an answer or a log. */
export interface DeviceSecrets {
  readonly pskIdentity?: string;
  /** Hex. */
  readonly pskKey?: string;
  readonly ddiToken?: string;
}

export type ImportResult =
  | { readonly ok: true; readonly device: Device; readonly isNew: boolean }
  | { readonly ok: false; readonly sentence: string };

type Cleared<Value> = Value | undefined;

const text = (given: string | undefined, stored: Cleared<string>): Cleared<string> =>
  given === undefined ? stored : given === '' ? undefined : given;

// An import of the version that is already known must not make a device's own word look like an operator's.
const version = (given: string | undefined, stored: Cleared<Reading>, now: Instant): Cleared<Reading> => {
  if (given === undefined || given === stored?.value) return stored;
  return given === '' ? undefined : { value: given, at: now, source: 'import' };
};

function table(
  given: Readonly<Record<string, string>> | undefined,
  stored: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (given === undefined) return stored;
  if (Object.keys(given).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...stored, ...given }).filter(([, value]) => value !== ''));
}

function softwareTable(
  given: Readonly<Record<string, string>> | undefined,
  stored: Readonly<Record<string, Reading>>,
  now: Instant,
): Readonly<Record<string, Reading>> {
  if (given === undefined) return stored;
  if (Object.keys(given).length === 0) return {};
  const next: Record<string, Reading> = { ...stored };
  for (const [name, value] of Object.entries(given)) {
    const reading = version(value, stored[name], now);
    if (reading === undefined) delete next[name];
    else next[name] = reading;
  }
  return next;
}

/** The device after the import; a new one needs make, model and transport. */
export function importDevice(
  account: AccountName,
  line: DeviceImport,
  stored: Device | undefined,
  now: Instant,
): ImportResult {
  const make = text(line.make, stored?.make);
  const model = text(line.model, stored?.model);
  const transport = line.transport ?? stored?.transport;
  if (transport === undefined)
    return { ok: false, sentence: 'transport: absent, accepted: LWM2M or HTTP; a new device needs one.' };
  if (stored?.liveCampaign !== undefined && transport !== stored.transport) {
    return {
      ok: false,
      sentence: `transport: given ${transport}, accepted: ${stored.transport} while the device is in campaign ${stored.liveCampaign}.`,
    };
  }
  const timeZone = text(line.timeZone, stored?.timeZone);
  const firmware = version(line.firmware, stored?.firmware, now);
  const base: Device = stored ?? {
    account,
    imei: line.imei,
    revision: 0,
    transport,
    software: {},
    attributes: {},
    labels: {},
    reachable: false,
    lastActionId: 0,
  };
  const { make: _make, model: _model, timeZone: _zone, firmware: _firmware, ...rest } = base;
  const device: Device = {
    ...rest,
    transport,
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(firmware === undefined ? {} : { firmware }),
    software: softwareTable(line.software, base.software, now),
    labels: table(line.labels, base.labels),
  };
  return { ok: true, device, isNew: stored === undefined };
}

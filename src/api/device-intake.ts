// An import of devices: lines from JSON or CSV, each judged by itself, stored in batches; stale ones are judged again.
import { type Account, type DeviceImport, type DeviceSecrets, importDevice } from '../accounts/index.ts';
import type { DeviceWrite } from '../accounts/ports.ts';
import { type Device, type Imei, isZone } from '../campaigns/index.ts';
import {
  DeviceImport as DeviceImportSchema,
  DeviceItem,
  type ErrorBody,
  errorBody,
  explainIssues,
  type Limits,
  parseDevicesCsv,
  resized,
} from '../contract/index.ts';
import { parseJson } from './body.ts';
import type { ApiContext } from './call.ts';
import { invalid, Refusal } from './refusal.ts';

export interface Line {
  readonly line: DeviceImport;
  readonly secrets?: DeviceSecrets;
}

export interface Rejected {
  readonly imei: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

const rejected = (imei: string, { errorCode, errorMessage }: ErrorBody): Rejected => ({
  imei,
  errorCode,
  errorMessage,
});
const rejectedFor = (imei: string, sentence: string): Rejected =>
  rejected(imei, errorBody('INVALID_PARAMETER', { sentence }));

const IMEI_SHOWN_MAX = 64;

/** What was sent, line by line; a refusal where it cannot be told apart into lines. */
export function readLines(text: string, limits: Limits): readonly (Line | Rejected)[] | Refusal {
  if (text.trim() === '') return invalid('the body: given nothing, accepted: a JSON list or a CSV of devices.');
  return /^\s*[[{]/.test(text) ? readJsonLines(text, limits) : readCsvLines(text, limits);
}

function readJsonLines(text: string, limits: Limits): readonly (Line | Rejected)[] | Refusal {
  const json = parseJson(text);
  if (json instanceof Refusal) return json;
  const list = resized(DeviceImportSchema, limits).safeParse(json.value);
  return list.success ? list.data.map((item) => readItem(item, '')) : invalid(explainIssues(list.error, json.value));
}

function readCsvLines(text: string, limits: Limits): readonly (Line | Rejected)[] | Refusal {
  const csv = parseDevicesCsv(text, limits.importDevicesMax);
  if (!csv.ok) return invalid(csv.sentence);
  return csv.rows.map((row) =>
    row.ok ? readItem(row.item, `line ${row.line}: `) : rejectedFor(row.imei.slice(0, IMEI_SHOWN_MAX), row.sentence),
  );
}

function readItem(item: unknown, where: string): Line | Rejected {
  const parsed = DeviceItem.safeParse(item);
  if (!parsed.success) return rejectedFor(imeiOf(item), where + explainIssues(parsed.error, item));
  const { timeZone, imei } = parsed.data;
  const badZone = refusedZone(timeZone);
  return badZone === undefined ? lineOf(parsed.data, imei as Imei) : rejectedFor(imei, where + badZone);
}

function imeiOf(item: unknown): string {
  const imei = typeof item === 'object' && item !== null && 'imei' in item ? item.imei : '';
  return typeof imei === 'string' || typeof imei === 'number' ? String(imei).slice(0, IMEI_SHOWN_MAX) : '';
}

export function refusedZone(zone: string | undefined): string | undefined {
  if (zone === undefined || zone === '' || isZone(zone)) return undefined;
  return `timeZone: given ${JSON.stringify(zone)}, accepted: a name of the tz database like Europe/Berlin.`;
}

type Fields = Omit<DeviceImport, 'imei'> & {
  readonly psk?: { readonly identity: string; readonly key: string } | null;
  readonly ddiToken?: string;
};

export function lineOf({ psk, ddiToken, ...fields }: Fields, imei: Imei): Line {
  const line: DeviceImport = { ...fields, imei };
  if (psk === undefined && ddiToken === undefined) return { line };
  return {
    line,
    secrets: {
      ...(psk === undefined ? {} : { pskIdentity: psk?.identity ?? '', pskKey: psk?.key.toLowerCase() ?? '' }),
      ...(ddiToken === undefined ? {} : { ddiToken }),
    },
  };
}

const BATCH_MAX = 500;
const STALE_TRIES_MAX = 8;

/** Stores the lines, or with `dryRun` only judges them; the rejected ones. */
export async function storeLines(
  account: Account,
  lines: readonly Line[],
  dryRun: boolean,
  context: ApiContext,
): Promise<readonly Rejected[]> {
  const refused: Rejected[] = [];
  for (const batch of batches(lines)) refused.push(...(await storeBatch(account, batch, dryRun, context)));
  return refused;
}

/** A device that is there twice is in two batches, so that its lines are applied in their order. */
function* batches(lines: readonly Line[]): Generator<readonly Line[]> {
  let batch = new Map<Imei, Line>();
  for (const one of lines) {
    if (batch.size === BATCH_MAX || batch.has(one.line.imei)) {
      yield [...batch.values()];
      batch = new Map();
    }
    batch.set(one.line.imei, one);
  }
  if (batch.size > 0) yield [...batch.values()];
}

async function storeBatch(
  account: Account,
  batch: readonly Line[],
  dryRun: boolean,
  context: ApiContext,
): Promise<readonly Rejected[]> {
  const refused: Rejected[] = [];
  let open = batch;
  for (let tries = 0; tries < STALE_TRIES_MAX && open.length > 0; tries += 1) {
    const stored = await context.store.devicesByImei(
      account.name,
      open.map(({ line }) => line.imei),
    );
    const accepted = judge(account, open, stored, refused, context);
    if (dryRun) {
      refused.push(...(await clashes(account, accepted, context)));
      return refused;
    }
    const results = await context.store.writeDevices(accepted.map(({ write }) => write));
    for (const [index, { one }] of accepted.entries()) {
      if (results[index] === 'taken') refused.push(identityTaken(one));
    }
    open = accepted.filter((_, index) => results[index] === 'stale').map(({ one }) => one);
  }
  const busy = errorBody('SERVER_BUSY', { work: 'another change of this device', seconds: 1 });
  refused.push(...open.map(({ line }) => rejected(line.imei, busy)));
  return refused;
}

interface AcceptedLine {
  readonly one: Line;
  readonly write: DeviceWrite;
}

function judge(
  account: Account,
  lines: readonly Line[],
  stored: ReadonlyMap<Imei, Device>,
  refused: Rejected[],
  { clock }: ApiContext,
): readonly AcceptedLine[] {
  const accepted: AcceptedLine[] = [];
  for (const one of lines) {
    const result = importDevice(account.name, one.line, stored.get(one.line.imei), clock.now());
    if (!result.ok) {
      refused.push(rejectedFor(one.line.imei, result.sentence));
      continue;
    }
    const { device, isNew } = result;
    accepted.push({
      one,
      write: { device, isNew, ...(one.secrets === undefined ? {} : { secrets: one.secrets }) },
    });
  }
  return accepted;
}

/** engine.md §9: the answer does not tell whose identity it is. */
const identityTaken = ({ line }: Line): Rejected =>
  rejected(line.imei, errorBody('DEVICE_IDENTITY_TAKEN', { imei: line.imei }));

async function clashes(
  account: Account,
  accepted: readonly AcceptedLine[],
  { store }: ApiContext,
): Promise<readonly Rejected[]> {
  const found: Rejected[] = [];
  for (const { one } of accepted) {
    const identity = one.secrets?.pskIdentity ?? '';
    const owner = identity === '' ? undefined : await store.lookUp('psk', identity);
    if (owner !== undefined && (owner.account !== account.name || owner.imei !== one.line.imei)) {
      found.push(identityTaken(one));
    }
  }
  return found;
}

// SenML packs (RFC 8428) as LwM2M uses them (TS 1.1 §7.4): what a record says once its base values are worked in.

import { LIMITS } from './limits.ts';

export type SenmlValue =
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'opaque'; readonly value: Uint8Array }
  /** An object link, `object:instance` (LwM2M TS 1.1 C.2.9). */
  | { readonly kind: 'link'; readonly value: string };

export interface SenmlRecord {
  /** Base name and name in one, for example `/3/0/3`. */
  readonly path: string;
  /** Absent from records that only name something, as in a request for several paths. */
  readonly value?: SenmlValue;
  /** Seconds; below 2^28 they count from now (RFC 8428 §4.5.3). */
  readonly time?: number;
}

export type SenmlFailure = 'too_large' | 'nesting' | 'too_many_records' | 'malformed' | 'unsupported';
export type SenmlDecoded =
  | { readonly ok: true; readonly records: readonly SenmlRecord[] }
  | { readonly ok: false; readonly reason: SenmlFailure };

/** One record as it was written, by the names that SenML JSON has for its fields; opaque values are bytes already. */
export type RawRecord = ReadonlyMap<string, unknown>;

/** RFC 8428 §4.4: packs of this version or an older one are understood. */
const VERSION = 10;
const VALUE_FIELDS = ['v', 'vs', 'vb', 'vd', 'vlo'] as const;
/** `object`, or `object/instance` and so on down to the instance of a resource. */
const PATH = /^\/(?:\d{1,5}(?:\/\d{1,5}){0,3})?$/;

interface Base {
  name: string;
  time: number | undefined;
  number: number | bigint;
}

/** Works the base values in (RFC 8428 §4.6). Never throws. */
export function resolveRecords(raws: readonly RawRecord[]): SenmlDecoded {
  if (raws.length > LIMITS.senmlRecordsMax) return { ok: false, reason: 'too_many_records' };
  const base: Base = { name: '', time: undefined, number: 0 };
  const records: SenmlRecord[] = [];
  for (const raw of raws) {
    const failure = takeBases(raw, base) ?? addRecord(raw, base, records);
    if (failure !== undefined) return { ok: false, reason: failure };
  }
  return { ok: true, records };
}

function takeBases(raw: RawRecord, base: Base): SenmlFailure | undefined {
  const version = raw.get('bver');
  if (version !== undefined && !(typeof version === 'number' && version <= VERSION)) return 'unsupported';
  // RFC 8428 §4.4: a field whose name ends so must be understood or the pack be refused.
  for (const name of raw.keys()) if (name.endsWith('_')) return 'unsupported';
  const [name, time, number] = [raw.get('bn'), raw.get('bt'), raw.get('bv')];
  if (name !== undefined && typeof name !== 'string') return 'malformed';
  if (time !== undefined && typeof time !== 'number') return 'malformed';
  if (number !== undefined && !isNumber(number)) return 'malformed';
  base.name = name ?? base.name;
  base.time = time ?? base.time;
  base.number = number ?? base.number;
  return undefined;
}

function addRecord(raw: RawRecord, base: Base, records: SenmlRecord[]): SenmlFailure | undefined {
  const [name = '', time] = [raw.get('n'), raw.get('t')];
  if (typeof name !== 'string' || (time !== undefined && typeof time !== 'number')) return 'malformed';
  const fields = VALUE_FIELDS.filter((field) => raw.has(field));
  if (fields.length > 1) return 'malformed';
  const [field] = fields;
  // A record of nothing but base values says nothing by itself.
  if (field === undefined && !raw.has('n')) return undefined;
  const path = pathFrom(base.name + name);
  if (path === undefined) return 'malformed';
  const value = field === undefined ? undefined : senmlValue(field, raw.get(field), base.number);
  if (field !== undefined && value === undefined) return 'malformed';
  const at = time === undefined ? base.time : (base.time ?? 0) + time;
  records.push({ path, ...(value === undefined ? {} : { value }), ...(at === undefined ? {} : { time: at }) });
  return undefined;
}

/** A slash in front may be missing, one at the end too many. */
function pathFrom(name: string): string | undefined {
  if (name.length > LIMITS.senmlNameCharactersMax) return undefined;
  const bare = name.replace(/^\//, '').replace(/\/$/, '');
  const path = `/${bare}`;
  return PATH.test(path) ? path : undefined;
}

function senmlValue(
  field: (typeof VALUE_FIELDS)[number],
  given: unknown,
  base: number | bigint,
): SenmlValue | undefined {
  switch (field) {
    case 'v':
      return isNumber(given) ? { kind: 'number', value: sum(base, given) } : undefined;
    case 'vs':
      return typeof given === 'string' ? { kind: 'text', value: given } : undefined;
    case 'vb':
      return typeof given === 'boolean' ? { kind: 'boolean', value: given } : undefined;
    case 'vd':
      return given instanceof Uint8Array ? { kind: 'opaque', value: given } : undefined;
    case 'vlo':
      return typeof given === 'string' && /^\d{1,5}:\d{1,5}$/.test(given) ? { kind: 'link', value: given } : undefined;
  }
}

const isNumber = (given: unknown): given is number | bigint =>
  typeof given === 'bigint' || (typeof given === 'number' && Number.isFinite(given));

function sum(base: number | bigint, value: number | bigint): number | bigint {
  if (base === 0) return value;
  if (typeof base === 'bigint' && typeof value === 'bigint') return base + value;
  return Number(base) + Number(value);
}

/** Records as they are to be written: the path that all share once, as base name, the rest as names. */
export function rawRecords(records: readonly SenmlRecord[], base: string): readonly RawRecord[] {
  return records.map((record, index) => {
    const raw = new Map<string, unknown>();
    if (index === 0 && base !== '') raw.set('bn', base);
    const name = record.path.startsWith(base) ? record.path.slice(base.length) : record.path;
    if (name !== '') raw.set('n', name);
    if (record.time !== undefined) raw.set('t', record.time);
    if (record.value !== undefined) raw.set(FIELD_OF[record.value.kind], record.value.value);
    return raw;
  });
}

const FIELD_OF: Readonly<Record<SenmlValue['kind'], (typeof VALUE_FIELDS)[number]>> = {
  number: 'v',
  text: 'vs',
  boolean: 'vb',
  opaque: 'vd',
  link: 'vlo',
};

/** `/5/0/` of `/5/0/1` and `/5/0/3`: what all paths begin with, up to a slash. */
export function commonBase(records: readonly SenmlRecord[]): string {
  const [first, ...rest] = records;
  if (first === undefined) return '';
  let base = first.path.slice(0, first.path.lastIndexOf('/') + 1);
  for (const { path } of rest) {
    while (!path.startsWith(base)) base = base.slice(0, base.lastIndexOf('/', base.length - 2) + 1);
  }
  return base;
}

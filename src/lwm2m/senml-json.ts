// SenML JSON (content format 110) and the JSON of LwM2M 1.0 (11543): text to records and back, bounded before it is parsed.

import { base64urlOf, bytesOfBase64url } from './base64.ts';
import { LIMITS } from './limits.ts';
import {
  commonBase,
  type RawRecord,
  rawRecords,
  resolveRecords,
  type SenmlDecoded,
  type SenmlFailure,
  type SenmlRecord,
} from './senml.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

/** Never throws, whatever the bytes are. */
export function decodeSenmlJson(bytes: Uint8Array): SenmlDecoded {
  const parsed = parseBounded(bytes);
  if (typeof parsed === 'string') return { ok: false, reason: parsed };
  const raws = recordsIn(parsed.value);
  return raws === undefined ? { ok: false, reason: 'malformed' } : resolveRecords(raws);
}

/** LwM2M TS 1.0 §6.4.4: one object with a base name, and its entries under `e` with value fields of their own names. */
export function decodeOldJson(bytes: Uint8Array): SenmlDecoded {
  const parsed = parseBounded(bytes);
  if (typeof parsed === 'string') return { ok: false, reason: parsed };
  const whole = fieldsOf(parsed.value);
  const entries = recordsIn(whole?.get('e'), OLD_FIELDS);
  if (whole === undefined || entries === undefined) return { ok: false, reason: 'malformed' };
  const head = new Map([...whole].filter(([name]) => name === 'bn' || name === 'bt'));
  return resolveRecords([head, ...entries]);
}

export function encodeSenmlJson(records: readonly SenmlRecord[]): Uint8Array {
  const raws = rawRecords(records, commonBase(records));
  const plain = raws.map((raw) => Object.fromEntries([...raw].map(([name, value]) => [name, jsonValue(value)])));
  return utf8Bytes(JSON.stringify(plain));
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64urlOf(value);
  return typeof value === 'bigint' ? Number(value) : value;
}

const OLD_FIELDS: ReadonlyMap<string, string> = new Map([
  ['sv', 'vs'],
  ['bv', 'vb'],
  ['ov', 'vlo'],
]);

/** Looks at size, depth and number of records first, so that nothing large is ever built. */
function parseBounded(bytes: Uint8Array): { readonly value: unknown } | SenmlFailure {
  if (bytes.length > LIMITS.senmlBytesMax) return 'too_large';
  const failure = outOfShape(bytes);
  if (failure !== undefined) return failure;
  try {
    return { value: JSON.parse(utf8Text(bytes)) };
  } catch {
    return 'malformed';
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: readonly number[] = [0x5b, 0x7b];
const CLOSING: readonly number[] = [0x5d, 0x7d];

function outOfShape(bytes: Uint8Array): SenmlFailure | undefined {
  let depth = 0;
  let opened = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.includes(byte)) {
      depth += 1;
      opened += 1;
      if (depth > LIMITS.senmlDepthMax) return 'nesting';
      // Beside the records there are the array around them and, in the older form, the object around that.
      if (opened > LIMITS.senmlRecordsMax + 2) return 'too_many_records';
    } else if (CLOSING.includes(byte)) depth -= 1;
  }
  return undefined;
}

function recordsIn(given: unknown, renamed: ReadonlyMap<string, string> = new Map()): RawRecord[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const raws: RawRecord[] = [];
  for (const one of given as readonly unknown[]) {
    const fields = fieldsOf(one);
    if (fields === undefined) return undefined;
    const raw = new Map<string, unknown>();
    for (const [name, value] of fields) {
      const field = renamed.get(name) ?? name;
      raw.set(field, field === 'vd' && typeof value === 'string' ? (bytesOfBase64url(value) ?? null) : value);
    }
    raws.push(raw);
  }
  return raws;
}

function fieldsOf(given: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  return new Map(Object.entries(given));
}

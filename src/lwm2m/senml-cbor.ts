// SenML CBOR (content format 112): bytes to records and back, bounded before they are decoded.

import { decode, encode } from 'cborg';
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

/** RFC 8428 §6, table 4. Object links keep their name (LwM2M TS 1.1 §7.4.5). */
const LABELS: Readonly<Record<string, number>> = {
  bver: -1,
  bn: -2,
  bt: -3,
  bu: -4,
  bv: -5,
  bs: -6,
  n: 0,
  u: 1,
  v: 2,
  vs: 3,
  vb: 4,
  s: 5,
  t: 6,
  ut: 7,
  vd: 8,
};
const NAMES: ReadonlyMap<unknown, string> = new Map(Object.entries(LABELS).map(([name, label]) => [label, name]));
const DECIMAL_FRACTION = 4;

/** Never throws, whatever the bytes are. */
export function decodeSenmlCbor(bytes: Uint8Array): SenmlDecoded {
  if (bytes.length > LIMITS.senmlBytesMax) return { ok: false, reason: 'too_large' };
  const failure = outOfShape(bytes);
  if (failure !== undefined) return { ok: false, reason: failure };
  let given: unknown;
  try {
    given = decode(bytes, {
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: { [DECIMAL_FRACTION]: (inner) => decimalFraction(inner()) },
    });
  } catch {
    return { ok: false, reason: 'malformed' };
  }
  const raws = recordsIn(given);
  return raws === undefined ? { ok: false, reason: 'malformed' } : resolveRecords(raws);
}

export function encodeSenmlCbor(records: readonly SenmlRecord[]): Uint8Array {
  const raws = rawRecords(records, commonBase(records));
  return encode(raws.map((raw) => new Map([...raw].map(([name, value]) => [LABELS[name] ?? name, value]))));
}

function recordsIn(given: unknown): RawRecord[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const raws: RawRecord[] = [];
  for (const one of given as readonly unknown[]) {
    if (!(one instanceof Map)) return undefined;
    const raw = new Map<string, unknown>();
    for (const [label, value] of one as ReadonlyMap<unknown, unknown>) {
      const name = NAMES.get(label) ?? (typeof label === 'string' ? label : undefined);
      // RFC 8428 §4.4: labels that are not known are passed over.
      if (name !== undefined) raw.set(name, value);
    }
    raws.push(raw);
  }
  return raws;
}

/** RFC 8949 §3.4.4: the exponent of ten, then the mantissa. */
function decimalFraction(given: unknown): unknown {
  const [exponent, mantissa] = Array.isArray(given) ? (given as readonly unknown[]) : [];
  if (typeof exponent !== 'number' || (typeof mantissa !== 'number' && typeof mantissa !== 'bigint')) return null;
  return Number(`${mantissa}e${exponent}`);
}

const MAJOR = { BYTES: 2, TEXT: 3, ARRAY: 4, MAP: 5, TAG: 6, SIMPLE: 7 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;
const ITEMS_PER_RECORD = 24;

/** Walks over the heads of all items without a call for each level; only their shape is looked at (RFC 8949 §3). */
function outOfShape(bytes: Uint8Array): SenmlFailure | undefined {
  /** Items that are still to come on each level. */
  const open: number[] = [1];
  const itemsMax = LIMITS.senmlRecordsMax * ITEMS_PER_RECORD;
  let at = 0;
  let isTagged = false;
  for (let items = 0; open.length > 0; items += 1) {
    const left = open.pop() ?? 0;
    if (left === 0) continue;
    if (at >= bytes.length) return 'malformed';
    if (items > itemsMax) return 'too_many_records';
    if (bytes[at] === BREAK) {
      if (left !== Number.POSITIVE_INFINITY) return 'malformed';
      at += 1;
      continue;
    }
    const head = headAt(bytes, at);
    if (head === undefined) return 'malformed';
    // A tag is no item: the one that it speaks of follows, and that is not a tag again.
    const isTag = head.major === MAJOR.TAG;
    if (isTag && isTagged) return 'nesting';
    isTagged = isTag;
    open.push(isTag ? left : left - 1);
    at = head.next + head.bytes;
    if (head.items !== undefined) open.push(head.items);
    if (open.length > LIMITS.senmlDepthMax + 1) return 'nesting';
  }
  return at === bytes.length ? undefined : 'malformed';
}

interface Head {
  readonly major: number;
  readonly next: number;
  /** Bytes of its content. */
  readonly bytes: number;
  /** Items inside it; absent where nothing is inside. */
  readonly items: number | undefined;
}

function headAt(bytes: Uint8Array, at: number): Head | undefined {
  const first = bytes[at] ?? 0;
  const major = first >> 5;
  const info = first & 31;
  const argumentBytes = info < 24 ? 0 : info === INDEFINITE ? 0 : info > 27 ? undefined : 2 ** (info - 24);
  if (argumentBytes === undefined || at + 1 + argumentBytes > bytes.length) return undefined;
  let argument = info < 24 ? info : 0;
  for (let place = 0; place < argumentBytes; place += 1) argument = argument * 256 + (bytes[at + 1 + place] ?? 0);
  const next = at + 1 + argumentBytes;
  const isOpen = info === INDEFINITE;
  switch (major) {
    case MAJOR.BYTES:
    case MAJOR.TEXT:
      // A text in pieces fits into no field here.
      return isOpen || next + argument > bytes.length ? undefined : { major, next, bytes: argument, items: undefined };
    case MAJOR.ARRAY:
      return { major, next, bytes: 0, items: isOpen ? Number.POSITIVE_INFINITY : argument };
    case MAJOR.MAP:
      return { major, next, bytes: 0, items: isOpen ? Number.POSITIVE_INFINITY : 2 * argument };
    default:
      return isOpen ? undefined : { major, next, bytes: 0, items: undefined };
  }
}

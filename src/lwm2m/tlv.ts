// The TLV form of LwM2M objects (LwM2M TS 1.0 §6.4.3): entries to bytes and back, bounds-checked.

import { LIMITS } from './limits.ts';

export type TlvEntry =
  | { readonly kind: 'resource' | 'resource_instance'; readonly id: number; readonly value: Uint8Array }
  | { readonly kind: 'instance' | 'multiple'; readonly id: number; readonly entries: readonly TlvEntry[] };

export type TlvDecoded =
  | { readonly ok: true; readonly entries: readonly TlvEntry[] }
  | { readonly ok: false; readonly reason: 'truncated' | 'nesting' | 'too_many_entries' };

const KINDS = ['instance', 'resource_instance', 'multiple', 'resource'] as const;
type Kind = (typeof KINDS)[number];

/** What may stand inside what; anything may stand at the top. */
const INSIDE: Readonly<Record<'instance' | 'multiple', readonly Kind[]>> = {
  instance: ['resource', 'multiple'],
  multiple: ['resource_instance'],
};

interface Reader {
  readonly bytes: Uint8Array;
  entriesLeft: number;
}

/** Never throws, whatever the bytes are. */
export function decodeTlv(bytes: Uint8Array): TlvDecoded {
  const entries = readEntries({ bytes, entriesLeft: LIMITS.tlvEntriesMax }, 0, bytes.length, KINDS);
  return typeof entries === 'string' ? { ok: false, reason: entries } : { ok: true, entries };
}

type Failure = 'truncated' | 'nesting' | 'too_many_entries';

function readEntries(reader: Reader, from: number, to: number, allowed: readonly Kind[]): TlvEntry[] | Failure {
  const entries: TlvEntry[] = [];
  let offset = from;
  while (offset < to) {
    const head = reader.bytes[offset] ?? 0;
    const kind = KINDS[head >> 6] ?? 'resource';
    const idBytes = (head & 0x20) === 0 ? 1 : 2;
    const lengthBytes = (head >> 3) & 3;
    const valueAt = offset + 1 + idBytes + lengthBytes;
    if (valueAt > to) return 'truncated';
    const id = uintAt(reader.bytes, offset + 1, idBytes);
    const length = lengthBytes === 0 ? head & 7 : uintAt(reader.bytes, offset + 1 + idBytes, lengthBytes);
    const end = valueAt + length;
    if (end > to) return 'truncated';
    if (!allowed.includes(kind)) return 'nesting';
    reader.entriesLeft -= 1;
    if (reader.entriesLeft < 0) return 'too_many_entries';
    if (kind === 'instance' || kind === 'multiple') {
      const inner = readEntries(reader, valueAt, end, INSIDE[kind]);
      if (typeof inner === 'string') return inner;
      entries.push({ kind, id, entries: inner });
    } else {
      entries.push({ kind, id, value: reader.bytes.subarray(valueAt, end) });
    }
    offset = end;
  }
  return entries;
}

function uintAt(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let place = offset; place < offset + length; place += 1) value = value * 256 + (bytes[place] ?? 0);
  return value;
}

export function encodeTlv(entries: readonly TlvEntry[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const entry of entries) {
    const value = 'value' in entry ? entry.value : encodeTlv(entry.entries);
    chunks.push(headOf(entry.kind, entry.id, value.length), value);
  }
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function headOf(kind: Kind, id: number, length: number): Uint8Array {
  const lengthBytes = length < 8 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const first = (KINDS.indexOf(kind) << 6) | (id > 0xff ? 0x20 : 0) | (lengthBytes << 3) | (length < 8 ? length : 0);
  const head = [first];
  if (id > 0xff) head.push(id >> 8);
  head.push(id & 0xff);
  for (let place = lengthBytes - 1; place >= 0; place -= 1) head.push((length >> (8 * place)) & 0xff);
  return Uint8Array.from(head);
}

/** A signed whole number of 1, 2, 4 or 8 bytes; `undefined` for any other length or beyond what a number can hold. */
export function tlvInteger(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 1:
      return view.getInt8(0);
    case 2:
      return view.getInt16(0);
    case 4:
      return view.getInt32(0);
    case 8: {
      const value = Number(view.getBigInt64(0));
      return Number.isSafeInteger(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** The shortest of the four forms. */
export function tlvIntegerBytes(value: number): Uint8Array {
  const fits = (bits: number) => value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);
  const view = new DataView(new ArrayBuffer(fits(8) ? 1 : fits(16) ? 2 : fits(32) ? 4 : 8));
  if (view.byteLength === 1) view.setInt8(0, value);
  else if (view.byteLength === 2) view.setInt16(0, value);
  else if (view.byteLength === 4) view.setInt32(0, value);
  else view.setBigInt64(0, BigInt(value));
  return new Uint8Array(view.buffer);
}

// Records: finding them in a datagram, writing them in the clear (RFC 6347 §4.1, RFC 9146 §4).

import { NOTHING, readUint, writeUint } from './bytes.ts';

export const CONTENT = {
  CHANGE_CIPHER_SPEC: 20,
  ALERT: 21,
  HANDSHAKE: 22,
  APPLICATION_DATA: 23,
  /** The type on the outside of a record that bears a Connection ID. */
  CID: 25,
} as const;

export const DTLS_1_2 = 0xfefd;
/** RFC 6347 §4.2.1: what a HelloVerifyRequest names, whatever will be spoken. */
export const DTLS_1_0 = 0xfeff;
export const SEQUENCE_MAX = 2 ** 48 - 1;
export const HEADER_BYTES = 13;
const SEQUENCE_AT = 5;
const CID_AT = 11;
/** RFC 5246 §6.2.3: no protected record is longer. */
const FRAGMENT_BYTES_MAX = 16_384 + 2_048;

export interface DtlsRecord {
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly cid: Uint8Array;
  readonly fragment: Uint8Array;
  /** Bytes of the whole record. */
  readonly size: number;
}

/** The record that begins at `offset`; undefined when what is there is none, which spoils the rest of the datagram. */
export function recordAt(bytes: Uint8Array, offset: number, cidBytes: number): DtlsRecord | undefined {
  const type = bytes[offset] ?? 0;
  if (type < CONTENT.CHANGE_CIPHER_SPEC || type > CONTENT.CID) return undefined;
  const header = type === CONTENT.CID ? HEADER_BYTES + cidBytes : HEADER_BYTES;
  if (offset + header > bytes.length) return undefined;
  const version = readUint(bytes, offset + 1, 2);
  if (version !== DTLS_1_2 && version !== DTLS_1_0) return undefined;
  const length = readUint(bytes, offset + header - 2, 2);
  const size = header + length;
  if (length > FRAGMENT_BYTES_MAX || offset + size > bytes.length) return undefined;
  return {
    type,
    version,
    epoch: readUint(bytes, offset + 3, 2),
    sequence: readUint(bytes, offset + SEQUENCE_AT, 6),
    cid: type === CONTENT.CID ? bytes.subarray(offset + CID_AT, offset + CID_AT + cidBytes) : NOTHING,
    fragment: bytes.subarray(offset + header, offset + size),
    size,
  };
}

/** For a record that has to wait: a view would keep the whole datagram alive, however small the record in it. */
export const copyOf = (record: DtlsRecord): DtlsRecord => ({
  ...record,
  cid: record.cid.slice(),
  fragment: record.fragment.slice(),
});

export interface RecordHeader {
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
  readonly sequence: number;
}

/** Room for a record with its header filled in; the fragment begins behind the header. */
export function newRecord(header: RecordHeader, cid: Uint8Array, fragmentBytes: number): Uint8Array {
  const head = HEADER_BYTES + cid.length;
  const bytes = new Uint8Array(head + fragmentBytes);
  bytes[0] = header.type;
  writeUint(bytes, 1, 2, header.version);
  writeUint(bytes, 3, 2, header.epoch);
  writeUint(bytes, SEQUENCE_AT, 6, header.sequence);
  bytes.set(cid, CID_AT);
  writeUint(bytes, head - 2, 2, fragmentBytes);
  return bytes;
}

/** A record of epoch 0. */
export function plainRecord(type: number, sequence: number, body: Uint8Array, version = DTLS_1_2): Uint8Array {
  const bytes = newRecord({ type, version, epoch: 0, sequence }, NOTHING, body.length);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

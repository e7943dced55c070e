// Seals and opens the records of epoch 1, with and without a Connection ID (RFC 6347 §4.1.2, RFC 6655 §3, RFC 9146 §5).

import { writeUint } from './bytes.ts';
import type { AeadKey } from './crypto.ts';
import {
  CONTENT,
  DTLS_1_2,
  type DtlsRecord,
  HEADER_BYTES,
  newRecord,
  type RecordHeader,
  SEQUENCE_MAX,
} from './record.ts';
import { ReplayWindow } from './replay.ts';

export const EPOCH = 1;
const EXPLICIT_NONCE_BYTES = 8;
const SALT_BYTES = 4;
const NONCE_BYTES = SALT_BYTES + EXPLICIT_NONCE_BYTES;
const PLAINTEXT_BYTES_MAX = 16_384;
/** RFC 9146 §5: eight bytes of ones, type, length of the CID, type, version, epoch, sequence, CID, length. */
const CID_ADDITIONAL_BYTES = 23;
const ADDITIONAL_BYTES = 13;

export interface KeyAndSalt {
  readonly key: AeadKey;
  /** The implicit part of the nonce. */
  readonly salt: Uint8Array;
  readonly tagBytes: number;
}

export class Sealer {
  readonly #keys: KeyAndSalt;
  /** What the peer wants to see in front of its records; empty when it wants nothing. */
  readonly #cid: Uint8Array;
  /** RFC 9146 §4: zeros behind the content up to a multiple of this hide its length; 1 adds none. */
  readonly #padTo: number;
  #sequence = 0;

  constructor(keys: KeyAndSalt, cid: Uint8Array, padTo = 1) {
    this.#keys = keys;
    this.#cid = cid;
    this.#padTo = padTo;
  }

  get exhausted(): boolean {
    return this.#sequence > SEQUENCE_MAX;
  }

  seal(type: number, content: Uint8Array): Uint8Array {
    const cid = this.#cid;
    const plaintext = cid.length === 0 ? content : this.#inner(type, content);
    const sequence = this.#sequence;
    this.#sequence += 1;
    const header = { type: cid.length === 0 ? type : CONTENT.CID, version: DTLS_1_2, epoch: EPOCH, sequence };
    const bytes = newRecord(header, cid, EXPLICIT_NONCE_BYTES + plaintext.length + this.#keys.tagBytes);
    const nonceAt = HEADER_BYTES + cid.length;
    writeUint(bytes, nonceAt, 2, EPOCH);
    writeUint(bytes, nonceAt + 2, 6, sequence);
    const nonce = nonceOf(this.#keys.salt, bytes, nonceAt);
    const additional = additionalOf(header, cid, plaintext.length);
    this.#keys.key.seal(nonce, additional, plaintext, bytes, nonceAt + EXPLICIT_NONCE_BYTES);
    return bytes;
  }

  /** DTLSInnerPlaintext: content, its true type, zeros. */
  #inner(type: number, content: Uint8Array): Uint8Array {
    const size = Math.min(PLAINTEXT_BYTES_MAX, Math.ceil((content.length + 1) / this.#padTo) * this.#padTo);
    innerScratch.set(content);
    innerScratch[content.length] = type;
    innerScratch.fill(0, content.length + 1, size);
    return innerScratch.subarray(0, size);
  }
}

export interface Opened {
  /** The true type; 0 where the sender has hidden none, which is his mistake. */
  readonly type: number;
  readonly content: Uint8Array;
  /** Newer than every record before it. */
  readonly newest: boolean;
}

export class Opener {
  readonly #keys: KeyAndSalt;
  readonly #window = new ReplayWindow();

  constructor(keys: KeyAndSalt) {
    this.#keys = keys;
  }

  /** A record is opened once: a repetition is told apart from a forgery, and neither leaves a trace. */
  open(record: DtlsRecord): Opened | 'replayed' | 'forged' {
    const { fragment, sequence } = record;
    if (!this.#window.isFresh(sequence)) return 'replayed';
    const size = fragment.length - EXPLICIT_NONCE_BYTES - this.#keys.tagBytes;
    if (size < 0 || size > PLAINTEXT_BYTES_MAX || record.version !== DTLS_1_2 || record.epoch !== EPOCH)
      return 'forged';
    const nonce = nonceOf(this.#keys.salt, fragment, 0);
    const additional = additionalOf(record, record.cid, size);
    const content = this.#keys.key.open(nonce, additional, fragment.subarray(EXPLICIT_NONCE_BYTES));
    if (content === undefined) return 'forged';
    const newest = sequence > this.#window.newest;
    this.#window.note(sequence);
    return record.type === CONTENT.CID ? innerOf(content, newest) : { type: record.type, content, newest };
  }
}

function innerOf(inner: Uint8Array, newest: boolean): Opened {
  let end = inner.length - 1;
  while (end > 0 && inner[end] === 0) end -= 1;
  return { type: inner[end] ?? 0, content: inner.subarray(0, Math.max(0, end)), newest };
}

/*
 * What goes into one call of the AEAD and is over with it is written to the same memory each time: at tens of thousands
 * of records in a second, making it afresh would cost more than the rest of the record's work.
 */
const nonceScratch = new Uint8Array(NONCE_BYTES);
const innerScratch = new Uint8Array(PLAINTEXT_BYTES_MAX);
/** By their length, for a view of a longer one would have to be made afresh, too. */
const additionalScratches: Uint8Array[] = [];

function nonceOf(salt: Uint8Array, explicit: Uint8Array, at: number): Uint8Array {
  for (let place = 0; place < SALT_BYTES; place += 1) nonceScratch[place] = salt[place] ?? 0;
  for (let place = 0; place < EXPLICIT_NONCE_BYTES; place += 1) {
    nonceScratch[SALT_BYTES + place] = explicit[at + place] ?? 0;
  }
  return nonceScratch;
}

function additionalScratch(length: number): Uint8Array {
  const known = additionalScratches[length];
  if (known !== undefined) return known;
  const made = new Uint8Array(length);
  additionalScratches[length] = made;
  return made;
}

/** What is authenticated with the plaintext of `length` bytes; good until the next call. */
export function additionalOf(outside: RecordHeader, cid: Uint8Array, length: number): Uint8Array {
  const { type, version, epoch, sequence } = outside;
  if (type !== CONTENT.CID) {
    const bytes = additionalScratch(ADDITIONAL_BYTES);
    writeUint(bytes, 0, 2, epoch);
    writeUint(bytes, 2, 6, sequence);
    bytes[8] = type;
    writeUint(bytes, 9, 2, version);
    writeUint(bytes, 11, 2, length);
    return bytes;
  }
  const bytes = additionalScratch(CID_ADDITIONAL_BYTES + cid.length);
  bytes.fill(0xff, 0, 8);
  bytes[8] = CONTENT.CID;
  bytes[9] = cid.length;
  bytes[10] = CONTENT.CID;
  writeUint(bytes, 11, 2, version);
  writeUint(bytes, 13, 2, epoch);
  writeUint(bytes, 15, 6, sequence);
  bytes.set(cid, 21);
  writeUint(bytes, 21 + cid.length, 2, length);
  return bytes;
}

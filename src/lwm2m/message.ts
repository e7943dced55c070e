// One CoAP message: bytes to values and back (RFC 7252 §3), bounds-checked, without a copy on the way in and with one allocation on the way out.

import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import type { Option } from './options.ts';

export const TYPE = { CON: 0, NON: 1, ACK: 2, RST: 3 } as const;
export type MessageType = (typeof TYPE)[keyof typeof TYPE];

/** What a request says, before it has a peer, an id and a token. */
export interface Request {
  readonly code: number;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

/** What a response says. A received `Message` can stand for it. */
export interface Response {
  readonly code: number;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

/** `token`, option values and `payload` of a parsed message are views of the datagram: its memory must not be reused. */
export interface Message {
  readonly type: MessageType;
  readonly code: number;
  readonly id: number;
  readonly token: Uint8Array;
  /** In ascending order of their numbers. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

export type ParseFailure =
  | 'too_short'
  | 'version'
  | 'token_length'
  | 'reserved_code'
  | 'empty_with_content'
  | 'option'
  | 'too_many_options'
  | 'payload_missing';

export type Parsed =
  | { readonly ok: true; readonly message: Message }
  /** `header` is there when the message can be answered with a Reset. */
  | { readonly ok: false; readonly reason: ParseFailure; readonly header?: { type: MessageType; id: number } };

export const NO_BYTES: Uint8Array = new Uint8Array(0);
export const NO_OPTIONS: readonly Option[] = [];
const PAYLOAD_MARKER = 0xff;
const HEADER_BYTES = 4;

const byteAt = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;

export function request(code: number, options: readonly Option[] = NO_OPTIONS, payload = NO_BYTES): Request {
  return { code, options, payload };
}

export function response(code: number, options: readonly Option[] = NO_OPTIONS, payload = NO_BYTES): Response {
  return { code, options, payload };
}

/** Reads the options into `into` and returns where the payload begins, or why there is none to begin. */
function parseOptions(bytes: Uint8Array, from: number, into: Option[]): number | ParseFailure {
  let offset = from;
  let number = 0;
  while (offset < bytes.length) {
    const head = byteAt(bytes, offset);
    offset += 1;
    if (head === PAYLOAD_MARKER) return offset < bytes.length ? offset : 'payload_missing';
    let delta = head >> 4;
    let length = head & 15;
    if (delta === 15 || length === 15) return 'option';
    if (delta === 13) {
      delta = 13 + byteAt(bytes, offset);
      offset += 1;
    } else if (delta === 14) {
      delta = 269 + ((byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1));
      offset += 2;
    }
    if (length === 13) {
      length = 13 + byteAt(bytes, offset);
      offset += 1;
    } else if (length === 14) {
      length = 269 + ((byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1));
      offset += 2;
    }
    number += delta;
    if (number > 0xffff || offset + length > bytes.length) return 'option';
    if (into.length >= LIMITS.optionsMax) return 'too_many_options';
    into.push({ number, value: length === 0 ? NO_BYTES : bytes.subarray(offset, offset + length) });
    offset += length;
  }
  return offset;
}

/** Never throws, whatever the bytes are. */
export function parse(bytes: Uint8Array): Parsed {
  if (bytes.length < HEADER_BYTES) return { ok: false, reason: 'too_short' };
  const first = byteAt(bytes, 0);
  // RFC 7252 §3: another version is ignored without an answer, so it gets no header here.
  if (first >> 6 !== 1) return { ok: false, reason: 'version' };
  const type = ((first >> 4) & 3) as MessageType;
  const code = byteAt(bytes, 1);
  const id = (byteAt(bytes, 2) << 8) | byteAt(bytes, 3);
  const tokenLength = first & 15;
  const tokenEnd = HEADER_BYTES + tokenLength;
  if (tokenLength > LIMITS.tokenBytesMax || tokenEnd > bytes.length) {
    return { ok: false, reason: 'token_length', header: { type, id } };
  }
  const codeClass = code >> 5;
  if (codeClass === 1 || codeClass > 5) return { ok: false, reason: 'reserved_code', header: { type, id } };
  if (code === 0) {
    if (bytes.length > HEADER_BYTES) return { ok: false, reason: 'empty_with_content', header: { type, id } };
    return { ok: true, message: { type, code, id, token: NO_BYTES, options: NO_OPTIONS, payload: NO_BYTES } };
  }
  const options: Option[] = [];
  const payloadAt = parseOptions(bytes, tokenEnd, options);
  if (typeof payloadAt === 'string') return { ok: false, reason: payloadAt, header: { type, id } };
  const token = tokenLength === 0 ? NO_BYTES : bytes.subarray(HEADER_BYTES, tokenEnd);
  const payload = payloadAt === bytes.length ? NO_BYTES : bytes.subarray(payloadAt);
  return { ok: true, message: { type, code, id, token, options, payload } };
}

const extensionBytes = (value: number): number => (value < 13 ? 0 : value < 269 ? 1 : 2);
const nibble = (value: number): number => (value < 13 ? value : value < 269 ? 13 : 14);

function writeExtension(into: Uint8Array, offset: number, value: number): number {
  if (value < 13) return offset;
  if (value < 269) {
    into[offset] = value - 13;
    return offset + 1;
  }
  into[offset] = (value - 269) >> 8;
  into[offset + 1] = (value - 269) & 0xff;
  return offset + 2;
}

function inOrder(options: readonly Option[]): readonly Option[] {
  let previous = 0;
  for (const option of options) {
    // The sort is stable: RFC 7252 §5.4.5 gives the order of a repeated option a meaning.
    if (option.number < previous) return options.toSorted((a, b) => a.number - b.number);
    previous = option.number;
  }
  return options;
}

const SHORT_BYTES_MAX = 16;

/** Byte by byte where setting up a copy would cost more than the copy. */
function put(from: Uint8Array, into: Uint8Array, offset: number): void {
  if (from.length > SHORT_BYTES_MAX) into.set(from, offset);
  else for (let place = 0; place < from.length; place += 1) into[offset + place] = from[place] ?? 0;
}

function writeOption(into: Uint8Array, offset: number, delta: number, value: Uint8Array): number {
  into[offset] = (nibble(delta) << 4) | nibble(value.length);
  const afterDelta = writeExtension(into, offset + 1, delta);
  const valueAt = writeExtension(into, afterDelta, value.length);
  put(value, into, valueAt);
  return valueAt + value.length;
}

function sizeOf(tokenLength: number, options: readonly Option[], payloadLength: number): number {
  let size = HEADER_BYTES + tokenLength + (payloadLength === 0 ? 0 : 1 + payloadLength);
  let previous = 0;
  for (const { number, value } of options) {
    size += 1 + extensionBytes(number - previous) + extensionBytes(value.length) + value.length;
    previous = number;
  }
  return size;
}

/** The same code without its explanation, or without anything, where it would otherwise be longer than this. */
export function fitted(answer: Response, tokenLength: number, bytesMax: number): Response {
  const { code, options, payload } = answer;
  if (sizeOf(tokenLength, inOrder(options), payload.length) <= bytesMax) return answer;
  return sizeOf(tokenLength, inOrder(options), 0) <= bytesMax ? response(code, options) : response(code);
}

const SLAB_BYTES = 64 * 1024;

/**
 * Memory for datagrams that are sent and forgotten at once, such as blocks: one large piece is cheaper than many small
 * ones. Nothing of it is used twice; a datagram that is kept has memory of its own.
 */
export class Slab {
  #bytes = NO_BYTES;
  #used = 0;

  take(size: number): Uint8Array {
    if (size > SLAB_BYTES) return new Uint8Array(size);
    if (this.#used + size > this.#bytes.length) {
      this.#bytes = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += size;
    return this.#bytes.subarray(from, from + size);
  }
}

export function encode(message: Message, slab?: Slab): Uint8Array {
  const { token, payload } = message;
  invariant(token.length <= LIMITS.tokenBytesMax, 'a token has at most eight bytes');
  const options = inOrder(message.options);
  const size = sizeOf(token.length, options, payload.length);
  const bytes = slab === undefined ? new Uint8Array(size) : slab.take(size);
  bytes[0] = 0x40 | (message.type << 4) | token.length;
  bytes[1] = message.code;
  bytes[2] = message.id >> 8;
  bytes[3] = message.id & 0xff;
  put(token, bytes, HEADER_BYTES);
  let offset = HEADER_BYTES + token.length;
  let previous = 0;
  for (const { number, value } of options) {
    offset = writeOption(bytes, offset, number - previous, value);
    previous = number;
  }
  if (payload.length > 0) {
    bytes[offset] = PAYLOAD_MARKER;
    bytes.set(payload, offset + 1);
  }
  return bytes;
}

/** An Empty message: an acknowledgement, a reset, or (as CON) a ping. */
export function encodeEmpty(type: MessageType, id: number): Uint8Array {
  return Uint8Array.of(0x40 | (type << 4), 0, id >> 8, id & 0xff);
}

// Handshake messages: their frame, their fragments, and the bodies that a PSK handshake has (RFC 5246 §7.4, RFC 6347 §4.2).

import { concat, NOTHING, Reader, uint, vector } from './bytes.ts';
import { DTLS_1_0, DTLS_1_2 } from './record.ts';

export const MESSAGE = {
  HELLO_REQUEST: 0,
  CLIENT_HELLO: 1,
  SERVER_HELLO: 2,
  HELLO_VERIFY_REQUEST: 3,
  SERVER_KEY_EXCHANGE: 12,
  SERVER_HELLO_DONE: 14,
  CLIENT_KEY_EXCHANGE: 16,
  FINISHED: 20,
} as const;

export const RANDOM_BYTES = 32;
const SESSION_ID_BYTES_MAX = 32;
export const VERIFY_DATA_BYTES = 12;
const NULL_COMPRESSION = 0;

export interface Message {
  readonly type: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** A message, or a part of it that begins at `offset`. */
export interface Fragment extends Message {
  /** Bytes of the whole message. */
  readonly length: number;
  readonly offset: number;
}

/** The fragments in one record; undefined when it holds something else. A record may hold several (RFC 6347 §4.2.3). */
export function parseFragments(bytes: Uint8Array): readonly Fragment[] | undefined {
  const reader = new Reader(bytes);
  const fragments: Fragment[] = [];
  while (reader.left > 0) {
    const type = reader.uint(1);
    const length = reader.uint(3);
    const sequence = reader.uint(2);
    const offset = reader.uint(3);
    const body = reader.bytes(reader.uint(3));
    if (!reader.ok || offset + body.length > length) return undefined;
    fragments.push({ type, length, sequence, offset, body });
  }
  return reader.done && fragments.length > 0 ? fragments : undefined;
}

/** The message in one piece, which is also the form in which it enters the transcript (RFC 6347 §4.2.6). */
export function encodeMessage({ type, sequence, body }: Message): Uint8Array {
  const length = uint(3, body.length);
  return concat(uint(1, type), length, uint(2, sequence), uint(3, 0), length, body);
}

/** Both hellos: type to content, in the order of arrival. */
export type Extensions = ReadonlyMap<number, Uint8Array>;

export interface ClientHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cookie: Uint8Array;
  readonly suites: readonly number[];
  readonly compressions: Uint8Array;
  readonly extensions: Extensions;
}

export interface ServerHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: Extensions;
}

export function parseClientHello(body: Uint8Array, extensionsMax: number): ClientHello | undefined {
  const reader = new Reader(body);
  const version = reader.uint(2);
  const random = reader.bytes(RANDOM_BYTES);
  const sessionId = reader.vector(1);
  const cookie = reader.vector(1);
  const suiteBytes = reader.vector(2);
  const compressions = reader.vector(1);
  const extensions = parseExtensions(reader, extensionsMax);
  if (!reader.done || extensions === undefined || sessionId.length > SESSION_ID_BYTES_MAX) return undefined;
  if (suiteBytes.length === 0 || suiteBytes.length % 2 !== 0 || compressions.length === 0) return undefined;
  const suites: number[] = [];
  for (const each = new Reader(suiteBytes); each.left > 0; ) suites.push(each.uint(2));
  return { version, random, sessionId, cookie, suites, compressions, extensions };
}

/** The part that a client repeats with the cookie unchanged (RFC 6347 §4.2.1): all but cookie and extensions. */
export function cookieBound(hello: ClientHello): Uint8Array {
  const suites = concat(...hello.suites.map((suite) => uint(2, suite)));
  const ends = concat(vector(1, hello.sessionId), vector(2, suites), vector(1, hello.compressions));
  return concat(uint(2, hello.version), hello.random, ends);
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  const suites = concat(...hello.suites.map((suite) => uint(2, suite)));
  return concat(
    uint(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    vector(1, hello.cookie),
    vector(2, suites),
    vector(1, hello.compressions),
    encodeExtensions(hello.extensions),
  );
}

export const offersNoCompression = (hello: ClientHello): boolean => hello.compressions.includes(NULL_COMPRESSION);

export function parseServerHello(body: Uint8Array, extensionsMax: number): ServerHello | undefined {
  const reader = new Reader(body);
  const version = reader.uint(2);
  const random = reader.bytes(RANDOM_BYTES);
  const sessionId = reader.vector(1);
  const suite = reader.uint(2);
  const compression = reader.uint(1);
  const extensions = parseExtensions(reader, extensionsMax);
  if (!reader.done || extensions === undefined || sessionId.length > SESSION_ID_BYTES_MAX) return undefined;
  return { version, random, sessionId, suite, compression, extensions };
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  return concat(
    uint(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    uint(2, hello.suite),
    uint(1, hello.compression),
    encodeExtensions(hello.extensions),
  );
}

/** Undefined when they are malformed, too many, or one stands there twice (RFC 5246 §7.4.1.4). */
function parseExtensions(reader: Reader, extensionsMax: number): Extensions | undefined {
  const extensions = new Map<number, Uint8Array>();
  if (!reader.ok || reader.left === 0) return extensions;
  const inside = new Reader(reader.vector(2));
  while (inside.left > 0) {
    const type = inside.uint(2);
    const content = inside.vector(2);
    if (extensions.has(type) || extensions.size >= extensionsMax) return undefined;
    extensions.set(type, content);
  }
  return inside.done ? extensions : undefined;
}

function encodeExtensions(extensions: Extensions): Uint8Array {
  if (extensions.size === 0) return NOTHING;
  const each = [...extensions].map(([type, content]) => concat(uint(2, type), vector(2, content)));
  return vector(2, concat(...each));
}

export function parseHelloVerifyRequest(body: Uint8Array): { readonly cookie: Uint8Array } | undefined {
  const reader = new Reader(body);
  const version = reader.uint(2);
  const cookie = reader.vector(1);
  return reader.done && (version === DTLS_1_0 || version === DTLS_1_2) ? { cookie } : undefined;
}

export const encodeHelloVerifyRequest = (cookie: Uint8Array): Uint8Array =>
  concat(uint(2, DTLS_1_0), vector(1, cookie));

/** ServerKeyExchange and ClientKeyExchange of RFC 4279 §2 are alike: one vector, a hint or an identity. */
export function parsePskMessage(body: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(body);
  const content = reader.vector(2);
  return reader.done ? content : undefined;
}

export const encodePskMessage = (content: Uint8Array): Uint8Array => vector(2, content);

// What a server asks of a device (LwM2M TS 1.0 §5.4 and §5.5, 1.1 §6.3 and §6.4): each command as one request, and what answers hold.

import { CODE } from './codes.ts';
import { type Link, parseLinks } from './linkformat.ts';
import { type Request, request } from './message.ts';
import { OBSERVE_BEGIN, OBSERVE_END } from './observe.ts';
import { CONTENT_FORMAT, OPTION, type Option, pathOptions, textOption, uintOption } from './options.ts';
import type { SenmlRecord, SenmlValue } from './senml.ts';
import { encodeSenmlCbor } from './senml-cbor.ts';
import { encodeSenmlJson } from './senml-json.ts';
import { encodeTlv, type TlvEntry, tlvIntegerBytes } from './tlv.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

/** `root` is the path prefix that a device registered with, nearly always ''. */
export interface At {
  readonly root?: string;
  readonly accept?: number;
}

const target = (path: string, root = ''): Option[] => pathOptions(root + path);
const accepting = (format: number | undefined): Option[] =>
  format === undefined ? [] : [uintOption(OPTION.ACCEPT, format)];

export function readRequest(path: string, { root, accept }: At = {}): Request {
  return request(CODE.GET, [...target(path, root), ...accepting(accept)]);
}

export function observeRequest(path: string, { root, accept }: At = {}): Request {
  return request(CODE.GET, [OBSERVE_BEGIN, ...target(path, root), ...accepting(accept)]);
}

/** Sent with the token of the relation (RFC 7641 §3.6); the path and the format are those of its beginning. */
export function stopObservingRequest(path: string, { root, accept }: At = {}): Request {
  return request(CODE.GET, [OBSERVE_END, ...target(path, root), ...accepting(accept)]);
}

/** Which instances and resources there are, with their attributes; devices may answer 5.01 (devices.md). */
export function discoverRequest(path: string, { root }: At = {}): Request {
  return readRequest(path, { accept: CONTENT_FORMAT.LINK_FORMAT, ...(root === undefined ? {} : { root }) });
}

/** `undefined` when the list cannot be read. Targets begin with what the device registered as its root. */
export function discovered(payload: Uint8Array, root = ''): readonly Link[] | undefined {
  const parsed = parseLinks(utf8Text(payload));
  if (!parsed.ok) return undefined;
  return parsed.links
    .filter(({ target }) => target.startsWith(`${root}/`))
    .map((link) => ({ ...link, target: link.target.slice(root.length) }));
}

/** Replaces what is there. */
export function writeRequest(path: string, { format, bytes }: Written, root = ''): Request {
  return request(CODE.PUT, [...target(path, root), uintOption(OPTION.CONTENT_FORMAT, format)], bytes);
}

/** Adds to an instance or changes single resources of it (Write with the partial update mechanism). */
export function updateInstanceRequest(path: string, { format, bytes }: Written, root = ''): Request {
  return request(CODE.POST, [...target(path, root), uintOption(OPTION.CONTENT_FORMAT, format)], bytes);
}

/**
 * Without arguments as the plainest devices want it: no payload, no format. Arguments are single digits with an optional
 * value, `0='abc'` (LwM2M TS 1.0 §5.4.5).
 */
export function executeRequest(path: string, root = '', args: readonly Argument[] = []): Request {
  if (args.length === 0) return request(CODE.POST, target(path, root));
  const text = args.map(({ digit, value }) => (value === undefined ? `${digit}` : `${digit}='${value}'`)).join(',');
  const options = [...target(path, root), uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.TEXT)];
  return request(CODE.POST, options, utf8Bytes(text));
}

export interface Argument {
  readonly digit: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  readonly value?: string;
}

/** Notification attributes: seconds between notifications, and values that matter (LwM2M TS 1.0 §5.1.2, 1.1 §7.3). */
export interface Attributes {
  readonly pmin?: number;
  readonly pmax?: number;
  readonly gt?: number;
  readonly lt?: number;
  readonly st?: number;
  /** From 1.1 on. */
  readonly epmin?: number;
  readonly epmax?: number;
}

/** `undefined` takes an attribute back. */
export function writeAttributesRequest(
  path: string,
  attributes: { readonly [Name in keyof Attributes]: Attributes[Name] | undefined },
  root = '',
): Request {
  const queries = Object.entries(attributes).map(([name, value]) =>
    textOption(OPTION.URI_QUERY, value === undefined ? name : `${name}=${value}`),
  );
  return request(CODE.PUT, [...target(path, root), ...queries]);
}

export interface Written {
  readonly format: number;
  readonly bytes: Uint8Array;
}

/** One resource in a form that it can be written in; `undefined` where the form cannot hold such a value. */
export function writtenResource(path: string, value: SenmlValue, format: number): Written | undefined {
  switch (format) {
    case CONTENT_FORMAT.TEXT:
      return value.kind === 'opaque' ? undefined : { format, bytes: utf8Bytes(plainText(value)) };
    case CONTENT_FORMAT.OPAQUE:
      return value.kind === 'opaque' ? { format, bytes: value.value } : undefined;
    case CONTENT_FORMAT.TLV:
      return { format, bytes: encodeTlv([tlvEntry(path, value)]) };
    case CONTENT_FORMAT.SENML_CBOR:
      return { format, bytes: encodeSenmlCbor([{ path, value }]) };
    case CONTENT_FORMAT.SENML_JSON:
      return { format, bytes: encodeSenmlJson([{ path, value }]) };
    default:
      return undefined;
  }
}

/** Several resources of one instance; text and opaque hold only one. */
export function writtenInstance(records: readonly Required<Pick<SenmlRecord, 'path' | 'value'>>[], format: number) {
  switch (format) {
    case CONTENT_FORMAT.TLV:
      return { format, bytes: encodeTlv(records.map(({ path, value }) => tlvEntry(path, value))) };
    case CONTENT_FORMAT.SENML_CBOR:
      return { format, bytes: encodeSenmlCbor(records) };
    case CONTENT_FORMAT.SENML_JSON:
      return { format, bytes: encodeSenmlJson(records) };
    default:
      return undefined;
  }
}

const plainText = (value: Exclude<SenmlValue, { readonly kind: 'opaque' }>): string =>
  value.kind === 'boolean' ? (value.value ? '1' : '0') : String(value.value);

/** The last number of the path is the resource. */
function tlvEntry(path: string, value: SenmlValue): TlvEntry {
  return { kind: 'resource', id: Number(path.slice(path.lastIndexOf('/') + 1)), value: tlvBytes(value) };
}

function tlvBytes(value: SenmlValue): Uint8Array {
  switch (value.kind) {
    case 'number':
      return Number.isInteger(Number(value.value)) ? tlvIntegerBytes(Number(value.value)) : float(Number(value.value));
    case 'text':
      return utf8Bytes(value.value);
    case 'boolean':
      return Uint8Array.of(value.value ? 1 : 0);
    case 'opaque':
      return value.value;
    case 'link':
      return linkBytes(value.value);
  }
}

function float(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return new Uint8Array(view.buffer);
}

/** Two numbers of 16 bits (LwM2M TS 1.0 C). */
function linkBytes(link: string): Uint8Array {
  const [object = 0, instance = 0] = link.split(':').map(Number);
  return Uint8Array.of(object >> 8, object & 0xff, instance >> 8, instance & 0xff);
}

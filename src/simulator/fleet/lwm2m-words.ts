// Between CoAP messages and the words of an LwM2M mind.

import {
  blockBytes,
  CODE,
  CONTENT_FORMAT,
  decodeBlock,
  decodeResource,
  encodeBlock,
  encodeTlv,
  FIRMWARE,
  type Message,
  OPTION,
  type Option,
  pathOf,
  queriesOf,
  type Response,
  response,
  type TlvEntry,
  textOf,
  tlvIntegerBytes,
  uintOf,
  uintOption,
  utf8Bytes,
  valuesIn,
} from '../../lwm2m/index.ts';
import type { AnswerCode, Content, ResourceValue, ServerRequest } from '../device/index.ts';

/** What the server wants, or the answer to something that no mind needs to think about. */
export type Understood =
  | { readonly ok: true; readonly request: ServerRequest }
  | { readonly ok: false; readonly answer: Response };

const say = (request: ServerRequest): Understood => ({ ok: true, request });
const refuse = (code: number): Understood => ({ ok: false, answer: response(code) });

export function understand(message: Message): Understood {
  const path = pathOf(message.options);
  switch (message.code) {
    case CODE.GET:
      return understandGet(message, path);
    case CODE.PUT:
      // Write-Attributes carries its values in the query: accepted, and without an effect here.
      if (queriesOf(message.options).length > 0) return refuse(CODE.CHANGED);
      if (path === FIRMWARE.package) return understandPackage(message);
      if (path === FIRMWARE.packageUri) return understandUri(message);
      return refuse(CODE.METHOD_NOT_ALLOWED);
    case CODE.POST:
      return say({ op: 'execute', path });
    default:
      return refuse(CODE.METHOD_NOT_ALLOWED);
  }
}

function understandGet({ options }: Message, path: string): Understood {
  const accept = uintOf(options, OPTION.ACCEPT);
  const known = accept === undefined || accept === CONTENT_FORMAT.TEXT || accept === CONTENT_FORMAT.TLV;
  // devices.md: some answer 4.06 to a format that they do not know.
  if (!known) return refuse(CODE.NOT_ACCEPTABLE);
  const observe = uintOf(options, OPTION.OBSERVE);
  if (observe === 0) return say({ op: 'observe', path });
  return say({ op: observe === 1 ? 'stop-observing' : 'read', path });
}

function understandPackage({ options, payload }: Message): Understood {
  const value = uintOf(options, OPTION.BLOCK1);
  const block = value === undefined ? { number: 0, more: false, szx: 0 } : decodeBlock(value);
  if (block === undefined) return refuse(CODE.BAD_REQUEST);
  const last = !block.more;
  const offset = block.number * blockBytes(block.szx);
  if (offset === 0 && last && payload.length === 1 && payload[0] === 0) return say({ op: 'reset', by: 'nul' });
  return say({ op: 'write-package', offset, bytes: payload, last });
}

function understandUri({ options, payload }: Message): Understood {
  const format = uintOf(options, OPTION.CONTENT_FORMAT);
  if (payload.length === 0) return say({ op: 'reset', by: 'empty-uri' });
  const decoded = decodeResource(format, payload, FIRMWARE.packageUri);
  const [value] = decoded.ok ? valuesIn(decoded.resource) : [];
  if (value === undefined) return refuse(CODE.UNSUPPORTED_FORMAT);
  const uri = textOf(value);
  return say(uri === '' ? { op: 'reset', by: 'empty-uri' } : { op: 'write-uri', uri });
}

/** `single`: how one resource is told when the server names no format; both are seen (devices.md). */
export interface Dialect {
  readonly single: 'text' | 'tlv';
}

export interface Answering {
  readonly asked: Message;
  readonly dialect: Dialect;
  /** Its sequence number when this is the first answer of an observation. */
  readonly observe?: number;
}

export function answerTo(code: AnswerCode, content: Content | undefined, answering: Answering): Response {
  const { asked, dialect, observe } = answering;
  const body = content === undefined ? undefined : bodyOf(content, formFor(asked, content, dialect));
  const options: Option[] = observe === undefined ? [] : [uintOption(OPTION.OBSERVE, observe)];
  if (body !== undefined) options.push(uintOption(OPTION.CONTENT_FORMAT, body.format));
  const block = uintOf(asked.options, OPTION.BLOCK1);
  const taken = block === undefined ? undefined : decodeBlock(block);
  if (taken !== undefined) options.push(uintOption(OPTION.BLOCK1, encodeBlock(taken)));
  return response(codeOf(code), options, body?.bytes);
}

/** `form` is that of the answer to the request that began the observation. */
export function notification(content: Content, sequence: number, form: 'text' | 'tlv'): Response {
  const { format, bytes } = bodyOf(content, form);
  const options = [uintOption(OPTION.OBSERVE, sequence), uintOption(OPTION.CONTENT_FORMAT, format)];
  return response(CODE.CONTENT, options, bytes);
}

export function formFor(asked: Message, content: Content, dialect: Dialect): 'text' | 'tlv' {
  const accept = uintOf(asked.options, OPTION.ACCEPT);
  if (content.of === 'instance' || typeof content.value === 'object') return 'tlv';
  if (accept === undefined) return dialect.single;
  return accept === CONTENT_FORMAT.TEXT ? 'text' : 'tlv';
}

function bodyOf(content: Content, form: 'text' | 'tlv'): { readonly format: number; readonly bytes: Uint8Array } {
  if (content.of === 'instance') {
    const entries = Object.entries(content.resources).map(([id, value]) => entryOf(Number(id), value));
    return { format: CONTENT_FORMAT.TLV, bytes: encodeTlv(entries) };
  }
  if (form === 'text') return { format: CONTENT_FORMAT.TEXT, bytes: utf8Bytes(String(content.value)) };
  return { format: CONTENT_FORMAT.TLV, bytes: encodeTlv([entryOf(content.id, content.value)]) };
}

function entryOf(id: number, value: ResourceValue): TlvEntry {
  if (typeof value === 'object') {
    const entries = value.map((one, place) => entry('resource_instance', place, one));
    return { kind: 'multiple', id, entries };
  }
  return entry('resource', id, value);
}

const entry = (kind: 'resource' | 'resource_instance', id: number, value: string | number): TlvEntry => ({
  kind,
  id,
  value: typeof value === 'number' ? tlvIntegerBytes(value) : utf8Bytes(value),
});

/** `4.05` is class 4, detail 05 (RFC 7252 §3). */
function codeOf(code: AnswerCode): number {
  const [major = '', minor = ''] = code.split('.');
  return (Number(major) << 5) | Number(minor);
}

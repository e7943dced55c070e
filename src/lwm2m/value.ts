// What a device answers to a read, as resources, whichever content format it chose.

import { CONTENT_FORMAT } from './options.ts';
import type { SenmlDecoded, SenmlValue } from './senml.ts';
import { decodeSenmlCbor } from './senml-cbor.ts';
import { decodeOldJson, decodeSenmlJson } from './senml-json.ts';
import { textInteger } from './text.ts';
import { decodeTlv, type TlvEntry, tlvInteger } from './tlv.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

/** Bytes whose meaning depends on the resource; only its reader knows whether it is a number or a text. */
export interface Value {
  readonly form: 'tlv' | 'text' | 'opaque';
  readonly bytes: Uint8Array;
}

export type Resource =
  | { readonly kind: 'single'; readonly id: number; readonly value: Value }
  | { readonly kind: 'multiple'; readonly id: number; readonly values: ReadonlyMap<number, Value> };

export type Resources = ReadonlyMap<number, Resource>;

export type ReadFailure = 'unknown_format' | 'malformed' | 'wrong_path' | 'absent';
export type Decoded =
  | { readonly ok: true; readonly resources: Resources }
  | { readonly ok: false; readonly reason: ReadFailure };
export type DecodedResource =
  | { readonly ok: true; readonly resource: Resource }
  | { readonly ok: false; readonly reason: ReadFailure };

interface Ids {
  /** `/object/instance`, which all paths of the answer begin with. */
  readonly base: string;
  readonly instance: number;
  readonly resource: number | undefined;
}

type Decoder = (bytes: Uint8Array, ids: Ids) => Decoded;

/** One line per content format. */
const DECODERS: ReadonlyMap<number, Decoder> = new Map([
  [CONTENT_FORMAT.TEXT, singleValue('text')],
  [CONTENT_FORMAT.OPAQUE, singleValue('opaque')],
  [CONTENT_FORMAT.TLV, decodeTlvResources],
  [CONTENT_FORMAT.TLV_DRAFT, decodeTlvResources],
  [CONTENT_FORMAT.SENML_JSON, packDecoder(decodeSenmlJson)],
  [CONTENT_FORMAT.SENML_CBOR, packDecoder(decodeSenmlCbor)],
  [CONTENT_FORMAT.OLD_JSON, packDecoder(decodeOldJson)],
]);

/** Reads an answer for `/object/instance` or `/object/instance/resource`. */
export function decodeRead(contentFormat: number | undefined, bytes: Uint8Array, path: string): Decoded {
  const ids = idsOf(path);
  if (ids === undefined) return { ok: false, reason: 'wrong_path' };
  if (contentFormat === undefined) return decodeUnnamed(bytes, ids);
  const decode = DECODERS.get(contentFormat);
  return decode === undefined ? { ok: false, reason: 'unknown_format' } : decode(bytes, ids);
}

/** Reads an answer for one resource. */
export function decodeResource(contentFormat: number | undefined, bytes: Uint8Array, path: string): DecodedResource {
  const id = idsOf(path)?.resource;
  if (id === undefined) return { ok: false, reason: 'wrong_path' };
  const decoded = decodeRead(contentFormat, bytes, path);
  if (!decoded.ok) return decoded;
  const resource = decoded.resources.get(id);
  return resource === undefined ? { ok: false, reason: 'absent' } : { ok: true, resource };
}

/** Old clients name no format: TLV, also for a single integer, if it fits and is about this resource; else text. */
function decodeUnnamed(bytes: Uint8Array, ids: Ids): Decoded {
  const asTlv = decodeTlvResources(bytes, ids);
  if (ids.resource === undefined) return asTlv;
  if (asTlv.ok && asTlv.resources.has(ids.resource)) return asTlv;
  return singleValue('text')(bytes, ids);
}

function singleValue(form: 'text' | 'opaque'): Decoder {
  return (bytes, { resource: id }) => {
    if (id === undefined) return { ok: false, reason: 'malformed' };
    return { ok: true, resources: new Map([[id, { kind: 'single', id, value: { form, bytes } }]]) };
  };
}

/** Records below the path that was asked for; what a device adds of other paths is passed over. */
function packDecoder(decode: (bytes: Uint8Array) => SenmlDecoded): Decoder {
  return (bytes, ids) => {
    const decoded = decode(bytes);
    if (!decoded.ok) return { ok: false, reason: 'malformed' };
    const resources = new Map<number, Resource>();
    for (const { path, value } of decoded.records) {
      if (value === undefined || !path.startsWith(`${ids.base}/`)) continue;
      const [resource, instance, ...deeper] = path
        .slice(ids.base.length + 1)
        .split('/')
        .map(Number);
      if (resource === undefined || deeper.length > 0) continue;
      put(resources, { resource, instance, value: senmlBytes(value) });
    }
    return { ok: true, resources };
  };
}

function put(resources: Map<number, Resource>, told: Told): void {
  const { resource: id, instance, value } = told;
  if (instance === undefined) {
    resources.set(id, { kind: 'single', id, value });
    return;
  }
  const known = resources.get(id);
  const values = known?.kind === 'multiple' ? known.values : [];
  resources.set(id, { kind: 'multiple', id, values: new Map([...values, [instance, value]]) });
}

interface Told {
  readonly resource: number;
  readonly instance: number | undefined;
  readonly value: Value;
}

/** A typed value in the plain text form of the same value (LwM2M TS 1.1 §7.4.2), so that its reader need not care. */
function senmlBytes(value: SenmlValue): Value {
  if (value.kind === 'opaque') return { form: 'opaque', bytes: value.value };
  const text = value.kind === 'boolean' ? (value.value ? '1' : '0') : String(value.value);
  return { form: 'text', bytes: utf8Bytes(text) };
}

function decodeTlvResources(bytes: Uint8Array, ids: Ids): Decoded {
  const decoded = decodeTlv(bytes);
  if (!decoded.ok) return { ok: false, reason: 'malformed' };
  const resources = new Map<number, Resource>();
  const loose: TlvEntry[] = [];
  for (const entry of decoded.entries) {
    // Some devices wrap the resources into their instance although the read was for one instance only.
    const inner = entry.kind !== 'instance' ? [entry] : entry.id === ids.instance ? entry.entries : [];
    for (const each of inner) {
      if (each.kind === 'resource_instance') loose.push(each);
      const resource = resourceOf(each);
      if (resource !== undefined) resources.set(resource.id, resource);
    }
  }
  // And some answer the read of a multiple resource with its instances alone.
  if (loose.length > 0 && ids.resource !== undefined && !resources.has(ids.resource)) {
    resources.set(ids.resource, { kind: 'multiple', id: ids.resource, values: valuesOf(loose) });
  }
  return { ok: true, resources };
}

function resourceOf(entry: TlvEntry): Resource | undefined {
  if (entry.kind === 'resource') return { kind: 'single', id: entry.id, value: { form: 'tlv', bytes: entry.value } };
  if (entry.kind === 'multiple') return { kind: 'multiple', id: entry.id, values: valuesOf(entry.entries) };
  return undefined;
}

function valuesOf(entries: readonly TlvEntry[]): Map<number, Value> {
  const values = new Map<number, Value>();
  for (const entry of entries) if ('value' in entry) values.set(entry.id, { form: 'tlv', bytes: entry.value });
  return values;
}

function idsOf(path: string): Ids | undefined {
  const match = /^(\/\d{1,5}\/(\d{1,5}))(?:\/(\d{1,5}))?$/.exec(path);
  if (match === null) return undefined;
  const [, base = '', instance, resource] = match;
  return { base, instance: Number(instance), resource: resource === undefined ? undefined : Number(resource) };
}

export function integerOf({ form, bytes }: Value): number | undefined {
  if (form === 'tlv') return tlvInteger(bytes);
  return form === 'text' ? textInteger(utf8Text(bytes)) : undefined;
}

export const textOf = ({ bytes }: Value): string => utf8Text(bytes);

/** All values of a resource, whether it is a single or a multiple one. */
export function valuesIn(resource: Resource | undefined): readonly Value[] {
  if (resource === undefined) return [];
  return resource.kind === 'single' ? [resource.value] : [...resource.values.values()];
}

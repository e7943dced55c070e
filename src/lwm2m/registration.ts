// The registration interface of LwM2M (TS 1.0 §5.3, 1.1 §6.2): what a device asks for, and our answers; both sides of it.

import { CODE } from './codes.ts';
import { LIMITS } from './limits.ts';
import { formatLinks, type Link, parseLinks } from './linkformat.ts';
import { type Request, type Response, request, response } from './message.ts';
import {
  CONTENT_FORMAT,
  OPTION,
  type Option,
  pathOptions,
  queriesOf,
  segmentsOf,
  textOption,
  textsOf,
  uintOf,
  uintOption,
} from './options.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

export const VERSIONS = ['1.0', '1.1', '1.2'] as const;
export type Version = (typeof VERSIONS)[number];

export interface ObjectLink {
  readonly object: number;
  /** Absent when the device names the object without an instance. */
  readonly instance: number | undefined;
  readonly version: string | undefined;
}

export interface Offered {
  readonly objects: readonly ObjectLink[];
  /** What all paths begin with, `''` or for example `/lwm2m`. */
  readonly root: string;
  /** Content formats that the root link names. */
  readonly formats: readonly number[];
}

export interface Register extends Offered {
  readonly endpoint: string;
  readonly lifetimeSeconds: number;
  readonly version: Version;
  readonly binding: string;
  readonly queueMode: boolean;
  readonly sms: string | undefined;
  /** From LwM2M 1.2 on: the profile of objects that the device follows. */
  readonly profile: string | undefined;
}

/** Only what the device wrote down anew. */
export interface RegistrationUpdate {
  readonly lifetimeSeconds: number | undefined;
  readonly binding: string | undefined;
  /** It names the queue mode, by the letter in the binding or by the query of its own. */
  readonly namesQueue: boolean;
  readonly sms: string | undefined;
  readonly offered: Offered | undefined;
}

export type RegistrationRequest =
  | { readonly type: 'register'; readonly register: Register }
  | { readonly type: 'update'; readonly location: string; readonly update: RegistrationUpdate }
  | { readonly type: 'deregister'; readonly location: string }
  | { readonly type: 'refused'; readonly answer: Response }
  /** The path does not belong to this interface. */
  | { readonly type: 'other' };

/** LwM2M TS 1.0 §5.3.1: a registration that names no lifetime lasts a day. */
const LIFETIME_SECONDS = 86_400;
const RESOURCE_DIRECTORY = 'rd';

/** Reads a request to `/rd`; `body` is the payload once all blocks of it are there. */
export function parseRegistration(incoming: Request, body: Uint8Array = incoming.payload): RegistrationRequest {
  const [directory, location, ...rest] = segmentsOf(incoming.options);
  if (directory !== RESOURCE_DIRECTORY) return { type: 'other' };
  if (rest.length > 0) return { type: 'refused', answer: unknownLocation() };
  if (location === undefined || location === '') {
    if (incoming.code !== CODE.POST) return notAllowed('A registration is a POST to /rd.');
    return parseRegister(incoming, body);
  }
  if (incoming.code === CODE.DELETE) return { type: 'deregister', location };
  // Drafts of LwM2M updated by PUT, and some clients still do.
  if (incoming.code === CODE.POST || incoming.code === CODE.PUT) return parseUpdate(incoming, body, location);
  return notAllowed('A registration is updated by POST and ended by DELETE.');
}

type Query = ReadonlyMap<string, string>;

function queryOf(incoming: Request): Query {
  const query = new Map<string, string>();
  for (const part of queriesOf(incoming.options)) {
    const equals = part.indexOf('=');
    if (equals < 0) query.set(part, '');
    else query.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return query;
}

function parseRegister(incoming: Request, body: Uint8Array): RegistrationRequest {
  const query = queryOf(incoming);
  const endpoint = query.get('ep') ?? '';
  if (endpoint === '' || endpoint.length > LIMITS.endpointNameCharactersMax) {
    return badRequest(`The query ep must name the endpoint in 1 to ${LIMITS.endpointNameCharactersMax} characters.`);
  }
  const version = VERSIONS.find((known) => known === (query.get('lwm2m') ?? '1.0'));
  if (version === undefined) {
    // LwM2M TS 1.1 §8.6.2: a version that is not supported is 4.12.
    const sentence = `LwM2M version "${excerpt(query.get('lwm2m'))}" is not supported; 1.0, 1.1 and 1.2 are.`;
    return { type: 'refused', answer: withSentence(CODE.PRECONDITION_FAILED, sentence) };
  }
  const lifetimeSeconds = lifetimeOf(query) ?? LIFETIME_SECONDS;
  if (lifetimeSeconds === 'wrong') return wrongLifetime(query);
  const binding = query.get('b') ?? 'U';
  if (!isBinding(binding)) return wrongBinding(query);
  const offered = parseOffered(incoming, body);
  if ('type' in offered) return offered;
  const queueMode = namesQueue(query);
  const [sms, profile] = [query.get('sms'), query.get('pid')];
  const register = { endpoint, lifetimeSeconds, version, binding, queueMode, sms, profile, ...offered };
  return { type: 'register', register };
}

function parseUpdate(incoming: Request, body: Uint8Array, location: string): RegistrationRequest {
  const query = queryOf(incoming);
  const lifetimeSeconds = lifetimeOf(query);
  if (lifetimeSeconds === 'wrong') return wrongLifetime(query);
  const binding = query.get('b');
  if (binding !== undefined && !isBinding(binding)) return wrongBinding(query);
  const offered = body.length === 0 ? undefined : parseOffered(incoming, body);
  if (offered !== undefined && 'type' in offered) return offered;
  const update = { lifetimeSeconds, binding, namesQueue: namesQueue(query), sms: query.get('sms'), offered };
  return { type: 'update', location, update };
}

const namesQueue = (query: Query): boolean => query.has('Q') || query.get('b')?.includes('Q') === true;

/**
 * Whether a device sleeps after an update. Before 1.1 the binding says it, so that one without the letter ends it; from
 * 1.1 on it is told once, with the registration, and a binding says nothing about it (LwM2M TS 1.1 §6.2.2).
 */
export function queueModeAfter(
  before: { readonly version: string; readonly queueMode: boolean },
  update: RegistrationUpdate,
): boolean {
  if (update.namesQueue) return true;
  return before.version === '1.0' && update.binding !== undefined ? false : before.queueMode;
}

function lifetimeOf(query: Query): number | undefined | 'wrong' {
  const text = query.get('lt');
  if (text === undefined) return undefined;
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= LIMITS.lifetimeSecondsMax ? seconds : 'wrong';
}

/** U UDP, T TCP, S SMS, N non-IP, M MQTT, H HTTP, and Q before LwM2M 1.1. */
const isBinding = (text: string): boolean => /^[UTSNMHQ]{1,7}$/.test(text);

function parseOffered(incoming: Request, body: Uint8Array): Offered | RegistrationRequest {
  const format = uintOf(incoming.options, OPTION.CONTENT_FORMAT);
  if (format !== undefined && format !== CONTENT_FORMAT.LINK_FORMAT) {
    const sentence = `The objects are listed in application/link-format (40), not in content format ${format}.`;
    return { type: 'refused', answer: withSentence(CODE.UNSUPPORTED_FORMAT, sentence) };
  }
  const parsed = parseLinks(utf8Text(body));
  if (!parsed.ok) return badRequest(`The list of objects is wrong at character ${parsed.at}: ${parsed.reason}`);
  return offeredBy(parsed.links);
}

export function offeredBy(links: readonly Link[]): Offered {
  const rootLink = links.find(({ attributes }) => (attributes.get('rt') ?? '').split(/\s+/).includes('oma.lwm2m'));
  let root = rootLink?.target ?? '';
  while (root.endsWith('/')) root = root.slice(0, -1);
  const objects: ObjectLink[] = [];
  for (const { target, attributes } of links) {
    if (!target.startsWith(`${root}/`)) continue;
    const match = /^\/(\d{1,5})(?:\/(\d{1,5}))?\/?$/.exec(target.slice(root.length));
    if (match === null) continue;
    const [, object, instance] = match;
    objects.push({
      object: Number(object),
      instance: instance === undefined ? undefined : Number(instance),
      version: attributes.get('ver'),
    });
  }
  const formats = (rootLink?.attributes.get('ct') ?? '').split(/\s+/).filter((text) => /^\d{1,5}$/.test(text));
  return { objects, root, formats: formats.map(Number) };
}

const IMEI_NAMES: readonly RegExp[] = [
  /^(\d{15})$/,
  /^(?:urn:)?imei:(\d{15})$/i,
  /^urn:imei-msisdn:(\d{15})-\d+$/i,
  // RFC 7254 §4: the URN may also be written with hyphens.
  /^urn:imei:(\d{8})-(\d{6})-(\d)$/i,
];

/** The IMEI that an endpoint name holds; other names must be mapped by a directory. */
export function imeiOfEndpoint(endpoint: string): string | undefined {
  for (const pattern of IMEI_NAMES) {
    const match = pattern.exec(endpoint);
    if (match !== null) return match.slice(1).join('');
  }
  return undefined;
}

// Answers of a server.

export const registered = (location: string): Response =>
  response(CODE.CREATED, pathOptions(`/${RESOURCE_DIRECTORY}/${location}`, OPTION.LOCATION_PATH));
export const updated = (): Response => response(CODE.CHANGED);
export const deregistered = (): Response => response(CODE.DELETED);
/** Makes most clients register again at once. */
export const unknownLocation = (): Response =>
  withSentence(CODE.NOT_FOUND, 'There is no registration at this location; register again.');
export const forbidden = (sentence: string): Response => withSentence(CODE.FORBIDDEN, sentence);

/** A diagnostic payload (RFC 7252 §5.5.2). */
export const withSentence = (code: number, sentence: string): Response => response(code, [], utf8Bytes(sentence));

const excerpt = (text: string | undefined): string => (text ?? '').slice(0, 40);
const refused = (code: number, sentence: string): { readonly type: 'refused'; readonly answer: Response } => ({
  type: 'refused',
  answer: withSentence(code, sentence),
});
const badRequest = (sentence: string) => refused(CODE.BAD_REQUEST, sentence);
const notAllowed = (sentence: string) => refused(CODE.METHOD_NOT_ALLOWED, sentence);
const wrongLifetime = (query: Query) =>
  badRequest(`The query lt must be seconds from 1 to ${LIMITS.lifetimeSecondsMax}, not "${excerpt(query.get('lt'))}".`);
const wrongBinding = (query: Query) =>
  badRequest(`The query b must consist of the letters U, T, S, N, M, H and Q, not "${excerpt(query.get('b'))}".`);

// Requests of a client.

export interface ClientRegistration {
  readonly endpoint: string;
  readonly lifetimeSeconds: number;
  readonly version: Version;
  readonly binding?: string;
  /** From LwM2M 1.1 on a query of its own; in 1.0 part of the binding. */
  readonly queueMode?: boolean;
  readonly links: readonly Link[];
}

export function registerRequest(client: ClientRegistration): Request {
  const { endpoint, lifetimeSeconds, version, binding = 'U', queueMode = false, links } = client;
  const early = version === '1.0';
  const options: Option[] = [
    ...pathOptions(`/${RESOURCE_DIRECTORY}`),
    uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.LINK_FORMAT),
    ...queries([
      `ep=${endpoint}`,
      `lt=${lifetimeSeconds}`,
      `lwm2m=${version}`,
      `b=${early && queueMode && !binding.includes('Q') ? `${binding}Q` : binding}`,
      ...(!early && queueMode ? ['Q'] : []),
    ]),
  ];
  return request(CODE.POST, options, utf8Bytes(formatLinks(links)));
}

/** `location` as `locationOf` gave it. */
export function updateRequest(
  location: string,
  changes: { lifetimeSeconds?: number; binding?: string; links?: readonly Link[] } = {},
): Request {
  const { lifetimeSeconds, binding, links } = changes;
  const format = links === undefined ? [] : [uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.LINK_FORMAT)];
  const told = [
    ...(lifetimeSeconds === undefined ? [] : [`lt=${lifetimeSeconds}`]),
    ...(binding === undefined ? [] : [`b=${binding}`]),
  ];
  const body = links === undefined ? undefined : utf8Bytes(formatLinks(links));
  return request(CODE.POST, [...pathOptions(location), ...format, ...queries(told)], body);
}

export const deregisterRequest = (location: string): Request => request(CODE.DELETE, pathOptions(location));

/** Where a registration lives, for example `/rd/5a3f`; `undefined` when the answer does not say so. */
export function locationOf(answer: Response): string | undefined {
  const segments = textsOf(answer.options, OPTION.LOCATION_PATH);
  return segments.length === 0 ? undefined : `/${segments.join('/')}`;
}

const queries = (texts: readonly string[]): Option[] => texts.map((text) => textOption(OPTION.URI_QUERY, text));

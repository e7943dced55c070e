// The options of CoAP: their numbers, what each may hold, and how to read and write them (RFC 7252 §5.10, 7641 §2, 7959 §2).

import { utf8Bytes, utf8Text } from './utf8.ts';

export interface Option {
  readonly number: number;
  readonly value: Uint8Array;
}

export const OPTION = {
  IF_MATCH: 1,
  URI_HOST: 3,
  ETAG: 4,
  IF_NONE_MATCH: 5,
  OBSERVE: 6,
  URI_PORT: 7,
  LOCATION_PATH: 8,
  URI_PATH: 11,
  CONTENT_FORMAT: 12,
  MAX_AGE: 14,
  URI_QUERY: 15,
  ACCEPT: 17,
  LOCATION_QUERY: 20,
  BLOCK2: 23,
  BLOCK1: 27,
  SIZE2: 28,
  PROXY_URI: 35,
  PROXY_SCHEME: 39,
  SIZE1: 60,
} as const;

export const CONTENT_FORMAT = {
  TEXT: 0,
  LINK_FORMAT: 40,
  OPAQUE: 42,
  SENML_JSON: 110,
  SENML_CBOR: 112,
  TLV: 11542,
  /** TLV as numbered before LwM2M 1.0 was final; old clients still send it. */
  TLV_DRAFT: 1542,
  /** The JSON of LwM2M 1.0. */
  OLD_JSON: 11543,
} as const;

interface Rule {
  readonly bytesMin: number;
  readonly bytesMax: number;
  readonly repeatable: boolean;
}

const rule = (bytesMin: number, bytesMax: number, repeatable = false): Rule => ({ bytesMin, bytesMax, repeatable });

/** The critical options that are understood here. The others (odd number, RFC 7252 §5.4.1) are refused. */
const CRITICAL: ReadonlyMap<number, Rule> = new Map([
  [OPTION.IF_MATCH, rule(0, 8, true)],
  [OPTION.URI_HOST, rule(1, 255)],
  [OPTION.IF_NONE_MATCH, rule(0, 0)],
  [OPTION.URI_PORT, rule(0, 2)],
  [OPTION.URI_PATH, rule(0, 255, true)],
  [OPTION.URI_QUERY, rule(0, 255, true)],
  [OPTION.ACCEPT, rule(0, 2)],
  [OPTION.BLOCK2, rule(0, 3)],
  [OPTION.BLOCK1, rule(0, 3)],
  [OPTION.PROXY_URI, rule(1, 1034)],
  [OPTION.PROXY_SCHEME, rule(1, 255)],
]);

export const isCritical = (number: number): boolean => (number & 1) === 1;
export const isUnsafeToForward = (number: number): boolean => (number & 2) === 2;

/**
 * The first critical option that cannot be honoured: unknown, of a wrong length (RFC 7252 §5.4.3), or given twice where
 * once is allowed (§5.4.5). All three count as "not recognised".
 */
export function unusableOption(options: readonly Option[]): number | undefined {
  let previous = -1;
  for (const option of options) {
    if (isCritical(option.number)) {
      const known = CRITICAL.get(option.number);
      if (known === undefined) return option.number;
      const length = option.value.length;
      if (length < known.bytesMin || length > known.bytesMax) return option.number;
      if (option.number === previous && !known.repeatable) return option.number;
    }
    previous = option.number;
  }
  return undefined;
}

const NO_BYTES = new Uint8Array(0);

/** A whole number in as few bytes as it needs; 0 needs none (RFC 7252 §3.2). */
export function uintOption(number: number, value: number): Option {
  if (value === 0) return { number, value: NO_BYTES };
  const length = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x1000000 ? 3 : 4;
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let place = length - 1; place >= 0; place -= 1) {
    bytes[place] = rest & 0xff;
    rest = Math.floor(rest / 256);
  }
  return { number, value: bytes };
}

export const textOption = (number: number, text: string): Option => ({ number, value: utf8Bytes(text) });

export function findOption(options: readonly Option[], number: number): Uint8Array | undefined {
  for (const option of options) {
    if (option.number === number) return option.value;
    if (option.number > number) return undefined;
  }
  return undefined;
}

/** How long an option that holds a number may be (RFC 7252 §5.10, 7641 §2, 7959 §2.1). */
function uintBytesMax(number: number): number {
  switch (number) {
    case OPTION.CONTENT_FORMAT:
    case OPTION.ACCEPT:
    case OPTION.URI_PORT:
      return 2;
    case OPTION.OBSERVE:
    case OPTION.BLOCK1:
    case OPTION.BLOCK2:
      return 3;
    default:
      return 4;
  }
}

/** The number that an option holds. One that is too long counts as absent: if it mattered, it was refused before. */
export function uintOf(options: readonly Option[], number: number): number | undefined {
  const bytes = findOption(options, number);
  if (bytes === undefined || bytes.length > uintBytesMax(number)) return undefined;
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

export function textsOf(options: readonly Option[], number: number): string[] {
  const texts: string[] = [];
  for (const option of options) if (option.number === number) texts.push(utf8Text(option.value));
  return texts;
}

/**
 * A condition that no resource of ours can meet: none has a tag that a writer could know, and all are there already
 * (RFC 7252 §5.10.8).
 */
export function hasUnmetCondition(options: readonly Option[]): boolean {
  const isTagged = options.some(({ number, value }) => number === OPTION.IF_MATCH && value.length > 0);
  return isTagged || findOption(options, OPTION.IF_NONE_MATCH) !== undefined;
}

/** The segments of Uri-Path: `/rd/5a` is `['rd', '5a']`. */
export const segmentsOf = (options: readonly Option[]): string[] => textsOf(options, OPTION.URI_PATH);

/** Uri-Path as one text that begins with a slash. */
export const pathOf = (options: readonly Option[]): string => `/${segmentsOf(options).join('/')}`;
export const queriesOf = (options: readonly Option[]): string[] => textsOf(options, OPTION.URI_QUERY);

/** `/5/0/1` as Uri-Path options (or as Location-Path ones). */
export function pathOptions(path: string, number: number = OPTION.URI_PATH): Option[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => textOption(number, segment));
}

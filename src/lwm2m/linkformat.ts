// Lists of links in the CoRE link format (RFC 6690), as devices send them with their registration.

import { LIMITS } from './limits.ts';

export interface Link {
  readonly target: string;
  /** An attribute without a value has the empty text. */
  readonly attributes: ReadonlyMap<string, string>;
}

export type ParsedLinks =
  | { readonly ok: true; readonly links: readonly Link[] }
  /** `at` counts characters from the beginning. */
  | { readonly ok: false; readonly at: number; readonly reason: string };

const TARGET = /\s*<([^>]*)>\s*/y;
const ATTRIBUTE = /;\s*([^=;,<>"\s]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^";,\s]*)))?\s*/y;
const COMMA = /,/y;
const REST_IS_BLANK = /\s*$/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Never throws. An empty text is an empty list; a comma at the end is forgiven. */
export function parseLinks(text: string): ParsedLinks {
  if (text.length > LIMITS.linkFormatCharactersMax)
    return { ok: false, at: 0, reason: 'The list of links is too long.' };
  const links: Link[] = [];
  let at = 0;
  while (!match(REST_IS_BLANK, text, at)) {
    if (links.length >= LIMITS.linksMax)
      return { ok: false, at, reason: `There are more than ${LIMITS.linksMax} links.` };
    const target = match(TARGET, text, at);
    if (target === null) return { ok: false, at, reason: 'A link begins with "<" and ends with ">".' };
    at += target[0].length;
    const attributes = new Map<string, string>();
    for (let found = match(ATTRIBUTE, text, at); found !== null; found = match(ATTRIBUTE, text, at)) {
      const [whole, name = '', quoted, bare] = found;
      // RFC 6690 §2: of a repeated attribute the first counts.
      if (!attributes.has(name)) attributes.set(name, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
      at += whole.length;
    }
    links.push({ target: target[1] ?? '', attributes });
    if (at >= text.length) break;
    if (match(COMMA, text, at) === null) return { ok: false, at, reason: 'Links are separated by commas.' };
    at += 1;
  }
  return { ok: true, links };
}

/** Numbers and versions stay bare, all other values are quoted. */
export function formatLinks(links: readonly Link[]): string {
  return links
    .map(({ target, attributes }) => {
      const parts = [...attributes].map(([name, value]) => {
        if (value === '') return `;${name}`;
        return /^[\d.]+$/.test(value) ? `;${name}=${value}` : `;${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`;
      });
      return `<${target}>${parts.join('')}`;
    })
    .join(',');
}

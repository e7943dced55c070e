// Which bytes of an image a request asks for, and under which condition (RFC 9110 §13 and §14).
import { namesTag } from './answers.ts';
import { DDI_LIMITS } from './limits.ts';

/** From `from` until just before `until`. */
export interface ByteRange {
  readonly from: number;
  readonly until: number;
}

export type Selection =
  | { readonly is: 'whole' }
  | { readonly is: 'unsatisfiable' }
  | { readonly is: 'ranges'; readonly ranges: readonly ByteRange[] };

const WHOLE: Selection = { is: 'whole' };

/** A header that cannot be read is ignored, as RFC 9110 §14.2 wants it. */
export function selectBytes(header: string | undefined, size: number): Selection {
  const list = /^\s*bytes\s*=(.*)$/i.exec(header ?? '')?.[1];
  if (list === undefined) return WHOLE;
  const ranges: ByteRange[] = [];
  for (const text of list.split(',')) {
    const range = readRange(text.trim(), size);
    if (range === undefined) return WHOLE;
    if (range !== 'outside') ranges.push(range);
  }
  if (ranges.length === 0) return { is: 'unsatisfiable' };
  // RFC 9110 §14.2: many small or overlapping ranges are a way to make a server work; it gets the image once.
  const asked = ranges.reduce((sum, { from, until }) => sum + until - from, 0);
  return ranges.length > DDI_LIMITS.rangesMax || asked > size ? WHOLE : { is: 'ranges', ranges };
}

function readRange(text: string, size: number): ByteRange | 'outside' | undefined {
  const found = /^(\d*)-(\d*)$/.exec(text);
  if (found === null) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { from: size - length, until: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return undefined;
  if (from >= size) return 'outside';
  return { from, until: last === '' ? size : Math.min(Number(last) + 1, size) };
}

export interface Conditions {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
  readonly 'if-range'?: string | string[] | undefined;
  readonly range?: string | undefined;
}

/** RFC 9110 §13.2.2, in its order. */
export function judgeConditions(headers: Conditions, tag: string): 'go-on' | 'failed' | 'not-modified' {
  if (headers['if-match'] !== undefined && !matchesStrongly(headers['if-match'], tag)) return 'failed';
  return namesTag(headers['if-none-match'], tag) ? 'not-modified' : 'go-on';
}

const matchesStrongly = (header: string, tag: string): boolean =>
  header.split(',').some((one) => one.trim() === '*' || one.trim() === tag);

/** The range that counts: none when If-Range names another image (RFC 9110 §13.1.5). */
export function rangeThatCounts(headers: Conditions, tag: string): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === tag ? headers.range : undefined;
}

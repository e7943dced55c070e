// A ledger as it is exported: one line for each entry with the exact text that was hashed, and its head as the last line.
import type { Campaign } from './campaign.ts';
import { type Instant, instant, rfc3339 } from './time.ts';

/** The head of a ledger as it is shown, to be kept elsewhere: in callbacks, exports, the operator API. */
export interface ShownHead {
  readonly campaign: string;
  readonly length: number;
  readonly head: string;
  /** RFC 3339. */
  readonly signedAt?: string;
  readonly keyId?: string;
  readonly signature?: string;
}

/** The public half of a key by which heads are signed. */
export interface LedgerKey {
  readonly keyId: string;
  /** Ed25519: its 32 bytes in base64url. */
  readonly publicKey: string;
  readonly since: Instant;
}

export function shownHead({ id, ledger }: Pick<Campaign, 'id' | 'ledger'>): ShownHead {
  const { length, head, signedAt, keyId, signature } = ledger;
  const isSigned = signedAt !== undefined && keyId !== undefined && signature !== undefined;
  return { campaign: id, length, head, ...(isSigned ? { signedAt: rfc3339(signedAt), keyId, signature } : {}) };
}

export interface ExportedEntry {
  readonly text: string;
  readonly hash: string;
}

export const entryLine = ({ hash, text }: ExportedEntry): string => JSON.stringify({ hash, text });
export const headLine = (head: ShownHead): string => JSON.stringify({ head });

export type ReadLine =
  | ({ readonly is: 'entry' } & ExportedEntry)
  | { readonly is: 'head'; readonly head: ShownHead }
  | { readonly is: 'malformed' };

const MALFORMED: ReadLine = { is: 'malformed' };

/** Only the one spelling in which it was written counts: nothing of a line can be changed without being seen. */
export function readLine(line: string): ReadLine {
  const value = objectIn(line);
  if (value === undefined) return MALFORMED;
  const { hash, text, head } = value;
  if (typeof hash === 'string' && typeof text === 'string')
    return line === entryLine({ hash, text }) && !LONELY.test(text) ? { is: 'entry', hash, text } : MALFORMED;
  const shown = readHead(head);
  return shown !== undefined && line === headLine(shown) ? { is: 'head', head: shown } : MALFORMED;
}

/** Half of a surrogate pair has no bytes of its own, so that two texts with one would have one hash. */
const LONELY = /\p{Surrogate}/u;

/** A head as it was kept; undefined when it is none. */
export function readHead(value: unknown): ShownHead | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { campaign, length, head, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof campaign !== 'string' || typeof head !== 'string' || !Number.isSafeInteger(length)) return undefined;
  const { signedAt, keyId, signature } = rest;
  const isSigned = typeof signedAt === 'string' && typeof keyId === 'string' && typeof signature === 'string';
  return { campaign, length: length as number, head, ...(isSigned ? { signedAt, keyId, signature } : {}) };
}

/** The instant of a head; undefined where it is written in another way than ours. */
export function signedAtOf({ signedAt }: ShownHead): Instant | undefined {
  const at = signedAt === undefined ? Number.NaN : Date.parse(signedAt);
  return Number.isNaN(at) || rfc3339(instant(at)) !== signedAt ? undefined : instant(at);
}

export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

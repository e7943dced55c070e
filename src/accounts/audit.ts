// The audit log: who changed what and when, with what was before and after; secrets never get into it.
import type { AccountName, Instant } from '../campaigns/index.ts';
import type { AuditStore } from './ports.ts';

/** Who gave the order. */
export interface Actor {
  readonly kind: 'operator' | 'client' | 'user' | 'server';
  readonly name: string;
}

export interface AuditEntry {
  readonly at: Instant;
  readonly actor: Actor;
  /** Absent: it concerns the whole server. */
  readonly account?: AccountName;
  /** A verb and its object, like `change account settings`. */
  readonly action: string;
  /** What it was done to: a campaign id, a client id, an IMEI; a list is told by its length. */
  readonly target: string;
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
}

export type AuditValue = string | number | boolean | null | readonly AuditValue[] | AuditFacts;
export interface AuditFacts {
  readonly [name: string]: AuditValue;
}

/** What it was done with; values of any shape, as they lie at hand. */
export interface AuditOrder extends Omit<AuditEntry, 'at' | 'before' | 'after'> {
  readonly before?: object;
  readonly after?: object;
}

const REDACTED = '(secret)';
const SECRET = /secret|password|passwd|token|hash$|key$|psk|authorization/i;
const AUDIT_LIMITS = { textMax: 500, listMax: 20, depthMax: 6 } as const;

/** Text is cut and long lists are told by their length, so that an entry stays small. */
function shown(name: string, value: unknown, depth: number): AuditValue | undefined {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (SECRET.test(name) && value !== null && value !== '' && typeof value !== 'boolean') return REDACTED;
  if (typeof value === 'string')
    return value.length <= AUDIT_LIMITS.textMax ? value : `${value.slice(0, AUDIT_LIMITS.textMax)}…`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (depth >= AUDIT_LIMITS.depthMax) return '…';
  if (Array.isArray(value)) {
    if (value.length > AUDIT_LIMITS.listMax) return `${value.length} items`;
    return value.map((one: unknown) => shown(name, one, depth + 1) ?? null);
  }
  return factsOf(value, depth + 1);
}

function factsOf(value: object, depth: number): AuditFacts {
  const facts: Record<string, AuditValue> = {};
  for (const [name, inner] of Object.entries(value)) {
    const one = shown(name, inner, depth);
    if (one !== undefined) facts[name] = one;
  }
  return facts;
}

/** Only what differs is kept of an order that changed something. */
export function auditEntry({ before, after, ...order }: AuditOrder, at: Instant): AuditEntry {
  const [old, next] = [before, after].map((facts) => (facts === undefined ? undefined : factsOf(facts, 0)));
  if (old === undefined || next === undefined) {
    return {
      ...order,
      at,
      ...(old === undefined ? {} : { before: old }),
      ...(next === undefined ? {} : { after: next }),
    };
  }
  const differs = (name: string): boolean => {
    const raw = (facts: object | undefined) => JSON.stringify((facts as Record<string, unknown> | undefined)?.[name]);
    return raw(before) !== raw(after);
  };
  const only = (facts: AuditFacts): AuditFacts =>
    Object.fromEntries(Object.entries(facts).filter(([name]) => differs(name)));
  return { ...order, at, before: only(old), after: only(next) };
}

/** Called after the commit of whatever an operator or a customer has changed. */
export async function recordAudit(store: AuditStore, order: AuditOrder, now: Instant): Promise<void> {
  await store.putAudit([auditEntry(order, now)]);
}

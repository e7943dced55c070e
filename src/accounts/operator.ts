// Operators: people and programs that run the server, the role of each, and how long their links and sessions are good.
import type { Instant } from '../campaigns/index.ts';

/** Each may do what the ones before it may. */
export const OPERATOR_ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof OPERATOR_ROLES)[number];

/** The operator of the key that the server itself was given: it is stored nowhere, so it can be neither disabled nor lost. */
export const ROOT = 'root';

/** As it is stored; the key only as its SHA-256. */
export interface Operator {
  readonly name: string;
  readonly revision: number;
  readonly role: Role;
  readonly keyHash: string;
  readonly createdAt: Instant;
  /** Absent: it has access. */
  readonly disabledAt?: Instant;
}

/** Whoever acts: a stored operator, or root. */
export type Principal = Pick<Operator, 'name' | 'role' | 'keyHash' | 'disabledAt'>;

/** Signs in once. With the key it ends too, whether that was rotated or the operator is another one of the same name. */
export interface SignInLink {
  readonly tokenHash: string;
  readonly operator: string;
  readonly keyHash: string;
  readonly expiresAt: Instant;
}

/** A browser in which an operator has signed in; like a link it ends with the key. */
export interface OperatorSession {
  readonly tokenHash: string;
  readonly operator: string;
  readonly keyHash: string;
  readonly lastUsedAt: Instant;
}

export const OPERATOR_LIMITS = {
  /** A sign-in link is good for so long (milliseconds). */
  signInLinkLife: 10 * 60_000,
  /** A session ends after so long without use (milliseconds). */
  sessionIdleMax: 12 * 3_600_000,
  /** A session's last use is written at most this often (milliseconds). */
  sessionTouch: 5 * 60_000,
} as const;

export const roleAllows = (role: Role, needed: Role): boolean =>
  OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(needed);

type Proof = SignInLink | OperatorSession;

const isHeldBy = ({ operator, keyHash }: Proof, { name, keyHash: current, disabledAt }: Principal): boolean =>
  operator === name && keyHash === current && disabledAt === undefined;

export const linkIsGood = (link: SignInLink, principal: Principal, now: Instant): boolean =>
  isHeldBy(link, principal) && now < link.expiresAt;

export const operatorSessionIsGood = (session: OperatorSession, principal: Principal, now: Instant): boolean =>
  isHeldBy(session, principal) && now < operatorSessionEnds(session);

export const operatorSessionEnds = ({ lastUsedAt }: Pick<OperatorSession, 'lastUsedAt'>): Instant =>
  (lastUsedAt + OPERATOR_LIMITS.sessionIdleMax) as Instant;

export const operatorSessionNeedsTouch = ({ lastUsedAt }: OperatorSession, now: Instant): boolean =>
  now - lastUsedAt >= OPERATOR_LIMITS.sessionTouch;

export interface OperatorChange {
  readonly role?: Role;
  readonly disabled?: boolean;
}

/** What an operator may not do to itself; undefined where nothing stands against it. */
export function refusedSelf(by: Principal, of: Operator, change: OperatorChange | 'delete'): string | undefined {
  if (by.name !== of.name) return undefined;
  if (change === 'delete') return 'delete itself';
  if (change.disabled === true) return 'disable itself';
  return change.role !== undefined && !roleAllows(of.role, change.role) ? 'raise its own role' : undefined;
}

/** The operator as the change leaves it; disabled once, it keeps the instant. */
export function changedOperator(operator: Operator, { role, disabled }: OperatorChange, now: Instant): Operator {
  const { disabledAt, ...rest } = { ...operator, ...(role === undefined ? {} : { role }) };
  const isDisabled = disabled ?? disabledAt !== undefined;
  return isDisabled ? { ...rest, disabledAt: disabledAt ?? now } : rest;
}

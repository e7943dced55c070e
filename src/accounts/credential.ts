// Who may call: client credentials, users and their sessions, and when a token is still good (contract.md §1.2-1.3).
import type { AccountName, Instant } from '../campaigns/index.ts';

/** An OAuth2 client; the secret is kept only as a scrypt hash. */
export interface Client {
  readonly clientId: string;
  readonly account: AccountName;
  readonly secretHash: string;
  readonly createdAt: Instant;
  /** Raised by a revocation: the next token is another one. */
  readonly issue: number;
}

/** A person or program that logs in for a session. */
export interface User {
  readonly username: string;
  readonly account: AccountName;
  readonly passwordHash: string;
  readonly failures: number;
}

export interface BearerToken {
  readonly tokenHash: string;
  readonly clientId: string;
  readonly account: AccountName;
  readonly expiresAt: Instant;
}

export interface Session {
  readonly tokenHash: string;
  readonly username: string;
  readonly account: AccountName;
  readonly lastUsedAt: Instant;
}

/** One hour from first issue; the same token is given out within it (contract.md §1.2). */
export const BEARER_LIFE = 3_600_000;
/** With less than this left the next token is given out; the old one stays good to its end. */
export const BEARER_LEFT_MIN = 60_000;
/** Twenty minutes without use (contract.md §1.3), unless the operator has set less. */
export const SESSION_IDLE_MAX = 20 * 60_000;
/** A session's last use is written at most this often. */
export const SESSION_TOUCH = 60_000;
/** Consecutive bad logins that lock a user. */
export const LOGIN_FAILURES_MAX = 5;

export const isLocked = (user: User): boolean => user.failures >= LOGIN_FAILURES_MAX;
export const bearerIsGood = (token: BearerToken, now: Instant): boolean => now < token.expiresAt;
export const sessionIsGood = (session: Session, now: Instant, idleMax: number = SESSION_IDLE_MAX): boolean =>
  now - session.lastUsedAt < idleMax;
export const needsTouch = (session: Session, now: Instant): boolean => now - session.lastUsedAt >= SESSION_TOUCH;

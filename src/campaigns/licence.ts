// Licences as admission sees them: who holds one, and how many an account may give out (contract.md §6.6).
import type { AccountName, Imei } from './ids.ts';
import type { Instant } from './time.ts';

/** A device that may be updated under a monthly subscription. */
export interface Licence {
  readonly account: AccountName;
  readonly imei: Imei;
  readonly assignedAt: Instant;
}

/**
 * The counter of an account's licences. Every change of who holds one writes it under its revision, and so does every
 * admission that relies on licences: two nodes can neither overdraw the pool nor admit a device that is losing its own.
 */
export interface LicencePool {
  readonly account: AccountName;
  /** 0: nothing was ever given out, and there is no row. */
  readonly revision: number;
  readonly assigned: number;
  readonly updatedAt?: Instant;
}

/** Handed to admission where the account's subscription asks for a licence of every device. */
export interface Licensing {
  readonly pool: LicencePool;
  /** Absent: as many as wanted. */
  readonly limit?: number;
  readonly held: ReadonlySet<string>;
}

export const isExhausted = (pool: LicencePool, limit: number | undefined): boolean =>
  limit !== undefined && pool.assigned >= limit;

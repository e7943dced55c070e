// Orders about licences, run against what is stored: a pool that changed meanwhile is looked at again (contract.md §6.6).
import {
  assignLicences,
  type LicenceDecision,
  type LicenceOutcome,
  type LicencesSeen,
  removeLicences,
} from '../accounts/index.ts';
import { type AccountName, type Instant, LIMITS, type LicencePool } from '../campaigns/index.ts';
import type { EngineParts } from './ports.ts';
import { retrying } from './run.ts';

export interface LicencesResult {
  readonly pool: LicencePool;
  /** In the order of the request. */
  readonly results: readonly { readonly imei: string; readonly outcome: LicenceOutcome }[];
}

export const assign = (parts: EngineParts, account: AccountName, imeis: readonly string[]): Promise<LicencesResult> =>
  inBatches(parts, account, imeis, (seen, now) => assignLicences(account, seen, now));

export const remove = (parts: EngineParts, account: AccountName, imeis: readonly string[]): Promise<LicencesResult> =>
  inBatches(parts, account, imeis, removeLicences);

async function inBatches(
  parts: EngineParts,
  account: AccountName,
  imeis: readonly string[],
  decide: (seen: LicencesSeen, now: Instant) => LicenceDecision,
): Promise<LicencesResult> {
  const results: { readonly imei: string; readonly outcome: LicenceOutcome }[] = [];
  let { pool } = await parts.store.loadLicences(account, []);
  for (let at = 0; at < imeis.length; at += LIMITS.batchMax) {
    const batch = imeis.slice(at, at + LIMITS.batchMax);
    const decided = await retrying(
      parts,
      async () => {
        const decision = decide(await parts.store.loadLicences(account, batch), parts.clock.now());
        return { change: decision.change, result: decision };
      },
      `licences of ${account}`,
    );
    results.push(...decided.results);
    pool = decided.pool;
  }
  return { pool, results };
}

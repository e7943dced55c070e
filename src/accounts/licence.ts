// Who is given a licence and from whom one may be taken back (contract.md §6.6).
import type { AccountName, Change, Device, Imei, Instant, Licence, LicencePool, Write } from '../campaigns/index.ts';

/** One device of a request, with what is known of it. */
export interface LicenceLine {
  readonly imei: string;
  readonly device?: Device;
  readonly licence?: Licence;
  /** It was updated after its licence was assigned. */
  readonly upgradedAt?: Instant;
}

export interface LicencesSeen {
  readonly pool: LicencePool;
  /** Absent: as many as wanted. */
  readonly limit?: number;
  readonly lines: readonly LicenceLine[];
}

export const LICENCE_OUTCOMES = {
  assigned: 'A licence was assigned.',
  'already-assigned': 'The device has a licence already.',
  exhausted: 'All licences of the account are assigned.',
  removed: 'The licence was taken back.',
  'not-assigned': 'The device has no licence.',
  'being-upgraded': 'The device is in a campaign; its licence is in use until that ends.',
  upgraded: 'The device was upgraded with this licence; it cannot be taken back.',
  'device-unknown': 'The account has no such device.',
} as const satisfies Record<string, string>;
export type LicenceOutcome = keyof typeof LICENCE_OUTCOMES;

export interface LicenceResult {
  readonly imei: string;
  readonly outcome: LicenceOutcome;
}

export interface LicenceDecision {
  readonly change: Change;
  readonly pool: LicencePool;
  readonly results: readonly LicenceResult[];
}

const EMPTY: Change = { writes: [], entries: [], intents: [], rule: 'update.no-change' };

/** Devices may be named twice; the second time they have it. */
export function assignLicences(account: AccountName, seen: LicencesSeen, now: Instant): LicenceDecision {
  const given = new Map<string, Licence>();
  const results = seen.lines.map(({ imei, device, licence }): LicenceResult => {
    if (licence !== undefined || given.has(imei)) return { imei, outcome: 'already-assigned' };
    if (device === undefined) return { imei, outcome: 'device-unknown' };
    if (seen.limit !== undefined && seen.pool.assigned + given.size >= seen.limit)
      return { imei, outcome: 'exhausted' };
    given.set(imei, { account, imei: imei as Imei, assignedAt: now });
    return { imei, outcome: 'assigned' };
  });
  const writes = [...given.values()].map((row): Write => ({ op: 'insert-licence', row }));
  return decided(seen.pool, given.size, { writes, rule: 'account.licences-assigned', now }, results);
}

/** A device that was deleted gives its licence back too. */
export function removeLicences(seen: LicencesSeen, now: Instant): LicenceDecision {
  const taken = new Map<string, Licence>();
  const results = seen.lines.map(({ imei, device, licence, upgradedAt }): LicenceResult => {
    if (licence === undefined && device === undefined) return { imei, outcome: 'device-unknown' };
    if (licence === undefined || taken.has(imei)) return { imei, outcome: 'not-assigned' };
    if (upgradedAt !== undefined) return { imei, outcome: 'upgraded' };
    if (device?.liveCampaign !== undefined) return { imei, outcome: 'being-upgraded' };
    taken.set(imei, licence);
    return { imei, outcome: 'removed' };
  });
  const writes = [...taken.values()].map((row): Write => ({ op: 'delete-licence', row }));
  return decided(seen.pool, -taken.size, { writes, rule: 'account.licences-removed', now }, results);
}

interface Told {
  readonly writes: readonly Write[];
  readonly rule: Change['rule'];
  readonly now: Instant;
}

function decided(
  pool: LicencePool,
  more: number,
  { writes, rule, now }: Told,
  results: readonly LicenceResult[],
): LicenceDecision {
  if (writes.length === 0) return { change: EMPTY, pool, results };
  const next: LicencePool = { ...pool, assigned: pool.assigned + more, updatedAt: now };
  const change: Change = { writes: [...writes, { op: 'replace-pool', row: next }], entries: [], intents: [], rule };
  return { change, pool: next, results };
}

// HTTP devices that nobody has imported: held until an operator approves them, or refused. And the token of an account's gateways.
import type { AccountName, Imei, Instant } from '../campaigns/index.ts';

/** How an unknown device has proven anything: `token` by one of its own that nobody knows, `none` by nothing. */
export const PROOFS = ['token', 'gateway', 'none'] as const;
export type Proof = (typeof PROOFS)[number];

/** A device that polls and is not in the account. */
export interface Stranger {
  readonly account: AccountName;
  readonly imei: Imei;
  readonly at: Instant;
  readonly proof: Proof;
  /** Its own token, which becomes its secret when it is approved. */
  readonly token?: string;
}

export interface Held {
  readonly imei: Imei;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly proof: Proof;
  readonly token?: string;
  /** It came with another token later: only one of the two can be the device. */
  readonly disputed?: true;
  readonly refused?: true;
}

export interface HeldList {
  readonly account: AccountName;
  readonly revision: number;
  readonly kind: 'held';
  readonly devices: readonly Held[];
}

/** The one token by which an account's gateways speak for its devices; kept as its hash. */
export interface GatewayRow {
  readonly account: AccountName;
  readonly revision: number;
  readonly kind: 'gateway';
  /** SHA-256 in hex; absent: there is none. */
  readonly tokenHash?: string;
  readonly createdAt?: Instant;
}

export const HELD_LIMITS = {
  /** Unknown devices that are kept of an account; further ones are not until some of these are approved or deleted. */
  heldDevicesMax: 1_000,
  /** The last contact of a held device is written at most this often (milliseconds). */
  heldSeenEvery: 600_000,
} as const;

/** The list with these strangers in it; the same list when nothing is worth a write. */
export function hold(list: HeldList, strangers: readonly Stranger[]): HeldList {
  const devices = new Map(list.devices.map((one) => [one.imei, one]));
  let changed = false;
  for (const stranger of strangers) {
    const known = devices.get(stranger.imei);
    const next = known === undefined ? newlyHeld(stranger, devices.size) : seenAgain(known, stranger);
    if (next === undefined || next === known) continue;
    devices.set(stranger.imei, next);
    changed = true;
  }
  return changed ? { ...list, devices: [...devices.values()] } : list;
}

function newlyHeld({ imei, at, proof, token }: Stranger, held: number): Held | undefined {
  if (held >= HELD_LIMITS.heldDevicesMax) return undefined;
  return { imei, firstSeenAt: at, lastSeenAt: at, proof, ...(token === undefined ? {} : { token }) };
}

/** The first token stays: whoever comes later with another one does not take its place. */
function seenAgain(known: Held, { at, token }: Stranger): Held {
  const disputed = token !== undefined && known.token !== undefined && token !== known.token;
  const first = known.disputed !== true && disputed;
  if (!first && at - known.lastSeenAt < HELD_LIMITS.heldSeenEvery) return known;
  return { ...known, lastSeenAt: at, ...(disputed ? { disputed } : {}) };
}

export const withoutHeld = (list: HeldList, imei: string): HeldList => ({
  ...list,
  devices: list.devices.filter((one) => one.imei !== imei),
});

/** A refused device is remembered, so that its next poll does not bring it back. */
export const refuseHeld = (list: HeldList, imei: string): HeldList => ({
  ...list,
  devices: list.devices.map((one) => (one.imei === imei ? { ...one, refused: true } : one)),
});

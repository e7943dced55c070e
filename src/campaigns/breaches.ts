// What of a change breaks a promise by its own record: looked at in every commit, so that it is seen when it happens.
import type { Change, Entry } from './change.ts';
import type { FindingKind } from './ledger-judge.ts';
import { LIMITS } from './limits.ts';
import { attemptOf } from './update.ts';

export interface Breach {
  readonly kind: FindingKind;
  readonly entry: Entry;
}

const ACTS: readonly Entry['kind'][] = ['offer', 'execute', 'transfer-grant'];

/** The whole ledger is judged by its verifier; this knows one commit and no more. */
export function breachesOf(change: Change): readonly Breach[] {
  return change.entries.flatMap((entry) => {
    const kind = ACTS.includes(entry.kind)
      ? breachOfAct(entry)
      : entry.kind === 'last-byte'
        ? breachOfBytes(entry, change)
        : undefined;
    return kind === undefined ? [] : [{ kind, entry }];
  });
}

function breachOfAct({ at, kind, facts = {} }: Entry): FindingKind | undefined {
  const { windowFrom, windowUntil, notAfter } = facts;
  if (typeof windowFrom !== 'number' || typeof windowUntil !== 'number') return 'outside-window';
  if (at < windowFrom || at >= windowUntil) return 'outside-window';
  if (kind !== 'transfer-grant') return undefined;
  // Rule `start-before-close` lets a transfer run over; no rule lets it run over by more.
  return typeof notAfter !== 'number' || notAfter > windowUntil + LIMITS.overrunMax ? 'grant-too-long' : undefined;
}

/** By the grant as it is stored in the same commit. */
function breachOfBytes({ imei, facts = {} }: Entry, { writes }: Change): FindingKind | undefined {
  const { lastByteAt } = facts;
  const row = writes
    .flatMap((write) => (write.op === 'replace-update' ? [write.row] : []))
    .find((one) => one.imei === imei);
  const notAfter = row === undefined ? undefined : attemptOf(row)?.transfer?.notAfter;
  return typeof lastByteAt === 'number' && notAfter !== undefined && lastByteAt >= notAfter
    ? 'byte-without-grant'
    : undefined;
}

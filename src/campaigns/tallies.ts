// What the steward counts of each entry: updates by state, rejections by reason.
import type { Tallies } from './campaign.ts';
import type { Entry } from './change.ts';
import type { RejectReason } from './reasons.ts';
import type { StateName } from './update.ts';

const tallyOf = (state: StateName, entry: Entry): keyof Tallies =>
  state === 'rejected' && isAlreadyCurrent(entry) ? 'alreadyCurrent' : state;
const isAlreadyCurrent = ({ facts }: Entry): boolean => facts?.['reason'] === 'already-current';

export function countRejection(rejections: Partial<Record<RejectReason, number>>, { move, facts }: Entry): void {
  const reason = facts?.['reason'] as RejectReason | undefined;
  if (reason === undefined) return;
  if (move?.to === 'rejected') rejections[reason] = (rejections[reason] ?? 0) + 1;
  if (move?.from === 'rejected') rejections[reason] = (rejections[reason] ?? 0) - 1;
}

/** Moves the tallies, in place, as the entry says. */
export function count(tallies: { -readonly [Name in keyof Tallies]: number }, entry: Entry): void {
  const { move } = entry;
  if (move !== undefined && move.from !== 'none') tallies[tallyOf(move.from, entry)] -= 1;
  if (move !== undefined && move.to !== 'gone') tallies[tallyOf(move.to, entry)] += 1;
  if (entry.kind === 'late' && entry.facts?.['result'] === 'succeeded') tallies.succeededLate += 1;
}

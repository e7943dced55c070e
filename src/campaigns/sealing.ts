// The steward's own entries, counted and chained in the commit that decides them: nobody has to read them again for that.
import type { Telling } from './callbacks.ts';
import type { Change, NewSealedEntry, Write } from './change.ts';
import { invariant } from './invariant.ts';
import { fold, type Sealing } from './steward.ts';
import type { Instant } from './time.ts';

/** The change with its entries sealed. It writes the campaign, and every entry before it is sealed already. */
export function sealedAtOnce(change: Change, telling: Telling, by: Sealing, now: Instant): Change {
  const { entries } = change;
  if (entries.length === 0) return change;
  const [campaign] = change.writes.flatMap((write) => (write.op === 'replace-campaign' ? [write.row] : []));
  invariant(campaign !== undefined, 'entries are sealed in a commit that does not write their campaign');
  const { audience, gathered } = telling;
  const unsealed = entries.map((entry, id) => ({ id, entry }));
  const folded = fold({ campaign, unsealed, audience, gathered }, by, now);
  const placed = folded.writes.map((write): Write => {
    if (write.op !== 'seal') return write;
    const sealed = write.sealed.map(({ id, ...place }): NewSealedEntry => {
      const imei = entries[id]?.imei;
      return imei === undefined ? place : { ...place, imei };
    });
    return { ...write, op: 'insert-sealed', sealed };
  });
  return {
    ...change,
    // The campaign's row first: who is too late for that numbers nothing.
    writes: [...placed, ...change.writes.filter(({ op }) => op !== 'replace-campaign')],
    entries: folded.entries,
    intents: [...change.intents, ...folded.intents],
  };
}

// The store as a node may find it on a bad day: loads and commits that fail, answers that are lost, others that were quicker.
import type { Change } from '../../src/campaigns/index.ts';
import type { EngineStore } from '../../src/engine/index.ts';
import type { Seeded } from './random.ts';
import type { Trouble } from './scenario.ts';
import { ahead, replacing } from './store-methods.ts';

/** The database did not answer as it should; the caller does not know what was stored. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

export interface FaultParts {
  readonly random: Seeded;
  readonly trouble: () => Trouble;
  /** Another node gets a word in between what this one read and what it writes. */
  readonly meanwhile: () => Promise<void>;
}

// What has no earlier revision cannot be stale.
const canBeStale = (change: Change): boolean => change.writes.some(({ op }) => op.startsWith('replace-'));

export function faulty(store: EngineStore, { random, trouble, meanwhile }: FaultParts): EngineStore {
  const shaky = ahead(store, (kind) => {
    if (kind !== 'commit' && random.chance(trouble().failLoad)) throw new StoreFault(`a ${kind} failed`);
  });
  return replacing(shaky, {
    commit: async (changes, now) => {
      const { stale, failCommit, lostCommit, interleave } = trouble();
      if (random.chance(interleave)) await meanwhile();
      if (random.chance(failCommit)) throw new StoreFault('the commit failed');
      const late = changes.map((change) => canBeStale(change) && random.chance(stale));
      const stored = await store.commit(
        changes.filter((_, place) => late[place] !== true),
        now,
      );
      if (random.chance(lostCommit)) throw new StoreFault('the connection broke after the commit');
      const results = [...stored];
      return late.map((wasLate) => (wasLate ? 'stale' : (results.shift() ?? 'stale')));
    },
  });
}

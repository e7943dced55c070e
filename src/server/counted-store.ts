// The same store, with its commits timed, counted and looked through for broken promises.
import { type Breach, breachesOf } from '../campaigns/index.ts';
import type { Store } from '../store/index.ts';
import type { Metrics } from './metrics.ts';

export interface Counting {
  readonly metrics: Pick<Metrics, 'committed' | 'breached'>;
  readonly breached: (breach: Breach) => void;
  /** Milliseconds, finer than the clock. */
  readonly stopwatch: () => number;
}

export function counted(store: Store, { metrics, breached, stopwatch }: Counting): Store {
  return {
    ...store,
    commit: async (changes, now) => {
      const begun = stopwatch();
      const results = await store.commit(changes, now);
      const saved = changes.filter((_, place) => results[place] === 'saved');
      metrics.committed((stopwatch() - begun) / 1_000, saved);
      for (const breach of saved.flatMap(breachesOf)) {
        metrics.breached(breach);
        breached(breach);
      }
      return results;
    },
  };
}

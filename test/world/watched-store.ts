// The store as the world sees it: every commit is looked at, and a node can be struck down just before or just after one.
import type { Change } from '../../src/campaigns/index.ts';
import type { CommitResult, EngineStore } from '../../src/engine/index.ts';
import { ahead, replacing } from './store-methods.ts';

/** The node stopped here; whoever called it hears nothing. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface StoreWatch {
  /** Called before a commit of this node; true: it crashes before anything is stored. */
  before(changes: readonly Change[]): boolean;
  /** Called with what was stored; true: it crashes before it hears that it was. */
  stored(changes: readonly Change[], results: readonly CommitResult[]): Promise<boolean>;
  /** A node that is down stores nothing more. */
  isUp(): boolean;
}

export function watched(store: EngineStore, watch: StoreWatch): EngineStore {
  const alive = ahead(store, () => {
    if (!watch.isUp()) throw new Crash('the node is down');
  });
  return replacing(alive, {
    commit: async (changes, now) => {
      if (!watch.isUp()) throw new Crash('the node is down');
      if (watch.before(changes)) throw new Crash('before the commit');
      const results = await store.commit(changes, now);
      if (await watch.stored(changes, results)) throw new Crash('after the commit');
      return results;
    },
  });
}

// The store as the world sees it: every commit is looked at, and a node can be struck down just before or just after one.
import type { Change } from '../../src/campaigns/index.ts';
import type { CommitResult, EngineStore } from '../../src/engine/index.ts';

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
  const guard =
    <Args extends readonly unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (!watch.isUp()) throw new Crash('the node is down');
      return method(...args);
    };
  return {
    loadUpdates: guard(store.loadUpdates.bind(store)),
    loadDevice: guard(store.loadDevice.bind(store)),
    updateOfToken: guard(store.updateOfToken.bind(store)),
    loadCampaign: guard(store.loadCampaign.bind(store)),
    claimDue: guard(store.claimDue.bind(store)),
    claimCampaigns: guard(store.claimCampaigns.bind(store)),
    loadSteward: guard(store.loadSteward.bind(store)),
    loadIntake: guard(store.loadIntake.bind(store)),
    loadIntakeAll: guard(store.loadIntakeAll.bind(store)),
    loadCandidates: guard(store.loadCandidates.bind(store)),
    loadHashes: guard(store.loadHashes.bind(store)),
    loadReady: guard(store.loadReady.bind(store)),
    loadSweep: guard(store.loadSweep.bind(store)),
    loadLicensing: guard(store.loadLicensing.bind(store)),
    loadLicences: guard(store.loadLicences.bind(store)),
    addingCampaigns: guard(store.addingCampaigns.bind(store)),
    loadJoiners: guard(store.loadJoiners.bind(store)),
    claimIntents: guard(store.claimIntents.bind(store)),
    claimCallbacks: guard(store.claimCallbacks.bind(store)),
    release: guard(store.release.bind(store)),
    beat: guard(store.beat.bind(store)),
    commit: guard(async (changes, now) => {
      if (watch.before(changes)) throw new Crash('before the commit');
      const results = await store.commit(changes, now);
      if (await watch.stored(changes, results)) throw new Crash('after the commit');
      return results;
    }),
  };
}

// The engine's store, method by method: what a watch, a fault or a mutant wraps around one of them.
import type { EngineStore } from '../../src/engine/index.ts';

const METHODS = {
  loadUpdates: 'load',
  loadDevice: 'load',
  updateOfToken: 'load',
  loadCampaign: 'load',
  claimDue: 'claim',
  claimCampaigns: 'claim',
  loadSteward: 'load',
  loadIntake: 'load',
  loadIntakeAll: 'load',
  loadCandidates: 'load',
  loadHashes: 'load',
  loadReady: 'load',
  loadSweep: 'load',
  loadLicensing: 'load',
  loadLicences: 'load',
  addingCampaigns: 'load',
  loadJoiners: 'load',
  claimIntents: 'claim',
  claimCallbacks: 'claim',
  release: 'claim',
  beat: 'claim',
  commit: 'commit',
} as const satisfies Record<keyof EngineStore, 'load' | 'claim' | 'commit'>;

export type MethodKind = (typeof METHODS)[keyof typeof METHODS];

/** The store with `before` run ahead of each of its methods: what it throws is what the caller hears. */
export function ahead(store: EngineStore, before: (kind: MethodKind) => void): EngineStore {
  const wrapped = Object.entries(METHODS).map(([name, kind]) => {
    const method = store[name as keyof EngineStore].bind(store) as (...args: readonly unknown[]) => Promise<unknown>;
    const guarded = async (...args: readonly unknown[]) => {
      before(kind);
      return method(...args);
    };
    return [name, guarded];
  });
  return Object.fromEntries(wrapped) as unknown as EngineStore;
}

/** The store with some of its methods replaced. */
export const replacing = (store: EngineStore, methods: Partial<EngineStore>): EngineStore => ({
  ...ahead(store, () => undefined),
  ...methods,
});

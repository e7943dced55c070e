// The store in memory: deterministic, for simulated worlds and tests; it forgets everything with its process.
import type { EngineStore, NeighbourLoads } from '../engine/ports.ts';
import { memoryAccounts, memoryRepeats } from './memory-accounts.ts';
import { claimCallbacks, forgetCallbacks, memoryCallbacks } from './memory-callbacks.ts';
import { claimCampaigns, claimDue, claimIntents, release } from './memory-claims.ts';
import { commitOne } from './memory-commit.ts';
import { memoryInventory } from './memory-inventory.ts';
import { memoryLedgerKeys } from './memory-ledger-keys.ts';
import {
  loadCandidate,
  loadDevice,
  loadHashes,
  loadIntake,
  loadIntakeAll,
  loadReady,
  loadSteward,
  loadSweep,
  loadUpdate,
} from './memory-load.ts';
import { memoryNeighbours } from './memory-neighbours.ts';
import { forgetEvents, memoryOperatorEvents } from './memory-operator-events.ts';
import { forgetSignIns, memoryOperators } from './memory-operators.ts';
import { memoryReader } from './memory-reader.ts';
import { campaignText, keyOfUpdate, MemoryRows } from './memory-rows.ts';
import { memoryWatch } from './memory-watch.ts';
import type { Store } from './store.ts';

/** What a node did not store is lost when it is thrown away; the store stays. */
export function openMemoryStore(): Store {
  const rows = new MemoryRows();
  return {
    ...memoryEngine(rows),
    ...memoryNeighbours(rows),
    ...memoryAccounts(rows),
    ...memoryOperators(rows),
    ...memoryOperatorEvents(rows),
    ...memoryWatch(rows, memoryCallbacks(rows)),
    ...memoryInventory(rows),
    ...memoryReader(rows),
    ...memoryLedgerKeys(rows),
    ...memoryRepeats(rows),
    ...memoryCallbacks(rows),
    forgetExpired: async (now) => {
      await memoryAccounts(rows).forgetExpired(now);
      forgetCallbacks(rows, now);
      forgetSignIns(rows, now);
      forgetEvents(rows, now);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

const memoryEngine = (rows: MemoryRows): Omit<EngineStore, keyof NeighbourLoads> => ({
  loadUpdates: async (keys, node) => keys.map((key) => loadUpdate(rows, key, node)),
  loadDevice: async (key, node) => loadDevice(rows, key, node),
  updateOfToken: async (token) => {
    const [found] = rows.updates.group(`token ${token}`);
    return found === undefined ? undefined : keyOfUpdate(found.update);
  },
  loadCampaign: async (key) => rows.campaigns.get(campaignText(key))?.campaign,
  claimDue: async (now, max) => claimDue(rows, now, max),
  claimCampaigns: async (now, max, node) => claimCampaigns(rows, now, max, node),
  loadSteward: async (key, now) => loadSteward(rows, key, now),
  loadIntake: async (key) => loadIntake(rows, key),
  loadIntakeAll: async (key) => loadIntakeAll(rows, key),
  loadCandidates: async (key, imeis) => imeis.map((imei) => loadCandidate(rows, key, imei)),
  loadReady: async (key, now, which) => loadReady(rows, key, now, which),
  loadHashes: async (key, page) => loadHashes(rows, key, page),
  loadSweep: async (key, max) => loadSweep(rows, key, max),
  claimIntents: async (now, max, node) => claimIntents(rows, now, max, node),
  claimCallbacks: async (now, max, node) => claimCallbacks(rows, now, max, node),
  release: async (node) => release(rows, node),
  beat: async (node, _now, until) => rows.nodes.put(node, { node, until }),
  commit: async (changes) => changes.map((change) => (commitOne(rows, change) ? 'saved' : 'stale')),
});

// The whole store over a SQL database, whichever it is.

import type { Change, Duration, Instant, NodeId } from '../campaigns/index.ts';
import type { CommitResult, EngineStore, NeighbourLoads } from '../engine/ports.ts';
import { leaseUntil, type Sql } from './sql.ts';
import { sqlAccounts, sqlRepeats, stored } from './sql-accounts.ts';
import { claimCallbacks, forgetCallbacks, sqlCallbacks } from './sql-callbacks.ts';
import { claimCampaigns, claimDue, claimIntents, release } from './sql-claims.ts';
import { sqlInventory } from './sql-inventory.ts';
import { sqlLedgerKeys } from './sql-ledger-keys.ts';
import { sqlLicences } from './sql-licences.ts';
import {
  loadCampaign,
  loadCandidates,
  loadDevice,
  loadIntake,
  loadIntakeAll,
  loadSteward,
  loadSweep,
  loadUpdates,
  updateOfToken,
} from './sql-load.ts';
import { sqlNeighbours } from './sql-neighbours.ts';
import { forgetEvents, sqlOperatorEvents } from './sql-operator-events.ts';
import { forgetSignIns, sqlOperators } from './sql-operators.ts';
import { sqlReader } from './sql-reader.ts';
import { loadHashes, loadReady } from './sql-rollout.ts';
import { sqlWatch } from './sql-watch.ts';
import { statementsOf } from './sql-writes.ts';
import type { Store } from './store.ts';

export const storeOver = (store: Sql): Store => ({
  ...sqlEngine(store),
  ...sqlLicences(store),
  ...sqlNeighbours(store),
  ...sqlAccounts(store),
  ...sqlOperators(store),
  ...sqlOperatorEvents(store),
  ...sqlWatch(store),
  ...sqlInventory(store),
  ...sqlReader(store),
  ...sqlLedgerKeys(store),
  ...sqlRepeats(store),
  ...sqlCallbacks(store),
  forgetExpired: async (now) => {
    await sqlAccounts(store).forgetExpired(now);
    await forgetCallbacks(store, now);
    await forgetSignIns(store, now);
    await forgetEvents(store, now);
  },
  [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
});

const sqlEngine = (store: Sql): Omit<EngineStore, keyof NeighbourLoads> => ({
  loadUpdates: (keys, node) => loadUpdates(store, keys, node),
  loadDevice: (key, node) => loadDevice(store, key, node),
  updateOfToken: (token) => updateOfToken(store, token),
  loadCampaign: (key) => loadCampaign(store, key),
  claimDue: (now, max) => claimDue(store, now, max),
  claimCampaigns: (now, max, node) => claimCampaigns(store, now, max, node),
  loadSteward: (key, now) => loadSteward(store, key, now),
  loadIntake: (key) => loadIntake(store, key),
  loadIntakeAll: (key) => loadIntakeAll(store, key),
  loadCandidates: (key, imeis) => loadCandidates(store, key, imeis),
  loadReady: (key, now, which) => loadReady(store, key, now, which),
  loadHashes: (key, page) => loadHashes(store, key, page),
  loadSweep: (key, max) => loadSweep(store, key, max),
  claimIntents: (now, max, node) => claimIntents(store, now, max, node),
  claimCallbacks: (now, max, node) => claimCallbacks(store, now, max, node),
  release: (node) => release(store, node),
  beat: (node, now, until) => beat(store, node, now, until),
  commit: (changes) => commit(store, changes),
});

async function commit(store: Sql, changes: readonly Change[]): Promise<readonly CommitResult[]> {
  const outcomes = await store.apply(changes.map((change) => statementsOf(store, change)));
  return outcomes.map((outcome) => (outcome === 'saved' ? 'saved' : 'stale'));
}

async function beat(store: Sql, node: NodeId, now: Instant, until: Instant): Promise<void> {
  const alive = { until: leaseUntil(store, now, (until - now) as Duration) };
  const query = store.write.insertInto('nodes').values({ node, ...alive });
  await stored(
    store,
    query.onConflict((conflict) => conflict.column('node').doUpdateSet(alive)),
  );
}

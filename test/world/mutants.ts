// Planted faults: each wraps the store or the decisions in the way a tired engineer would break them; a check has to notice.
import { type CallbackEvent, type Campaign, isLive, type Update, type Write } from '../../src/campaigns/index.ts';
import type { ClaimedCallback, EngineStore } from '../../src/engine/index.ts';

export interface Mutant {
  readonly title: string;
  readonly mutate: (store: EngineStore) => EngineStore;
}

const withCommit = (store: EngineStore, commit: EngineStore['commit']): EngineStore => ({
  ...bound(store),
  commit,
});

/** The store's methods as own properties, so that one of them can be replaced. */
const bound = (store: EngineStore): EngineStore => ({
  loadUpdates: store.loadUpdates.bind(store),
  loadDevice: store.loadDevice.bind(store),
  updateOfToken: store.updateOfToken.bind(store),
  loadCampaign: store.loadCampaign.bind(store),
  claimDue: store.claimDue.bind(store),
  claimCampaigns: store.claimCampaigns.bind(store),
  loadSteward: store.loadSteward.bind(store),
  loadIntake: store.loadIntake.bind(store),
  loadIntakeAll: store.loadIntakeAll.bind(store),
  loadCandidates: store.loadCandidates.bind(store),
  loadHashes: store.loadHashes.bind(store),
  loadReady: store.loadReady.bind(store),
  loadSweep: store.loadSweep.bind(store),
  loadLicensing: store.loadLicensing.bind(store),
  loadLicences: store.loadLicences.bind(store),
  addingCampaigns: store.addingCampaigns.bind(store),
  loadJoiners: store.loadJoiners.bind(store),
  claimIntents: store.claimIntents.bind(store),
  claimCallbacks: store.claimCallbacks.bind(store),
  release: store.release.bind(store),
  beat: store.beat.bind(store),
  commit: store.commit.bind(store),
});

/** What is due to leave is handed out before it is stored; and the commit that should have come first is lost once. */
function sendBeforeCommit(store: EngineStore): EngineStore {
  const early: CallbackEvent[] = [];
  let handedOut = 0;
  return {
    ...withCommit(store, async (changes, now) => {
      const callbacks = changes.flatMap((change) => change.intents).filter((intent) => intent.kind === 'callback');
      for (const { event } of callbacks) {
        handedOut += 1;
        early.push(event);
      }
      if (callbacks.length > 0 && handedOut % 2 === 1) return changes.map(() => 'stale' as const);
      const rest = changes.map((change) => ({
        ...change,
        intents: change.intents.filter((intent) => intent.kind !== 'callback'),
      }));
      return store.commit(rest, now);
    }),
    claimCallbacks: async (now, max, node) => [
      ...(await store.claimCallbacks(now, max, node)),
      ...early.splice(0).map((event) => rushedCallback(event)),
    ],
  };
}

function rushedCallback(event: CallbackEvent): ClaimedCallback {
  const { account, campaign, number, at } = event;
  const turn = { account, campaign, to: event.facts.generation, from: number, last: number, claim: 0 };
  const listener = { account, generation: turn.to, url: 'https://customer.example/', secret: '', createdAt: at };
  return { turn, listener, allowed: [], event, tries: 0 };
}

/** Decisions see campaigns without their windows; what is stored keeps them. */
function ignoreWindows(store: EngineStore): EngineStore {
  const real = new Map<string, Campaign['timetable']>();
  const open = (campaign: Campaign): Campaign => {
    real.set(campaign.id, real.get(campaign.id) ?? campaign.timetable);
    return { ...campaign, timetable: { ...campaign.timetable, downloadWindows: [], installWindows: [] } };
  };
  const shut = (write: Write): Write =>
    write.op === 'replace-campaign'
      ? { ...write, row: { ...write.row, timetable: real.get(write.row.id) ?? write.row.timetable } }
      : write;
  return {
    ...withCommit(store, (changes, now) =>
      store.commit(
        changes.map((change) => ({ ...change, writes: change.writes.map(shut) })),
        now,
      ),
    ),
    loadUpdates: async (keys, node) => {
      const snapshots = await store.loadUpdates(keys, node);
      return snapshots.map((snapshot) => snapshot && { ...snapshot, campaign: open(snapshot.campaign) });
    },
    loadDevice: async (key, node) => {
      const seen = await store.loadDevice(key, node);
      return seen?.live === undefined ? seen : { ...seen, live: { ...seen.live, campaign: open(seen.live.campaign) } };
    },
    loadSteward: async (key, now) => {
      const seen = await store.loadSteward(key, now);
      return seen && { ...seen, campaign: open(seen.campaign) };
    },
  };
}

/** "It has the image" is taken for "it has installed it". */
const downloadedIsInstalled = (store: EngineStore): EngineStore =>
  withCommit(store, (changes, now) =>
    store.commit(
      changes.map((change) => ({
        ...change,
        writes: change.writes.map((write) =>
          write.op === 'replace-update' ? { ...write, row: rushed(write.row) } : write,
        ),
      })),
      now,
    ),
  );

function rushed(row: Update): Update {
  const { state } = row;
  const complete = isLive(state) && state.attempt.transfer?.completeAt !== undefined;
  if (!complete) return row;
  return {
    ...row,
    state: { name: 'succeeded', at: row.changedAt, evidence: 'version', attempt: state.attempt.number },
  };
}

export const MUTANTS: readonly Mutant[] = [
  { title: 'callbacks are sent before they are stored', mutate: sendBeforeCommit },
  { title: 'windows are ignored', mutate: ignoreWindows },
  { title: '"downloaded" is taken for "installed"', mutate: downloadedIsInstalled },
];

// Planted faults: each wraps the store between an engine and its rows in the way a tired engineer would break the code.
import type { Campaign, Change, Entry, Snapshot, Update, Write } from '../../src/campaigns/index.ts';
import { type CallbackEvent, isFinal, isLive } from '../../src/campaigns/index.ts';
import type { ClaimedCallback, EngineStore } from '../../src/engine/index.ts';
import { replacing } from './store-methods.ts';

export interface Mutant {
  readonly title: string;
  readonly mutate: (store: EngineStore) => EngineStore;
  /** Part of the title of the story that has to notice; absent: the swarm does. */
  readonly story?: string;
}

const committing = (store: EngineStore, alter: (change: Change) => Change): Partial<EngineStore> => ({
  commit: (changes, now) => store.commit(changes.map(alter), now),
});

const writing = (store: EngineStore, alter: (write: Write) => Write): EngineStore =>
  replacing(
    store,
    committing(store, (change) => ({ ...change, writes: change.writes.map(alter) })),
  );

/** Decisions about updates see other snapshots than there are. */
const seeing = (store: EngineStore, alter: (snapshot: Snapshot) => Snapshot): Partial<EngineStore> => ({
  loadUpdates: async (keys, node) => (await store.loadUpdates(keys, node)).map((one) => one && alter(one)),
  loadDevice: async (key, node) => {
    const seen = await store.loadDevice(key, node);
    return seen?.live === undefined ? seen : { ...seen, live: alter(seen.live) };
  },
});

/** Decisions see other campaigns than there are; what is stored of the campaign keeps its own. */
function seeingCampaign(store: EngineStore, alter: (campaign: Campaign) => Campaign): EngineStore {
  const altered = (snapshot: Snapshot): Snapshot => ({ ...snapshot, campaign: alter(snapshot.campaign) });
  return replacing(store, seeing(store, altered));
}

/** What is due to leave is handed out before it is stored; and the commit that should have come first is lost once. */
function sendBeforeCommit(store: EngineStore): EngineStore {
  const early: CallbackEvent[] = [];
  let handedOut = 0;
  return replacing(store, {
    commit: async (changes, now) => {
      const callbacks = changes.flatMap((change) => change.intents).filter((intent) => intent.kind === 'callback');
      for (const { event } of callbacks) {
        handedOut += 1;
        early.push(event);
      }
      if (callbacks.length > 0 && handedOut % 2 === 1) return changes.map(() => 'stale' as const);
      return store.commit(changes, now);
    },
    claimCallbacks: async (now, max, node) => [
      ...(await store.claimCallbacks(now, max, node)),
      ...early.splice(0).map((event) => rushedCallback(event)),
    ],
  });
}

function rushedCallback(event: CallbackEvent): ClaimedCallback {
  const { account, campaign, number, at } = event;
  const turn = { account, campaign, to: event.facts.generation, from: number, last: number, claim: 0 };
  const listener = { account, generation: turn.to, url: 'https://customer.example/', secret: '', createdAt: at };
  return { turn, listener, allowed: [], event, tries: 0 };
}

const ignoreWindows = (store: EngineStore): EngineStore =>
  seeingCampaign(store, (campaign) => ({
    ...campaign,
    timetable: { ...campaign.timetable, downloadWindows: [], installWindows: [] },
  }));

/** "It has the image" is taken for "it has installed it". */
const downloadedIsInstalled = (store: EngineStore): EngineStore =>
  writing(store, (write) => (write.op === 'replace-update' ? { ...write, row: rushed(write.row) } : write));

function rushed(row: Update): Update {
  const { state } = row;
  if (!isLive(state) || state.attempt.transfer?.completeAt === undefined) return row;
  const done = { name: 'succeeded', at: row.changedAt, evidence: 'version', attempt: state.attempt.number } as const;
  return { ...row, state: done };
}

const entries = (store: EngineStore, alter: (entry: Entry) => Entry): EngineStore =>
  replacing(
    store,
    committing(store, (change) => ({ ...change, entries: change.entries.map(alter) })),
  );

function slotLeak(store: EngineStore): EngineStore {
  return entries(store, (entry) => {
    const { slots, ...rest } = entry;
    return slots === -1 ? rest : entry;
  });
}

const slotsForAll = (store: EngineStore): EngineStore =>
  replacing(
    store,
    seeing(store, (snapshot) =>
      snapshot.slots === undefined
        ? snapshot
        : { ...snapshot, slots: { ...snapshot.slots, free: snapshot.slots.free + 1, arrivals: 1_000 } },
    ),
  );

/** Updates that have ended are seen as they were before: the end does not hold. */
function finalRevived(store: EngineStore): EngineStore {
  const before = new Map<string, Update['state']>();
  const revived = <Seen extends Snapshot>(seen: Seen): Seen => {
    const { update } = seen;
    const state = before.get(`${update.campaign} ${update.imei}`);
    return state === undefined || !isFinal(update.state) ? seen : { ...seen, update: { ...update, state } };
  };
  return replacing(store, {
    ...seeing(store, revived),
    ...committing(store, (change) => {
      for (const write of change.writes) {
        if (write.op !== 'replace-update' || isFinal(write.row.state)) continue;
        before.set(`${write.row.campaign} ${write.row.imei}`, write.row.state);
      }
      return change;
    }),
  });
}

/** Whoever sleeps is never seen when it speaks. */
const sleepersIgnored = (store: EngineStore): EngineStore =>
  replacing(store, {
    loadDevice: async (key, node) => {
      const seen = await store.loadDevice(key, node);
      if (seen?.device.registration?.queueMode !== true) return seen;
      const { live: _unseen, ...rest } = seen;
      return rest;
    },
  });

const holdIgnored = (store: EngineStore): EngineStore =>
  seeingCampaign(store, ({ hold: _unseen, ...campaign }) => campaign);

const stepsIgnored = (store: EngineStore): EngineStore =>
  seeingCampaign(store, (campaign) => {
    const { rollout, ...rest } = campaign;
    return rollout === undefined || rollout.steps.length === 0 ? campaign : rest;
  });

/** What was claimed before looks as if it never was. */
const executeAgain = (store: EngineStore): EngineStore =>
  replacing(store, {
    claimIntents: async (now, max, node) =>
      (await store.claimIntents(now, max, node)).map((claimed) => ({ ...claimed, again: false })),
  });

const residueForgotten = (store: EngineStore): EngineStore =>
  writing(store, (write) => {
    if (write.op !== 'replace-device') return write;
    const { residue: _forgotten, ...row } = write.row;
    return { ...write, row };
  });

const capsIgnored = (store: EngineStore): EngineStore =>
  replacing(
    store,
    seeing(store, ({ budgets: _unseen, ...snapshot }) => snapshot),
  );

/** Whatever ends badly is held against the image. */
const lossCounts = (store: EngineStore): EngineStore =>
  replacing(store, {
    loadSteward: async (key, now) => {
      const seen = await store.loadSteward(key, now);
      if (seen === undefined) return seen;
      const unsealed = seen.unsealed.map(({ id, entry }) => ({
        id,
        entry:
          entry.move?.to === 'expired' || entry.move?.to === 'aborted' || entry.move?.to === 'waiting'
            ? { ...entry, move: { ...entry.move, to: 'failed' as const }, facts: { reason: 'install-failed' } }
            : entry,
      }));
      return { ...seen, unsealed };
    },
  });

const countsDrift = (store: EngineStore): EngineStore =>
  writing(store, (write) =>
    write.op === 'replace-campaign'
      ? { ...write, row: { ...write.row, tallies: { ...write.row.tallies, failed: write.row.tallies.succeeded } } }
      : write,
  );

const ledgerRewritten = (store: EngineStore): EngineStore =>
  writing(store, (write) =>
    write.op === 'seal'
      ? { ...write, sealed: write.sealed.map((one) => ({ ...one, text: one.text.replace('"slots":1', '"slots":2') })) }
      : write,
  );

/** Campaign rows are kept in memory for ten minutes. */
function oldCampaigns(store: EngineStore): EngineStore {
  const kept = new Map<string, { readonly campaign: Campaign; readonly at: number }>();
  let clock = 0;
  const old = (campaign: Campaign): Campaign => {
    const known = kept.get(campaign.id);
    if (known !== undefined && clock - known.at < 600_000) return known.campaign;
    kept.set(campaign.id, { campaign, at: clock });
    return campaign;
  };
  const seen = seeing(store, (snapshot) => ({ ...snapshot, campaign: old(snapshot.campaign) }));
  return replacing(store, {
    ...seen,
    claimDue: (now, max) => {
      clock = now;
      return store.claimDue(now, max);
    },
  });
}

/** What is told is taken off the line although nobody heard it. */
const callbacksDropped = (store: EngineStore): EngineStore =>
  replacing(store, {
    claimCallbacks: async (now, max, node) => {
      const claimed = await store.claimCallbacks(now, max, node);
      return claimed.map((one) => {
        const { event: _lost, ...rest } = one;
        return one.event !== undefined && one.event.devices.length > 0 ? rest : one;
      });
    },
  });

export const MUTANTS: readonly Mutant[] = [
  { title: 'callbacks are sent before they are stored', mutate: sendBeforeCommit },
  { title: 'windows are ignored', mutate: ignoreWindows },
  { title: '"downloaded" is taken for "installed"', mutate: downloadedIsInstalled },
  { title: 'slots leak', mutate: slotLeak },
  { title: 'a slot more is used than there is', mutate: slotsForAll },
  { title: 'an end does not hold', mutate: finalRevived, story: 'comes back after the end' },
  { title: 'sleepers are not seen when they speak', mutate: sleepersIgnored, story: 'sleepers are offered' },
  { title: 'a pause is ignored', mutate: holdIgnored, story: 'bite in the middle' },
  { title: 'steps of the rollout are ignored', mutate: stepsIgnored },
  { title: 'an order to install is sent again blindly', mutate: executeAgain, story: 'only once' },
  { title: 'nobody remembers what was left on a device', mutate: residueForgotten, story: 'is told to stop' },
  { title: 'caps of labels are ignored', mutate: capsIgnored, story: 'devices with one label' },
  { title: 'lost transfers count against the image', mutate: lossCounts },
  { title: 'counters drift', mutate: countsDrift },
  { title: 'the ledger is rewritten', mutate: ledgerRewritten },
  { title: 'campaigns are kept in memory for ten minutes', mutate: oldCampaigns, story: 'bite in the middle' },
  { title: 'callbacks are dropped', mutate: callbacksDropped },
];

/** Whatever is done in whatever order, the store on SQLite answers as the one in memory does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type Instant, instant, type Write } from '../../src/campaigns/index.ts';
import { openMemoryStore, openSqliteStore, type Store } from '../../src/store/index.ts';
import {
  attempt,
  callback,
  campaign,
  change,
  device,
  deviceKey,
  entry,
  imei,
  KEY,
  listener,
  NOW,
  ONE,
  registration,
  TWO,
  update,
  updateKey,
} from './given.ts';

type Act = (store: Store, now: Instant) => Promise<unknown>;

const number = fc.integer({ min: 1, max: 3 });
const revision = fc.integer({ min: 0, max: 2 });
const node = fc.constantFrom(ONE, TWO);
const state = fc.constantFrom(
  { name: 'waiting', reason: 'ready', readyAt: NOW } as const,
  { name: 'waiting', reason: 'retry', readyAt: instant(NOW + 70_000) } as const,
  { name: 'cancelled', at: NOW } as const,
);

const updateWrite: fc.Arbitrary<Write> = fc
  .record({
    op: fc.constantFrom('insert-update', 'replace-update', 'delete-update'),
    number,
    revision,
    state,
    due: fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: undefined }),
  })
  .map(({ op, number, due, ...more }) => ({
    op,
    row: update(number, { ...more, ...(due === undefined ? {} : { nextActionAt: instant(NOW + due) }) }),
  }));

const deviceWrite: fc.Arbitrary<Write> = fc
  .record({
    op: fc.constantFrom('insert-device', 'replace-device', 'delete-device'),
    number,
    revision,
    registered: fc.option(fc.record({ node, endpoint: number }), { nil: undefined }),
  })
  .map(({ op, number, revision, registered }) => ({
    op,
    row: device(number, {
      revision,
      ...(registered === undefined ? {} : { registration: registration(registered.endpoint, registered.node) }),
    }),
  }));

const campaignWrite: fc.Arbitrary<Write> = fc
  .record({ op: fc.constantFrom('insert-campaign', 'replace-campaign'), revision })
  .map(({ op, revision }) => ({ op, row: campaign({ revision, nextActionAt: NOW }) }));

const changes: fc.Arbitrary<Change> = fc
  .record({
    writes: fc.uniqueArray(fc.oneof(updateWrite, deviceWrite, campaignWrite), {
      maxLength: 3,
      // One change writes a row once.
      selector: (write) =>
        JSON.stringify('row' in write ? [write.op.split('-')[1], 'imei' in write.row && write.row.imei] : []),
    }),
    entries: fc.array(
      number.map((one) => entry(one)),
      { maxLength: 2 },
    ),
    intents: fc.array(
      fc.oneof(
        number.map((one) => ({ ...callback(one), to: ['v1', 'v3'] }) as ReturnType<typeof callback>),
        number.map((one) => ({ kind: 'ask', device: deviceKey(one) }) as const),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ writes, ...more }) => change(writes, more));

const withoutIds = (claimed: readonly { readonly id: number }[]) => claimed.map(({ id: _, ...rest }) => rest);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(changes, { minLength: 1, maxLength: 3 }).map(
      (list): Act =>
        (store, now) =>
          store.commit(list, now),
    ),
  },
  fc.integer({ min: 1, max: 3 }).map(
    (max): Act =>
      (store, now) =>
        store.claimDue(now, max),
  ),
  node.map(
    (one): Act =>
      (store, now) =>
        store.claimCampaigns(now, 5, one),
  ),
  node.map(
    (one): Act =>
      async (store, now) =>
        withoutIds(await store.claimIntents(now, 2, one)),
  ),
  node.map(
    (one): Act =>
      (store) =>
        store.release(one),
  ),
  fc.record({ node, done: fc.boolean(), number }).map(
    ({ node, done, number }): Act =>
      async (store, now) => {
        const claimed = await store.claimCallbacks(now, 2, node);
        for (const { turn, event, since = now } of claimed.slice(0, number - 1)) {
          const told = { ...KEY, to: turn.to, number: event?.number ?? 0, attempt: 1, at: now, took: 1 };
          const delivery = { ...told, outcome: done ? 'delivered' : 'failed' } as const;
          const after = done
            ? ({ is: 'next', number: event?.number ?? turn.last } as const)
            : ({ is: 'again', at: instant(now + 5_000), tries: 1, since } as const);
          await store.commit([change([{ op: 'settle-callback', turn, after, at: now, delivery }])], now);
        }
        return claimed;
      },
  ),
  fc.record({ number, to: fc.constantFrom('v1', 'v3'), act: fc.integer({ min: 0, max: 2 }) }).map(
    ({ number, to, act }): Act =>
      (store, now) => {
        if (act === 0) return store.replay(KEY, to, number, now);
        return act === 1 ? store.deleteListener(KEY.account, to) : store.putListener(listener(to));
      },
  ),
  node.map(
    (one): Act =>
      (store, now) =>
        store.beat(one, now, instant(now + 90_000)),
  ),
);

async function everything(store: Store, now: Instant): Promise<unknown> {
  const steward = await store.loadSteward(KEY, now);
  return {
    updates: await store.updates(KEY, { max: 9 }),
    snapshots: await store.loadUpdates([1, 2, 3].map(updateKey), ONE),
    devices: await store.devices(KEY.account, { max: 9 }),
    names: await Promise.all([1, 2, 3].map((one) => store.lookUp('endpoint', registration(one).endpoint))),
    steward: steward && { ...steward, unsealed: withoutIds(steward.unsealed) },
    ready: await store.loadReady(KEY, now, { max: 9 }),
    sweep: await store.loadSweep(KEY, 9),
    candidates: await store.loadCandidates(KEY, [1, 2, 3].map(imei)),
    token: await store.updateOfToken(attempt('none').token),
    listeners: await store.listeners(KEY.account),
    log: withoutIds(await store.deliveries(KEY.account, { max: 99 })),
    lag: [await store.lag(KEY.account, 'v1'), await store.lag(KEY.account, 'v3')],
  };
}

test('the same acts have the same answers and leave the same rows', async () => {
  const acts = fc.array(fc.record({ act, wait: fc.integer({ min: 0, max: 60_000 }) }), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      await using memory = openMemoryStore();
      await using sqlite = await openSqliteStore({ directory: ':memory:' });
      let now = NOW;
      for (const { act, wait } of list) {
        now = instant(now + wait);
        expect(await act(sqlite, now)).toEqual(await act(memory, now));
      }
      expect(await everything(sqlite, now)).toEqual(await everything(memory, now));
    }),
    { numRuns: 60 },
  );
});

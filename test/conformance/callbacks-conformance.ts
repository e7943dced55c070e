/** How every store tells listeners: one number after the other, none held up by another, everything to be told again. */
import { describe, expect, test } from 'vitest';
import {
  type AfterTurn,
  type CampaignId,
  type CampaignKey,
  type Delivery,
  type Imei,
  type Instant,
  LIMITS,
} from '../../src/campaigns/index.ts';
import type { ClaimedCallback } from '../../src/engine/ports.ts';
import type { Store } from '../../src/store/index.ts';
import {
  ACCOUNT,
  account,
  CAMPAIGN,
  callback,
  callbackEvent,
  campaign,
  change,
  client,
  KEY,
  later,
  listener,
  NOW,
  ONE,
  put,
  TWO,
  user,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function callbacksConformance(open: Open): void {
  lines(open);
  claims(open);
  fairness(open);
  races(open);
  settling(open);
  replays(open);
  listeners(open);
  gathering(open);
  forgetting(open);
}

const other = 'campaign-2' as CampaignId;
const told = (claimed: readonly ClaimedCallback[]) =>
  claimed.map(({ turn, event }) => [turn.to, turn.campaign, event?.number]);

async function settle(store: Store, claimed: ClaimedCallback | undefined, after: AfterTurn, delivery?: Delivery) {
  if (claimed === undefined) throw new Error('nothing was claimed');
  const at = later(50);
  const write = { op: 'settle-callback', turn: claimed.turn, after, at, ...(delivery && { delivery }) } as const;
  expect(await store.commit([change([write])], NOW)).toEqual(['saved']);
}

const next = (claimed: ClaimedCallback | undefined): AfterTurn => ({ is: 'next', number: claimed?.event?.number ?? 0 });
const again = (at: Instant): AfterTurn => ({ is: 'again', at, tries: 1, since: NOW });
const delivery = (number: number, more: Partial<Delivery> = {}, key: CampaignKey = KEY): Delivery => ({
  ...key,
  to: 'v3',
  number,
  attempt: 1,
  at: later(number),
  outcome: 'delivered',
  status: 204,
  took: 5,
  ...more,
});

function lines(open: Open): void {
  const story = withStore(open);
  describe('callbacks', () => {
    test(
      'of a campaign come to each listener one at a time, in the order of their numbers',
      story(async (store) => {
        await store.putListener(listener('v3'));
        await store.putListener(listener('v1', { url: 'https://old.example/' }));
        const both = { ...callback(1), to: ['v1', 'v3'] } as ReturnType<typeof callback>;
        await put(store, { intents: [both, callback(2), callback(7, other)] });
        const now = later(100);
        const first = await store.claimCallbacks(now, 9, ONE);
        expect(told(first)).toEqual([
          ['v1', CAMPAIGN, 1],
          ['v3', CAMPAIGN, 1],
          ['v3', other, 7],
        ]);
        expect(first[0]).toMatchObject({ listener: { url: 'https://old.example/' }, allowed: [], tries: 0 });
        expect(first[1]?.event).toEqual(callbackEvent(1));
        expect(await store.claimCallbacks(now, 9, TWO)).toEqual([]);
        await settle(store, first[1], next(first[1]));
        const second = await store.claimCallbacks(now, 9, TWO);
        expect(told(second)).toEqual([['v3', CAMPAIGN, 2]]);
        await settle(store, second[0], next(second[0]));
        expect(await store.claimCallbacks(now, 9, TWO)).toEqual([]);
      }),
    );

    test(
      'are for nobody who was not there when they were numbered',
      story(async (store) => {
        await put(store, { intents: [callback(1)] });
        await store.putListener(listener());
        expect(await store.claimCallbacks(later(100), 9, ONE)).toEqual([]);
        await put(store, { intents: [callback(2)] });
        expect(told(await store.claimCallbacks(later(100), 9, ONE))).toEqual([['v3', CAMPAIGN, 2]]);
      }),
    );
  });
}

function claims(open: Open): void {
  const story = withStore(open);
  describe('callbacks', () => {
    test(
      'have a number each, which is given once',
      story(async (store) => {
        const numbered = change([], { intents: [callback(1)] });
        expect(await store.commit([numbered, numbered], NOW)).toEqual(['saved', 'stale']);
      }),
    );

    test(
      'that a node had claimed are free when it starts again, and when the claim is over',
      story(async (store) => {
        await store.putListener(listener());
        await put(store, { intents: [callback(1)] });
        const now = later(10);
        const lost = await store.claimCallbacks(now, 9, ONE);
        await store.release(TWO);
        expect(await store.claimCallbacks(now, 9, ONE)).toEqual([]);
        await store.release(ONE);
        expect(await store.claimCallbacks(now, 9, TWO)).toHaveLength(1);
        const late = await store.claimCallbacks(later(10 + LIMITS.callbackLease + 1), 9, ONE);
        expect(late).toHaveLength(1);
        // Whoever had it before settles nothing any more.
        await settle(store, lost[0], next(lost[0]));
        await settle(store, late[0], again(later(0)));
        expect(told(await store.claimCallbacks(later(200_000), 9, ONE))).toEqual([['v3', CAMPAIGN, 1]]);
      }),
    );
  });
}

function fairness(open: Open): void {
  const story = withStore(open);
  const ids = Array.from({ length: 12 }, (_, at) => `campaign-${String(at).padStart(2, '0')}` as CampaignId);
  test(
    'a listener with many campaigns has a few callbacks at a time, and others come first',
    story(async (store) => {
      await store.putListener(listener());
      await store.putListener(listener('v1'));
      const late = { ...callback(50, other), to: ['v1'] } as ReturnType<typeof callback>;
      await put(store, { intents: [...ids.map((id) => callback(1, id)), late] });
      const now = later(100);
      const [first, second] = await store.claimCallbacks(now, 2, ONE);
      expect(told([first!, second!])).toEqual([
        ['v1', other, 50],
        ['v3', ids[0], 1],
      ]);
      expect(await store.claimCallbacks(now, 99, TWO)).toHaveLength(LIMITS.callbacksPerListenerMax - 1);
      expect(await store.claimCallbacks(now, 99, ONE)).toEqual([]);
      await settle(store, second, next(second));
      expect(await store.claimCallbacks(now, 99, ONE)).toHaveLength(1);
    }),
  );
}

function races(open: Open): void {
  test(
    'a callback goes to one node only, however many ask at once',
    withStore(open)(async (store) => {
      const ids = Array.from({ length: 8 }, (_, at) => `campaign-${at}` as CampaignId);
      await store.putListener(listener());
      await put(store, { intents: ids.map((id) => callback(1, id)) });
      const claims = await Promise.all([ONE, TWO, ONE, TWO].map((node) => store.claimCallbacks(later(100), 3, node)));
      const claimed = claims.flat().map(({ turn }) => turn.campaign);
      expect(new Set(claimed).size).toBe(claimed.length);
      expect(claimed.length).toBeGreaterThanOrEqual(1);
      for (const one of claims.flat()) await settle(store, one, next(one));
      const rest = await store.claimCallbacks(later(100), 99, ONE);
      expect(rest.map(({ turn }) => turn.campaign).some((id) => claimed.includes(id))).toBe(false);
    }),
  );
}

function settling(open: Open): void {
  const story = withStore(open);
  describe('a callback that failed', () => {
    test(
      'comes again at its time and holds back the later ones; what was tried is known',
      story(async (store) => {
        await store.putListener(listener());
        await put(store, { intents: [callback(1), callback(2)] });
        const [first] = await store.claimCallbacks(later(10), 9, ONE);
        await settle(store, first, again(later(5_000)), delivery(1, { outcome: 'failed', status: 500, error: 'no' }));
        expect(await store.listener(ACCOUNT, 'v3')).toEqual(listener('v3', { failingSince: later(1) }));
        expect(await store.claimCallbacks(later(4_999), 9, ONE)).toEqual([]);
        const [second] = await store.claimCallbacks(later(5_000), 9, ONE);
        expect(second).toMatchObject({ event: { number: 1 }, tries: 1, since: NOW });
        await settle(store, second, next(second), delivery(1, { outcome: 'dead', attempt: 2 }));
        expect((await store.deadLetters(ACCOUNT, 9)).map(({ number }) => number)).toEqual([1]);
        const [third] = await store.claimCallbacks(later(5_000), 9, ONE);
        expect(third).toMatchObject({ event: { number: 2 }, tries: 0 });
        expect(third).not.toHaveProperty('since');
        await settle(store, third, next(third), delivery(2));
        expect(await store.listeners(ACCOUNT)).toEqual([listener()]);
        const log = await store.deliveries(ACCOUNT, { max: 2 });
        expect(log.map(({ number, outcome }) => [number, outcome])).toEqual([
          [2, 'delivered'],
          [1, 'dead'],
        ]);
        const before = await store.deliveries(ACCOUNT, { max: 9, before: log[1]!.id }, { generation: 'v3' });
        expect(before.map(({ id: _, ...rest }) => rest)).toEqual([
          delivery(1, { outcome: 'failed', status: 500, error: 'no' }),
        ]);
        expect(await store.deliveries(ACCOUNT, { max: 9 }, { campaign: other })).toEqual([]);
      }),
    );
  });
}

function replays(open: Open): void {
  const story = withStore(open);
  describe('a replay', () => {
    test(
      'tells everything from a number on again, and closes a gap',
      story(async (store) => {
        await store.putListener(listener());
        await put(store, { intents: [1, 2, 3].map((number) => callback(number)) });
        for (const number of [1, 2, 3]) {
          const [one] = await store.claimCallbacks(later(60), 9, ONE);
          await settle(store, one, next(one), delivery(number, { outcome: number === 2 ? 'dead' : 'delivered' }));
        }
        expect(await store.lag(ACCOUNT, 'v3')).toEqual({ campaigns: 0, callbacks: 0 });
        expect(await store.replay(KEY, 'v3', 2, later(20))).toBe(2);
        expect(await store.lag(ACCOUNT, 'v3')).toEqual({ campaigns: 1, callbacks: 2, oldestAt: later(2) });
        const [again] = await store.claimCallbacks(later(100), 9, ONE);
        expect(again?.event).toEqual(callbackEvent(2));
        await settle(store, again, next(again), delivery(2));
        expect(await store.deadLetters(ACCOUNT, 9)).toEqual([]);
        expect(told(await store.claimCallbacks(later(100), 9, ONE))).toEqual([['v3', CAMPAIGN, 3]]);
      }),
    );

    test(
      'that is ordered while a callback is on its way is not lost',
      story(async (store) => {
        await store.putListener(listener());
        await put(store, { intents: [callback(1), callback(2)] });
        const [first] = await store.claimCallbacks(later(10), 9, ONE);
        await settle(store, first, next(first));
        const [second] = await store.claimCallbacks(later(60), 9, ONE);
        expect(await store.replay(KEY, 'v3', 1, later(60))).toBe(2);
        await settle(store, second, next(second));
        expect(told(await store.claimCallbacks(later(100), 9, ONE))).toEqual([['v3', CAMPAIGN, 1]]);
      }),
    );

    test(
      'reaches a listener that registered afterwards, and nobody where there is none',
      story(async (store) => {
        await put(store, { intents: [callback(1), callback(2)] });
        expect(await store.replay(KEY, 'v3', 1, NOW)).toBe(0);
        await store.putListener(listener());
        expect(await store.replay(KEY, 'v3', 3, NOW)).toBe(0);
        expect(await store.replay(KEY, 'v3', 1, NOW)).toBe(2);
        expect(told(await store.claimCallbacks(NOW, 9, ONE))).toEqual([['v3', CAMPAIGN, 1]]);
      }),
    );
  });
}

function listeners(open: Open): void {
  const story = withStore(open);
  describe('a listener', () => {
    test(
      'is replaced by another of its generation, which hears what waits; deleted, nothing waits for it',
      story(async (store) => {
        await store.putListener(listener());
        await put(store, { intents: [callback(1)] });
        const moved = listener('v3', { url: 'https://new.example/', username: 'u', password: 'p' });
        await store.putListener(moved);
        expect(await store.listeners(ACCOUNT)).toEqual([moved]);
        const [claimed] = await store.claimCallbacks(later(10), 9, ONE);
        expect(claimed?.listener).toEqual(moved);
        expect(await store.deleteListener(ACCOUNT, 'v3')).toBe(true);
        expect(await store.deleteListener(ACCOUNT, 'v3')).toBe(false);
        await settle(store, claimed, again(later(10)), delivery(1, { outcome: 'failed' }));
        expect(await store.claimCallbacks(later(1_000_000), 9, ONE)).toEqual([]);
        await store.putListener(moved);
        expect(await store.claimCallbacks(later(1_000_000), 9, ONE)).toEqual([]);
      }),
    );

    test(
      'comes with the hosts that its account allows',
      story(async (store) => {
        const settings = { ...account().settings, allowPrivateCallbackHosts: ['10.0.0.0/8'] };
        await store.insertAccount({ ...account(), settings }, client('c'), user('u'));
        await store.putListener(listener());
        await put(store, { intents: [callback(1)] });
        expect((await store.claimCallbacks(later(10), 9, ONE))[0]?.allowed).toEqual(['10.0.0.0/8']);
      }),
    );
  });
}

function gathering(open: Open): void {
  test(
    'the steward sees who listens and what has been gathered',
    withStore(open)(async (store) => {
      await put(store, { campaigns: [campaign()] });
      expect(await store.loadSteward(KEY, NOW)).toMatchObject({ audience: [], gathered: [] });
      await store.putListener(listener());
      await store.putListener(listener('v1'));
      const devices = [{ imei: '1' as Imei, state: 'failed', reason: 'é\u0000', at: NOW } as const];
      const gather = (some: typeof devices) => store.commit([change([{ op: 'gather', ...KEY, devices: some }])], NOW);
      await gather([...devices, ...devices]);
      await gather(devices);
      expect(await store.loadSteward(KEY, NOW)).toMatchObject({ audience: ['v1', 'v3'], gathered: devices });
      expect((await store.loadSteward(KEY, NOW))?.gathered).toEqual(devices);
      await gather([]);
      await gather([]);
      expect((await store.loadSteward(KEY, NOW))?.gathered).toEqual([]);
    }),
  );
}

function forgetting(open: Open): void {
  test(
    'what has been kept for its time is forgotten, and a line skips it',
    withStore(open)(async (store) => {
      await store.putListener(listener());
      await put(store, { intents: [callback(1), callback(2)] });
      const [first] = await store.claimCallbacks(later(10), 9, ONE);
      await settle(store, first, again(later(20)), delivery(1, { outcome: 'failed' }));
      await store.forgetExpired(later(LIMITS.callbackKept + 1));
      expect(await store.deliveries(ACCOUNT, { max: 9 })).toEqual([]);
      expect(told(await store.claimCallbacks(later(30), 9, ONE))).toEqual([['v3', CAMPAIGN, 2]]);
    }),
  );
}

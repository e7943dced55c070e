/** What every store shows: snapshots, candidates, lists of what is ready, pages in a total order. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import type { CampaignId, ImageToken, Imei } from '../../src/campaigns/index.ts';
import {
  ACCOUNT,
  account,
  attempt,
  CAMPAIGN,
  campaign,
  change,
  client,
  device,
  deviceKey,
  imei,
  KEY,
  later,
  NOW,
  ONE,
  OTHER_ACCOUNT,
  put,
  registration,
  TWO,
  update,
  updateKey,
  user,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function loadConformance(open: Open): void {
  snapshots(open);
  tokens(open);
  ready(open);
  rollouts(open);
  sweep(open);
  candidates(open);
  pages(open);
  size(open);
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

function snapshots(open: Open): void {
  const story = withStore(open);
  describe('a snapshot', () => {
    test(
      'has the update, its campaign, its device and how the account says that such a device behaves',
      story(async (store) => {
        await store.insertAccount(account(), client('c'), user('u'));
        const settings = { ...DEFAULT_SETTINGS, profiles: [{ make: 'Maker', model: 'M1', autoInstalls: true }] };
        await store.replaceAccount({ ...account(), settings });
        await put(store, {
          campaigns: [campaign()],
          devices: [device(1), device(2)],
          updates: [update(1), update(2), update(3)],
        });
        const found = await store.loadUpdates(
          [updateKey(2), updateKey(9), updateKey(1), updateKey(3), updateKey(2)],
          ONE,
        );
        const profile = { ddiClient: 'streaming', autoInstalls: true };
        const first = { update: update(1), campaign: campaign(), device: device(1), profile };
        const second = { update: update(2), campaign: campaign(), device: device(2), profile };
        expect(found).toEqual([second, undefined, first, undefined, second]);
        expect(await store.loadUpdates([], ONE)).toEqual([]);
      }),
    );

    test(
      'of a device has the update it takes part in and the one it was offered last',
      story(async (store) => {
        const old = 'campaign-0' as CampaignId;
        const there = device(1, { liveCampaign: CAMPAIGN, lastCampaign: old });
        await put(store, {
          campaigns: [campaign(), campaign({ id: old })],
          devices: [there, device(2, { lastCampaign: old })],
          updates: [update(1), update(1, { campaign: old }), update(2, { campaign: old })],
        });
        const seen = await store.loadDevice(deviceKey(1), ONE);
        expect(seen?.device).toEqual(there);
        expect([seen?.live?.update.campaign, seen?.last?.update.campaign]).toEqual([CAMPAIGN, old]);
        const other = await store.loadDevice(deviceKey(2), ONE);
        expect([other?.live, other?.last?.update.campaign]).toEqual([undefined, old]);
        expect(await store.loadDevice(deviceKey(3), ONE)).toBeUndefined();
      }),
    );

    test(
      'of a steward names the nodes that are alive',
      story(async (store) => {
        await put(store, { campaigns: [campaign()] });
        await store.beat(TWO, NOW, later(10));
        await store.beat(ONE, NOW, later(20));
        expect((await store.loadSteward(KEY, NOW))?.nodes).toEqual([ONE, TWO]);
        expect(await store.nodes(later(11))).toEqual([ONE]);
        expect(await store.loadSteward({ ...KEY, campaign: 'none' as CampaignId }, NOW)).toBeUndefined();
      }),
    );
  });
}

function tokens(open: Open): void {
  const story = withStore(open);
  test(
    'a token finds its update while the attempt is current or suspended, not afterwards',
    story(async (store) => {
      const token = 'token-1' as ImageToken;
      await put(store, {
        updates: [update(1, { state: { name: 'offered', attempt: attempt(token), untilUntouched: NOW } })],
      });
      expect(await store.updateOfToken(token)).toEqual(updateKey(1));
      expect(await store.updateOfToken('token-2' as ImageToken)).toBeUndefined();
      const suspended = update(1, {
        state: { name: 'waiting', reason: 'suspended', readyAt: NOW, suspended: attempt(token) },
      });
      await store.commit([change([{ op: 'replace-update', row: suspended }])], NOW);
      expect(await store.updateOfToken(token)).toEqual(updateKey(1));
      const over = update(1, { revision: 1, state: { name: 'succeeded', at: NOW, evidence: 'version', attempt: 1 } });
      await store.commit([change([{ op: 'replace-update', row: over }])], NOW);
      expect(await store.updateOfToken(token)).toBeUndefined();
    }),
  );
}

function ready(open: Open): void {
  const story = withStore(open);
  const awake = (number: number) => device(number, { registration: registration(number) });
  test(
    'ready are waiting updates of devices that can be spoken to now, the fewest attempts first, then by hash',
    story(async (store) => {
      const devices = range(11).map(awake);
      const later1 = { name: 'waiting', reason: 'retry', readyAt: later(1) } as const;
      const asked = { name: 'waiting', reason: 'ready', readyAt: NOW, askAt: later(1) } as const;
      await put(store, {
        devices,
        updates: [
          update(1, { stratum: 1, hash: 5 }),
          update(2, { attempts: 1, hash: 2 }),
          update(3, { hash: 4 }),
          update(4, { hash: 3 }),
          update(5, { awake: false }),
          update(9, { state: later1 }),
          update(10, { state: asked }),
          update(11, { state: { name: 'cancelled', at: NOW } }),
        ],
      });
      const order = [4, 3, 2].map(updateKey);
      expect(await store.loadReady(KEY, NOW, { max: 9 })).toEqual(order);
      expect(await store.loadReady(KEY, NOW, { max: 2 })).toEqual(order.slice(0, 2));
      expect(await store.loadReady(KEY, later(1), { max: 9 })).toHaveLength(5);
      // Of a campaign in strata only those whose step is open.
      const open = [3, 5];
      expect(await store.loadReady(KEY, NOW, { max: 9, open })).toEqual([4, 1, 2].map(updateKey));
      expect(await store.loadReady(KEY, NOW, { max: 9, open: [-1, 4] })).toEqual([]);
      expect(await store.loadReady(KEY, NOW, { max: 9, open: [] })).toEqual([]);
    }),
  );
}

function rollouts(open: Open): void {
  const story = withStore(open);
  const awake = (number: number) => device(number, { registration: registration(number) });
  test(
    'hashes are those of every update, by IMEI and in pages',
    story(async (store) => {
      const waiting = update(2, { stratum: 1, hash: 7 });
      const over = update(3, { state: { name: 'cancelled', at: NOW } });
      await put(store, { devices: range(3).map(awake), updates: [over, update(1), waiting] });
      const [first, second, third] = [1, 2, 3].map((number) => updateKey(number).imei);
      const rows = [
        { imei: first, stratum: 0, hash: 1, waits: true },
        { imei: second, stratum: 1, hash: 7, waits: true },
        { imei: third, stratum: 0, hash: 3, waits: false },
      ];
      expect(await store.loadHashes(KEY, { max: 9 })).toEqual(rows);
      expect(await store.loadHashes(KEY, { max: 1, after: updateKey(1).imei })).toEqual([rows[1]]);
    }),
  );
  test(
    'a score book and the allowances of labels are kept for their campaign and account',
    story(async (store) => {
      const capped = { ...DEFAULT_SETTINGS, arrivalCaps: { perMinute: 60, labels: { cell: 30 } } };
      await store.insertAccount({ ...account(), settings: capped }, client('c'), user('u'));
      await put(store, { campaigns: [campaign()] });
      await put(store, { devices: [device(1, { labels: { cell: '7' } })], updates: [update(1)] });
      const [fresh] = await store.loadUpdates([updateKey(1)], ONE);
      expect(fresh?.budgets).toMatchObject([{ row: { scope: 'cell=7', revision: 0, level: 10_000 }, perMinute: 30 }]);
      const row = { account: KEY.account, scope: 'cell=7', revision: 0, level: 9_000, at: NOW };
      const kept = { round: 1, book: { guards: [], places: [], failing: [], halted: false } };
      const write = [
        change([
          { op: 'replace-budget', row },
          { op: 'keep-score', ...KEY, kept },
        ]),
      ];
      expect(await store.commit(write, NOW)).toEqual(['saved']);
      expect(await store.commit([change([{ op: 'replace-budget', row }])], NOW)).toEqual(['stale']);
      const [spent] = await store.loadUpdates([updateKey(1)], ONE);
      expect(spent?.budgets).toEqual([{ row: { ...row, revision: 1 }, perMinute: 30 }]);
      const steward = await store.loadSteward(KEY, NOW);
      expect(steward?.kept).toEqual(kept);
      expect(steward?.allowance).toMatchObject({ row: { scope: 'account', revision: 0 }, perMinute: 60 });
    }),
  );
}

function sweep(open: Open): void {
  const story = withStore(open);
  test(
    'the sweep finds what is neither final nor being installed',
    story(async (store) => {
      const since = NOW;
      const one = attempt('a');
      await put(store, {
        updates: [
          update(1),
          update(2, { state: { name: 'offered', attempt: attempt('b'), untilUntouched: NOW } }),
          update(3, { state: { name: 'downloading', attempt: attempt('c'), idleDeadline: NOW } }),
          update(4, { state: { name: 'downloaded', attempt: attempt('d'), since, askAt: NOW } }),
          update(5, { state: { name: 'verifying', attempt: one, since, deadline: NOW, word: 'reported' } }),
          update(6, { state: { name: 'expired', at: NOW } }),
          update(7, { campaign: 'campaign-2' as CampaignId }),
        ],
      });
      const found = await store.loadSweep(KEY, 9);
      expect(found.map((key) => key.imei).sort()).toEqual([1, 2, 3, 4].map(imei));
      expect(await store.loadSweep(KEY, 3)).toEqual(found.slice(0, 3));
    }),
  );
}

function candidates(open: Open): void {
  const story = withStore(open);
  test(
    'the lines of a list are known in their order, whatever is written in them',
    story(async (store) => {
      const odd = ['not an imei', '\0', '\ud800', "'; drop table updates; --", '👾'] as Imei[];
      await put(store, {
        campaigns: [campaign()],
        devices: [device(1), device(2), device(3, { account: OTHER_ACCOUNT })],
        updates: [update(2), ...odd.map((line) => update(0, { imei: line }))],
      });
      const known = await store.loadCandidates(KEY, [imei(2), imei(3), ...odd, imei(1), 'new']);
      expect(known).toEqual([
        { imei: imei(2), present: true, device: device(2), update: update(2) },
        { imei: imei(3), present: false },
        ...odd.map((line) => ({ imei: line, present: true, update: update(0, { imei: line }) })),
        { imei: imei(1), present: false, device: device(1) },
        { imei: 'new', present: false },
      ]);
      for (const line of odd) expect((await store.update(KEY, line))?.imei).toBe(line);
    }),
  );
}

function pages(open: Open): void {
  const story = withStore(open);
  describe('pages', () => {
    test(
      'of updates go through all of them by IMEI, once each, also of one state',
      story(async (store) => {
        const final = { name: 'cancelled', at: NOW } as const;
        const numbers = [9, 2, 7, 4, 1, 3, 8];
        await put(store, {
          updates: [
            ...numbers.map((number) => update(number, number % 2 === 0 ? { state: final } : {})),
            update(5, { campaign: 'campaign-2' as CampaignId }),
            update(6, { account: OTHER_ACCOUNT }),
          ],
        });
        const seen: Imei[] = [];
        for (let page = await store.updates(KEY, { max: 3 }); page.length > 0; ) {
          seen.push(...page.map((row) => row.imei));
          page = await store.updates(KEY, { max: 3, after: seen.at(-1)! });
        }
        expect(seen).toEqual([1, 2, 3, 4, 7, 8, 9].map(imei));
        const some = await store.updates(KEY, { max: 2, after: imei(2) }, { state: 'cancelled' });
        expect(some.map((row) => row.imei)).toEqual([4, 8].map(imei));
      }),
    );

    test(
      'of campaigns go by id, those of a device too',
      story(async (store) => {
        const ids = ['c', 'B', 'a', 'é'] as CampaignId[];
        const phase = { name: 'ended', since: NOW, rule: 'campaign.ended-date' } as const;
        await put(store, {
          campaigns: [
            ...ids.map((id) => campaign(id === 'a' ? { id, phase } : { id })),
            campaign({ account: OTHER_ACCOUNT }),
          ],
          updates: ids.map((id) => update(1, { campaign: id })),
        });
        const idsOf = async (after?: string) =>
          (await store.campaigns(ACCOUNT, { max: 9, ...(after === undefined ? {} : { after }) })).map(({ id }) => id);
        expect(await idsOf()).toEqual(['B', 'a', 'c', 'é']);
        expect(await idsOf('a')).toEqual(['c', 'é']);
        expect((await store.campaignsWhere(ACCOUNT, { max: 9 }, { phases: ['ended'] })).map(({ id }) => id)).toEqual([
          'a',
        ]);
        expect(await store.campaignsWhere(ACCOUNT, { max: 9 }, { phases: [] })).toEqual([]);
        const mine = await store.updatesOf(ACCOUNT, imei(1), { max: 2, after: 'B' });
        expect(mine.map((row) => row.campaign)).toEqual(['a', 'c']);
        expect(await store.campaign({ account: OTHER_ACCOUNT, campaign: 'a' as CampaignId })).toBeUndefined();
      }),
    );
  });
}

function size(open: Open): void {
  test(
    'a hundred thousand rows go in with one change',
    withStore(open)(async (store) => {
      await put(store, { updates: range(100_000).map((number) => update(number)) });
      expect(await store.updates(KEY, { max: 2, after: imei(99_998) })).toEqual([update(99_999), update(100_000)]);
    }),
    120_000,
  );
}

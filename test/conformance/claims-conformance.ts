/** How every store shares work between nodes: a claim is one node's until its time is over. */
import { describe, expect, test } from 'vitest';
import { type CampaignId, type ImageToken, type Intent, LIMITS, type NodeId } from '../../src/campaigns/index.ts';
import {
  CAMPAIGN,
  campaign,
  change,
  device,
  deviceKey,
  entry,
  imei,
  KEY,
  later,
  NOW,
  ONE,
  put,
  registration,
  TWO,
  update,
  updateKey,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function claimsConformance(open: Open): void {
  due(open);
  stewards(open);
  intents(open);
  deviceIntents(open);
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

function due(open: Open): void {
  const story = withStore(open);
  describe('due updates', () => {
    test(
      'are claimed longest overdue first, at most as many as asked for, and not before their time',
      story(async (store) => {
        const at = [5, -1, -3, -2, 0];
        await put(store, { updates: at.map((offset, index) => update(index, { nextActionAt: later(offset) })) });
        await put(store, { updates: [update(9)] });
        expect(await store.claimDue(NOW, 2)).toEqual([updateKey(2), updateKey(3)]);
        expect(await store.claimDue(NOW, 9)).toEqual([updateKey(1), updateKey(4)]);
        expect(await store.claimDue(NOW, 9)).toEqual([]);
      }),
    );

    test(
      'go to one node each, and to another when the claim is over',
      story(async (store) => {
        await put(store, { updates: range(20).map((number) => update(number, { nextActionAt: NOW })) });
        const [one, two] = await Promise.all([store.claimDue(NOW, 12), store.claimDue(NOW, 12)]);
        const rest = await store.claimDue(NOW, 20);
        const claimed = [...one, ...two, ...rest].map((key) => key.imei).sort();
        expect(claimed).toEqual(range(20).map(imei));
        expect(await store.claimDue(later(LIMITS.claimLease), 20)).toEqual([]);
        expect(await store.claimDue(later(LIMITS.claimLease + 1), 20)).toHaveLength(20);
      }),
    );

    test(
      'that were written are due again at their new time, whoever had claimed them',
      story(async (store) => {
        await put(store, { updates: [update(1, { nextActionAt: NOW })] });
        await store.claimDue(NOW, 1);
        const row = update(1, { nextActionAt: later(5) });
        await store.commit([change([{ op: 'replace-update', row }])], NOW);
        expect(await store.claimDue(later(5), 1)).toEqual([updateKey(1)]);
      }),
    );
  });
}

function stewards(open: Open): void {
  const story = withStore(open);
  const other = 'campaign-2' as CampaignId;
  describe('a campaign', () => {
    test(
      'needs its steward when it is due or has news, and no other node is its steward',
      story(async (store) => {
        const quiet = campaign({ id: 'campaign-3' as CampaignId, nextActionAt: later(1) });
        await put(store, { campaigns: [campaign({ nextActionAt: NOW }), campaign({ id: other }), quiet] });
        expect(await store.claimCampaigns(NOW, 9, ONE)).toEqual([KEY]);
        await store.commit([change([], { entries: [entry(1, { campaign: other })] })], NOW);
        expect(await store.claimCampaigns(NOW, 9, TWO)).toEqual([{ ...KEY, campaign: other }]);
        // Still news, and its steward may come again.
        expect(await store.claimCampaigns(NOW, 9, TWO)).toEqual([{ ...KEY, campaign: other }]);
        expect(await store.claimCampaigns(later(LIMITS.stewardLease + 1), 9, TWO)).toHaveLength(3);
      }),
    );

    test(
      'keeps its steward when its row is written',
      story(async (store) => {
        await put(store, { campaigns: [campaign({ nextActionAt: NOW })] });
        await store.claimCampaigns(NOW, 9, ONE);
        const row = campaign({ nextActionAt: NOW, turn: 1 });
        await store.commit([change([{ op: 'replace-campaign', row }])], NOW);
        expect(await store.claimCampaigns(NOW, 9, TWO)).toEqual([]);
        expect(await store.claimCampaigns(NOW, 9, ONE)).toEqual([KEY]);
      }),
    );

    test(
      'has one steward, however many ask at once, and the one served longest ago comes first',
      story(async (store) => {
        const ids = range(6).map((number) => `campaign-${number}` as CampaignId);
        await put(store, { campaigns: ids.map((id) => campaign({ id, nextActionAt: NOW })) });
        const [one, two] = await Promise.all([store.claimCampaigns(NOW, 3, ONE), store.claimCampaigns(NOW, 3, TWO)]);
        const rest = await store.claimCampaigns(NOW, 9, 'node-three' as NodeId);
        expect([...one, ...two, ...rest].map((key) => key.campaign).sort()).toEqual(ids);
        const [first] = await store.claimCampaigns(later(1), 1, ONE);
        const [second] = await store.claimCampaigns(later(2), 1, ONE);
        expect(first?.campaign).not.toBe(second?.campaign);
      }),
    );
  });
}

function intents(open: Open): void {
  const story = withStore(open);
  const ask = (number: number): Intent => ({ kind: 'ask', device: deviceKey(number) });
  describe('an intent', () => {
    test(
      'is claimed oldest first, marked when it was claimed before, and gone once settled',
      story(async (store) => {
        const offer: Intent = {
          kind: 'offer',
          update: updateKey(2),
          attempt: 1,
          token: 'T' as ImageToken,
          delivery: 'pull',
          reset: true,
        };
        await put(store, { intents: [ask(1), offer, { kind: 'execute', update: updateKey(3), attempt: 1 }] });
        const claimed = await store.claimIntents(NOW, 2, ONE);
        expect(claimed.map(({ intent, again }) => [intent, again])).toEqual([
          [ask(1), false],
          [offer, false],
        ]);
        expect((await store.claimIntents(NOW, 9, TWO)).map(({ intent }) => intent.kind)).toEqual(['execute']);
        const settled = change([{ op: 'settle', intent: claimed[0]!.id }], { entries: [entry(1)] });
        expect(await store.commit([settled], NOW)).toEqual(['saved']);
        // A second settlement is no obstacle to the rest of its change.
        expect(await store.commit([settled], NOW)).toEqual(['saved']);
        const again = await store.claimIntents(later(LIMITS.sendLease + 1), 9, TWO);
        expect(again.map(({ intent, again }) => [intent.kind, again])).toEqual([
          ['offer', true],
          ['execute', true],
        ]);
      }),
    );

    test(
      'that a node had claimed in an earlier life is free when it starts again',
      story(async (store) => {
        await put(store, { intents: [ask(1), ask(2)] });
        await store.claimIntents(NOW, 1, ONE);
        await store.claimIntents(NOW, 1, TWO);
        await store.release(ONE);
        const claimed = await store.claimIntents(NOW, 9, ONE);
        expect(claimed.map(({ intent, again }) => [intent, again])).toEqual([[ask(1), true]]);
      }),
    );

    test(
      'goes to one node only, however many ask at once',
      story(async (store) => {
        await put(store, { intents: range(30).map(ask) });
        const claims = await Promise.all([ONE, TWO, ONE, TWO].map((node) => store.claimIntents(NOW, 10, node)));
        const rest = await store.claimIntents(NOW, 30, ONE);
        const ids = [...claims.flat(), ...rest].map(({ id }) => id);
        expect(new Set(ids).size).toBe(30);
        expect(ids).toHaveLength(30);
      }),
    );
  });
}

function deviceIntents(open: Open): void {
  const story = withStore(open);
  test(
    'an intent for a registered device goes to its node, to any when that is dead, wherever it is registered by then',
    story(async (store) => {
      await store.beat(ONE, NOW, later(1_000));
      const there = device(1, { registration: registration(1, ONE) });
      const cleanUp: Intent = { kind: 'clean-up', device: deviceKey(1), campaign: CAMPAIGN };
      await put(store, { devices: [there, device(2)], intents: [cleanUp, { kind: 'ask', device: deviceKey(2) }] });
      expect((await store.claimIntents(NOW, 9, TWO)).map(({ intent }) => intent.kind)).toEqual(['ask']);
      expect((await store.claimIntents(NOW, 9, ONE)).map(({ intent }) => intent.kind)).toEqual(['clean-up']);
      await store.release(ONE);
      expect(await store.claimIntents(later(1_000), 9, TWO)).toEqual([]);
      expect(await store.claimIntents(later(1_001), 9, TWO)).toHaveLength(1);
      await store.release(TWO);
      await store.beat(ONE, later(1_001), later(9_000));
      await store.beat(TWO, later(1_001), later(9_000));
      const moved = device(1, { registration: registration(1, TWO) });
      await store.commit([change([{ op: 'replace-device', row: moved }])], NOW);
      const kinds = async (node: NodeId) =>
        (await store.claimIntents(later(1_001), 9, node)).map(({ intent }) => intent.kind);
      expect(await kinds(ONE)).toEqual(['ask']);
      expect(await kinds(TWO)).toEqual(['clean-up']);
    }),
  );
}

/** How every store keeps what the operator of the server is told, and what it shows of the whole server. */
import { describe, expect, test } from 'vitest';
import { cleared, EVENT_LIMITS, type EventListener, type OperatorEvent } from '../../src/accounts/index.ts';
import { instant, type NodeId } from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';
import {
  account,
  CAMPAIGN,
  callbackEvent,
  campaign,
  change,
  client,
  KEY,
  later,
  listener,
  NOW,
  update,
  user,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function operatorEventsConformance(open: Open): void {
  events(open);
  eventListeners(open);
  watching(open);
}

const event = (cause: string, more: Partial<OperatorEvent> = {}): OperatorEvent => ({
  id: 0,
  revision: 0,
  kind: 'disk-low',
  cause,
  text: `${cause} is bad`,
  facts: { freeBytes: 1 },
  raisedAt: NOW,
  telling: { what: 'raised', dueAt: NOW, tries: 0 },
  ...more,
});
const causes = (found: readonly OperatorEvent[]): readonly string[] => found.map(({ cause }) => cause);
const only = async (store: Store): Promise<OperatorEvent> => {
  const [found] = await store.operatorEvents({ max: 1 });
  if (found === undefined) throw new Error('there is no event');
  return found;
};

function events(open: Open): void {
  const story = withStore(open);
  describe('an event of the operator', () => {
    test(
      'is raised once as long as one of its cause is open, whoever raises it at the same moment',
      story(async (store) => {
        const raised = await Promise.all([1, 2, 3].map(() => store.raiseEvent(event('a'))));
        expect(raised.filter((isRaised) => isRaised)).toHaveLength(1);
        expect(await store.raiseEvent(event('b'))).toBe(true);
        const stored = await store.operatorEvents({ max: 9 });
        expect(causes(stored)).toEqual(['b', 'a']);
        expect(stored[0]).toEqual({ ...event('b'), id: expect.any(Number) });
        expect(await store.replaceEvent(cleared({ ...(await only(store)) }, later(1)))).toBe(true);
        expect(await store.raiseEvent(event('b'))).toBe(true);
      }),
    );

    test(
      'is replaced under its revision',
      story(async (store) => {
        await store.raiseEvent(event('a'));
        const known = await only(store);
        expect(await store.replaceEvent({ ...known, revision: 1 })).toBe(false);
        expect(await store.replaceEvent(cleared(known, later(1)))).toBe(true);
        expect(await store.replaceEvent(known)).toBe(false);
        expect(await only(store)).toEqual({ ...cleared(known, later(1)), revision: 1 });
      }),
    );
  });
  eventLists(open);
}

function eventLists(open: Open): void {
  const story = withStore(open);
  describe('an event of the operator', () => {
    test(
      'is listed with the newest first, a page at a time, by kind, open or over',
      story(async (store) => {
        for (const cause of ['a', 'b', 'c']) await store.raiseEvent(event(cause));
        await store.raiseEvent(event('n', { kind: 'node-lost' }));
        const [newest, second] = await store.operatorEvents({ max: 2 });
        expect(causes(await store.operatorEvents({ before: second?.id ?? 0, max: 9 }))).toEqual(['b', 'a']);
        expect(causes(await store.operatorEvents({ max: 9 }, { kind: 'node-lost' }))).toEqual(['n']);
        if (newest !== undefined) await store.replaceEvent(cleared(newest, NOW));
        expect(causes(await store.operatorEvents({ max: 9 }, { open: false }))).toEqual(['n']);
        expect(causes(await store.operatorEvents({ max: 9 }, { open: true }))).toEqual(['c', 'b', 'a']);
      }),
    );

    test(
      'is told when it is due, the longest due first',
      story(async (store) => {
        await store.raiseEvent(event('late', { telling: { what: 'raised', dueAt: later(9), tries: 1 } }));
        await store.raiseEvent(event('second', { telling: { what: 'raised', dueAt: later(2), tries: 0 } }));
        await store.raiseEvent(event('first'));
        const { telling: _none, ...silent } = event('silent');
        await store.raiseEvent(silent);
        expect(causes(await store.eventsToTell(later(2), 9))).toEqual(['first', 'second']);
        expect(causes(await store.eventsToTell(later(2), 1))).toEqual(['first']);
      }),
    );

    test(
      'is forgotten long after it is over, and never before',
      story(async (store) => {
        for (const cause of ['old', 'open']) await store.raiseEvent(event(cause));
        const old = (await store.operatorEvents({ max: 9 })).find(({ cause }) => cause === 'old');
        if (old !== undefined) await store.replaceEvent(cleared(old, NOW));
        await store.forgetExpired(instant(NOW + EVENT_LIMITS.keptMax - 1));
        expect(causes(await store.operatorEvents({ max: 9 }))).toEqual(['open', 'old']);
        await store.forgetExpired(instant(NOW + EVENT_LIMITS.keptMax));
        expect(causes(await store.operatorEvents({ max: 9 }))).toEqual(['open']);
      }),
    );
  });
}

function eventListeners(open: Open): void {
  const story = withStore(open);
  test(
    'there is one listener of operator events',
    story(async (store) => {
      const one: EventListener = { url: 'u', allowPrivateCallbackHosts: [], secret: 's', createdAt: NOW };
      expect([await store.eventListener(), await store.deleteEventListener()]).toEqual([undefined, false]);
      await store.putEventListener(one);
      await store.putEventListener({ ...one, url: 'other' });
      expect(await store.eventListener()).toEqual({ ...one, url: 'other' });
      expect(await store.deleteEventListener()).toBe(true);
      expect(await store.eventListener()).toBeUndefined();
    }),
  );
}

function watching(open: Open): void {
  const story = withStore(open);
  describe('over the whole server', () => {
    test(
      'a listener is in trouble when it fails, is behind or was given up on',
      story(async (store) => {
        await store.insertAccount(account(), client('c'), user('u'));
        await store.commit([change([{ op: 'insert-campaign', row: campaign({ id: CAMPAIGN }) }])], NOW);
        for (const generation of ['v2', 'v3'] as const) await store.putListener(listener(generation));
        expect(await store.listenersInTrouble()).toEqual([]);
        const [first, second] = [callbackEvent(1), callbackEvent(2)];
        const intents = [first, second].map((event) => ({ kind: 'callback' as const, to: ['v3'] as const, event }));
        await store.commit([change([], { intents })], NOW);
        const about = { account: KEY.account, generation: 'v3', waiting: 2, oldestAt: first.at, dead: 0 };
        expect(await store.listenersInTrouble()).toEqual([about]);
        const [claimed] = await store.claimCallbacks(later(60), 1, 'n' as NodeId);
        if (claimed === undefined) throw new Error('nothing was claimed');
        const delivery = { ...KEY, to: 'v3', number: 1, attempt: 1, at: later(61), outcome: 'dead', took: 1 } as const;
        const settled = { op: 'settle-callback', turn: claimed.turn, at: later(61), delivery } as const;
        await store.commit([change([{ ...settled, after: { is: 'next', number: 1 } }])], later(61));
        const given = {
          waiting: 1,
          oldestAt: second.at,
          dead: 1,
          deadAt: later(61),
          failingSince: later(61),
        };
        expect(await store.listenersInTrouble()).toEqual([{ ...about, ...given }]);
      }),
    );

    test(
      'the earliest due update and campaign are known',
      story(async (store) => {
        expect(await store.earliestDue()).toEqual({});
        const rows = [3, 2, 1].map((number) => update(number, { nextActionAt: later(number) }));
        const writes = [...rows, update(4)].map((row) => ({ op: 'insert-update' as const, row }));
        await store.commit([change(writes)], NOW);
        expect(await store.earliestDue()).toEqual({ update: later(1) });
        await store.commit([change([{ op: 'insert-campaign', row: campaign({ nextActionAt: later(7) }) }])], NOW);
        expect(await store.earliestDue()).toEqual({ update: later(1), campaign: later(7) });
      }),
    );

    test(
      'a node is known, alive or not, until it takes its leave',
      story(async (store) => {
        await store.beat('b' as NodeId, NOW, later(60));
        await store.beat('a' as NodeId, NOW, later(30));
        expect(await store.knownNodes()).toEqual([
          { node: 'a', until: later(30) },
          { node: 'b', until: later(60) },
        ]);
        await store.forgetNode('b' as NodeId);
        await store.forgetNode('none' as NodeId);
        expect((await store.knownNodes()).map(({ node }) => node)).toEqual(['a']);
      }),
    );
  });
}

/** What a customer hears, when and in which order: gathered, retried, given up, replayed. */
import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CALLBACK_LIMITS } from '../../src/callbacks/index.ts';
import { type CampaignId, LIMITS } from '../../src/campaigns/index.ts';
import { ACCOUNT, KEY, listener } from '../conformance/given.ts';
import { Desk } from './desk.ts';
import { answering, Listening } from './listening.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const sizes = ({ heard }: Listening) => heard.map(({ body }) => (body['deviceList'] as unknown[] | undefined)?.length);

describe('a customer', () => {
  test('hears of the first device at once, of later ones together, and of the campaign in its place', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    await desk.ended([1]);
    expect(sizes(customer)).toEqual([1]);
    await desk.ended([2, 3]);
    await desk.ended([4]);
    expect(sizes(customer)).toEqual([1]);
    await desk.wait(LIMITS.callbackGather);
    expect(sizes(customer)).toEqual([1, 3]);
    await desk.ended(range(5, 504));
    expect(sizes(customer)).toEqual([1, 3, 500]);
    await desk.ended([505]);
    await desk.phase('ended');
    expect(sizes(customer)).toEqual([1, 3, 500, 1, undefined]);
    expect(customer.numbers).toEqual([1, 2, 3, 4, 5]);
    expect(customer.heard.at(-1)?.body).toMatchObject({ type: 'campaignStatus', status: 'CampaignEnded' });
  });

  test('that registers later hears of later events, and of earlier ones by a replay', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    await desk.store.deleteListener(ACCOUNT, 'v3');
    await desk.ended([1]);
    await desk.store.putListener(listener('v3', { url: customer.url }));
    await desk.ended([2]);
    await desk.phase('scheduled');
    expect(customer.numbers).toEqual([1, 2]);
    expect(await desk.store.replay(KEY, 'v3', 1, desk.now)).toBe(2);
    await desk.work();
    expect(customer.numbers).toEqual([1, 2, 1, 2]);
    const ids = customer.heard.map(({ headers }) => headers['webhook-id']);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
  });

  test('that fails is asked again later, and hears nothing else of the campaign before', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    customer.answer = answering(503);
    await desk.phase('scheduled');
    await desk.phase('ended');
    expect(customer.numbers).toEqual([1]);
    await desk.wait(CALLBACK_LIMITS.retryWait - 1);
    expect(customer.numbers).toEqual([1]);
    await desk.wait(1);
    expect(customer.numbers).toEqual([1, 1]);
    expect((await desk.store.listener(ACCOUNT, 'v3'))?.failingSince).toBeDefined();
    customer.answer = answering(200);
    await desk.wait(2 * CALLBACK_LIMITS.retryWait);
    expect(customer.numbers).toEqual([1, 1, 1, 2]);
    expect((await desk.store.listener(ACCOUNT, 'v3'))?.failingSince).toBeUndefined();
    const log = await desk.store.deliveries(ACCOUNT, { max: 9 });
    expect(log.map(({ number, attempt, outcome, status }) => [number, attempt, outcome, status])).toEqual([
      [2, 1, 'delivered', 200],
      [1, 3, 'delivered', 200],
      [1, 2, 'failed', 503],
      [1, 1, 'failed', 503],
    ]);
  });

  test('that fails for a quarter of an hour has a gap, which is seen and can be replayed', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    const refused = 2;
    customer.answer = ({ body }, response) => response.writeHead(body.number === refused ? 500 : 204).end();
    const begun = desk.now;
    await desk.phase('queued');
    await desk.phase('scheduled');
    await desk.phase('ended');
    while (!customer.numbers.includes(3)) await desk.wait(5_000);
    expect(desk.now - begun).toBe(CALLBACK_LIMITS.holdMax);
    expect((await desk.store.deadLetters(ACCOUNT, 9)).map(({ number }) => number)).toEqual([2]);
    customer.answer = answering(204);
    expect(await desk.store.replay(KEY, 'v3', 2, desk.now)).toBe(2);
    await desk.work();
    expect(customer.numbers.slice(-2)).toEqual([2, 3]);
    expect(await desk.store.deadLetters(ACCOUNT, 9)).toEqual([]);
  });

  test('whose campaign fails still hears of another campaign', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    const other = 'campaign-2' as CampaignId;
    await desk.campaign(other);
    customer.answer = ({ body }, response) => response.writeHead(body.campaignId === other ? 204 : 500).end();
    await desk.phase('scheduled');
    await desk.phase('scheduled', other);
    await desk.phase('ended', other);
    const heard = customer.heard.filter(({ body }) => body.campaignId === other);
    expect(heard.map(({ body }) => body.number)).toEqual([1, 2]);
  });

  test('that is slow delays nobody else', async () => {
    await using slow = await Listening.open();
    await using quick = await Listening.open();
    const desk = await Desk.open(slow.url);
    await desk.store.putListener(listener('v1', { url: quick.url }));
    const silent = new Promise<void>((resolve) => {
      slow.answer = () => resolve();
    });
    const work = desk.phase('queued');
    await silent;
    for (const phase of ['scheduled', 'ended']) void desk.phase(phase);
    const told = async (): Promise<void> => {
      while (quick.numbers.length < 3) {
        await desk.engine.tick();
        // Sockets are heard while a file is looked at.
        await stat('.');
      }
    };
    await told();
    expect(quick.numbers).toEqual([1, 2, 3]);
    expect(slow.numbers).toEqual([1]);
    slow.answer = answering(204);
    desk.timers.fire();
    await work;
    await desk.wait(CALLBACK_LIMITS.retryWait);
    expect(slow.numbers).toEqual([1, 1, 2, 3]);
  });
});

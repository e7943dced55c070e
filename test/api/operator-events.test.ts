// What the operator of the server is told, as the API lists it, and the listener that it is told to, signed.
import { beforeEach, describe, expect, test } from 'vitest';
import { cleared, haltSighting, judgeAlarms, nodeSighting, type Sighting } from '../../src/accounts/index.ts';
import { type AccountName, type CampaignId, type Instant, instant } from '../../src/campaigns/index.ts';
import { verifyWebhook } from '../../src/sdk/index.ts';
import type { OperatorEventCallback } from '../../src/sdk/operator.ts';
import { ACCOUNT, type Answer, type Desk, openDesk } from './desk.ts';

const NOW = instant(Date.parse('2026-03-10T10:00:00Z'));
const URL = 'https://alerts.example/campanile';
const LISTENER = '/event-listener';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});

const fields = (answer: Answer) => answer.body as unknown as Readonly<Record<string, string>>;
const items = (answer: Answer) => answer.body.items as unknown as readonly Readonly<Record<string, unknown>>[];
const told = () =>
  desk.posted.map(({ body }) => JSON.parse(body) as { readonly what: string; readonly eventId: string });

async function raise(sighting: Sighting): Promise<void> {
  for (const event of judgeAlarms([], [sighting], () => false, NOW).raise) await desk.store.raiseEvent(event);
}

const lost = (name: string): Sighting => nodeSighting(name, (NOW - 3_600_000) as Instant, NOW);
const halted = haltSighting(
  { account: ACCOUNT as AccountName, campaign: 'c1' as CampaignId },
  { since: NOW, reason: 'Too many failures.' },
);

describe('events', () => {
  test('are listed with the newest first, by kind, open or over', async () => {
    await raise(lost('n1'));
    await raise(halted);
    const [first] = await desk.store.operatorEvents({ max: 1 });
    expect(items(await desk.operator('GET', '/events'))).toEqual([
      {
        id: first?.id,
        kind: 'halted',
        accountName: ACCOUNT,
        campaignId: 'c1',
        text: 'Campaign c1 has halted: Too many failures.',
        facts: { since: '2026-03-10T10:00:00.000Z' },
        raisedAt: '2026-03-10T10:00:00.000Z',
      },
      expect.objectContaining({ kind: 'node-lost' }),
    ]);
    if (first !== undefined) await desk.store.replaceEvent(cleared(first, NOW));
    expect(items(await desk.operator('GET', '/events?open=true')).map(({ kind }) => kind)).toEqual(['node-lost']);
    const over = items(await desk.operator('GET', '/events?open=false&kind=halted'));
    expect(over).toMatchObject([{ kind: 'halted', clearedAt: '2026-03-10T10:00:00.000Z' }]);
    expect((await desk.operator('GET', '/events?kind=x')).body.errorMessage).toMatch(
      /^kind: given "x", accepted: one of/,
    );
    expect((await desk.operator('GET', '/events?open=1')).body.errorMessage).toMatch(/accepted: true or false/);
  });

  test('are paged', async () => {
    for (const name of ['a', 'b', 'c']) await raise(lost(name));
    const page = await desk.operator('GET', '/events?limit=2');
    expect(items(page)).toHaveLength(2);
    const next = await desk.operator('GET', `/events?limit=2&after=${page.body.nextPageToken}`);
    expect(items(next)).toMatchObject([{ facts: { node: 'a' } }]);
    expect(next.body.nextPageToken).toBeUndefined();
  });
});

describe('the listener of events', () => {
  test('is set with a secret that is shown once, replaced, shown and removed', async () => {
    expect((await desk.operator('GET', LISTENER)).body.errorCode).toBe('EVENT_LISTENER_NOT_FOUND');
    const made = await desk.operator('PUT', LISTENER, { url: URL });
    expect(fields(made)['secret']).toMatch(/^whsec_/);
    const replaced = await desk.operator('PUT', LISTENER, {
      url: `${URL}/2`,
      allowPrivateCallbackHosts: ['10.0.0.0/8'],
    });
    const shown = { url: `${URL}/2`, allowPrivateCallbackHosts: ['10.0.0.0/8'], createdAt: '2026-03-10T10:00:00.000Z' };
    expect(replaced.body).toEqual(shown);
    expect((await desk.operator('GET', LISTENER)).body).toEqual(shown);
    expect((await desk.operator('DELETE', LISTENER)).status).toBe(204);
    expect((await desk.operator('DELETE', LISTENER)).body.errorCode).toBe('EVENT_LISTENER_NOT_FOUND');
  });

  test('may only be inside where that is allowed', async () => {
    const inside = { url: 'http://127.0.0.1:9/x' };
    expect((await desk.operator('PUT', LISTENER, inside)).body.errorMessage).toMatch(
      /is a loopback address; to allow it/,
    );
    const allowed = { ...inside, allowPrivateCallbackHosts: ['127.0.0.1'] };
    expect((await desk.operator('PUT', LISTENER, allowed)).status).toBe(200);
  });

  test('is told what was raised and what is over, signed by its secret, and each once', async () => {
    const { secret = '' } = fields(await desk.operator('PUT', LISTENER, { url: URL }));
    await raise(lost('n'));
    await desk.teller.turn();
    await desk.teller.turn();
    const [event] = await desk.store.operatorEvents({ max: 1 });
    expect(told()).toMatchObject([{ what: 'raised', eventId: `evt_operator_${event?.id}_raised` }]);
    const [post] = desk.posted;
    expect(post).toMatchObject({ url: URL, allowed: [] });
    const verdict = await verifyWebhook<OperatorEventCallback>(post?.headers ?? {}, post?.body ?? '', secret, NOW);
    expect(verdict).toMatchObject({ ok: true, event: { type: 'operatorEvent', event: { kind: 'node-lost' } } });
    expect(event?.told).toEqual({ at: NOW });
    if (event !== undefined) await desk.store.replaceEvent(cleared(event, NOW));
    await desk.teller.turn();
    expect(told().map(({ what }) => what)).toEqual(['raised', 'cleared']);
  });

  test('that fails is told again later, for a day; the event says why', async () => {
    await desk.operator('PUT', LISTENER, { url: URL });
    await raise(lost('n'));
    desk.listenersAnswer({ ok: true, status: 500 });
    await desk.teller.turn();
    expect(items(await desk.operator('GET', '/events'))).toMatchObject([{ lastError: 'answered 500' }]);
    await desk.teller.turn();
    expect(told()).toHaveLength(1);
    desk.later(10_000);
    await desk.teller.turn();
    expect(told()).toHaveLength(2);
    desk.later(25 * 3_600_000);
    await desk.teller.turn();
    desk.later(25 * 3_600_000);
    await desk.teller.turn();
    expect(told()).toHaveLength(3);
  });

  test('that there is not hears nothing of what was raised before it', async () => {
    await raise(lost('n'));
    await desk.teller.turn();
    await desk.operator('PUT', LISTENER, { url: URL });
    await desk.teller.turn();
    expect(told()).toEqual([]);
  });

  test('is tested, and its secret rotated: for a day both sign', async () => {
    expect((await desk.operator('POST', `${LISTENER}/test`)).body.errorCode).toBe('EVENT_LISTENER_NOT_FOUND');
    await desk.operator('PUT', LISTENER, { url: URL });
    const rotated = await desk.operator('POST', `${LISTENER}/rotate-secret`);
    expect(rotated.body).toEqual({
      secret: expect.stringMatching(/^whsec_/),
      previousUntil: '2026-03-11T10:00:00.000Z',
    });
    expect((await desk.operator('POST', `${LISTENER}/test`)).body).toMatchObject({
      delivered: true,
      url: URL,
      status: 200,
    });
    expect(told()).toMatchObject([{ what: 'test' }]);
    expect(desk.posted[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    desk.listenersAnswer({ ok: false, error: 'refused' });
    const failed = await desk.operator('POST', `${LISTENER}/test`);
    expect(failed.body).toMatchObject({ delivered: false, error: 'refused' });
  });

  test('is set and removed on the record, without its secret', async () => {
    const { secret = '' } = fields(await desk.operator('PUT', LISTENER, { url: URL }));
    await desk.operator('DELETE', LISTENER);
    const audit = await desk.operator('GET', '/audit');
    expect(items(audit)).toMatchObject([
      { action: 'remove event listener', before: { url: URL } },
      { action: 'set event listener', after: { url: URL } },
    ]);
    expect(JSON.stringify(audit.body)).not.toContain(secret);
  });
});

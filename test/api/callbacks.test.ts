// Callback listeners over HTTP: registered by customers in three generations, watched and replayed by operators.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, FIRMWARE, LWM2M_DEVICES, openExample } from './desk.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openDesk = use();

  const URL = 'https://customer.example/fota';
  let desk: Desk;
  let caller: Record<string, string>;

  beforeEach(async () => {
    desk = await openDesk();
    caller = await openExample(desk);
  });

  const at = (generation: string, account = ACCOUNT): string => `/api/fota/${generation}/callbacks/${account}`;
  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
    desk.call(method, url, body, caller);
  const watched = async () => (await desk.operator('GET', `/accounts/${ACCOUNT}/callbacks`)).body.items;

  describe.each(['v2', 'v3'])('the listener of %s', (generation) => {
    test('is registered, read, replaced and removed', async () => {
      expect((await call('GET', at(generation))).body).toEqual({});
      expect((await call('POST', at(generation), { url: URL })).body).toEqual({ url: URL });
      expect((await call('PUT', at(generation), { url: `${URL}/2` })).body).toEqual({ url: `${URL}/2` });
      expect((await call('GET', at(generation))).body).toEqual({ url: `${URL}/2` });
      for (const _again of [1, 2]) expect((await call('DELETE', at(generation))).body).toEqual({ success: true });
      expect((await call('GET', at(generation))).body).toEqual({});
    });

    test('may not lie on our inside, and the refusal names the setting', async () => {
      const refused = await call('POST', at(generation), { url: 'http://127.0.0.1:9/x' });
      expect(refused).toMatchObject({ status: 400, body: { errorCode: 'INVALID_PARAMETER' } });
      expect(refused.body.errorMessage).toContain('allowPrivateCallbackHosts');
      await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { allowPrivateCallbackHosts: ['127.0.0.0/8'] });
      expect((await call('POST', at(generation), { url: 'http://127.0.0.1:9/x' })).status).toBe(200);
    });

    test('of another account is out of reach', async () => {
      const foreign = at(generation, '0000999999-00009');
      expect((await call('GET', foreign)).body.errorCode).toBe('INVALID_ACCOUNT');
      expect((await call('POST', foreign, { url: URL })).body.errorCode).toBe('INVALID_ACCOUNT');
      expect((await call('DELETE', foreign)).body.errorCode).toBe('INVALID_ACCOUNT');
    });
  });

  test('what is no URL is refused', async () => {
    for (const url of ['ftp://x', 'customer.example', 5, '', 'https://user:secret@customer.example/'])
      expect((await call('POST', at('v3'), { url })).status).toBe(400);
  });

  test('the listener of v1 is one service, shown as an object or as a list', async () => {
    expect((await call('GET', at('v1'))).body).toEqual([]);
    const registered = await call('POST', at('v1'), { name: 'Fota', url: URL, username: 'me', password: 'pass' });
    expect(registered.body).toEqual({ accountName: ACCOUNT, serviceName: 'Fota' });
    const shown = { aname: ACCOUNT, name: 'Fota', url: URL, username: 'me' };
    expect((await call('GET', at('v1'))).body).toEqual(shown);
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { v1CallbacksAsList: true });
    expect((await call('GET', at('v1'))).body).toEqual([shown]);
    expect((await call('DELETE', `${at('v1')}/name/Fota`)).body).toEqual({ success: true });
    expect((await call('GET', at('v1'))).body).toEqual([]);
  });

  test('an operator sees the listeners of an account, and never their secrets', async () => {
    await call('POST', at('v1'), { name: 'Fota', url: URL, username: 'me', password: 'pass' });
    await call('POST', at('v3'), { url: URL });
    const listeners = await watched();
    expect(listeners).toMatchObject([
      { generation: 'v1', url: URL, username: 'me', state: 'ok', waiting: 0, lagSeconds: 0, deadLetters: 0 },
      { generation: 'v3', url: URL, state: 'ok' },
    ]);
    expect(JSON.stringify(listeners)).not.toMatch(/whsec|pass"/);
  });

  const rotate = (generation = 'v3') =>
    desk.operator('POST', `/accounts/${ACCOUNT}/callbacks/${generation}/rotate-secret`);

  test('a secret is rotated, shown once, and the old one signs for a day more', async () => {
    await call('POST', at('v3'), { url: URL });
    const first = await rotate();
    expect(first.body).toMatchObject({ generation: 'v3', previousUntil: '2026-03-11T10:00:00.000Z' });
    expect(first.body).toHaveProperty('secret', expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/));
    expect((await rotate()).body).not.toEqual(first.body);
    expect(await rotate('v2')).toMatchObject({ status: 404, body: { errorCode: 'CALLBACK_NOT_FOUND' } });
  });

  test('a test event is sent at once and tells how it went', async () => {
    await call('POST', at('v3'), { url: URL });
    const send = () => desk.operator('POST', `/accounts/${ACCOUNT}/callbacks/v3/test`);
    expect((await send()).body).toMatchObject({ delivered: true, url: URL, status: 200 });
    expect(desk.posted[0]?.headers).toHaveProperty('webhook-signature', expect.stringMatching(/^v1,/));
    desk.listenersAnswer({ ok: true, status: 500 });
    expect((await send()).body).toMatchObject({ delivered: false, status: 500, error: 'answered 500' });
    desk.listenersAnswer({ ok: false, error: 'connection refused' });
    expect((await send()).body).toMatchObject({ delivered: false, error: 'connection refused' });
  });

  const schedule = async (): Promise<string> => {
    const { body } = await desk.call(
      'POST',
      `/api/fota/v3/campaigns/firmware/${ACCOUNT}`,
      {
        firmwareName: FIRMWARE.name,
        firmwareFrom: FIRMWARE.from,
        firmwareTo: FIRMWARE.to,
        protocol: 'LWM2M',
        startDate: '2026-03-12',
        endDate: '2026-03-20',
        deviceList: LWM2M_DEVICES,
      },
      caller,
    );
    await desk.settle();
    return body.id;
  };

  test('a campaign is told to its listener; deliveries are listed by page, and events are sent again', async () => {
    await call('POST', at('v3'), { url: URL });
    const campaignId = await schedule();
    await desk.jumpTo('2026-03-12T00:00:01Z');
    const told = desk.posted.length;
    expect(told).toBeGreaterThan(1);
    expect(JSON.parse(desk.posted[0]?.body ?? '')).toMatchObject({ campaignId, id: campaignId, number: 1 });

    const log = `/accounts/${ACCOUNT}/callbacks/deliveries`;
    const { items } = (await desk.operator('GET', log)).body;
    expect(items).toHaveLength(told);
    expect(items[0]).toMatchObject({ generation: 'v3', campaignId, number: told, outcome: 'delivered', url: URL });
    const page = (await desk.operator('GET', `${log}?limit=1`)).body;
    expect(page.items).toEqual([items[0]]);
    expect((await desk.operator('GET', `${log}?limit=1&after=${page.nextPageToken}`)).body.items).toEqual([items[1]]);
    expect((await desk.operator('GET', `${log}?generation=v2`)).body.items).toEqual([]);
    expect((await desk.operator('GET', `${log}?after=x`)).status).toBe(400);

    const replay = (body: object) => desk.operator('POST', `/accounts/${ACCOUNT}/callbacks/v3/replay`, body);
    expect((await replay({ from: 2, campaignId })).body).toEqual({ events: told - 1 });
    await desk.settle();
    expect(desk.posted).toHaveLength(told + told - 1);
    expect((await replay({ from: 1 })).body).toEqual({ events: told });
    expect((await replay({ from: 1, campaignId: 'nobody' })).status).toBe(404);
    expect((await replay({ from: 0 })).status).toBe(400);
  });

  test('a listener that fails is seen to fail', async () => {
    await call('POST', at('v3'), { url: URL });
    desk.listenersAnswer({ ok: true, status: 503 });
    await schedule();
    const [listener] = await watched();
    expect(listener).toMatchObject({ state: 'failing', lastError: 'answered 503' });
  });
});

// The audit log: whoever changes something is in it, with what was before and after, and no secret ever is.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, basic, type Desk, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, openExample } from './desk.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openDesk = use();

  interface Line {
    readonly at: string;
    readonly actor: { readonly kind: string; readonly name: string };
    readonly action: string;
    readonly target: string;
    readonly before?: Readonly<Record<string, unknown>>;
    readonly after?: Readonly<Record<string, unknown>>;
  }

  const URL = 'https://customer.example/fota';
  const OPERATOR = { kind: 'operator', name: 'root' };
  let desk: Desk;
  let caller: Record<string, string>;
  let clientId: string;

  beforeEach(async () => {
    desk = await openDesk();
    caller = await openExample(desk);
    clientId = (await desk.operator('GET', `/accounts/${ACCOUNT}/credentials`)).body.items[0]?.clientId ?? '';
  });

  const page = async (query = '') => (await desk.operator('GET', `/accounts/${ACCOUNT}/audit${query}`)).body;
  const lines = async (): Promise<readonly Line[]> => (await page()).items as unknown as Line[];
  const latest = async (): Promise<Line | undefined> => (await lines())[0];

  test('what an operator did to an account is there, the latest first', async () => {
    expect((await lines()).map(({ action }) => action)).toEqual([
      'import devices',
      'upload package',
      'upload package',
      'create account',
    ]);
    expect(await latest()).toEqual({
      at: '2026-03-10T10:00:00.000Z',
      actor: OPERATOR,
      accountName: ACCOUNT,
      action: 'import devices',
      target: ACCOUNT,
      after: { imported: 4, rejected: 0 },
    });
  });

  test('of a change only what differs is told', async () => {
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { windowTimeZone: 'Europe/Berlin', pollSeconds: 300 });
    expect(await latest()).toMatchObject({
      actor: OPERATOR,
      action: 'change account settings',
      target: ACCOUNT,
      before: { windowTimeZone: 'UTC' },
      after: { windowTimeZone: 'Europe/Berlin' },
    });
    expect(Object.keys((await latest())?.after ?? {})).toEqual(['windowTimeZone']);
  });

  test('a customer is known by the client; a password only by its being there', async () => {
    const url = `/api/fota/v1/callbacks/${ACCOUNT}`;
    await desk.call('POST', url, { name: 'Fota', url: URL, username: 'me', password: 'word-that-is-secret' }, caller);
    expect(await latest()).toMatchObject({
      actor: { kind: 'client', name: clientId },
      action: 'register callback listener',
      target: 'v1',
      after: { url: URL, username: 'me', password: '(secret)', secret: '(secret)' },
    });
    await desk.call(
      'POST',
      url,
      { name: 'Fota', url: `${URL}/2`, username: 'me', password: 'word-that-is-secret' },
      caller,
    );
    expect(await latest()).toMatchObject({ before: { url: URL }, after: { url: `${URL}/2` } });
    await desk.call('DELETE', `${url}/name/Fota`, undefined, caller);
    expect(await latest()).toMatchObject({ action: 'remove callback listener', before: { url: `${URL}/2` } });
    expect(JSON.stringify(await lines())).not.toMatch(/word-that-is-secret|whsec/);
  });

  const order = {
    firmwareName: FIRMWARE.name,
    firmwareFrom: FIRMWARE.from,
    firmwareTo: FIRMWARE.to,
    protocol: 'LWM2M',
    startDate: '2026-03-12',
    endDate: '2026-03-20',
    deviceList: LWM2M_DEVICES,
  };
  const v3 = `/api/fota/v3/campaigns/firmware/${ACCOUNT}`;

  test('a campaign is followed from its order to its end', async () => {
    const { id } = (await desk.call('POST', v3, order, caller)).body;
    expect(await latest()).toMatchObject({
      action: 'schedule campaign',
      target: id,
      after: { startDate: '2026-03-12', deviceList: LWM2M_DEVICES },
    });
    await desk.call('PUT', `${v3}/${id}`, { Type: 'remove', deviceList: LWM2M_DEVICES.slice(1) }, caller);
    expect(await latest()).toMatchObject({ action: 'change campaign devices', target: id });
    await desk.settle();
    await desk.call('PUT', `${v3}/${id}/dates`, { startDate: '2026-03-13', endDate: '2026-03-20' }, caller);
    expect(await latest()).toMatchObject({
      action: 'change campaign dates',
      before: { startDate: '2026-03-12' },
      after: { startDate: '2026-03-13' },
    });
    await desk.operator('POST', `/accounts/${ACCOUNT}/campaigns/${id}/abort`);
    expect(await latest()).toMatchObject({ actor: OPERATOR, action: 'abort campaign', target: id });
  });

  test('what was refused, only read, rehearsed or answered again is no change', async () => {
    await desk.call('POST', v3, order, caller);
    const before = await lines();
    await desk.call('POST', v3, order, caller);
    await desk.call('POST', v3, { ...order, firmwareTo: 'none' }, caller);
    await desk.call('DELETE', `/api/fota/v3/campaigns/${ACCOUNT}/nobody`, undefined, caller);
    await desk.operator('POST', `/accounts/${ACCOUNT}/devices?dryRun=true`, [{ imei: '123456789012347' }]);
    await desk.call('POST', `/api/fota/v3/devices/${ACCOUNT}`, { deviceList: LWM2M_DEVICES }, caller);
    expect(await lines()).toEqual(before);
  });

  test('secrets of devices and credentials do not get in', async () => {
    const [imei] = HTTP_DEVICES;
    await desk.operator('PATCH', `/accounts/${ACCOUNT}/devices/${imei}`, {
      ddiToken: 'token-to-hide',
      timeZone: 'UTC',
    });
    expect(await latest()).toMatchObject({ action: 'change device', target: imei, after: { timeZone: 'UTC' } });
    const pair = (await desk.operator('POST', `/accounts/${ACCOUNT}/credentials`)).body;
    expect(await latest()).toMatchObject({ action: 'add credentials', target: pair.clientId });
    const token = caller['authorization']?.slice(7);
    await desk.call('PUT', '/api/m2m/v1/session/password/actions/reset', { oldPassword: 'wrong' }, caller);
    expect((await latest())?.action).toBe('add credentials');
    const text = JSON.stringify(await lines());
    for (const secret of ['token-to-hide', pair.clientSecret, pair.password, token ?? ''])
      expect(text).not.toContain(secret);
  });

  test('a token that is revoked is recorded with its client', async () => {
    const pair = (await desk.operator('POST', `/accounts/${ACCOUNT}/credentials`)).body;
    const issued = await desk.call('POST', '/api/ts/v1/oauth2/token', 'grant_type=client_credentials', basic(pair));
    await desk.call('POST', '/api/ts/v1/oauth2/revoke', { token: 'unknown' }, basic(pair));
    expect((await latest())?.action).toBe('add credentials');
    await desk.call('POST', '/api/ts/v1/oauth2/revoke', { token: issued.body.access_token }, basic(pair));
    expect(await latest()).toMatchObject({ action: 'revoke token', actor: { kind: 'client', name: pair.clientId } });
  });

  test('the log is read in pages, each account its own', async () => {
    const first = await page('?limit=3');
    const rest = await page(`?limit=3&after=${first.nextPageToken}`);
    expect([...first.items, ...rest.items]).toEqual(await lines());
    expect(rest.nextPageToken).toBeUndefined();
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/audit?after=x`)).status).toBe(400);
    expect((await desk.operator('GET', '/accounts/0000999999-00009/audit')).status).toBe(404);
    await desk.operator('POST', '/accounts', { accountName: '0000123456-00002' });
    expect((await page()).items).toHaveLength(4);
  });
});

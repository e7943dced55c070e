// Operator API: profiles of kinds of device, unknown HTTP devices that wait for approval, gateway tokens, OMA-DM.
import { beforeEach, describe, expect, test } from 'vitest';
import { hold } from '../../src/accounts/index.ts';
import type { AccountName, Imei, Instant } from '../../src/campaigns/index.ts';
import { ACCOUNT, type Desk, openAccount, openDesk, signIn } from './desk.ts';

const IMEI = '990000000000037' as Imei;
const NAME = ACCOUNT as AccountName;
const KEY = { account: NAME, imei: IMEI };
const at = (path: string): string => `/accounts/${ACCOUNT}${path}`;

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});

async function polled(token?: string): Promise<void> {
  const list = await desk.store.accountList(NAME, 'held');
  const proof = token === undefined ? 'none' : 'token';
  const own = token === undefined ? {} : { token };
  await desk.store.replaceAccountList(hold(list, [{ ...KEY, at: 1_000 as Instant, proof, ...own }]));
}

describe('profiles', () => {
  test('are replaced as a whole, read back, and what they cannot say is refused', async () => {
    await openAccount(desk);
    const profiles = [
      { make: 'Acme', model: 'Hub', ddiClient: 'split', handling: 'attempt', confirms: true, versionAttribute: 'fw' },
      { make: 'Acme' },
    ];
    expect(await desk.operator('PUT', at('/profiles'), { profiles })).toMatchObject({
      status: 200,
      body: { profiles },
    });
    expect((await desk.operator('GET', at('/profiles'))).body).toEqual({ profiles });
    expect((await desk.operator('GET', at(''))).body.settings).toMatchObject({ profiles });
    const wrong = await desk.operator('PUT', at('/profiles'), { profiles: [{ make: 'Acme', ddiClient: 'other' }] });
    expect(wrong.body.errorMessage).toContain('given "other", accepted: one of streaming, split');
    expect((await desk.operator('PUT', '/accounts/0000000009-00009/profiles', { profiles })).status).toBe(404);
  });
});

describe('a held device', () => {
  test('is listed without its token, approved with it, and can then poll', async () => {
    await openAccount(desk);
    await polled('its-own');
    const { body } = await desk.operator('GET', at('/held-devices'));
    expect(body.items).toMatchObject([{ imei: IMEI, state: 'held', proof: 'token' }]);
    expect(JSON.stringify(body)).not.toContain('its-own');
    const approved = await desk.operator('POST', at(`/held-devices/${IMEI}/approve`), { make: 'Acme', model: 'Hub' });
    expect(approved).toMatchObject({ status: 201, body: { imei: IMEI } });
    expect(approved.body).not.toHaveProperty('ddiToken');
    const stored = await desk.store.httpDevice(KEY);
    expect(stored).toMatchObject({ device: { make: 'Acme', transport: 'HTTP' }, ddiToken: 'its-own' });
    expect((await desk.operator('GET', at('/held-devices'))).body.items).toEqual([]);
  });

  test('that has shown no token gets one, shown once', async () => {
    await openAccount(desk);
    await polled();
    const { body } = await desk.operator('POST', at(`/held-devices/${IMEI}/approve`), {});
    const { ddiToken } = (await desk.store.httpDevice(KEY)) ?? {};
    expect(ddiToken?.length).toBeGreaterThan(20);
    expect(body).toEqual({ imei: IMEI, ddiToken });
  });

  test('that is refused stays outside and in the list until it is forgotten', async () => {
    await openAccount(desk);
    await polled('its-own');
    const refused = await desk.operator('POST', at(`/held-devices/${IMEI}/refuse`));
    expect(refused).toMatchObject({ status: 200, body: { state: 'refused' } });
    await polled('its-own');
    expect((await desk.operator('GET', at('/held-devices'))).body.items).toMatchObject([{ state: 'refused' }]);
    expect(await desk.store.device(KEY)).toBeUndefined();
    expect((await desk.operator('DELETE', at(`/held-devices/${IMEI}`))).status).toBe(204);
    const gone = await desk.operator('POST', at(`/held-devices/${IMEI}/approve`), {});
    expect(gone).toMatchObject({ status: 404, body: { errorCode: 'HELD_DEVICE_NOT_FOUND' } });
  });
});

test('a gateway token is shown once, kept as a hash, replaced and deleted', async () => {
  await openAccount(desk);
  const first = await desk.operator('POST', at('/gateway-token'));
  expect(first.status).toBe(201);
  const hashOf = async () => (await desk.store.accountList(NAME, 'gateway')).tokenHash;
  const before = await hashOf();
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(first.body)).not.toContain(before);
  await desk.operator('POST', at('/gateway-token'));
  expect(await hashOf()).not.toBe(before);
  expect((await desk.operator('DELETE', at('/gateway-token'))).status).toBe(204);
  expect(await hashOf()).toBeUndefined();
});

describe('a campaign', () => {
  async function schedule(distributionType: string) {
    const headers = await signIn(desk, await openAccount(desk));
    const profiles = [{ make: 'Acme', versionAttribute: 'sw_rev' }];
    await desk.operator('PUT', at('/profiles'), { profiles });
    const image = { sha256: 'a'.repeat(64) as never, size: 1_000 };
    const facts = { name: 'app', from: ['1.0'], to: '2.0', make: 'Acme', model: 'Hub', transports: ['HTTP'] } as const;
    const createdAt = 0 as Instant;
    await desk.store.insertImage({ ...image, sha1: 'b', md5: 'c', createdAt });
    await desk.store.insertPackage({ ...facts, kind: 'software', image, account: NAME, createdAt });
    const body = {
      softwareName: 'app',
      softwareFrom: '1.0',
      softwareTo: '2.0',
      distributionType,
      startDate: '2026-03-10',
      endDate: '2026-03-12',
      deviceList: [IMEI],
    };
    return desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, body, headers);
  }

  test.each(['OMA', 'OMD-DM'])('over %s is refused where the account has no such transport', async (type) => {
    const refused = await schedule(type);
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'TRANSPORT_UNAVAILABLE' } });
    expect(refused.body.errorMessage).toMatch(/^distributionType: given OMD-DM, and account .* Accepted: HTTP\.$/);
  });

  test('reads the version by the attribute of its kind of device', async () => {
    const { body } = await schedule('HTTP');
    const campaign = await desk.store.campaign({ account: NAME, campaign: body.id as never });
    expect(campaign?.package.reports).toEqual({ to: '2.0', attribute: 'sw_rev' });
  });
});

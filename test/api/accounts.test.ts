// Operator API: the key, accounts and their settings, credential pairs.
import { beforeEach, expect, test } from 'vitest';
import { ACCOUNT, bearer, type Desk, openAccount, openDesk, signIn } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});

test('only the operator key opens the operator API', async () => {
  const get = (authorization: string) => desk.call('GET', '/operator/v1/accounts', undefined, { authorization });
  expect(await get('')).toMatchObject({ status: 401, body: { errorCode: 'UNAUTHORIZED' } });
  expect((await get('Bearer operator-key')).status).toBe(401);
  const pair = await openAccount(desk);
  const { authorization = '' } = await bearer(desk, pair);
  expect((await get(authorization)).status).toBe(401);
});

test('an account is made once, and its secrets are shown once', async () => {
  const made = await desk.operator('POST', '/accounts', { accountName: ACCOUNT });
  expect(made).toMatchObject({ status: 201, body: { accountName: ACCOUNT } });
  expect(Object.keys(made.body)).toEqual(['accountName', 'clientId', 'clientSecret', 'username', 'password']);
  const again = await desk.operator('POST', '/accounts', { accountName: ACCOUNT });
  expect(again).toMatchObject({ status: 409, body: { errorCode: 'ACCOUNT_EXISTS' } });
  const shown = [
    await desk.operator('GET', '/accounts'),
    await desk.operator('GET', `/accounts/${ACCOUNT}`),
    await desk.operator('GET', `/accounts/${ACCOUNT}/credentials`),
  ];
  const text = JSON.stringify(shown.map(({ body }) => body));
  expect(text).toContain(made.body.clientId);
  expect(text).not.toContain(made.body.clientSecret);
  expect(text).not.toContain(made.body.password);
});

test('settings are changed one by one, and a zone that does not exist is refused', async () => {
  await openAccount(desk);
  const patch = (body: object) => desk.operator('PATCH', `/accounts/${ACCOUNT}`, body);
  const changed = await patch({ windowTimeZone: 'Europe/Berlin', profiles: [{ make: 'M', ddiClient: 'split' }] });
  expect(changed.body.settings).toMatchObject({
    windowTimeZone: 'Europe/Berlin',
    abortOnDelete: false,
    pollSeconds: 300,
    profiles: [{ make: 'M', ddiClient: 'split' }],
  });
  const refused = await patch({ windowTimeZone: 'Europe/Atlantis' });
  expect(refused.status).toBe(400);
  expect(refused.body.errorMessage).toMatch(/^windowTimeZone: given "Europe\/Atlantis", accepted: /);
  expect((await desk.operator('PATCH', '/accounts/0000000000-00000', {})).status).toBe(404);
});

test('credentials are rotated: a second pair, then the first is deleted and opens nothing any more', async () => {
  const first = await openAccount(desk);
  const path = `/accounts/${ACCOUNT}/credentials`;
  const last = await desk.operator('DELETE', `${path}/${first.clientId}`);
  expect(last).toMatchObject({ status: 409, body: { errorCode: 'CREDENTIAL_LAST' } });
  const second = await desk.operator('POST', path);
  expect(second.status).toBe(201);
  expect((await desk.operator('POST', path)).body.errorCode).toBe('CREDENTIAL_LIMIT');
  const headers = await signIn(desk, first);
  const session = await signIn(desk, second.body);
  expect((await desk.operator('DELETE', `${path}/${first.clientId}`)).status).toBe(204);
  const get = (given: Readonly<Record<string, string>>) =>
    desk.call('GET', `/api/fota/v2/campaigns/${ACCOUNT}/none`, undefined, given);
  expect((await get(headers)).status).toBe(401);
  // The session of a deleted user is not kept alive by another client's token.
  expect((await get({ ...session, 'VZ-M2M-Token': String(headers['VZ-M2M-Token']) })).status).toBe(401);
  expect((await get(session)).status).toBe(400);
  expect((await desk.operator('DELETE', `${path}/nobody`)).status).toBe(404);
});

test('collections come in pages', async () => {
  for (const end of [1, 2, 3]) await openAccount(desk, `0000123456-0000${end}`);
  const first = await desk.operator('GET', '/accounts?limit=2');
  expect(first.body.items).toHaveLength(2);
  const second = await desk.operator('GET', `/accounts?limit=2&after=${first.body.nextPageToken}`);
  expect(second.body.items.map(({ accountName }: { accountName: string }) => accountName)).toEqual([
    '0000123456-00003',
  ]);
  expect(second.body).not.toHaveProperty('nextPageToken');
  expect((await desk.operator('GET', '/accounts?limit=0')).status).toBe(400);
});

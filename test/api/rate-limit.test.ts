// Every credential has its own rate; whoever shows none is known by the address.
import { expect, test } from 'vitest';
import type { Limits } from '../../src/contract/index.ts';
import { ACCOUNT, basic, bearer, type Desk, openAccount, openDesk, type Pair } from './desk.ts';

const open = (limits: Partial<Limits>): Promise<Desk> => openDesk({ limits });

const list = (desk: Desk, headers: Readonly<Record<string, string>>) =>
  desk.call('GET', `/api/fota/v3/callbacks/${ACCOUNT}`, undefined, headers);

async function client(
  desk: Desk,
  account = ACCOUNT,
): Promise<{ pair: Pair; headers: Readonly<Record<string, string>> }> {
  const pair = await openAccount(desk, account, { requireSession: false });
  return { pair, headers: await bearer(desk, pair) };
}

test('a client that asks too often is told when to come back, and may then', async () => {
  const desk = await open({ clientRequestsMax: 3, clientRequestsPerSecondMax: 0.5 });
  const { headers } = await client(desk);
  for (const _turn of [1, 2, 3]) expect((await list(desk, headers)).status).toBe(200);
  const refused = await list(desk, headers);
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'retry-after': '2' },
    body: { errorCode: 'TOO_MANY_REQUESTS', errorMessage: 'Too many requests; try again in 2 seconds.' },
  });
  desk.later(1_999);
  expect((await list(desk, headers)).status).toBe(429);
  desk.later(1);
  expect((await list(desk, headers)).status).toBe(200);
  expect((await list(desk, headers)).status).toBe(429);
  desk.later(60_000);
  for (const _turn of [1, 2, 3]) expect((await list(desk, headers)).status).toBe(200);
  expect((await list(desk, headers)).status).toBe(429);
});

test('a client does not use up what another has, nor what the operator has', async () => {
  const desk = await open({ clientRequestsMax: 1, clientRequestsPerSecondMax: 1 });
  const { headers } = await client(desk);
  const other = await client(desk, '0000123456-00002');
  expect((await list(desk, headers)).status).toBe(200);
  expect((await list(desk, headers)).status).toBe(429);
  expect((await list(desk, other.headers)).body.errorCode).toBe('INVALID_ACCOUNT');
  expect((await desk.operator('GET', '/accounts')).status).toBe(200);
});

test('a new token is no new credential', async () => {
  const desk = await open({ clientRequestsMax: 1, clientRequestsPerSecondMax: 1 });
  const { pair, headers } = await client(desk);
  expect((await list(desk, headers)).status).toBe(200);
  await desk.call('POST', '/api/ts/v1/oauth2/revoke', { token: headers['authorization']?.slice(7) }, basic(pair));
  expect((await list(desk, await bearer(desk, pair))).status).toBe(429);
});

test('the operator key has a rate of its own', async () => {
  const desk = await open({ operatorRequestsMax: 2, operatorRequestsPerSecondMax: 1 });
  const statuses = [];
  for (const _turn of [1, 2, 3]) statuses.push((await desk.operator('GET', '/accounts')).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test('whoever tries credentials is slowed down by address, and those with good ones are not', async () => {
  const desk = await open({ addressRequestsMax: 3, addressRequestsPerSecondMax: 1 });
  const { headers } = await client(desk); // One of three: its token.
  const bad = { authorization: 'Bearer wrong' };
  expect((await list(desk, bad)).status).toBe(401);
  expect((await desk.call('GET', '/operator/v1/accounts', undefined, bad)).status).toBe(401);
  expect((await list(desk, bad)).status).toBe(429);
  expect((await desk.call('POST', '/api/ts/v1/oauth2/token', 'grant_type=client_credentials')).status).toBe(429);
  expect((await list(desk, headers)).status).toBe(200);
});

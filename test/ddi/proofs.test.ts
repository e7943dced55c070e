// How a device proves who it is beside its own token, and what becomes of one that nobody knows.
import { describe, expect, test } from 'vitest';
import { Client, type Headers } from './client.ts';
import { hex, MINUTE } from './hands.ts';
import { ACCOUNT, IMEI, OTHER } from './rows.ts';
import { givenWorld, type World } from './world.ts';

const STRANGER = '990000000000037';
const GATEWAY = { authorization: 'GatewayToken of-all-of-them' };

async function allowGateway(world: World): Promise<void> {
  const row = await world.store.accountList(ACCOUNT, 'gateway');
  await world.store.replaceAccountList({ ...row, tokenHash: hex('sha256', Buffer.from('of-all-of-them')) });
}

describe('the gateway token', () => {
  test('speaks for every HTTP device of its account', async () => {
    await using world = await givenWorld();
    await allowGateway(world);
    for (const imei of [IMEI, OTHER]) expect((await new Client(world, imei).poll(GATEWAY)).status).toBe(200);
    const wrong = await new Client(world).poll({ authorization: 'GatewayToken of-none' });
    expect(wrong.status).toBe(401);
  });

  test('is none where the account has none, also an empty one', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    for (const authorization of ['GatewayToken of-all-of-them', 'GatewayToken ', 'GatewayToken undefined']) {
      expect((await client.poll({ authorization })).status).toBe(401);
    }
  });
});

describe('a client certificate', () => {
  const settings = { clientCertificateIssuers: ['AB:CD:EF'] };
  const headers: Headers = { authorization: '', 'x-ssl-client-cn': IMEI, 'x-ssl-issuer-hash-1': 'abcdef' };

  test('that a trusted proxy has checked is a proof', async () => {
    await using world = await givenWorld({ settings, behindProxy: true });
    const client = new Client(world);
    expect((await client.poll(headers)).status).toBe(200);
    const second = { ...headers, 'x-ssl-issuer-hash-1': '00', 'x-ssl-issuer-hash-2': 'AB:CD:EF' };
    expect((await client.poll(second)).status).toBe(200);
  });

  test.each([
    ['of another device', { 'x-ssl-client-cn': OTHER }],
    ['of another issuer', { 'x-ssl-issuer-hash-1': 'abcdee' }],
    ['without an issuer', { 'x-ssl-issuer-hash-1': '' }],
  ])('%s is none', async (_what, other) => {
    await using world = await givenWorld({ settings, behindProxy: true });
    expect((await new Client(world).poll({ ...headers, ...other })).status).toBe(401);
  });

  test('is none when anybody else says it, or the account names no issuer', async () => {
    await using direct = await givenWorld({ settings });
    expect((await new Client(direct).poll(headers)).status).toBe(401);
    await using world = await givenWorld({ behindProxy: true });
    expect((await new Client(world).poll(headers)).status).toBe(401);
  });
});

describe('a device that is not in the account', () => {
  const hold = { settings: { unknownDevices: 'hold' } } as const;

  async function held(world: World) {
    await world.strangers.flush();
    return (await world.store.accountList(ACCOUNT, 'held')).devices;
  }

  test('is refused like a wrong token, and held where the account wants that', async () => {
    await using world = await givenWorld(hold);
    const answer = await new Client(world, STRANGER).poll({ authorization: 'TargetToken its-own' });
    const wrong = await new Client(world).poll({ authorization: 'TargetToken wrong' });
    expect([answer.status, String(answer.bytes)]).toEqual([401, String(wrong.bytes)]);
    expect(await held(world)).toMatchObject([{ imei: STRANGER, proof: 'token', token: 'its-own' }]);
  });

  test('is only refused where the account does not', async () => {
    await using world = await givenWorld();
    expect((await new Client(world, STRANGER).poll()).status).toBe(401);
    expect(await held(world)).toEqual([]);
  });

  test('keeps its first token: another one makes it disputed', async () => {
    await using world = await givenWorld(hold);
    const client = new Client(world, STRANGER);
    await client.poll({ authorization: 'TargetToken first' });
    await held(world);
    world.clock.pass(MINUTE);
    await client.poll({ authorization: 'TargetToken second' });
    expect(await held(world)).toMatchObject([{ token: 'first', disputed: true }]);
  });

  test('behind a gateway is held with that proof, and without a token', async () => {
    await using world = await givenWorld(hold);
    await allowGateway(world);
    expect((await new Client(world, STRANGER).poll(GATEWAY)).status).toBe(401);
    const [one] = await held(world);
    expect(one).toMatchObject({ proof: 'gateway' });
    expect(one).not.toHaveProperty('token');
  });

  test('that puts its attributes after the refusal is refused again', async () => {
    await using world = await givenWorld(hold);
    expect((await new Client(world, STRANGER).tell({ version: '1.0' })).status).toBe(401);
  });
});

// CBOR, hal+json and JSON: the same conversation in every spelling that clients use.
import { decode, encode } from 'cborg';
import { expect, test } from 'vitest';
import { DdiDeployment, DdiPoll } from '../../src/contract/index.ts';
import { answerOf, Client, closed, imageLink } from './client.ts';
import { ACCOUNT, IMEI } from './rows.ts';
import { givenWorld, type World } from './world.ts';

const CBOR = 'application/cbor';

async function say(world: World, method: string, path: string, body: unknown) {
  const bytes = encode(body);
  const asked = new Client(world).open(method, path, {
    authorization: `TargetToken secret-${IMEI}`,
    'content-type': CBOR,
    'content-length': String(bytes.length),
  });
  const answered = answerOf(asked);
  asked.end(bytes);
  return answered;
}

test('a client that reads CBOR alone gets it', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const poll = await client.poll({ accept: CBOR });
  expect(poll.headers['content-type']).toBe(CBOR);
  const { _links: links } = DdiPoll.parse(decode(poll.bytes));
  const action = await client.call('GET', links?.deploymentBase?.href ?? '', { accept: CBOR });
  expect(DdiDeployment.parse(decode(action.bytes)).deployment.update).toBe('forced');
});

test('what a client accepts decides, JSON before the others', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const typeOf = async (accept: string) => (await client.poll({ accept })).headers['content-type'];
  expect(await typeOf('application/hal+json')).toBe('application/hal+json;charset=UTF-8');
  for (const accept of ['application/json;charset=UTF-8', `${CBOR}, application/json`, '*/*', 'text/html']) {
    expect(await typeOf(accept)).toBe('application/json;charset=UTF-8');
  }
});

test('the tag of one spelling is not that of another', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const accepts = ['application/json', 'application/hal+json', CBOR];
  const tags = new Set<unknown>();
  for (const accept of accepts) tags.add((await client.poll({ accept })).headers.etag);
  expect(tags.size).toBe(3);
  const [json] = [...tags];
  expect((await client.poll({ 'if-none-match': String(json), accept: CBOR })).status).toBe(200);
  expect((await client.poll({ 'if-none-match': `W/${json}` })).status).toBe(304);
});

test('attributes and feedback may be told in CBOR', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const told = await say(world, 'PUT', 'configData', { mode: 'merge', data: { version: '1.0', cores: 2 } });
  expect(told.status).toBe(200);
  const device = await world.store.device({ account: ACCOUNT, imei: IMEI });
  expect(device?.attributes).toEqual({ version: '1.0', cores: '2' });
  const action = await client.readAction();
  await client.call('GET', imageLink(action));
  const path = `deploymentBase/${action.json.id}/feedback`;
  expect((await say(world, 'POST', path, { status: closed('success') })).status).toBe(200);
  expect(await world.state()).toBe('verifying');
});

test('bytes that are no CBOR are a body that cannot be read', async () => {
  await using world = await givenWorld();
  const headers = { 'content-type': CBOR };
  expect((await new Client(world).call('PUT', 'configData', headers, 'not cbor')).status).toBe(400);
  expect((await new Client(world).call('PUT', 'configData', headers, '')).status).toBe(400);
});

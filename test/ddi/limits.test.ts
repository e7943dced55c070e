// What one device, an account and an address may ask, and that the word that closes an action is always heard.
import { describe, expect, test } from 'vitest';
import { DDI_LIMITS } from '../../src/delivery/ddi/index.ts';
import { Client, closed, going, imageLink } from './client.ts';
import { MINUTE } from './hands.ts';
import { OTHER } from './rows.ts';
import { givenWorld } from './world.ts';

async function drain(client: Client): Promise<void> {
  for (let count = 0; count < DDI_LIMITS.deviceRequestsMax; count += 1) await client.poll();
}

describe('a device that asks without end', () => {
  test('is told when to come back, others are not, and in time it may ask again', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    await drain(client);
    const refused = await client.poll();
    expect(refused).toMatchObject({ status: 429, json: { errorCode: 'TOO_MANY_REQUESTS' } });
    expect(refused.headers['retry-after']).toBe('1');
    expect((await new Client(world, OTHER).poll()).status).toBe(200);
    world.clock.pass(MINUTE);
    expect((await client.poll()).status).toBe(200);
  });

  test('is heard when it closes its action', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    await drain(client);
    expect((await client.feedback(action.json.id, going)).status).toBe(429);
    expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
    expect(await world.state()).toBe('verifying');
    expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
  });
});

test('an action takes so many feedbacks and no more, but always the one that closes it', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const action = await client.readAction();
  await client.call('GET', imageLink(action));
  for (let count = 0; count < DDI_LIMITS.feedbacksPerActionMax; count += 1) {
    if (count % 50 === 0) world.clock.pass(MINUTE);
    expect((await client.feedback(action.json.id, going)).status).toBe(200);
  }
  world.clock.pass(MINUTE);
  const refused = await client.feedback(action.json.id, going);
  expect(refused).toMatchObject({ status: 429, json: { errorCode: 'TOO_MANY_FEEDBACKS' } });
  expect((await client.feedback(action.json.id, closed('failure', ['the reason']))).status).toBe(200);
  expect((await world.update()).history.at(-1)?.outcome).toBe('install-failed');
});

test('all devices of an account together have a limit of their own', async () => {
  await using world = await givenWorld({ settings: { httpRequestsPerSecondMax: 1 } });
  const [one, other] = [new Client(world), new Client(world, OTHER)];
  for (let count = 0; count < DDI_LIMITS.accountBurstSeconds / 2; count += 1) {
    expect((await one.poll()).status).toBe(200);
    expect((await other.poll()).status).toBe(200);
  }
  expect((await one.poll()).status).toBe(429);
  world.clock.pass(2_000);
  expect((await other.poll()).status).toBe(200);
});

test('an address that sends wrong tokens without end is not looked at for a while', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const wrong = { authorization: 'TargetToken wrong' };
  for (let count = 0; count < DDI_LIMITS.refusalsMax; count += 1) expect((await client.poll(wrong)).status).toBe(401);
  expect((await client.poll(wrong)).status).toBe(429);
  world.clock.pass(MINUTE);
  expect((await client.poll(wrong)).status).toBe(401);
});

// Whole conversations of hawkBit clients of both kinds with a real server.
import { describe, expect, test } from 'vitest';
import { Client, closed, going, imageLink } from './client.ts';
import { HOUR, hex, MINUTE, TEN } from './hands.ts';
import { IMEI, OTHER } from './rows.ts';
import { givenWorld } from './world.ts';

const SPLIT = { profiles: [{ make: 'Acme', ddiClient: 'split' }] } as const;

describe('a client that installs as it downloads', () => {
  test('closes at once, and its version proves it', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    await client.tell({ version: '1.0' });
    const action = await client.readAction();
    const image = await client.call('GET', imageLink(action), { authorization: '' });
    expect(hex('sha256', image.bytes)).toBe(action.json.deployment.chunks[0]!.artifacts[0]!.hashes.sha256);
    expect(await world.state()).toBe('installing');
    world.clock.pass(MINUTE);
    expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
    expect(await world.state()).toBe('verifying');
    const poll = await client.poll();
    expect(Object.keys(poll.json._links)).toEqual(['configData']);
    world.clock.pass(MINUTE);
    await client.tell({ version: '2.0' });
    expect((await world.update()).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
    expect((await client.poll()).json._links?.configData).toBeUndefined();
  });

  test('reports, reboots and closes only later', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    for (let count = 0; count < 25; count += 1) expect((await client.feedback(action.json.id, going)).status).toBe(200);
    world.clock.pass(2 * HOUR);
    const again = await client.readAction();
    expect(again.json.deployment).toMatchObject({ download: 'forced', update: 'forced' });
    world.clock.pass(30 * HOUR);
    await client.feedback(action.json.id, closed('success'));
    await client.tell({ version: '2.0' });
    expect(await world.state()).toBe('succeeded');
  });

  test('a burst of feedbacks at the same time is stored in order', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    const burst = Array.from({ length: 25 }, () => client.feedback(action.json.id, going));
    expect((await Promise.all(burst)).map(({ status }) => status)).toEqual(Array(25).fill(200));
    expect(world.log).toEqual([]);
  });

  test('that says success and runs the old version has failed', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    await client.feedback(action.json.id, closed('success'));
    world.clock.pass(MINUTE);
    await client.tell({ version: '1.0' });
    const { state, history } = await world.update();
    expect(state.name).not.toBe('succeeded');
    expect(history.at(-1)?.outcome).toBe('wrong-version');
  });

  test('that closes with success and has fetched nothing has failed', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.feedback(action.json.id, closed('success', ['skipped']));
    expect((await world.update()).history.at(-1)?.outcome).toBe('closed-without-bytes');
  });

  test('that fails tells why, and the same action is not shown again', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    await client.feedback(action.json.id, closed('failure', ['checking', 'signature is wrong']));
    expect((await world.update()).history.at(-1)?.outcome).toBe('install-failed');
    expect(await client.actionLink()).toBeUndefined();
  });
});

describe('windows', () => {
  test('no link is shown and no byte is given before the opening', async () => {
    await using world = await givenWorld({ downloadWindows: [{ from: 12, until: 14 }] });
    const client = new Client(world);
    expect(await client.actionLink()).toBeUndefined();
    world.clock.set(TEN + 2 * HOUR);
    await world.tick();
    const action = await client.readAction();
    world.clock.set(TEN + 4 * HOUR);
    expect(await client.actionLink()).toBeUndefined();
    expect((await client.call('GET', `deploymentBase/${action.json.id}`)).status).toBe(404);
    const refused = await client.call('GET', imageLink(action));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await client.call('HEAD', imageLink(action))).status).toBe(200);
  });

  test('a client that waits inside an action is told when it may download and when install', async () => {
    await using world = await givenWorld({ settings: SPLIT, installWindows: [{ from: 12, until: 14 }] });
    const client = new Client(world);
    const first = await client.readAction();
    expect(first.json.deployment).toMatchObject({
      download: 'forced',
      update: 'skip',
      maintenanceWindow: 'unavailable',
    });
    await client.call('GET', imageLink(first));
    await client.feedback(first.json.id, { execution: 'downloaded', result: { finished: 'none' } });
    expect(await world.state()).toBe('downloaded');
    const shut = await client.poll();
    world.clock.set(TEN + 2 * HOUR);
    const open = await client.poll();
    expect(open.json._links.deploymentBase!.href).not.toBe(shut.json._links.deploymentBase!.href);
    const second = await client.readAction();
    expect(second.json.id).toBe(first.json.id);
    expect(second.json.deployment).toMatchObject({ update: 'forced', maintenanceWindow: 'available' });
    await client.feedback(first.json.id, closed('success'));
    await client.tell({ version: '2.0' });
    expect(await world.state()).toBe('succeeded');
  });
});

describe('cancellation', () => {
  test('after an abort the device is told, answers, and is clean', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action), { range: 'bytes=0-999' });
    await world.abort();
    expect(await world.state()).toBe('aborted');
    const { json } = await client.poll();
    expect(json._links.deploymentBase).toBeUndefined();
    const cancel = await client.call('GET', json._links.cancelAction!.href);
    expect(cancel.json).toEqual({ id: action.json.id, cancelAction: { stopId: action.json.id } });
    const path = `cancelAction/${action.json.id}/feedback`;
    const words = (execution: string) =>
      JSON.stringify({ id: action.json.id, status: { execution, result: { finished: 'success' } } });
    expect((await client.call('POST', path, {}, words('proceeding'))).status).toBe(200);
    expect((await client.poll()).json._links.cancelAction).toBeDefined();
    expect((await client.call('POST', path, {}, words('closed'))).status).toBe(200);
    expect((await client.poll()).json._links?.cancelAction).toBeUndefined();
    expect((await client.call('GET', imageLink(action))).status).toBe(404);
  });

  test('that the device refuses lets it go on: its action stays readable, and its outcome is heard', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action), { range: 'bytes=0-999' });
    await world.abort();
    await world.remember();
    const path = `cancelAction/${action.json.id}/feedback`;
    const no = JSON.stringify({ status: { execution: 'rejected', result: { finished: 'none' } } });
    expect((await client.call('POST', path, {}, no)).status).toBe(200);
    expect((await client.call('POST', path, {}, no)).status).toBe(200);
    const readable = await client.call('GET', `deploymentBase/${action.json.id}`);
    expect(readable.json.deployment).toMatchObject({ download: 'skip', update: 'skip' });
    expect((await client.feedback(action.json.id, going)).status).toBe(200);
    expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
    expect(await world.update()).toMatchObject({ state: { name: 'aborted' }, lateResult: { result: 'succeeded' } });
    expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
    expect((await client.feedback(action.json.id, closed('failure'))).status).toBe(410);
  });

  test('another number is no cancellation of this device', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    expect((await client.call('GET', 'cancelAction/5')).status).toBe(404);
    const body = JSON.stringify({ status: closed('success') });
    expect((await client.call('POST', 'cancelAction/5/feedback', {}, body)).status).toBe(404);
  });
});

describe('actions of others', () => {
  test('are unknown to this device', async () => {
    await using world = await givenWorld();
    const action = await new Client(world).readAction();
    const stranger = new Client(world, OTHER);
    expect((await stranger.feedback(action.json.id, closed('success'))).status).toBe(404);
    expect((await stranger.call('GET', `deploymentBase/${action.json.id}`)).status).toBe(404);
    const path = `softwaremodules/${action.json.id}/artifacts/app.swu`;
    expect((await stranger.call('GET', path)).status).toBe(404);
    expect((await new Client(world).call('GET', path)).status).toBe(200);
  });

  test('contacts are collected and written together', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    await client.poll();
    world.clock.pass(MINUTE);
    await client.poll();
    const key = { account: (await world.update()).account, imei: IMEI };
    expect(await world.store.lastSeen(key)).toBeUndefined();
    await world.lastSeen.flush();
    expect(await world.store.lastSeen(key)).toBe(TEN + MINUTE);
  });
});

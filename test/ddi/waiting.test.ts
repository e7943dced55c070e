// Clients that wait, or should: violations of their own, actions that were given up, what is left to the device.
import { describe, expect, test } from 'vitest';
import { Client, closed, going, imageLink } from './client.ts';
import { HOUR, MINUTE, TEN } from './hands.ts';
import { ACCOUNT, CAMPAIGN, IMEI } from './rows.ts';
import { givenWorld, type World } from './world.ts';

const SPLIT = { profiles: [{ make: 'Acme', ddiClient: 'split' }] } as const;
const device = (world: World) => world.store.device({ account: ACCOUNT, imei: IMEI });

async function ledger(world: World): Promise<string> {
  await world.tick();
  const lines = await world.store.ledger({ account: ACCOUNT, campaign: CAMPAIGN }, 1, 1_000);
  return lines.map(({ text }) => text).join('\n');
}

describe('a client that waits', () => {
  const shut = { settings: SPLIT, installWindows: [{ from: 12, until: 14 }] };

  async function downloaded(world: World) {
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action));
    await client.feedback(action.json.id, { execution: 'downloaded', result: { finished: 'none' } });
    return { client, id: action.json.id };
  }

  test('and installs all the same has violated the window itself, and is written down so', async () => {
    await using world = await givenWorld(shut);
    const { client, id } = await downloaded(world);
    expect((await client.feedback(id, closed('success'))).status).toBe(200);
    expect((await device(world))?.violations).toBe(1);
    const text = await ledger(world);
    expect(text).toContain('update.installed-unasked');
    expect(text).toContain('"by":"device"');
    world.clock.pass(MINUTE);
    await client.tell({ version: '2.0' });
    // What it runs counts all the same.
    expect(await world.state()).toBe('succeeded');
    expect((await device(world))?.violations).toBe(1);
  });

  test('and tells of a failed installation has tried it too', async () => {
    await using world = await givenWorld(shut);
    const { client, id } = await downloaded(world);
    await client.feedback(id, closed('failure'));
    expect((await device(world))?.violations).toBe(1);
  });

  test('until it is allowed has violated nothing', async () => {
    await using world = await givenWorld(shut);
    const { client, id } = await downloaded(world);
    world.clock.set(TEN + 2 * HOUR);
    await client.readAction();
    world.clock.set(TEN + 5 * HOUR);
    await client.feedback(id, closed('success'));
    expect(await device(world)).not.toHaveProperty('violations');
    expect(await ledger(world)).not.toContain('installed-unasked');
  });

  test('and has to skip says so without an install or a download: neither is a success', async () => {
    await using world = await givenWorld({ settings: SPLIT, installWindows: [{ from: 12, until: 14 }] });
    const client = new Client(world);
    const action = await client.readAction();
    await client.feedback(action.json.id, { execution: 'downloaded', result: { finished: 'none' } });
    expect(await world.state()).toBe('offered');
    await client.feedback(action.json.id, closed('success', ['skipped']));
    expect((await world.update()).history.at(-1)?.outcome).toBe('closed-without-bytes');
    expect(await device(world)).not.toHaveProperty('violations');
  });
});

describe('an action that was given up', () => {
  const RETRY = 20 * MINUTE;

  async function givenUp(world: World) {
    const client = new Client(world);
    const action = await client.readAction();
    await client.call('GET', imageLink(action), { range: 'bytes=0-999' });
    world.clock.pass(HOUR);
    await world.tick();
    expect((await world.update()).history.at(-1)?.outcome).toBe('download-stalled');
    await client.tell({ version: '1.0' });
    world.clock.pass(RETRY);
    await world.tick();
    return { client, id: action.json.id };
  }

  test('is cancelled on the device before the next one is offered', async () => {
    await using world = await givenWorld();
    const { client, id } = await givenUp(world);
    const poll = await client.poll();
    expect(poll.json._links.deploymentBase).toBeUndefined();
    expect(poll.json._links.cancelAction?.href).toContain(`/cancelAction/${id}`);
    const body = JSON.stringify({ status: closed('success') });
    expect((await client.call('POST', `cancelAction/${id}/feedback`, {}, body)).status).toBe(200);
    await client.tell({ version: '1.0' });
    const next = await client.readAction();
    expect(Number(next.json.id)).toBeGreaterThan(Number(id));
  });

  test('and that the device closes by itself needs no cancellation', async () => {
    await using world = await givenWorld();
    const { client, id } = await givenUp(world);
    expect((await client.feedback(id, closed('failure'))).status).toBe(200);
    expect((await client.poll()).json._links?.cancelAction).toBeUndefined();
  });

  test('does not hold up the next one for ever when the device never answers', async () => {
    await using world = await givenWorld();
    const { client, id } = await givenUp(world);
    expect((await client.poll()).json._links.cancelAction).toBeDefined();
    world.clock.pass(HOUR);
    await world.tick();
    const next = await client.readAction();
    expect(Number(next.json.id)).toBeGreaterThan(Number(id));
    expect(await device(world)).not.toHaveProperty('residue');
    expect((await client.feedback(id, going)).status).toBe(410);
  });
});

describe('what is left to the device', () => {
  test('is offered as an attempt', async () => {
    const profiles = [{ make: 'Acme', handling: 'attempt' }] as const;
    await using world = await givenWorld({ settings: { profiles } });
    const action = await new Client(world).readAction();
    expect(action.json.deployment).toMatchObject({ download: 'attempt', update: 'attempt' });
  });

  test('changes the link when the operator changes it', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const before = await client.actionLink();
    const account = await world.store.account(ACCOUNT);
    if (account === undefined) throw new Error('no account');
    const profiles = [{ make: 'Acme', handling: 'attempt' }] as const;
    await world.store.replaceAccount({ ...account, settings: { ...account.settings, profiles } });
    expect(await client.actionLink()).not.toBe(before);
  });
});

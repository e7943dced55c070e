// The user of a device is asked before anything is shown or sent (confirmationBase).
import { describe, expect, test } from 'vitest';
import { DdiConfirmation, DdiConfirmationBase } from '../../src/contract/index.ts';
import { Client, closed, imageLink } from './client.ts';
import { MINUTE } from './hands.ts';
import { ACCOUNT, IMEI } from './rows.ts';
import { givenWorld, type World } from './world.ts';

const ASKS = { settings: { profiles: [{ make: 'Acme', confirms: true }] } } as const;

const device = (world: World) => world.store.device({ account: ACCOUNT, imei: IMEI });
const say = (client: Client, id: string | number, body: object) =>
  client.call('POST', `confirmationBase/${id}/feedback`, {}, JSON.stringify(body));

async function waiting(client: Client): Promise<string> {
  const href = (await client.poll()).json._links.confirmationBase?.href ?? '';
  return /confirmationBase\/(\d+)\?c=\d+$/.exec(href)?.[1] ?? '';
}

describe('an action that waits for consent', () => {
  test('is shown without anything to fetch, and nothing else of it is', async () => {
    await using world = await givenWorld(ASKS);
    const client = new Client(world);
    const id = await waiting(client);
    const { json: poll } = await client.poll();
    expect(poll._links.deploymentBase).toBeUndefined();
    const shown = DdiConfirmation.parse((await client.call('GET', poll._links.confirmationBase!.href)).json);
    expect(shown.confirmation.chunks[0]?.artifacts[0]).toMatchObject({ filename: 'app_2.swu', _links: {} });
    expect((await client.call('GET', `deploymentBase/${id}`)).status).toBe(404);
    expect((await client.call('GET', `softwaremodules/${id}/artifacts/app_2.swu`)).status).toBe(503);
    expect((await world.update()).state.name).toBe('offered');
  });

  test('goes on once the user agrees', async () => {
    await using world = await givenWorld(ASKS);
    const client = new Client(world);
    const id = await waiting(client);
    expect((await say(client, id, { confirmation: 'confirmed', details: ['by button'] })).status).toBe(200);
    const action = await client.readAction();
    expect(action.json.id).toBe(id);
    await client.call('GET', imageLink(action));
    await client.feedback(id, closed('success'));
    world.clock.pass(MINUTE);
    await client.tell({ version: '2.0' });
    expect(await world.state()).toBe('succeeded');
    expect((await say(client, id, { confirmation: 'confirmed' })).status).toBe(410);
  });

  test('waits on when the user does not agree, and costs no attempt', async () => {
    await using world = await givenWorld(ASKS);
    const client = new Client(world);
    const id = await waiting(client);
    expect((await say(client, id, { confirmation: 'denied' })).status).toBe(200);
    expect(await waiting(client)).toBe(id);
    expect(await world.update()).toMatchObject({ attempts: 0, state: { name: 'offered' } });
  });

  test('knows no other numbers and no other words', async () => {
    await using world = await givenWorld(ASKS);
    const client = new Client(world);
    const id = Number(await waiting(client));
    expect((await say(client, id + 1, { confirmation: 'confirmed' })).status).toBe(404);
    expect((await client.call('GET', `confirmationBase/${id + 1}`)).status).toBe(404);
    expect((await say(client, 'x', { confirmation: 'confirmed' })).status).toBe(404);
    expect((await say(client, id, { confirmation: 'perhaps' })).json.message).toContain('confirmed');
  });
});

describe('auto-confirm', () => {
  test('is switched on and off by the device, and then its actions are shown at once', async () => {
    await using world = await givenWorld(ASKS);
    const client = new Client(world);
    const read = async () => DdiConfirmationBase.parse((await client.call('GET', 'confirmationBase')).json);
    expect(await read()).toMatchObject({ autoConfirm: { active: false }, _links: { confirmationBase: {} } });
    const body = JSON.stringify({ initiator: 'user', remark: 'always' });
    expect((await client.call('POST', 'confirmationBase/activateAutoConfirm', {}, body)).status).toBe(200);
    expect(await read()).toMatchObject({ autoConfirm: { active: true, initiator: 'user', remark: 'always' } });
    expect((await read())._links.confirmationBase).toBeUndefined();
    expect(await client.actionLink()).toBeDefined();
    expect((await client.call('POST', 'confirmationBase/deactivateAutoConfirm')).status).toBe(200);
    expect(await device(world)).not.toHaveProperty('autoConfirm');
    expect(await client.actionLink()).toBeUndefined();
  });

  test('may be asked for without a body', async () => {
    await using world = await givenWorld(ASKS);
    expect((await new Client(world).call('POST', 'confirmationBase/activateAutoConfirm')).status).toBe(200);
    expect((await device(world))?.autoConfirm).toEqual({ at: world.clock.now() });
  });
});

// LwM2M over DTLS, packet by packet: the key decides who a device is, and the association follows it wherever it goes.
import { describe, expect, test } from 'vitest';
import { type Imei, isFinal, type Update } from '../../src/campaigns/index.ts';
import { CODE } from '../../src/lwm2m/index.ts';
import { HandDevice, type Manners, SERVER } from './device.ts';
import type { Heard } from './net.ts';
import { type Key, SecurePort } from './secure-port.ts';
import { ACCOUNT, givenWorld, IMEI, MINUTE, plainDevice, SECOND_LONG, type World } from './world.ts';

const HEX = '000102030405060708090a0b0c0d0e0f';
const KEY: Key = { identity: 'bell-1', psk: Uint8Array.from({ length: 16 }, (_, place) => place) };
const SECRETS = { pskIdentity: KEY.identity, pskKey: HEX };
const PLACE = { account: ACCOUNT, imei: IMEI };
const isOver = (update: Update): boolean => isFinal(update.state);

async function secureWorld(
  manners: Partial<Manners> = {},
  more: Parameters<typeof givenWorld>[0] = {},
): Promise<World> {
  return givenWorld({ ...more, secrets: SECRETS, manners: { key: KEY, delivery: 0, protocols: [0, 1], ...manners } });
}

const codeOf = (heard: Heard): number | undefined => (heard.is === 'answered' ? heard.response.code : undefined);

describe('a campaign over coaps', () => {
  test.each([
    ['pull', 0],
    ['push', 1],
  ] as const)('by %s ends with the new version, and not one CoAP byte is in the clear', async (_way, delivery) => {
    const world = await secureWorld({ delivery });
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
    expect(world.net.sent.filter(({ to, from }) => to === SERVER || from === SERVER)).toEqual([]);
    expect(world.server.dtls).toMatchObject({ handshakesFailed: 0 });
    for (const uri of world.device.uris) expect(uri).toMatch(/^coaps:\/\/127\.0\.0\.1:5684\/f\//);
    expect(world.log).toEqual([]);
  });

  test('a device that has just been updated greets anew from a new port, and its old association is dead', async () => {
    const world = await secureWorld();
    await world.during(world.device.register());
    const first = (await world.store.device(PLACE))?.registration?.peer;
    await world.during(world.device.restart());
    const second = (await world.store.device(PLACE))?.registration?.peer;
    expect(first).toMatch(/^coaps:/);
    expect(second).not.toBe(first);
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
  });

  test('a sleeper whose address has changed is pinged at once and asked where it is now, under the same Connection ID', async () => {
    const world = await secureWorld({ queueMode: true, delivery: 1 });
    await world.during(world.device.register());
    await world.run(SECOND_LONG);
    const before = (await world.store.device(PLACE))?.registration?.peer;
    world.device.port.rebind('10.0.0.99:7000');
    expect(codeOf(await world.during(world.device.update()))).toBe(CODE.CHANGED);
    expect((await world.store.device(PLACE))?.registration?.peer).toBe(before);
    expect(world.server.dtls).toMatchObject({ associationsMoved: 1, handshakesDone: 1 });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
  });

  test('a device without Connection ID comes back with a new handshake, and its registration goes on from there', async () => {
    const world = await secureWorld({ key: { ...KEY, cid: 'none' } });
    await world.during(world.device.register());
    const { location } = world.device;
    const port = new SecurePort(world.net, world.agenda, '10.0.0.77:1', 77, { ...KEY, cid: 'none' });
    port.onRequest = world.device.port.onRequest;
    world.device.port = port;
    expect(codeOf(await world.during(world.device.update()))).toBe(CODE.CHANGED);
    expect(world.device.location).toBe(location);
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
  });
});

describe('whose key it is decides', () => {
  test('also when the endpoint name says nothing', async () => {
    const world = await secureWorld({ endpoint: 'whatever-7' });
    expect(codeOf(await world.during(world.device.register()))).toBe(CODE.CREATED);
    expect((await world.store.device(PLACE))?.registration).toMatchObject({ endpoint: 'whatever-7' });
  });

  test('a name that belongs to another device gets 4.03 and one entry for the audit log, however often it tries', async () => {
    const world = await secureWorld({ endpoint: 'urn:imei:990000000000029' });
    const other = plainDevice({ imei: '990000000000029' as Imei });
    await world.store.writeDevices([{ device: other, isNew: true }]);
    expect(codeOf(await world.during(world.device.register()))).toBe(CODE.FORBIDDEN);
    expect(codeOf(await world.during(world.device.register()))).toBe(CODE.FORBIDDEN);
    const told = world.log.filter((line) => line.startsWith('mismatched'));
    expect(told).toEqual([`mismatched ${IMEI} urn:imei:990000000000029`]);
    expect((await world.store.device({ account: ACCOUNT, imei: other.imei }))?.registration).toBeUndefined();
  });

  test('a registration made with a key is neither taken over, nor extended, nor ended from the plain port', async () => {
    const world = await secureWorld({}, { scheduled: false });
    await world.during(world.device.register());
    const thief = new HandDevice(world.net, world.agenda, { host: '10.0.0.66' });
    expect(codeOf(await world.during(thief.register()))).toBe(CODE.FORBIDDEN);
    thief.location = world.device.location;
    expect(codeOf(await world.during(thief.update()))).toBe(CODE.NOT_FOUND);
    expect(codeOf(await world.during(world.device.update()))).toBe(CODE.CHANGED);
    expect(world.log).toContainEqual(`refused ${IMEI} This device is registered with its key.`);
  });

  test('another key cannot speak for a registration', async () => {
    const world = await secureWorld({}, { scheduled: false });
    await world.during(world.device.register());
    const second = plainDevice({ imei: '990000000000029' as Imei });
    const key = { identity: 'bell-2', psk: KEY.psk };
    const secrets = { pskIdentity: key.identity, pskKey: HEX };
    await world.store.writeDevices([{ device: second, isNew: true, secrets }]);
    const thief = new HandDevice(world.net, world.agenda, { key, host: '10.0.0.66' });
    thief.location = world.device.location;
    expect(codeOf(await world.during(thief.update()))).toBe(CODE.NOT_FOUND);
  });

  test('an unknown identity and a wrong key look the same; the operator finds the latter at the device', async () => {
    for (const key of [
      { identity: 'nobody', psk: KEY.psk },
      { identity: KEY.identity, psk: new Uint8Array(16) },
    ]) {
      const world = await secureWorld({ key }, { scheduled: false });
      const sent = world.net.sent.length;
      void world.device.register();
      await world.run(3 * MINUTE);
      const failed = (world.device.port as SecurePort).events.filter(({ type }) => type === 'handshake-failed');
      expect(failed.length).toBeGreaterThan(0);
      expect(failed[0]).toMatchObject({ alert: expect.any(Number) });
      expect(world.net.sent.length).toBeGreaterThan(sent);
      expect((await world.store.device(PLACE))?.registration).toBeUndefined();
      const told = world.log.filter((line) => line.startsWith('refused'));
      expect(told.length > 0).toBe(key.identity === KEY.identity);
    }
  });

  test('a key that was changed ends the association, and the new one begins another', async () => {
    const world = await secureWorld({}, { scheduled: false });
    await world.during(world.device.register());
    expect(world.server.dtls).toMatchObject({ associations: 1 });
    world.server.keyChanged(PLACE);
    await world.run(SECOND_LONG);
    expect(world.server.dtls).toMatchObject({ associations: 0 });
    expect((world.device.port as SecurePort).client.isOpen).toBe(false);
  });
});

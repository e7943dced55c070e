// Who may register, in which forms, and what becomes of registrations (devices.md, LwM2M registration; engine.md §9).
import { describe, expect, test } from 'vitest';
import {
  CODE,
  OPTION,
  pathOptions,
  type Request,
  request,
  textOption,
  uintOption,
  updateRequest,
  utf8Bytes,
  utf8Text,
} from '../../src/lwm2m/index.ts';
import { SERVER } from './device.ts';
import { type Heard, Port } from './net.ts';
import { ACCOUNT, givenWorld, HOUR, IMEI, MINUTE, plainDevice, SECOND, SECOND_LONG, TEN, type World } from './world.ts';

const register = (
  queries: readonly string[],
  body = '</>;rt="oma.lwm2m",</1/0>,</3/0>,</4/0>,</5/0>',
  more: Request['options'] = [],
): Request =>
  request(
    CODE.POST,
    [...pathOptions('/rd'), ...queries.map((query) => textOption(OPTION.URI_QUERY, query)), ...more],
    utf8Bytes(body),
  );

const codeOf = (heard: Heard): number | undefined => (heard.is === 'answered' ? heard.response.code : undefined);
const textIn = (heard: Heard): string => (heard.is === 'answered' ? utf8Text(heard.response.payload) : '');
const stored = async (world: World) => (await world.store.device({ account: ACCOUNT, imei: IMEI }))?.registration;

describe('a registration', () => {
  test.each([
    ['1.0 without a version or a binding', [`ep=${IMEI}`, 'lt=600'], '</3/0>,</5/0>', '1.0'],
    ['1.0 in queue mode', [`ep=imei:${IMEI}`, 'b=UQ'], '</1/0>,</3>,</5/0>', '1.0'],
    [
      '1.1 with a root attribute',
      [`ep=urn:imei:${IMEI}`, 'lwm2m=1.1', 'b=U'],
      '</>;rt="oma.lwm2m";ct=110,</1>;ver=1.1,</5/0>',
      '1.1',
    ],
    ['1.1 by IMEI and MSISDN', [`ep=urn:imei-msisdn:${IMEI}-491701234567`, 'lwm2m=1.1', 'Q'], '</5/0>', '1.1'],
    ['1.2', [`ep=urn:imei:${IMEI}`, 'lwm2m=1.2', 'lt=86400'], '</5/0>', '1.2'],
  ])('in the form of %s is stored and answered with its location', async (_what, queries, body, version) => {
    const world = await givenWorld({ scheduled: false });
    const heard = await world.during(world.device.port.ask(SERVER, register(queries, body)));
    expect(codeOf(heard)).toBe(CODE.CREATED);
    const registration = await stored(world);
    expect(registration).toMatchObject({ version, peer: world.device.port.peer, node: 'n1' });
    expect(registration?.queueMode).toBe(queries.some((query) => query === 'Q' || query === 'b=UQ'));
    expect(world.server.counts.registrations).toBe(1);
    expect(await world.store.lastSeen({ account: ACCOUNT, imei: IMEI })).toBeDefined();
  });

  test('that comes in blocks is put together first', async () => {
    const world = await givenWorld({ scheduled: false });
    const body = `</3/0>,</5/0>,${Array.from({ length: 20 }, (_, at) => `</10${at}/0>`).join(',')}`;
    const part = (number: number, from: number, to: number, more: boolean) =>
      world.during(
        world.device.port.ask(
          SERVER,
          register([`ep=${IMEI}`], body.slice(from, to), [uintOption(OPTION.BLOCK1, number * 16 + (more ? 8 : 0) + 3)]),
        ),
      );
    expect(codeOf(await part(0, 0, 128, true))).toBe(CODE.CONTINUE);
    const last = await part(1, 128, body.length, false);
    expect(codeOf(last)).toBe(CODE.CREATED);
    expect(await stored(world)).toBeDefined();
  });

  test('is refused with a sentence for an IMEI that nobody imported, and nothing is stored', async () => {
    const world = await givenWorld({ scheduled: false });
    const heard = await world.during(world.device.port.ask(SERVER, register(['ep=490154203237518'])));
    expect(codeOf(heard)).toBe(CODE.FORBIDDEN);
    expect(textIn(heard)).toBe('No device has this IMEI.');
    expect(textIn(await world.during(world.device.port.ask(SERVER, register(['ep=thing-1']))))).toBe(
      'No device is known by this endpoint name.',
    );
    expect(world.server.counts.registrations).toBe(0);
  });

  test('under a name that holds no IMEI finds the device by the PSK identity that it was imported with', async () => {
    const world = await givenWorld({ scheduled: false });
    const device = await world.store.device({ account: ACCOUNT, imei: IMEI });
    await world.store.writeDevices([
      { device: device!, isNew: false, secrets: { pskIdentity: 'thing-7', pskKey: '0102030405060708' } },
    ]);
    expect(codeOf(await world.during(world.device.port.ask(SERVER, register(['ep=thing-7']))))).toBe(CODE.CREATED);
    expect(await stored(world)).toMatchObject({ endpoint: 'thing-7' });
    expect(await world.store.lookUp('endpoint', 'thing-7')).toMatchObject({ imei: IMEI });
    expect(codeOf(await world.during(world.device.port.ask(SERVER, register(['ep=thing-8']))))).toBe(CODE.FORBIDDEN);
  });

  test('under a name that belongs to another device is refused, whatever IMEI the name holds', async () => {
    const world = await givenWorld({ scheduled: false });
    const name = `urn:imei:${IMEI}`;
    const other = { ...plainDevice(), imei: '990000000000029' as never };
    const registration = { endpoint: name, location: 'x', peer: 'p:1', node: 'n1', queueMode: false, version: '1.0' };
    await world.store.writeDevices([{ device: other, isNew: true }]);
    await world.engine.deviceRegistered({ account: ACCOUNT, imei: other.imei }, registration as never);
    const heard = await world.during(world.device.port.ask(SERVER, register([`ep=${name}`])));
    expect(codeOf(heard)).toBe(CODE.FORBIDDEN);
    expect(textIn(heard)).toBe('This endpoint name belongs to another device.');
  });

  test('that is refused is told to the operator, and a thousand of them are not told a thousand times', async () => {
    const world = await givenWorld({ scheduled: false });
    for (let count = 0; count < 3; count += 1) {
      await world.during(world.device.port.ask(SERVER, register([`ep=thing-${count}`])));
    }
    const told = world.log.filter((line) => line.startsWith('lwm2m-registration-refused'));
    expect(told).toEqual([
      'lwm2m-registration-refused {"endpoint":"thing-0","why":"No device is known by this endpoint name.","refused":1}',
    ]);
    await world.run(10 * SECOND_LONG);
    await world.during(world.device.port.ask(SERVER, register(['ep=thing-9'])));
    expect(world.log.at(-1)).toContain('"endpoint":"thing-9"');
    expect(world.log.at(-1)).toContain('"refused":3');
  });

  test('is refused where two accounts have the IMEI, and for a device of the other transport', async () => {
    const world = await givenWorld({ scheduled: false });
    await world.store.writeDevices([{ device: plainDevice({ account: SECOND }), isNew: true }]);
    const twice = await world.during(world.device.port.ask(SERVER, register([`ep=${IMEI}`])));
    expect(codeOf(twice)).toBe(CODE.FORBIDDEN);
    expect(textIn(twice)).toContain('Several accounts');
    const other = await givenWorld({ scheduled: false, device: { transport: 'HTTP' } });
    const heard = await other.during(other.device.port.ask(SERVER, register([`ep=${IMEI}`])));
    expect(textIn(heard)).toBe('This device is not an LwM2M device.');
  });

  test('is refused without a word on a port that serves image tokens only', async () => {
    const world = await givenWorld({ scheduled: false, allowRegistration: false });
    const heard = await world.during(world.device.register());
    expect(codeOf(heard)).toBe(CODE.FORBIDDEN);
    expect(textIn(heard)).toBe('');
    expect(await stored(world)).toBeUndefined();
  });

  test('that takes long to store is acknowledged at once and answered later', async () => {
    const world = await givenWorld({ scheduled: false });
    const commit = world.store.commit.bind(world.store);
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    world.store.commit = async (changes, now) => {
      await gate;
      return commit(changes, now);
    };
    const hearing = world.device.register();
    await world.run(20 * SECOND_LONG);
    const toDevice = world.net.sent.filter(({ to }) => to === world.device.port.peer);
    expect(toDevice.map(({ bytes }) => bytes[1])).toEqual([CODE.EMPTY]);
    go();
    expect(codeOf(await world.during(hearing))).toBe(CODE.CREATED);
  });
});

describe('a registered device', () => {
  test('that updates its registration stays the same one, and is told to register again at a location nobody knows', async () => {
    const world = await givenWorld({ scheduled: false });
    await world.during(world.device.register());
    const before = await stored(world);
    await world.run(MINUTE);
    expect(codeOf(await world.during(world.device.update()))).toBe(CODE.CHANGED);
    expect(await stored(world)).toEqual(before);
    const lost = await world.during(world.device.port.ask(SERVER, updateRequest('/rd/490154203237518.00000000')));
    expect(codeOf(lost)).toBe(CODE.NOT_FOUND);
    expect(textIn(lost)).toBe('');
  });

  test('that comes back from a new port with an update is found there, with the same beginning', async () => {
    const world = await givenWorld({ scheduled: false });
    await world.during(world.device.register());
    const before = await stored(world);
    const elsewhere = new Port(world.net, world.agenda, '10.0.0.9:777', 3);
    await world.run(MINUTE);
    expect(codeOf(await world.during(elsewhere.ask(SERVER, updateRequest(world.device.location))))).toBe(CODE.CHANGED);
    expect(await stored(world)).toMatchObject({
      peer: '10.0.0.9:777',
      since: before?.since,
      location: before?.location,
    });
  });

  test('that registers again has a new location, and its old one is dead', async () => {
    const world = await givenWorld({ scheduled: false });
    await world.during(world.device.register());
    const old = world.device.location;
    await world.during(world.device.restart());
    expect(world.device.location).not.toBe(old);
    expect(codeOf(await world.during(world.device.port.ask(SERVER, updateRequest(old))))).toBe(CODE.NOT_FOUND);
    expect(world.server.counts.registrations).toBe(1);
  });

  test('is known by its location after we were started again', async () => {
    const world = await givenWorld({ scheduled: false });
    const since = TEN - HOUR;
    const seen = await world.store.device({ account: ACCOUNT, imei: IMEI });
    const registration = {
      node: 'n0',
      location: `${IMEI}.0badcafe`,
      peer: world.device.port.peer,
      endpoint: `urn:imei:${IMEI}`,
      queueMode: false,
      version: '1.1',
      since,
      expiresAt: TEN + HOUR,
    };
    await world.store.writeDevices([{ device: { ...seen!, registration: registration as never }, isNew: false }]);
    const heard = await world.during(world.device.port.ask(SERVER, updateRequest(`/rd/${IMEI}.0badcafe`)));
    expect(codeOf(heard)).toBe(CODE.CHANGED);
    expect(await stored(world)).toMatchObject({ node: 'n1', since });
  });

  test('is gone when it says so, and when its lifetime is over', async () => {
    const world = await givenWorld({ scheduled: false, manners: { lifetimeSeconds: 300 } });
    await world.during(world.device.register());
    const bye = request(CODE.DELETE, pathOptions(world.device.location));
    expect(codeOf(await world.during(world.device.port.ask(SERVER, bye)))).toBe(CODE.DELETED);
    expect(await stored(world)).toBeUndefined();
    await world.during(world.device.register());
    await world.run(4 * MINUTE);
    await world.during(world.device.update());
    await world.run(4 * MINUTE);
    expect(await stored(world)).toBeDefined();
    await world.run(3 * MINUTE);
    expect(await stored(world)).toBeUndefined();
    expect(world.server.counts.registrations).toBe(0);
    expect(world.log).toEqual([]);
  });
});

// How an image reaches a device: chosen from what the device says, and from the profile of its make and model, which an operator can edit.
import { describe, expect, test } from 'vitest';
import type { ProfileRule } from '../../src/accounts/index.ts';
import { isFinal, type Update } from '../../src/campaigns/index.ts';
import {
  blockBytes,
  CODE,
  decodeBlock,
  OPTION,
  parse,
  pathOf,
  queriesOf,
  response,
  uintOf,
} from '../../src/lwm2m/index.ts';
import type { Manners } from './device.ts';
import { type Key, SECURE_SERVER } from './secure-port.ts';
import { type Given, givenWorld, SECOND_LONG, type World } from './world.ts';

const KEY: Key = { identity: 'bell-1', psk: Uint8Array.from({ length: 16 }, (_, place) => place) };
const SECRETS = { pskIdentity: 'bell-1', pskKey: '000102030405060708090a0b0c0d0e0f' };
const isOver = (update: Update): boolean => isFinal(update.state);

async function registered(
  manners: Partial<Manners>,
  profile: Omit<ProfileRule, 'make'> = {},
  more: Given = {},
): Promise<World> {
  const secrets = manners.key === undefined ? {} : { secrets: SECRETS };
  const world = await givenWorld({ ...more, ...secrets, manners, profiles: [{ make: 'Acme', ...profile }] });
  await world.during(world.device.register());
  return world;
}

/** What the device is told to fetch; it says yes and goes no further. */
async function uriOf(
  manners: Partial<Manners>,
  profile: Omit<ProfileRule, 'make'> = {},
  more: Given = {},
): Promise<string> {
  const world = await givenWorld({
    publicHttp: 'http://images.example:8080',
    ...more,
    ...(manners.key === undefined ? {} : { secrets: SECRETS }),
    manners,
    profiles: [{ make: 'Acme', ...profile }],
  });
  const uris: string[] = [];
  world.device.script = (request) => {
    if (pathOf(request.options) !== '/5/0/1' || request.payload.length === 0) return undefined;
    uris.push(new TextDecoder().decode(request.payload));
    return response(CODE.CHANGED);
  };
  await world.during(world.device.register());
  await world.run(20 * SECOND_LONG);
  return uris[0]?.replace(/\/f\/.*/, '') ?? 'none';
}

const COAP = 'coap://127.0.0.1:5683';
const COAPS = 'coaps://127.0.0.1:5684';
const HTTP = 'http://images.example:8080';

describe('the address of an image', () => {
  test.each<[string, Partial<Manners>, string]>([
    ['that says nothing', { delivery: undefined as never, protocols: undefined as never }, COAP],
    ['that can everything', { protocols: [0, 1, 2, 3] }, COAP],
    ['that can HTTP only', { protocols: [2] }, HTTP],
    ['that has registered with its key', { key: KEY, protocols: [0, 1, 2, 3] }, COAPS],
    ['that has registered with its key and says nothing', { key: KEY, protocols: undefined as never }, COAPS],
    ['that has registered with its key and fetches without', { key: KEY, protocols: [0] }, COAP],
    ['that has registered with its key and fetches by HTTP', { key: KEY, protocols: [2, 3] }, HTTP],
  ])('of a device %s', async (_which, manners, uri) => {
    expect(await uriOf({ delivery: 0, ...manners })).toBe(uri);
  });

  test('is https where that is what images are served over', async () => {
    const publicHttp = 'https://images.example';
    expect(await uriOf({ delivery: 0, protocols: [2, 3] }, {}, { publicHttp })).toBe(publicHttp);
  });

  test('is what the profile says, whatever the device says', async () => {
    expect(await uriOf({ delivery: 0, protocols: [0, 1] }, { protocols: ['http'] })).toBe(HTTP);
  });

  test('a device that cannot fetch over what we serve gets it pushed', async () => {
    const world = await registered({ delivery: 2, protocols: [4, 5] });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(world.device.uris).toEqual([]);
  });

  test('a device that cannot use one address gets another one', async () => {
    const world = await givenWorld({ manners: { delivery: 0, protocols: [0, 2] }, publicHttp: HTTP });
    const uris: string[] = [];
    world.device.script = (request) => {
      if (pathOf(request.options) !== '/5/0/1' || request.payload.length === 0) return undefined;
      uris.push(new TextDecoder().decode(request.payload).replace(/\/f\/.*/, ''));
      world.device.become(1, 0);
      world.agenda.after(SECOND_LONG, () => world.device.become(0, 9));
      return response(CODE.CHANGED);
    };
    await world.during(world.device.register());
    await world.runUntil(() => uris.length > 1);
    expect(uris.slice(0, 2)).toEqual([COAP, HTTP]);
  });
});

describe('a profile', () => {
  test('that is push only: no address is written, although the device says that it can fetch', async () => {
    const world = await registered({ delivery: 2 }, { delivery: 'push' });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(world.device.uris).toEqual([]);
  });

  test.each([
    ['pushed', 1],
    ['fetched', 0],
  ] as const)('with a block size: no larger block is %s', async (_how, delivery) => {
    const world = await registered({ delivery }, { blockBytes: 256 });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    const sizes = world.net.sent.flatMap(({ bytes }) => {
      const parsed = parse(bytes);
      const value = parsed.ok
        ? uintOf(parsed.message.options, delivery === 1 ? OPTION.BLOCK1 : OPTION.BLOCK2)
        : undefined;
      return value === undefined ? [] : [blockBytes(decodeBlock(value)?.szx ?? 0)];
    });
    expect(new Set(sizes)).toEqual(new Set([256]));
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
  });

  test('without observation: the device is asked and never observed', async () => {
    const world = await givenWorld({ manners: { delivery: 1 }, profiles: [{ make: 'Acme', observes: false }] });
    let observed = 0;
    world.device.script = (request) => {
      if (uintOf(request.options, OPTION.OBSERVE) !== undefined) observed += 1;
      return undefined;
    };
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(observed).toBe(0);
  });

  test.each([
    ['nul-byte', 'PUT /5/0/0'],
    ['empty-uri', 'PUT /5/0/1'],
    ['cancel', 'POST /5/0/10'],
  ] as const)('that resets by %s: that way is tried first', async (reset, first) => {
    const world = await givenWorld({ manners: { delivery: 1 }, profiles: [{ make: 'Acme', reset }] });
    world.device.state = 2;
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(world.device.heard.find((heard) => !heard.startsWith('GET'))).toBe(first);
  });

  test('with a version resource: the version is read there, unless the package says otherwise', async () => {
    const world = await givenWorld({
      manners: { delivery: 0 },
      profiles: [{ make: 'Acme', versionResource: '/10242/0/1' }],
    });
    let asked = 0;
    world.device.script = (request) => {
      if (pathOf(request.options) !== '/10242/0/1') return undefined;
      asked += 1;
      return { code: CODE.CONTENT, options: [], payload: new TextEncoder().encode(world.device.version) };
    };
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
    expect(asked).toBeGreaterThan(1);
  });

  test('of a device that installs by itself: no Execute is sent', async () => {
    const world = await registered({ delivery: 1, arrived: { state: 3, result: 0 } }, { autoInstalls: true });
    await world.runUntil(({ state }) => state.name === 'installing');
    expect(world.device.heard).not.toContain('POST /5/0/2');
  });

  test('of one model counts for that model only', async () => {
    expect(await uriOf({ delivery: 0 }, { model: 'M2', protocols: ['http'] })).toBe(COAP);
    expect(await uriOf({ delivery: 0 }, { model: 'M1', protocols: ['http'] })).toBe(HTTP);
  });
});

describe('OMA 760: notification attributes', () => {
  test('pmin and pmax of the profile are written to /5/0 before State is observed', async () => {
    const rule = { make: 'Acme', notifySecondsMin: 2, notifySecondsMax: 10 };
    const world = await givenWorld({ manners: { delivery: 1 }, profiles: [rule] });
    const seen: string[] = [];
    world.device.script = (request) => {
      const path = pathOf(request.options);
      if (uintOf(request.options, OPTION.OBSERVE) === 0) seen.push(`observe ${path}`);
      if (request.code !== CODE.PUT || path !== '/5/0') return undefined;
      seen.push(`write ${path} ${queriesOf(request.options).join(' ')}`);
      return response(CODE.CHANGED);
    };
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(seen.slice(0, 2)).toEqual(['write /5/0 pmin=2 pmax=10', 'observe /5/0/3']);
  });
});

test('a push goes on where a device with a key is now', async () => {
  const world = await registered({ delivery: 1, key: KEY, szx: 2 });
  await world.runUntil(({ state }) => state.name === 'downloading');
  world.device.port.rebind('10.0.0.200:9');
  // The server does not know yet; with the device's next word it does, and what waited is sent there.
  await world.during(world.device.update());
  expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
  expect(world.net.sent.some(({ from, to }) => from === SECURE_SERVER && to === '10.0.0.200:9')).toBe(true);
  expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
});

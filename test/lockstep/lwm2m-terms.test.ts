// What a registration lasts for, how the device speaks, and when it sleeps (devices.md, LwM2M registration; engine.md §10).
import { describe, expect, test } from 'vitest';
import { DEFAULT_PROFILE, type Registration } from '../../src/campaigns/index.ts';
import {
  CODE,
  CONTENT_FORMAT,
  encodeSenmlJson,
  findOption,
  type Message,
  OPTION,
  type Option,
  parse,
  pathOf,
  pathOptions,
  type Response,
  response,
  uintOf,
  uintOption,
  updateRequest,
} from '../../src/lwm2m/index.ts';
import { SERVER } from './device.ts';
import { ACCOUNT, givenWorld, HOUR, IMEI, MINUTE, SECOND_LONG, TEN, type World } from './world.ts';

const KEY = { account: ACCOUNT, imei: IMEI };
const stored = async (world: World) => (await world.store.device(KEY))?.registration;

/** What the server asked the device, by method and path. */
function asked(world: World): readonly string[] {
  return world.net.sent.flatMap(({ to, bytes }) => {
    const parsed = to === world.device.port.peer ? parse(bytes) : undefined;
    if (parsed?.ok !== true || parsed.message.code === 0 || parsed.message.code >= 32) return [];
    return [`${parsed.message.code} ${pathOf(parsed.message.options)}`];
  });
}

async function ask(world: World, id: number): Promise<void> {
  const device = await world.store.device(KEY);
  if (device === undefined) throw new Error('the device is gone');
  world.server.send({ kind: 'ask', id, device, profile: DEFAULT_PROFILE });
}

async function given(world: World, more: Partial<Registration>): Promise<void> {
  const device = await world.store.device(KEY);
  const registration = {
    node: 'n1',
    location: `${IMEI}.0badcafe`,
    peer: world.device.port.peer,
    endpoint: `urn:imei:${IMEI}`,
    queueMode: false,
    version: '1.1',
    since: TEN - HOUR,
    expiresAt: TEN + HOUR,
    ...more,
  };
  await world.store.writeDevices([{ device: { ...device!, registration: registration as never }, isNew: false }]);
}

describe('the terms of a registration', () => {
  test('are stored with it: how long it lasts, what its paths begin with, which formats it names', async () => {
    const world = await givenWorld({ scheduled: false, manners: { root: '/lwm2m', lifetimeSeconds: 600 } });
    await world.during(world.device.register());
    expect(await stored(world)).toMatchObject({ lifetime: 600_000, rootPath: '/lwm2m', formats: [11_542] });
    const plain = await givenWorld({ scheduled: false });
    await plain.during(plain.device.register());
    const registration = await stored(plain);
    expect([registration?.lifetime, registration?.rootPath, registration?.formats]).toEqual([
      86_400_000,
      undefined,
      undefined,
    ]);
  });

  test('that were stored before we were started are those that count', async () => {
    const world = await givenWorld({ scheduled: false });
    await given(world, { lifetime: 600_000 as never, rootPath: '/lwm2m', expiresAt: (TEN + 60_000) as never });
    await world.during(world.device.port.ask(SERVER, updateRequest(`/rd/${IMEI}.0badcafe`)));
    await ask(world, 900);
    await world.run(SECOND_LONG);
    expect(asked(world)[0]).toBe(`${CODE.GET} /lwm2m/5/0`);
    await world.run(8 * MINUTE);
    expect(await stored(world)).toBeDefined();
    await world.run(4 * MINUTE);
    expect(await stored(world)).toBeUndefined();
  });

  test('change with an update that says so, and only as far as it says', async () => {
    const world = await givenWorld({ scheduled: false, manners: { version: '1.1' } });
    await world.during(world.device.register());
    const links = [
      {
        target: '/a',
        attributes: new Map([
          ['rt', 'oma.lwm2m'],
          ['ct', '110'],
        ]),
      },
      { target: '/a/5/0', attributes: new Map<string, string>() },
    ];
    await world.during(world.device.port.ask(SERVER, updateRequest(world.device.location, { lifetimeSeconds: 900 })));
    expect(await stored(world)).toMatchObject({ lifetime: 900_000 });
    await world.during(world.device.port.ask(SERVER, updateRequest(world.device.location, { links })));
    expect(await stored(world)).toMatchObject({ lifetime: 900_000, rootPath: '/a', formats: [110] });
    const bare = [{ target: '/5/0', attributes: new Map<string, string>() }];
    await world.during(world.device.port.ask(SERVER, updateRequest(world.device.location, { links: bare })));
    expect((await stored(world))?.rootPath).toBeUndefined();
  });

  test('are extended by signs of life that are written down once in a while', async () => {
    const world = await givenWorld({ scheduled: false });
    await world.during(world.device.register());
    const first = (await stored(world))?.expiresAt;
    await world.run(50 * MINUTE);
    await world.during(world.device.update());
    expect((await stored(world))?.expiresAt).toBe(first);
    await world.run(20 * MINUTE);
    await world.during(world.device.update());
    expect((await stored(world))?.expiresAt).toBeGreaterThan(first! + HOUR);
  });

  test('that ran out while nobody was there are ended within minutes, without anybody asking', async () => {
    const world = await givenWorld({ scheduled: false });
    await given(world, { expiresAt: (TEN - 2 * HOUR) as never });
    await world.run(2 * MINUTE);
    expect((await world.store.device(KEY))?.registration).toBeUndefined();
  });

  test('that ran out while nobody was there end as soon as something is to be sent', async () => {
    const world = await givenWorld({ scheduled: false });
    await given(world, { expiresAt: (TEN - 2 * HOUR) as never });
    await ask(world, 901);
    await world.run(MINUTE);
    expect(asked(world)).toEqual([]);
    expect(await stored(world)).toBeUndefined();
  });
});

describe('a device in queue mode', () => {
  const sleeper = async (): Promise<World> => {
    const world = await givenWorld({ scheduled: false, manners: { queueMode: true } });
    await world.during(world.device.register());
    return world;
  };

  test('is asked while it listens, and left alone while it sleeps', async () => {
    const world = await sleeper();
    await world.run(80 * SECOND_LONG);
    await ask(world, 902);
    await world.run(SECOND_LONG);
    const awake = asked(world).length;
    expect(awake).toBeGreaterThan(1);
    // Its answers have kept it awake.
    await world.run(80 * SECOND_LONG);
    await ask(world, 903);
    await world.run(SECOND_LONG);
    const still = asked(world).length;
    expect(still).toBeGreaterThan(awake);
    await world.run(94 * SECOND_LONG);
    await ask(world, 904);
    await world.run(3 * MINUTE);
    expect(asked(world).length).toBe(still);
    expect(world.server.counts).toMatchObject({ outstanding: 0, conversations: 0 });
  });

  test('is awake as long as it fetches its image, from whichever port', async () => {
    const manners = { delivery: 0, szx: 0, queueMode: true } as const;
    const world = await givenWorld({ manners, imageBytes: 60_000 });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.run(2 * MINUTE);
    const before = asked(world).length;
    await ask(world, 910);
    await world.run(SECOND_LONG);
    expect((await world.update()).state.name).toBe('downloading');
    expect(asked(world).length).toBeGreaterThan(before);
  });

  test('gets what waits for it when it comes back', async () => {
    const world = await sleeper();
    await world.run(10 * MINUTE);
    await ask(world, 905);
    await world.run(SECOND_LONG);
    expect(asked(world)).toEqual([]);
    await world.during(world.device.update());
    await ask(world, 906);
    await world.run(SECOND_LONG);
    expect(asked(world).length).toBeGreaterThan(1);
  });
});

describe('the form that a device is read in', () => {
  const acceptOf = ({ options }: Message): number | undefined => uintOf(options, OPTION.ACCEPT);
  const json = (path: string, values: Readonly<Record<string, number | string>>): Response =>
    response(
      CODE.CONTENT,
      [uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.SENML_JSON)],
      encodeSenmlJson(
        Object.entries(values).map(([id, value]) => ({
          path: `${path}/${id}`,
          value: typeof value === 'number' ? { kind: 'number', value } : { kind: 'text', value },
        })),
      ),
    );

  test('is found out by its refusals, and kept', async () => {
    const world = await givenWorld({ scheduled: false });
    const forms: string[] = [];
    world.device.script = (incoming) => {
      const path = pathOf(incoming.options);
      if (incoming.code !== CODE.GET || path.split('/').length > 3) return undefined;
      forms.push(`${path} ${acceptOf(incoming)}`);
      if (acceptOf(incoming) !== CONTENT_FORMAT.SENML_JSON) return response(CODE.NOT_ACCEPTABLE);
      return path === '/3/0' ? json(path, { 0: 'Acme', 1: 'M1', 3: '1.7' }) : json(path, { 3: 0, 5: 0, 9: 2 });
    };
    await world.during(world.device.register());
    await ask(world, 907);
    await world.run(SECOND_LONG);
    expect(forms).toEqual(['/5/0 112', '/5/0 110', '/3/0 110']);
    await ask(world, 908);
    await world.run(SECOND_LONG);
    expect(forms.slice(3)).toEqual(['/5/0 110', '/3/0 110']);
    expect((await world.store.device(KEY))?.firmware).toMatchObject({ value: '1.7', source: 'reported' });
    expect(world.log).toEqual([]);
  });

  test.each([
    ['1.0 that knows no Accept', '1.0', CODE.BAD_OPTION, ['/5/0 11542', '/5/0 undefined']],
    ['1.1 that knows TLV only', '1.1', CODE.NOT_ACCEPTABLE, ['/5/0 112', '/5/0 110', '/5/0 11542', '/5/0 undefined']],
  ] as const)('of a device of version %s is its own at last', async (_what, version, code, forms) => {
    const world = await givenWorld({ scheduled: false, manners: { version } });
    const seen: string[] = [];
    world.device.script = (incoming) => {
      const path = pathOf(incoming.options);
      if (incoming.code !== CODE.GET || path !== '/5/0') return undefined;
      seen.push(`${path} ${acceptOf(incoming)}`);
      return acceptOf(incoming) === undefined ? undefined : response(code);
    };
    await world.during(world.device.register());
    await ask(world, 909);
    await world.run(5 * SECOND_LONG);
    expect(seen).toEqual(forms);
  });
});

describe('conditions', () => {
  test('that a registration cannot meet are refused', async () => {
    const world = await givenWorld({ scheduled: false });
    const { code, options, payload } = updateRequest('/rd/x');
    const conditioned = {
      code,
      options: [...options, { number: OPTION.IF_NONE_MATCH, value: new Uint8Array(0) }],
      payload,
    };
    const heard = await world.during(world.device.port.ask(SERVER, conditioned));
    expect(heard.is === 'answered' && heard.response.code).toBe(CODE.PRECONDITION_FAILED);
    const elsewhere = await world.during(
      world.device.port.ask(SERVER, { code: CODE.POST, options: pathOptions('/x'), payload }),
    );
    expect(elsewhere.is === 'answered' && elsewhere.response.code).toBe(CODE.NOT_FOUND);
  });
});

describe('an image', () => {
  /** A device that has its offer, and asks by hand. */
  async function offered() {
    const world = await givenWorld({ manners: { delivery: 0, szx: 0 }, imageBytes: 5_000 });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    const path = new URL(world.device.uris[0]!.replace('coap:', 'http:')).pathname;
    const get = async (...options: Option[]): Promise<Response> => {
      const asking = { code: CODE.GET, options: [...pathOptions(path), ...options], payload: new Uint8Array(0) };
      const heard = await world.during(world.device.port.ask(SERVER, asking));
      if (heard.is !== 'answered') throw new Error('nobody answered');
      return heard.response;
    };
    return { world, get };
  }
  const block2 = (number: number, szx: number): Option => uintOption(OPTION.BLOCK2, number * 16 + szx);

  test('is served to who has it already, for only what is served under a grant counts as transferred', async () => {
    const { get } = await offered();
    const first = await get();
    const etag = findOption(first.options, OPTION.ETAG)!;
    expect([first.code, first.payload.length, etag.length]).toEqual([CODE.CONTENT, 1_024, 8]);
    const again = await get({ number: OPTION.ETAG, value: etag });
    expect([again.code, again.payload.length]).toEqual([CODE.CONTENT, 1_024]);
  });

  test('is served from any block of any size, with its tag, and with its size when that is asked for', async () => {
    const { world, get } = await offered();
    const middle = await get(block2(9, 4));
    expect(Buffer.from(middle.payload).equals(world.image.subarray(9 * 256, 10 * 256))).toBe(true);
    expect(uintOf(middle.options, OPTION.SIZE2)).toBeUndefined();
    const sized = await get(block2(4, 6), uintOption(OPTION.SIZE2, 0));
    expect(uintOf(sized.options, OPTION.SIZE2)).toBe(5_000);
    expect(uintOf(sized.options, OPTION.BLOCK2)).toBe(4 * 16 + 6);
    expect(sized.payload.length).toBe(5_000 - 4 * 1_024);
    expect(findOption(sized.options, OPTION.ETAG)).toEqual(findOption(middle.options, OPTION.ETAG));
  });

  test('has no blocks behind its end and none of a reserved size', async () => {
    const { get } = await offered();
    expect((await get(block2(5, 6))).code).toBe(CODE.BAD_OPTION);
    expect((await get(block2(0, 7))).code).toBe(CODE.BAD_REQUEST);
  });
});

// Nothing of an offer leaves outside its window, an Execute is never sent twice, and strangers get nothing (engine.md §3, §4, §5).
import { describe, expect, test } from 'vitest';
import { isFinal } from '../../src/campaigns/index.ts';
import {
  CODE,
  encode,
  OPTION,
  parse,
  pathOf,
  pathOptions,
  request,
  TYPE,
  textOption,
  uintOf,
  uintOption,
} from '../../src/lwm2m/index.ts';
import { SERVER } from './device.ts';
import { drained, type Sent } from './net.ts';
import { givenWorld, HOUR, MINUTE, SECOND_LONG, TEN, type World } from './world.ts';

const STRANGER = '192.0.2.66:1234';
const WINDOW = [{ from: 11, until: 12 }];

/** What our server has sent, as code and path. */
const messages = (world: World, fits: (code: number, path: string) => boolean): readonly Sent[] =>
  world.net.sent.filter(({ from, bytes }) => {
    const parsed = from === SERVER ? parse(bytes) : undefined;
    return parsed?.ok === true && fits(parsed.message.code, pathOf(parsed.message.options));
  });

const offersAndOrders = (world: World): readonly Sent[] =>
  messages(
    world,
    (code, path) => (code === CODE.PUT && /^\/5\/0\/[01]$/.test(path)) || (code === CODE.POST && path === '/5/0/2'),
  );

const imageBytes = (world: World): readonly Sent[] =>
  world.net.sent.filter(({ from, bytes }) => {
    const parsed = from === SERVER ? parse(bytes) : undefined;
    return parsed?.ok === true && parsed.message.code === CODE.CONTENT && parsed.message.payload.length > 0;
  });

describe('a window that is shut', () => {
  test.each([
    ['pull', 0],
    ['push', 1],
  ] as const)(
    'sends neither URI nor block nor Execute by %s, and begins within seconds of its opening',
    async (_way, delivery) => {
      const world = await givenWorld({ manners: { delivery }, downloadWindows: WINDOW, installWindows: WINDOW });
      await world.during(world.device.register());
      await world.run(30 * MINUTE);
      await world.during(world.device.update());
      await world.run(TEN + HOUR - world.agenda.now() - 1);
      expect(offersAndOrders(world)).toEqual([]);
      expect(imageBytes(world)).toEqual([]);
      await world.run(5 * SECOND_LONG);
      expect(offersAndOrders(world).length).toBeGreaterThan(0);
      expect((await world.runUntil(({ state }) => isFinal(state))).state.name).toBe('succeeded');
    },
  );

  test('cuts a fetch with 5.03 and the time of the next opening, and the fetch goes on then where it was', async () => {
    const world = await givenWorld({
      manners: { delivery: 0, szx: 0 },
      imageBytes: 20_000,
      downloadWindows: [
        { from: 10, until: 11 },
        { from: 12, until: 13 },
      ],
    });
    await world.run(TEN + HOUR - 20 * SECOND_LONG - world.agenda.now());
    await world.during(world.device.register());
    await world.run(TEN + HOUR - world.agenda.now());
    const close = TEN + HOUR;
    await world.run(2 * MINUTE);
    expect(imageBytes(world).some(({ at }) => at < close)).toBe(true);
    expect(imageBytes(world).every(({ at }) => at < close)).toBe(true);
    const [seconds] = world.device.told;
    expect(seconds).toBe(3_600);
    expect((await world.update()).state).toMatchObject({ name: 'waiting', reason: 'suspended' });
    const before = world.device.fetching?.offset ?? 0;
    expect(before).toBeGreaterThan(0);
    await world.run(HOUR);
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
    expect((await world.update()).state).toMatchObject({ name: 'succeeded', attempt: 1 });
  });

  test('cuts a push, and nothing more of it leaves', async () => {
    const world = await givenWorld({
      manners: { delivery: 1, szx: 0 },
      imageBytes: 20_000,
      downloadWindows: [{ from: 10, until: 11 }],
    });
    await world.run(TEN + HOUR - 20 * SECOND_LONG - world.agenda.now());
    await world.during(world.device.register());
    await world.run(5 * MINUTE);
    const blocks = messages(world, (code, path) => code === CODE.PUT && path === '/5/0/0');
    expect(blocks.length).toBeGreaterThan(100);
    expect(blocks.every(({ at }) => at < TEN + HOUR)).toBe(true);
    expect((await world.update()).state).toMatchObject({ name: 'waiting', reason: 'suspended' });
    expect(world.server.counts.pushes).toBe(0);
  });

  test('an abort bites within five seconds, also in the middle of a fetch', async () => {
    const world = await givenWorld({ manners: { delivery: 0, szx: 0 }, imageBytes: 60_000 });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.run(2 * SECOND_LONG);
    await world.abort();
    const abortedAt = world.agenda.now();
    await world.run(2 * MINUTE);
    expect(imageBytes(world).at(-1)!.at).toBeLessThan(abortedAt + 5_000);
    expect((await world.update()).state.name).toBe('aborted');
  });
});

describe('an Execute', () => {
  test('that nobody answers is not repeated; only when the device was asked and still waits is it ordered anew', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    world.device.script = (incoming) => (pathOf(incoming.options) === '/5/0/2' ? 'silent' : undefined);
    await world.during(world.device.register());
    await world.run(9 * MINUTE);
    const orders = messages(world, (code, path) => code === CODE.POST && path === '/5/0/2');
    const first = orders.filter(({ bytes }) => Buffer.from(bytes).equals(orders[0]!.bytes));
    // The message layer repeats one and the same message, and only while the permit lasts.
    expect(first.at(-1)!.at - first[0]!.at).toBeLessThan(5_000);
    const looks = messages(world, (code, path) => code === CODE.GET && path === '/5/0').map(({ at }) => at);
    const distinct = orders.filter(({ bytes }, at) => at === 0 || !Buffer.from(bytes).equals(orders[at - 1]!.bytes));
    expect(distinct.length).toBeGreaterThan(1);
    for (const [place, order] of distinct.entries()) {
      const before = distinct[place - 1];
      if (before !== undefined) expect(looks.some((at) => at > before.at && at < order.at)).toBe(true);
    }
  });

  test('whose answer was lost is found out by asking, and the device installs once', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    world.net.loses = ({ from, bytes }) => {
      const parsed = parse(bytes);
      return (
        from === world.device.port.peer && parsed.ok && parsed.message.code === CODE.CHANGED && world.device.state === 3
      );
    };
    await world.during(world.device.register());
    expect((await world.runUntil(({ state }) => isFinal(state))).state.name).toBe('succeeded');
    expect(world.device.installs).toBe(1);
  });
});

describe('an image address', () => {
  const get = (world: World, path: string, more: Parameters<typeof request>[1] = []): Promise<Uint8Array> => {
    const answers: Uint8Array[] = [];
    world.net.listen(STRANGER, (bytes) => void answers.push(bytes));
    const options = [...pathOptions(path), ...more];
    const bytes = encode({
      type: TYPE.CON,
      id: 7,
      token: Uint8Array.of(1),
      code: CODE.GET,
      options,
      payload: new Uint8Array(0),
    });
    world.net.send(STRANGER, SERVER, bytes);
    return world.run(SECOND_LONG).then(() => {
      expect(answers).toHaveLength(1);
      expect(answers[0]!.length).toBeLessThanOrEqual(Math.max(bytes.length, 1_100));
      return answers[0]!;
    });
  };

  test.each(['/f/AAAAAAAAAAAAAAAAAAAAAA', '/f/x', '/f', '/', '/f/AAAAAAAAAAAAAAAAAAAAAA/0', '/.well-known/core'])(
    'that nobody was given, %s, is answered with no more bytes than it was asked with',
    async (path) => {
      const world = await givenWorld({ allowRegistration: false });
      const answer = await get(world, path);
      expect(answer[1]).toBe(CODE.NOT_FOUND);
      const asked = world.net.sent.find(({ from }) => from === STRANGER)!;
      expect(answer.length).toBeLessThanOrEqual(asked.bytes.length);
    },
  );

  test('that was given serves any block to any address, with one grant, the same ETag and the size', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    const begun: string[] = [];
    const begin = world.engine.beginTransfer.bind(world.engine);
    world.engine.beginTransfer = (token, offset) => {
      begun.push(`${token} ${offset}`);
      return begin(token, offset);
    };
    world.device.fetch = async () => {};
    await world.during(world.device.register());
    await world.run(5 * SECOND_LONG);
    const path = new URL(world.device.uris[0]!.replace('coap:', 'http:')).pathname;
    const heard: Uint8Array[] = [];
    world.net.listen(STRANGER, (bytes) => void heard.push(bytes));
    for (const [id, block] of [
      [1, 0x06],
      [2, 0x12],
      [3, 0x16],
    ] as const) {
      const options = [...pathOptions(path), uintOption(OPTION.BLOCK2, block)];
      world.net.send(
        STRANGER,
        SERVER,
        encode({ type: TYPE.CON, id, token: Uint8Array.of(id), code: CODE.GET, options, payload: new Uint8Array(0) }),
      );
    }
    await world.run(SECOND_LONG);
    expect(begun).toHaveLength(1);
    const answers = heard.map((bytes) => parse(bytes)).flatMap((parsed) => (parsed.ok ? [parsed.message] : []));
    expect(answers.map(({ code }) => code)).toEqual([CODE.CONTENT, CODE.CONTENT, CODE.CONTENT]);
    expect(answers.map(({ payload }) => Buffer.from(payload).equals(world.image.subarray(0, 1_024)))).toEqual([
      true,
      false,
      false,
    ]);
    expect(Buffer.from(answers[1]!.payload).equals(world.image.subarray(64, 128))).toBe(true);
    expect(uintOf(answers[0]!.options, OPTION.SIZE2)).toBe(world.image.length);
    const etags = answers.map(({ options }) =>
      Buffer.from(options.find(({ number }) => number === OPTION.ETAG)!.value).toString('hex'),
    );
    expect(new Set(etags).size).toBe(1);
  });

  test('asked for beyond its end is a bad option, and whatever is no GET is not allowed', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    world.device.fetch = async () => {};
    await world.during(world.device.register());
    await world.run(5 * SECOND_LONG);
    const path = new URL(world.device.uris[0]!.replace('coap:', 'http:')).pathname;
    expect((await get(world, path, [uintOption(OPTION.BLOCK2, 0x7ff6)]))[1]).toBe(CODE.BAD_OPTION);
    const put = request(CODE.PUT, pathOptions(path));
    const heard = await world.during(world.device.port.ask(SERVER, put));
    expect(heard).toMatchObject({ response: { code: CODE.METHOD_NOT_ALLOWED } });
  });

  test('a server with a public address that is too long says so before it makes the first one', async () => {
    await expect(givenWorld({ publicCoap: `coap://${'a'.repeat(60)}.example:5683` })).rejects.toThrow(
      /devices keep 80/,
    );
  });

  test('bytes that are no message harm nobody', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    for (const bytes of [[], [0], [0x40, 1], [0xff, 0xff, 0xff, 0xff], [0x4f, 1, 0, 1, 2], [0x40, 1, 0, 1, 0xff]]) {
      world.net.send(STRANGER, SERVER, Uint8Array.from(bytes));
    }
    const odd = request(CODE.POST, [...pathOptions('/rd'), textOption(OPTION.URI_QUERY, 'ep=')]);
    expect(await world.during(world.device.port.ask(SERVER, odd))).toMatchObject({
      response: { code: CODE.BAD_REQUEST },
    });
    await drained();
    expect(world.log).toEqual([]);
  });
});

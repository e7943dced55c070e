// Image downloads over real sockets: ranges, conditions, and not one byte after the permit.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { answerOf, Client, closed, imageLink } from './client.ts';
import { HOUR, hex, MINUTE, someBytes, TEN } from './hands.ts';
import type { Given } from './rows.ts';
import { givenWorld, type World } from './world.ts';

const CHUNK = 65_536;

async function offered(given: Given = {}): Promise<{ world: World; client: Client; link: string }> {
  const world = await givenWorld(given);
  const client = new Client(world);
  return { world, client, link: imageLink(await client.readAction()) };
}

/** A promise that somebody else keeps. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('ranges', () => {
  test('HEAD tells size and tag, and begins nothing', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const head = await client.call('HEAD', link);
    expect(head.status).toBe(200);
    expect(head.headers).toMatchObject({
      'content-length': '100000',
      'accept-ranges': 'bytes',
      etag: `"${hex('sha256', world.image)}"`,
    });
    expect(await world.state()).toBe('offered');
  });

  test('a download that was cut is resumed and is whole in the end', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const first = await client.call('GET', link, { range: 'bytes=0-69999' });
    expect([first.status, first.headers['content-range']]).toEqual([206, 'bytes 0-69999/100000']);
    expect(await world.state()).toBe('downloading');
    const rest = await client.call('GET', link, {
      range: 'bytes=70000-',
      'if-range': `"${hex('sha256', world.image)}"`,
    });
    expect(Buffer.concat([first.bytes, rest.bytes]).equals(world.image)).toBe(true);
    const { state } = await world.until(({ state }) => state.name === 'installing');
    expect(state).toMatchObject({ attempt: { transfer: { bytes: 100_000 } } });
  });

  test('the last bytes alone do not make the image complete', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const tail = await client.call('GET', link, { range: 'bytes=-1000' });
    expect(Buffer.from(world.image.subarray(99_000)).equals(tail.bytes)).toBe(true);
    expect(await world.state()).toBe('downloading');
  });

  test('several ranges come as parts', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const { status, headers, bytes } = await client.call('GET', link, { range: 'bytes=0-4,50000-50009' });
    expect(status).toBe(206);
    expect(Number(headers['content-length'])).toBe(bytes.length);
    const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1];
    const parts = bytes.toString('latin1').split(`\r\n--${boundary}`);
    expect(parts.length).toBe(4);
    expect(parts[1]).toContain('content-range: bytes 0-4/100000');
    expect(parts[2]?.split('\r\n\r\n')[1]).toBe(Buffer.from(world.image.subarray(50_000, 50_010)).toString('latin1'));
    expect(parts[3]).toBe('--\r\n');
  });

  test('what cannot be given is refused by its own number', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const outside = await client.call('GET', link, { range: 'bytes=100000-' });
    expect([outside.status, outside.headers['content-range']]).toEqual([416, 'bytes */100000']);
    expect((await client.call('GET', link, { 'if-match': '"another"' })).status).toBe(412);
    expect((await client.call('GET', link, { 'if-none-match': `"${hex('sha256', world.image)}"` })).status).toBe(304);
    const other = await client.call('GET', link, { range: 'bytes=5-', 'if-range': '"another"' });
    expect([other.status, other.bytes.length]).toEqual([200, 100_000]);
  });

  test('the sum beside the image is its MD5 and its name', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    const sum = await client.call('GET', `${link}.MD5SUM`, { authorization: '' });
    expect(sum.bytes.toString()).toBe(`${hex('md5', world.image)}  app_2.swu\n`);
  });

  test('a token that nobody was given finds nothing', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    for (const name of ['x', 'x.MD5SUM', '%00', '..%2f..%2fetc']) {
      expect((await client.call('GET', `/f/${name}`)).status).toBe(404);
    }
  });
});

describe('permits', () => {
  test('the window closes in the middle: the connection ends and not one byte more is handed over', async () => {
    const { world, client, link } = await offered({
      image: someBytes(10 * CHUNK),
      downloadWindows: [{ from: 9, until: 11 }],
    });
    await using _ = world;
    const shut = gate();
    world.images.gate = (place) => (place < 3 ? Promise.resolve() : shut.opened);
    const asked = client.open('GET', link, {});
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let bytes = 0;
    const broken = new Promise<void>((resolve) => response.once('error', () => resolve()));
    for await (const chunk of response.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes === 3 * CHUNK) break;
    }
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    world.clock.set(TEN + HOUR);
    shut.open();
    await broken;
    expect(bytes).toBe(3 * CHUNK);
    const { state } = await world.until((update) => update.state.name === 'waiting');
    expect(state).toMatchObject({ suspended: { interruptions: 1, transfer: { bytes: 3 * CHUNK } } });
    expect((await client.call('GET', link)).status).toBe(503);
    expect([world.images.held, world.clock.waiting]).toEqual([0, 0]);
  });

  test('a client that takes nothing is cut when the window closes, and what it has counts later', async () => {
    const image = someBytes(40 * CHUNK);
    const { world, client, link } = await offered({ image, downloadWindows: [{ from: 9, until: 11 }] });
    await using _ = world;
    const never = gate();
    world.images.gate = (place) => (place < 2 ? Promise.resolve() : never.opened);
    const asked = client.open('GET', link, {});
    const answered = answerOf(asked);
    asked.end();
    await once(asked, 'response');
    // The timer of the permit wakes the transfer, not its next chunk.
    world.clock.pass(HOUR);
    const cut = await answered;
    expect(cut.broken).toBe(true);
    never.open();
    await world.until((update) => update.state.name === 'waiting');
    world.images.gate = async () => {};
    world.clock.set(TEN + 23 * HOUR);
    await world.tick();
    expect(imageLink(await client.readAction())).toBe(link);
    const rest = await client.call('GET', link, { range: `bytes=${cut.bytes.length}-` });
    expect(Buffer.concat([cut.bytes, rest.bytes]).equals(image)).toBe(true);
    await world.until((update) => update.state.name === 'installing');
  });

  test('a client that reads nothing holds back the server, and is cut all the same', async () => {
    const size = 256 * CHUNK;
    const { world, client, link } = await offered({
      image: new Uint8Array(size),
      downloadWindows: [{ from: 9, until: 11 }],
    });
    await using _ = world;
    const asked = client.open('GET', link, {});
    asked.on('error', () => {});
    asked.end();
    await once(asked, 'response');
    world.clock.pass(HOUR);
    const { state } = await world.until((update) => update.state.name === 'waiting');
    const sent = (state.name === 'waiting' && state.suspended?.transfer?.bytes) || 0;
    expect(sent).toBeLessThan(size);
    expect(world.clock.waiting).toBe(0);
    asked.destroy();
  });

  test('a permit is asked for again as long as the window is open', async () => {
    const { world, client, link } = await offered({ image: someBytes(5 * CHUNK) });
    await using _ = world;
    world.images.gate = async () => world.clock.set(world.clock.now() + 40_000);
    const { bytes } = await client.call('GET', link);
    expect(bytes.length).toBe(5 * CHUNK);
    await world.until((update) => update.state.name === 'installing');
    const device = await world.store.device({
      account: (await world.update()).account,
      imei: (await world.update()).imei,
    });
    expect(device?.rate).toBe(Math.round((5 * CHUNK) / 200));
  });

  test('an abort ends an open download within one permit', async () => {
    const { world, client, link } = await offered({ image: someBytes(5 * CHUNK) });
    await using _ = world;
    const held = gate();
    world.images.gate = (place) => (place < 1 ? Promise.resolve() : held.opened);
    const asked = client.open('GET', link, {});
    const answered = answerOf(asked);
    asked.end();
    await once(asked, 'response');
    await world.abort();
    world.clock.pass(5_000);
    expect((await answered).broken).toBe(true);
    held.open();
    expect(await world.state()).toBe('aborted');
    expect((await client.call('GET', link)).status).toBe(404);
  });

  test('a client that hangs up costs nothing and may come back', async () => {
    const { world, client, link } = await offered({ image: someBytes(5 * CHUNK) });
    await using _ = world;
    const held = gate();
    world.images.gate = (place) => (place < 2 ? Promise.resolve() : held.opened);
    const asked = client.open('GET', link, {});
    asked.end();
    asked.on('error', () => {});
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    await once(response, 'readable');
    asked.destroy();
    held.open();
    const { state } = await world.until(
      (update) =>
        'attempt' in update.state &&
        typeof update.state.attempt !== 'number' &&
        (update.state.attempt.transfer?.bytes ?? 0) > 0,
    );
    expect(state.name).toBe('downloading');
    world.images.gate = async () => {};
    expect((await client.call('GET', link)).bytes.length).toBe(5 * CHUNK);
    expect(world.images.held).toBe(0);
  });

  test('a stop of the server interrupts what is open, and the attempt is kept', async () => {
    const { world, client, link } = await offered({ image: someBytes(5 * CHUNK) });
    const held = gate();
    world.images.gate = (place) => (place < 1 ? Promise.resolve() : held.opened);
    const asked = client.open('GET', link, {});
    const answered = answerOf(asked);
    asked.end();
    await once(asked, 'response');
    const stopped = world.app.close();
    expect((await answered).broken).toBe(true);
    held.open();
    await stopped;
    expect((await world.update()).state).toMatchObject({ name: 'waiting', suspended: { number: 1 } });
  });

  test('an image that is not on the disk is told as our failure and keeps the attempt', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    world.images.open = async () => undefined;
    expect((await client.call('GET', link)).status).toBe(500);
    expect(world.log[0]).toContain('image-missing');
    expect(await world.state()).toBe('offered');
  });

  test('progress is stored at most once a minute', async () => {
    const { world, client, link } = await offered({ image: someBytes(20 * CHUNK) });
    await using _ = world;
    const stored: number[] = [];
    const told = world.engine.transferProgress.bind(world.engine);
    world.engine.transferProgress = (key, bytes) => {
      stored.push(bytes / CHUNK);
      return told(key, bytes);
    };
    // A minute is over when the sixth has left.
    world.images.gate = async () => world.clock.set(world.clock.now() + MINUTE / 6);
    await client.call('GET', link);
    expect(stored).toEqual([6, 12, 18]);
  });

  test('a repeated close after the end of a download is only heard once', async () => {
    const { world, client, link } = await offered();
    await using _ = world;
    await client.call('GET', link);
    const { actionId } = await client.readAction().then(({ json }) => ({ actionId: json.id }));
    expect((await client.feedback(actionId, closed('success'))).status).toBe(200);
    expect((await client.feedback(actionId, closed('success'))).status).toBe(200);
    expect((await client.feedback(actionId, { execution: 'proceeding' })).status).toBe(410);
    expect((await client.feedback(actionId, closed('failure'))).status).toBe(410);
  });
});

/** Our client against our server on real sockets: this one runs everywhere. */
import { describe, expect, test } from 'vitest';
import type { DtlsClientEvent } from '../../src/lwm2m/index.ts';
import { systemClock } from '../../src/simulator/index.ts';
import { is, startClient, startServer, text, utf8 } from './dtls-peers.ts';

const says =
  (words: string) =>
  (event: DtlsClientEvent): event is Extract<DtlsClientEvent, { type: 'data' }> =>
    event.type === 'data' && text(event.bytes) === words;

describe('our client', () => {
  for (const cid of [new Uint8Array(0), Uint8Array.of(1, 2, 3)]) {
    test(`keeps its association when its port changes (CID of ${cid.length} bytes towards it)`, async () => {
      await using server = await startServer();
      await using device = await startClient(server.port, { cid });
      await device.until(is('established'));
      device.say('from the first port');
      await device.until(says('from the first port'));
      await device.bind();
      device.say('from the second');
      await device.until(says('from the second'));
      const { from, to } = await server.until(is('moved'));
      expect(to).toBe(`127.0.0.1:${device.port}`);
      expect(from).not.toBe(to);
      expect(server.server.counts.associations).toBe(1);
      device.act(device.client.close());
      expect(await server.until(is('closed'))).toMatchObject({ reason: 'closed_by_peer' });
    });
  }

  test('resumes after a restart, and the old association gives way at the same address only', async () => {
    await using server = await startServer();
    await using before = await startClient(server.port);
    await before.until(is('established'));
    const { session } = before.client;
    await using after = await startClient(server.port, { session: session! });
    expect(await after.until(is('established'))).toMatchObject({ resumed: true });
    after.say('again');
    await after.until(says('again'));
    expect(server.server.counts.associations).toBe(2);
  });

  test('with a wrong key is told so within a few repetitions', async () => {
    await using server = await startServer();
    await using device = await startClient(server.port, { psk: utf8('wrong') });
    expect(await device.until(is('handshake-failed'), 15_000)).toMatchObject({ alert: 51 });
  });

  test('connects again over a connection that is open, which gives way to it', async () => {
    await using server = await startServer();
    await using device = await startClient(server.port);
    await device.until(is('established'));
    device.act(device.client.connect(systemClock.now()));
    await device.until(is('closed'));
    expect(await server.until(is('closed'))).toMatchObject({ reason: 'replaced' });
    device.say('over the new one');
    await device.until(says('over the new one'));
  });
});

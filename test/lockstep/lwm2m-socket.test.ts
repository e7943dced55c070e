// The same server on a real UDP socket of loopback: bytes in, bytes out, closed when it says so.
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { instant, type NodeId } from '../../src/campaigns/index.ts';
import { type Lwm2mParts, openDatagrams, openLwm2m } from '../../src/delivery/lwm2m/index.ts';
import { Engine } from '../../src/engine/index.ts';
import { CODE, encode, parse, pathOptions, TYPE } from '../../src/lwm2m/index.ts';
import { openMemoryStore } from '../../src/store/index.ts';

function parts(): Lwm2mParts {
  const store = openMemoryStore();
  const clock = { now: () => instant(Date.parse('2026-01-15T10:00:00Z')) };
  const node = 'n1' as NodeId;
  const log = { event: (): void => {} };
  const engine = new Engine({
    store,
    clock,
    node,
    log,
    random: { token: () => 'x' as never },
    digest: () => '',
    sender: { send: () => {} },
  });
  return {
    allowRegistration: true,
    engine,
    inventory: store,
    images: { open: async () => undefined, read: async function* () {}, readBlock: async () => new Uint8Array(0) },
    node,
    clock,
    timers: { after: () => () => {} },
    random: { uint32: () => 4 },
    contacts: { seen: () => {} },
    log,
  };
}

/** Not every machine has IPv6. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const HOSTS = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];

describe('a server on loopback', () => {
  test.each(HOSTS)(
    'at %s answers a ping, refuses a stranger in four bytes and a token, and survives rubbish',
    async (host) => {
      const server = await openLwm2m({ ...parts(), host, port: 0 });
      expect(server.address).toMatchObject({ host });
      expect(server.address.port).toBeGreaterThan(0);
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      const heard = (bytes: Uint8Array): Promise<Uint8Array> =>
        new Promise((resolve) => {
          socket.once('message', resolve);
          socket.send(bytes, server.address.port, host);
        });
      socket.send(Uint8Array.of(0xff, 0xff), server.address.port, host);
      expect([...(await heard(Uint8Array.of(0x40, 0, 0x12, 0x34)))]).toEqual([0x70, 0, 0x12, 0x34]);
      const options = pathOptions('/f/AAAAAAAAAAAAAAAAAAAAAA');
      const asked = encode({
        type: TYPE.CON,
        id: 9,
        token: Uint8Array.of(1, 2),
        code: CODE.GET,
        options,
        payload: new Uint8Array(0),
      });
      const answer = await heard(asked);
      expect(parse(answer)).toMatchObject({ ok: true, message: { code: CODE.NOT_FOUND, id: 9 } });
      expect(answer.length).toBe(6);
      socket.close();
      await server.stop();
      await server.stop();
    },
  );

  test('may be named, and answers by address', async () => {
    const server = await openLwm2m({ ...parts(), host: 'localhost', port: 0 });
    expect(['127.0.0.1', '::1']).toContain(server.address.host);
    const socket = createSocket(server.address.host.includes(':') ? 'udp6' : 'udp4');
    const heard = new Promise<Uint8Array>((resolve) => socket.once('message', resolve));
    socket.send(Uint8Array.of(0x40, 0, 0x12, 0x34), server.address.port, server.address.host);
    expect([...(await heard)]).toEqual([0x70, 0, 0x12, 0x34]);
    socket.close();
    await server.stop();
  });

  test('says so when its port is taken, and gives it back when it stops', async () => {
    const server = await openLwm2m({ ...parts(), host: '127.0.0.1', port: 0 });
    await expect(openLwm2m({ ...parts(), ...server.address })).rejects.toThrow(/EADDRINUSE/);
    await server.stop();
    const again = await openDatagrams(server.address, { event: () => {} });
    expect(again.address).toEqual(server.address);
    await again.close();
  });
});

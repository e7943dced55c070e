// The HTTP socket: its address is known before the server is ready, and nobody who asks early is turned away.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemTimers } from './clock.ts';
import { bindHttp } from './http.ts';

const ANYWHERE = { host: '127.0.0.1', httpPort: 0 };

describe('the HTTP socket', () => {
  test('answers a request that came before the server was ready, once it is', async () => {
    const socket = await bindHttp(ANYWHERE, systemTimers);
    const early = fetch(`http://127.0.0.1:${socket.address.port}/`);
    socket.answer((_request, response) => response.end('ready'));
    expect(await (await early).text()).toBe('ready');
    await socket.close();
  });

  test('says why an address cannot be bound', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(bindHttp({ ...ANYWHERE, httpPort: port }, systemTimers)).rejects.toThrow(
      `The address 127.0.0.1:${port} cannot be taken for HTTP: another program uses it.`,
    );
    other.close();
  });

  test('names the certificate that cannot be read', async () => {
    const tls = { certificate: '/nowhere/cert.pem', key: '/nowhere/key.pem' };
    await expect(bindHttp({ ...ANYWHERE, tls }, systemTimers)).rejects.toThrow('--tls-cert: /nowhere/cert.pem');
  });
});

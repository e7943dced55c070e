/** OpenSSL's client against our server, and our client against OpenSSL's server. */

import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SUITES } from '../../src/lwm2m/index.ts';
import { IDENTITY, installed, is, KEY_HEX, Program, startClient, startServer } from './dtls-peers.ts';

const NAMES: Readonly<Record<string, string>> = {
  TLS_PSK_WITH_AES_128_GCM_SHA256: 'PSK-AES128-GCM-SHA256',
  TLS_PSK_WITH_AES_128_CCM: 'PSK-AES128-CCM',
  TLS_PSK_WITH_AES_128_CCM_8: 'PSK-AES128-CCM8:@SECLEVEL=0',
};

const client = (port: number, ...more: readonly string[]): Program =>
  new Program('openssl', [
    ...['s_client', '-dtls1_2', '-connect', `127.0.0.1:${port}`, '-psk_identity', IDENTITY],
    ...(more.includes('-psk') ? [] : ['-psk', KEY_HEX]),
    ...(more.includes('-cipher') ? [] : ['-cipher', 'PSK-AES128-GCM-SHA256']),
    ...more,
  ]);

describe.runIf(installed('openssl'))('OpenSSL', () => {
  for (const { name } of SUITES) {
    test(`talks to our server with ${name} and says goodbye`, async () => {
      await using server = await startServer({ identityHint: new TextEncoder().encode('hint') });
      await using openssl = client(server.port, '-cipher', NAMES[name] ?? '');
      const { suite, identity } = await server.until(is('established'));
      expect(suite).toBe(name);
      expect(new TextDecoder().decode(identity)).toBe(IDENTITY);
      await openssl.says(/Extended master secret: yes/);
      openssl.type('to and fro\n');
      await openssl.says(/Timeout.*to and fro/s);
      openssl.type('Q\n');
      expect(await server.until(is('closed'))).toMatchObject({ reason: 'closed_by_peer' });
    });
  }

  test('resumes its session by id', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'campanile-dtls-'));
    try {
      await using server = await startServer();
      const file = join(directory, 'session');
      {
        await using first = client(server.port, '-sess_out', file);
        await first.says(/Session-ID: [0-9A-F]{32}/);
        first.type('Q\n');
        await first.ends();
      }
      await using second = client(server.port, '-sess_in', file);
      await second.says(/Reused, TLSv1\.2/);
      const again = await server.until(
        (event): event is Extract<typeof event, { type: 'established' }> =>
          event.type === 'established' && event.resumed,
      );
      expect(again.suite).toBe('TLS_PSK_WITH_AES_128_GCM_SHA256');
      second.type('once more\n');
      await second.says(/Timeout.*once more/s);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('is refused a second handshake inside the first, and goes on or gives up', async () => {
    await using server = await startServer();
    await using openssl = client(server.port);
    await server.until(is('established'));
    await openssl.says(/Extended master secret/);
    openssl.type('R\n');
    await openssl.says(/RENEGOTIATING/);
    await openssl.says(/no renegotiation/);
    expect(server.server.counters.renegotiationsRefused).toBeGreaterThan(0);
    expect(server.events.filter(is('established'))).toHaveLength(1);
  });

  test('hears the same alert with a wrong key as with an unknown identity', async () => {
    const said: string[] = [];
    for (const wrong of [
      ['-psk', '00112233'],
      ['-psk_identity', 'nobody'],
    ]) {
      await using server = await startServer();
      await using openssl = client(server.port, ...wrong);
      await openssl.says(/alert/, 15_000);
      said.push(/SSL alert number \d+/.exec(openssl.output)?.[0] ?? openssl.output);
      expect(await server.until(is('handshake-failed'))).toMatchObject({ reason: 'wrong_key' });
    }
    expect(said).toEqual(['SSL alert number 51', 'SSL alert number 51']);
  }, 40_000);

  test('is refused without a suite in common', async () => {
    await using server = await startServer();
    await using openssl = client(server.port, '-cipher', 'PSK-AES256-GCM-SHA384');
    await openssl.says(/alert handshake failure/);
    expect(server.server.counts).toMatchObject({ handshakes: 0, associations: 0 });
  });

  for (const suite of SUITES) {
    test(`serves our client with ${suite.name}`, async () => {
      const port = await freePort();
      const args = ['s_server', '-dtls1_2', '-accept', String(port), '-nocert', '-psk', KEY_HEX, '-psk_hint', 'hint'];
      await using openssl = new Program('openssl', [...args, '-cipher', NAMES[suite.name] ?? '']);
      await openssl.says(/ACCEPT/);
      await using ours = await startClient(port, { suites: [suite] });
      const established = await ours.until(is('established'));
      expect(established).toMatchObject({ suite: suite.name, withCid: false });
      ours.say('from us\n');
      await openssl.says(/from us/);
      openssl.type('from them\n');
      expect(new TextDecoder().decode((await ours.until(is('data'))).bytes)).toBe('from them\n');
    });
  }
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** GnuTLS's client against our server. */
import { describe, expect, test } from 'vitest';
import { SUITES } from '../../src/lwm2m/index.ts';
import { IDENTITY, installed, is, KEY_HEX, Program, startServer } from './dtls-peers.ts';

const CIPHERS: Readonly<Record<string, string>> = {
  TLS_PSK_WITH_AES_128_GCM_SHA256: 'AES-128-GCM',
  TLS_PSK_WITH_AES_128_CCM: 'AES-128-CCM',
  TLS_PSK_WITH_AES_128_CCM_8: 'AES-128-CCM-8',
};

const client = (port: number, cipher: string, key = KEY_HEX): Program =>
  new Program('gnutls-cli', [
    ...['--udp', '-p', String(port), '--pskusername', IDENTITY, '--pskkey', key],
    ...['--priority', `NONE:+VERS-DTLS1.2:+PSK:+${cipher}:+AEAD:+COMP-NULL:+SIGN-ALL:+GROUP-ALL`, '127.0.0.1'],
  ]);

describe.runIf(installed('gnutls-cli'))('GnuTLS', () => {
  for (const { name } of SUITES) {
    test(`talks to our server with ${name} and says goodbye`, async () => {
      await using server = await startServer();
      await using gnutls = client(server.port, CIPHERS[name] ?? '');
      expect((await server.until(is('established'))).suite).toBe(name);
      await gnutls.says(/Handshake was completed/);
      gnutls.type('to and fro\n');
      await gnutls.says(/to and fro/);
      await server.until(is('data'));
      gnutls.type('\u0004');
    });
  }

  test('is told when its key is wrong', async () => {
    await using server = await startServer();
    await using gnutls = client(server.port, 'AES-128-GCM', '00112233');
    expect(await server.until(is('handshake-failed'), 15_000)).toMatchObject({ reason: 'wrong_key' });
    await gnutls.says(/alert|Error/i);
  }, 30_000);
});

/** libcoap's client against our server: a CoAP request inside DTLS, as devices send it. */
import { describe, expect, test } from 'vitest';
import { CODE, encode, parse, TYPE } from '../../src/lwm2m/index.ts';
import { IDENTITY, installed, is, Program, startServer, utf8 } from './dtls-peers.ts';

/** Answers every confirmable request with a sentence. */
function answer(bytes: Uint8Array): Uint8Array | undefined {
  const parsed = parse(bytes);
  if (!parsed.ok || parsed.message.type !== TYPE.CON || parsed.message.code !== CODE.GET) return undefined;
  const { id, token } = parsed.message;
  return encode({ type: TYPE.ACK, id, token, code: CODE.CONTENT, options: [], payload: utf8('a bell rings') });
}

const KEY_TEXT = String.fromCharCode(...Array.from({ length: 16 }, (_, place) => place + 1));

for (const program of ['coap-client-openssl', 'coap-client-gnutls']) {
  describe.runIf(installed(program))(program, () => {
    test('gets an answer', async () => {
      await using server = await startServer({}, answer);
      const uri = `coaps://127.0.0.1:${server.port}/tower`;
      await using libcoap = new Program(program, ['-B', '10', '-u', IDENTITY, '-k', KEY_TEXT, '-m', 'get', uri]);
      await server.until(is('established'));
      await libcoap.says(/a bell rings/);
      expect(await server.until(is('closed'))).toMatchObject({ reason: 'closed_by_peer' });
    });
  });
}

/** Handshakes between our client and our server, whole, resumed and refused. */
import { describe, expect, test } from 'vitest';
import { type DtlsClientOptions, SUITES } from '../../src/lwm2m/index.ts';
import { eventsOf, headOf, IDENTITY, Lab, SERVER, text, utf8, wordsOf } from './lab.ts';

const CIDS: Readonly<Record<string, DtlsClientOptions['cid']>> = {
  'without CIDs': 'none',
  'with a CID of the server only': new Uint8Array(0),
  'with a CID of both': Uint8Array.of(7, 7, 7),
};

describe('a handshake', () => {
  for (const suite of SUITES) {
    for (const [how, cid] of Object.entries(CIDS)) {
      for (const extendedMasterSecret of [true, false]) {
        test(`${suite.name}, ${how}, extended master secret ${extendedMasterSecret}: data goes both ways`, () => {
          const lab = new Lab({ padTo: 16 });
          const device = lab.connect({ suites: [suite], cid: cid!, extendedMasterSecret, padTo: 32 });
          const [established] = lab.of('established');
          expect(established).toMatchObject({ suite: suite.name, resumed: false, withCid: cid !== 'none' });
          expect(text(established!.identity)).toBe(IDENTITY);
          lab.say(device, 'to the server');
          lab.tell(established!.association, 'to the device');
          expect(lab.words).toEqual(['to the server']);
          expect(wordsOf(device)).toEqual(['to the device']);
          const cidRecords = lab.sent.filter((packet) => headOf(packet).type === 25);
          const senders = new Set(cidRecords.map(({ from }) => from));
          expect(senders.has('device:1')).toBe(cid !== 'none');
          expect(senders.has(SERVER)).toBe(cid !== 'none' && cid!.length > 0);
        });
      }
    }
  }

  test('works when the server wants no CID itself but sends the one of the client', () => {
    const lab = new Lab({ limits: { connectionIdBytes: 0 } });
    const device = lab.connect({ cid: Uint8Array.of(5, 6) });
    lab.say(device, 'hello');
    lab.tell(lab.of('established')[0]!.association, 'hello yourself');
    expect(wordsOf(device)).toEqual(['hello yourself']);
    const types = lab.sent.map((packet) => [packet.from === SERVER, headOf(packet).type]);
    expect(types.slice(-2)).toEqual([
      [false, 23],
      [true, 25],
    ]);
  });

  test('takes the suite that the server likes best of those offered', () => {
    const lab = new Lab();
    lab.connect({ suites: SUITES.toReversed() });
    expect(lab.of('established')[0]!.suite).toBe('TLS_PSK_WITH_AES_128_GCM_SHA256');
  });

  test('carries the identity hint only where there is one', () => {
    const hinted = new Lab({ identityHint: utf8('ring') });
    const plain = new Lab();
    expect(text(eventsOf(hinted.connect(), 'established')[0]!.hint)).toBe('ring');
    expect(text(eventsOf(plain.connect(), 'established')[0]!.hint)).toBe('');
  });

  test('without a suite in common is refused with an alert and leaves nothing behind', () => {
    const lab = new Lab({ suites: SUITES.slice(0, 1) });
    const device = lab.connect({ suites: SUITES.slice(1) });
    expect(eventsOf(device, 'handshake-failed')).toEqual([
      { type: 'handshake-failed', reason: 'refused_by_peer', alert: 40 },
    ]);
    expect(lab.server.counts).toEqual({ associations: 0, handshakes: 0, sessions: 0 });
  });

  test('waits for the directory as long as it takes, while the client repeats itself', () => {
    const lab = new Lab();
    lab.answersAtOnce = false;
    const device = lab.connect();
    const [wanted] = lab.of('psk-wanted');
    lab.pass(20_000);
    expect(lab.of('psk-wanted')).toHaveLength(1);
    lab.served(lab.server.pskFound(wanted!.handshake, lab.keys.get(IDENTITY), lab.now));
    lab.settle();
    expect(device.client.isOpen).toBe(true);
  });

  test('for which the directory never answers ends by itself', () => {
    const lab = new Lab();
    lab.answersAtOnce = false;
    const device = lab.connect();
    lab.pass(121_000);
    expect(lab.of('handshake-failed')).toMatchObject([{ reason: 'timeout' }]);
    expect(eventsOf(device, 'handshake-failed')).toMatchObject([{ reason: 'timeout' }]);
    expect(lab.server.counts.handshakes).toBe(0);
    lab.served(lab.server.pskFound(lab.of('psk-wanted')[0]!.handshake, utf8('late'), lab.now));
    expect(lab.server.counts.associations).toBe(0);
  });
});

describe('a session', () => {
  test('is resumed without asking for the key again, under the same CID rules', () => {
    const lab = new Lab();
    const first = lab.connect();
    const again = lab.connect({ session: first.client.session! }, 'device:2');
    expect(lab.of('psk-wanted')).toHaveLength(1);
    expect(lab.of('established')).toMatchObject([{ resumed: false }, { resumed: true, withCid: true }]);
    lab.say(again, 'back again');
    expect(lab.words).toEqual(['back again']);
  });

  test('that the server has forgotten leads to a full handshake', () => {
    const lab = new Lab();
    const first = lab.connect();
    lab.server.forget(utf8(IDENTITY));
    lab.connect({ session: first.client.session! });
    expect(lab.of('established')).toMatchObject([{ resumed: false }, { resumed: false }]);
  });

  test('ends after its time', () => {
    const lab = new Lab({ limits: { sessionMsMax: 1_000 } });
    const first = lab.connect();
    lab.pass(1_000);
    lab.connect({ session: first.client.session! });
    expect(lab.of('established')[1]!.resumed).toBe(false);
    expect(lab.server.counts.sessions).toBe(1);
  });

  test('is not resumed by a client that has dropped the extended master secret (RFC 7627)', () => {
    const lab = new Lab();
    const first = lab.connect();
    const worse = lab.connect({ session: first.client.session!, extendedMasterSecret: false }, 'device:2');
    expect(eventsOf(worse, 'handshake-failed')).toMatchObject([{ alert: 40 }]);
  });

  test('without the extended master secret is not offered', () => {
    const lab = new Lab();
    expect(lab.connect({ extendedMasterSecret: false }).client.session).toBeUndefined();
    expect(lab.server.counts.sessions).toBe(0);
  });

  test('gives way to newer ones when there are too many', () => {
    const lab = new Lab({ limits: { sessionsMax: 2 } });
    for (const name of ['a', 'b', 'c']) lab.keys.set(name, utf8(name));
    const [first] = ['a', 'b', 'c'].map((name) => lab.connect({ identity: utf8(name), psk: utf8(name) }, name));
    expect(lab.server.counts.sessions).toBe(2);
    lab.connect({ identity: utf8('a'), psk: utf8('a'), session: first!.client.session! }, 'a2');
    expect(lab.of('established').at(-1)!.resumed).toBe(false);
  });
});

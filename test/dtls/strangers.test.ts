/** Those who are not who they say, or say nothing sensible: cookies, wrong keys, floods. */
import { describe, expect, test } from 'vitest';
import { type Device, headOf, IDENTITY, inTheClear, Lab, type Packet, SERVER, utf8 } from './lab.ts';

/** The client's hello with the cookie in it, as an eavesdropper has it. */
function cookieHello(lab: Lab): Packet {
  const device = lab.device();
  lab.network = (packet) => (packet.from === SERVER && headOf(packet).message !== 3 ? [] : [packet]);
  lab.heard(device, device.client.connect(lab.now));
  lab.settle();
  lab.network = (packet) => [packet];
  return lab.sent.filter(({ from }) => from === device.address)[1]!;
}

describe('a cookie', () => {
  test('is asked for before anything is remembered, with an answer no longer than the question', () => {
    const lab = new Lab();
    lab.network = ({ to, ...packet }) => (to === SERVER ? [{ ...packet, to }] : []);
    lab.connect({ cid: 'none', extendedMasterSecret: false });
    const [hello, request] = lab.sent;
    expect(headOf(request!)).toMatchObject({ type: 22, epoch: 0, message: 3 });
    expect(request!.bytes.length).toBeLessThanOrEqual(hello!.bytes.length);
    expect(headOf(request!).sequence).toBe(headOf(hello!).sequence);
    expect(lab.server.counts).toEqual({ associations: 0, handshakes: 0, sessions: 0 });
  });

  test('is good at one address only', () => {
    const lab = new Lab();
    const hello = cookieHello(lab);
    const before = lab.server.counters.cookiesSent;
    lab.inject(hello.bytes, 'elsewhere:9');
    expect(lab.server.counters.cookiesSent).toBe(before + 1);
    expect(lab.server.counters.handshakesBegun).toBe(1);
  });

  test('is good for one hello only', () => {
    const lab = new Lab();
    const hello = cookieHello(lab).bytes.slice();
    hello[13 + 12 + 2 + 5]! ^= 1;
    lab.inject(hello, 'device:1');
    expect(lab.server.counters.handshakesBegun).toBe(1);
  });

  test('survives one change of the secret and not two', () => {
    for (const [ms, begun] of [
      [200_000, 2],
      [500_000, 1],
    ] as const) {
      const lab = new Lab();
      const hello = cookieHello(lab);
      lab.pass(ms);
      lab.inject(hello.bytes, 'device:1');
      expect(lab.server.counters.handshakesBegun).toBe(begun);
    }
  });

  test('is not handed out faster than the limit', () => {
    const lab = new Lab({ limits: { cookiesPerSecondMax: 10 } });
    lab.network = ({ to, ...packet }) => (to === SERVER ? [{ ...packet, to }] : []);
    for (let place = 0; place < 30; place += 1) lab.connect({}, `device:${place}`);
    expect(lab.server.counters).toMatchObject({ cookiesSent: 10, cookiesWithheld: 20 });
    lab.now += 1_000;
    lab.connect({}, 'device:99');
    expect(lab.server.counters.cookiesSent).toBe(11);
  });
});

/** When and how much was sent by whom, without the bytes, which are random. */
const shapeOf = (lab: Lab) => lab.sent.map((packet) => [packet.from, packet.bytes.length, headOf(packet).type]);

describe('an identity that nobody knows', () => {
  test('fails message for message and moment for moment like a wrong key', () => {
    const runs = [{ psk: utf8('not the key of it') }, { identity: utf8('bell-2') }].map((wrong) => {
      const lab = new Lab();
      const times: number[] = [];
      lab.network = (packet) => {
        times.push(lab.now);
        return [packet];
      };
      const device = lab.connect(wrong);
      lab.pass(130_000);
      return { shape: shapeOf(lab), times, events: device.events, failed: lab.of('handshake-failed')[0]!.reason };
    });
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[0]!.events).toEqual([{ type: 'handshake-failed', reason: 'refused_by_peer', alert: 51 }]);
    expect(runs[0]!.failed).toBe('wrong_key');
  });
});

describe('a flood', () => {
  const begin = (lab: Lab, address: string, options = {}): Device => lab.connect(options, address);

  test('of handshakes that go no further displaces its own oldest, never those that have named themselves', () => {
    const lab = new Lab({ limits: { handshakesMax: 4 } });
    lab.answersAtOnce = false;
    begin(lab, 'honest:1');
    lab.network = (packet) => (packet.to === SERVER || headOf(packet).message === 3 ? [packet] : []);
    for (let place = 0; place < 10; place += 1) begin(lab, `flood:${place}`);
    expect(lab.server.counts.handshakes).toBe(4);
    expect(lab.server.counters.handshakesDisplaced).toBe(7);
    expect(lab.of('handshake-failed').every(({ peer }) => peer.startsWith('flood'))).toBe(true);
  });

  test('of clients that all name themselves finds no room and displaces nobody', () => {
    const lab = new Lab({ limits: { handshakesMax: 4 } });
    lab.answersAtOnce = false;
    for (let place = 0; place < 10; place += 1) begin(lab, `flood:${place}`);
    expect(lab.server.counts.handshakes).toBe(4);
    expect(lab.server.counters).toMatchObject({ handshakesDisplaced: 0, hellosWithheld: 6 });
  });

  test('of new handshakes is slowed down to the limit', () => {
    const lab = new Lab({ limits: { handshakesPerSecondMax: 5 } });
    for (let place = 0; place < 8; place += 1) begin(lab, `device:${place}`);
    expect(lab.server.counters).toMatchObject({ handshakesBegun: 5, hellosWithheld: 3 });
    lab.pass(3_000);
    expect(lab.server.counters.handshakesDone).toBe(8);
  });

  test('of refusals is answered up to the limit', () => {
    const lab = new Lab({ limits: { alertsPerSecondMax: 2 }, suites: [] });
    for (let place = 0; place < 5; place += 1) begin(lab, `device:${place}`);
    expect(lab.server.counters).toMatchObject({ hellosRefused: 5, alertsSent: 2, alertsWithheld: 3 });
  });
});

test('an identity longer than the limit is refused', () => {
  const lab = new Lab();
  lab.connect({ identity: utf8('x'.repeat(129)) });
  expect(lab.of('handshake-failed')).toMatchObject([{ reason: 'malformed' }]);
  expect(lab.of('psk-wanted')).toEqual([]);
  const longest = 'y'.repeat(128);
  lab.keys.set(longest, utf8(IDENTITY));
  lab.connect({ identity: utf8(longest), psk: utf8(IDENTITY) }, 'device:2');
  expect(lab.of('established')).toHaveLength(1);
});

test('a hello that is cut in pieces, too large, or no hello at all is passed over without an answer', () => {
  const lab = new Lab();
  lab.network = ({ to, ...packet }) => (to === SERVER ? [{ ...packet, to }] : []);
  lab.connect();
  const { bytes } = lab.sent[0]!;
  const before = lab.sent.length;
  const cut = bytes.slice(0, -10);
  cut.set([(cut.length - 13) >> 8, (cut.length - 13) & 255], 11);
  cut.set([0, cut.length - 25], 23);
  lab.inject(cut, 'device:2');
  expect(lab.server.counters.hellosFragmented).toBe(1);
  const large = inTheClear(22, Uint8Array.of(1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, ...new Uint8Array(4_096)));
  lab.inject(large, 'device:2');
  const broken = bytes.slice();
  broken[13 + 12 + 2 + 32] = 200;
  lab.inject(broken, 'device:2');
  expect(lab.server.counters.hellosMalformed).toBe(2);
  lab.inject(utf8('hello'), 'device:2');
  expect(lab.server.counters.recordsMalformed).toBe(1);
  expect(lab.sent.length).toBe(before);
});

test('of a datagram full of records only the first sixteen are looked at', () => {
  const lab = new Lab();
  const record = inTheClear(23, utf8('x'));
  const many = Uint8Array.from(Array.from({ length: 100 }, () => [...record]).flat());
  many.forEach((_, place) => {
    if (place % record.length === 4) many[place] = 1;
  });
  lab.inject(many, 'device:1');
  expect(lab.server.counters.recordsUnknown).toBe(16);
});

/** Associations after their handshake: moving, restarting, ending, and how many there may be. */
import { describe, expect, test } from 'vitest';
import { eventsOf, headOf, IDENTITY, inTheClear, Lab, type Packet, SERVER, utf8, wordsOf } from './lab.ts';

describe('a device with a CID whose address changes', () => {
  test('is followed when it speaks, and only a little is said to it until it has answered', () => {
    const lab = new Lab();
    const device = lab.connect();
    const { association } = lab.of('established')[0]!;
    device.address = 'device:2';
    lab.say(device, 'here now');
    expect(lab.of('moved')).toEqual([{ type: 'moved', association, from: 'device:1', to: 'device:2' }]);
    const heard = lab.sent.at(-1)!.bytes.length;
    const before = lab.sent.length;
    for (let count = 0; count < 3; count += 1) expect(lab.tell(association, 'x'.repeat(300))).toBe(true);
    expect(lab.sent).toHaveLength(before);
    expect(lab.tell(association, 'hm?')).toBe(true);
    const answered = lab.sent.slice(before).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(3 * heard);
    lab.say(device, 'yes');
    expect(wordsOf(device)).toEqual(['hm?', ...Array.from({ length: 3 }, () => 'x'.repeat(300))]);
    expect(lab.tell(association, 'y'.repeat(1_000))).toBe(true);
    expect(lab.server.counters).toMatchObject({ datagramsHeld: 3, datagramsWithheld: 0, associationsMoved: 1 });
  });

  test('gets no more than three times its bytes, whatever is asked for, while it does not answer', () => {
    const lab = new Lab();
    const device = lab.connect();
    const { association } = lab.of('established')[0]!;
    device.address = 'victim:1';
    lab.network = (packet) => (packet.to === SERVER ? [packet] : []);
    lab.say(device, 'a spoofed address');
    const heard = lab.sent.at(-1)!.bytes.length;
    const before = lab.sent.length;
    for (let count = 0; count < 50; count += 1) lab.tell(association, 'a long answer'.repeat(count % 20));
    const sent = lab.sent.slice(before).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(sent).toBeLessThanOrEqual(3 * heard);
    expect(lab.tell(association, 'z'.repeat(500))).toBe(false);
    expect(lab.server.counters.datagramsWithheld).toBeGreaterThan(0);
  });

  test('is not followed by a record that is old, repeated or forged', () => {
    const lab = new Lab();
    const device = lab.connect();
    const air: Packet[] = [];
    lab.network = (packet) => {
      if (packet.to === SERVER) air.push(packet);
      return [];
    };
    lab.say(device, 'first');
    lab.say(device, 'second');
    lab.network = (packet) => [packet];
    const [first, second] = air as [Packet, Packet];
    lab.inject(second.bytes, 'device:1');
    lab.inject(first.bytes, 'thief:1');
    lab.inject(second.bytes, 'thief:1');
    const forged = second.bytes.slice();
    forged[10]! += 1;
    lab.inject(forged, 'thief:1');
    expect(lab.words).toEqual(['second', 'first']);
    expect(lab.of('moved')).toEqual([]);
    expect(lab.server.peerOf(lab.of('established')[0]!.association)).toBe('device:1');
    expect(lab.server.counters).toMatchObject({ recordsForged: 1, recordsReplayed: 1 });
  });

  test('without a CID it is a stranger there', () => {
    const lab = new Lab();
    const device = lab.connect({ cid: 'none' });
    device.address = 'device:2';
    lab.say(device, 'hello?');
    expect(lab.words).toEqual([]);
    expect(lab.server.counters.recordsUnknown).toBe(1);
  });

  test('records without the CID that was agreed on are not taken for its own', () => {
    const lab = new Lab();
    const device = lab.connect();
    const sealed = lab.sent.at(-1)!.bytes.slice();
    sealed[0] = 23;
    lab.inject(sealed, device.address);
    expect(lab.server.counters.recordsUnknown).toBe(1);
  });
});

describe('a device that restarts', () => {
  for (const cid of ['none', new Uint8Array(0)] as const) {
    test(`at the same address (${cid === 'none' ? 'no CID' : 'with CID'}) keeps its old association until the new one is proven`, () => {
      const lab = new Lab();
      const before = lab.connect({ cid });
      lab.network = (packet) => {
        const isFinal = packet.to === SERVER && headOf(packet).message === 16;
        return isFinal ? [] : [packet];
      };
      const after = lab.device({ cid });
      lab.heard(after, after.client.connect(lab.now));
      lab.settle();
      expect(lab.server.counts).toMatchObject({ associations: 1, handshakes: 1 });
      lab.say(before, 'still there');
      expect(lab.words).toEqual(['still there']);
      lab.network = (packet) => [packet];
      lab.pass(1_500);
      const [old, fresh] = lab.of('established');
      expect(lab.of('closed')).toEqual([{ type: 'closed', association: old!.association, reason: 'replaced' }]);
      lab.tell(fresh!.association, 'welcome back');
      expect(wordsOf(after)).toEqual(['welcome back']);
    });
  }

  test('a copy of its hello that comes late changes nothing', () => {
    const lab = new Lab();
    const device = lab.connect({ cid: 'none' });
    const hello = lab.sent.filter(({ from }) => from === 'device:1')[1]!;
    lab.inject(hello.bytes, 'device:1');
    expect(lab.server.counters.handshakesBegun).toBe(1);
    lab.say(device, 'as before');
    expect(lab.words).toEqual(['as before']);
  });

  test('from ever new addresses has three associations, the ones used last', () => {
    const lab = new Lab();
    const devices = [1, 2, 3].map((port) => lab.connect({}, `device:${port}`));
    lab.now += 10;
    lab.say(devices[0]!, 'in use');
    const [first, second, third] = lab.of('established').map(({ association }) => association);
    lab.now += 10;
    lab.connect({}, 'device:4');
    expect(lab.of('closed')).toEqual([{ type: 'closed', association: second, reason: 'too_many_of_identity' }]);
    expect(lab.server.peerOf(first!)).toBe('device:1');
    expect(lab.server.peerOf(third!)).toBe('device:3');
  });
});

describe('an end', () => {
  test('by close_notify is answered with one', () => {
    const lab = new Lab();
    const device = lab.connect();
    lab.heard(device, device.client.close());
    const before = lab.sent.length;
    lab.settle();
    expect(lab.of('closed')).toMatchObject([{ reason: 'closed_by_peer' }]);
    expect(lab.sent.slice(before).filter(({ from }) => from === SERVER)).toHaveLength(1);
    expect(lab.server.counts.associations).toBe(0);
  });

  test('by us reaches the device', () => {
    const lab = new Lab();
    const device = lab.connect();
    lab.served(lab.server.close(lab.of('established')[0]!.association));
    lab.settle();
    expect(eventsOf(device, 'closed')).toEqual([{ type: 'closed', reason: 'closed_by_peer' }]);
  });

  test('comes to all of an identity whose key was taken away', () => {
    const lab = new Lab();
    lab.connect({}, 'device:1');
    lab.connect({}, 'device:2');
    lab.served(lab.server.forget(utf8(IDENTITY)));
    expect(lab.server.counts).toEqual({ associations: 0, handshakes: 0, sessions: 0 });
  });

  test('is not brought about by an alert in the clear, nor by anything else in the clear', () => {
    const lab = new Lab();
    const device = lab.connect({ cid: 'none' });
    for (const alert of [
      [1, 0],
      [2, 51],
    ]) {
      lab.inject(inTheClear(21, Uint8Array.from(alert)), 'device:1');
    }
    lab.inject(inTheClear(23, utf8('listen')), 'device:1');
    lab.say(device, 'still here');
    expect(lab.words).toEqual(['still here']);
    expect(lab.of('closed')).toEqual([]);
  });

  test('of a handshake is brought about by a fatal alert', () => {
    const lab = new Lab();
    lab.answersAtOnce = false;
    lab.connect();
    lab.inject(inTheClear(21, Uint8Array.of(2, 40)), 'device:1');
    expect(lab.of('handshake-failed')).toMatchObject([{ reason: 'refused_by_peer' }]);
    expect(lab.server.counts.handshakes).toBe(0);
  });

  test('comes to whoever is silent for a month, and to the one silent for longest when there are too many', () => {
    const day = 24 * 3_600_000;
    const lab = new Lab({ limits: { associationsMax: 3 } });
    for (const name of ['a', 'b', 'c', 'd']) {
      lab.keys.set(name, utf8(name));
      lab.now += 1;
      lab.connect({ identity: utf8(name), psk: utf8(name) }, name);
    }
    const [first] = lab.of('established');
    expect(lab.of('closed')).toEqual([{ type: 'closed', association: first!.association, reason: 'too_many' }]);
    lab.pass(30 * day - 10);
    expect(lab.server.counts.associations).toBe(3);
    lab.pass(20);
    expect(lab.server.counts.associations).toBe(0);
    expect(lab.of('closed').map(({ reason }) => reason)).toEqual(['too_many', 'idle', 'idle', 'idle']);
  });
});

test('sending says why it cannot', () => {
  const lab = new Lab({ padTo: 100 });
  const device = lab.connect({ cid: Uint8Array.of(1) });
  const { association } = lab.of('established')[0]!;
  expect(lab.server.send(association + 1, utf8('x'))).toEqual({ ok: false, reason: 'no_association' });
  expect(lab.server.send(association, new Uint8Array(16_384))).toEqual({ ok: false, reason: 'too_long' });
  expect(lab.tell(association, 'x'.repeat(16_383))).toBe(true);
  expect(wordsOf(device)).toEqual(['x'.repeat(16_383)]);
});

test('no bit of a record can be changed, its header included', () => {
  for (const cid of ['none', Uint8Array.of(1)] as const) {
    const lab = new Lab();
    const device = lab.connect({ cid });
    lab.network = () => [];
    lab.say(device, 'intact');
    const { bytes } = lab.sent.at(-1)!;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      lab.inject(changed, 'device:1');
    }
    expect(lab.words).toEqual([]);
    lab.inject(bytes, 'device:1');
    expect(lab.words).toEqual(['intact']);
  }
});

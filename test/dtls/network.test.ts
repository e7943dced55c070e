/** Handshakes over networks that lose, double, delay, reorder and cut. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DtlsClientOptions } from '../../src/lwm2m/index.ts';
import { eventsOf, headOf, Lab, type Packet, SERVER, utf8, wordsOf } from './lab.ts';

const established = (lab: Lab): number => lab.of('established').length;

/** A device whose association works, checked by an exchange. */
function works(lab: Lab, device: ReturnType<Lab['device']>, words: string): void {
  expect(device.client.isOpen).toBe(true);
  lab.network = (packet) => [packet];
  lab.say(device, words);
  expect(lab.words).toContain(words);
  lab.tell(lab.of('established').at(-1)!.association, `${words}!`);
  expect(wordsOf(device)).toContain(`${words}!`);
}

describe('a lost datagram', () => {
  for (const kind of ['full', 'resumed'] as const) {
    for (let place = 0; place < 6; place += 1) {
      test(`number ${place + 1} of a ${kind} handshake delays it by at most two waits`, () => {
        const lab = new Lab();
        const options: Partial<DtlsClientOptions> =
          kind === 'full' ? {} : { session: lab.connect({}, 'before:1').client.session! };
        let count = 0;
        lab.network = (packet) => {
          count += 1;
          return count === place + 1 ? [] : [packet];
        };
        const device = lab.connect(options);
        lab.pass(3_500);
        expect(eventsOf(device, 'established')).toMatchObject([{ resumed: kind === 'resumed' }]);
        works(lab, device, 'through');
        expect(lab.server.counts.handshakes).toBe(0);
      });
    }
  }
});

describe('an unanswered flight is repeated after 1, 2, 4 … 60 seconds', () => {
  const EXPECTED = [0, 1, 3, 7, 15, 31, 63, 123, 183].map((seconds) => seconds * 1_000);
  const limits = { handshakeMsMax: 200_000 };

  test('by the client', () => {
    const lab = new Lab();
    const times: number[] = [];
    lab.network = () => {
      times.push(lab.now);
      return [];
    };
    lab.connect({ limits });
    lab.pass(190_000);
    expect(times).toEqual(EXPECTED);
  });

  test('by the server', () => {
    const lab = new Lab({ limits });
    const times: number[] = [];
    lab.network = (packet) => {
      // The client hears the cookie's request only and falls silent after its second hello.
      if (packet.from === SERVER && headOf(packet).message === 2) times.push(lab.now);
      return lab.now === 0 && headOf(packet).message !== 2 ? [packet] : [];
    };
    lab.connect({ limits });
    lab.pass(190_000);
    expect(times).toEqual(EXPECTED);
  });
});

test('flights cut into the smallest fragments, doubled and backwards, still add up', () => {
  const lab = new Lab();
  lab.network = (packet) => {
    const isKeyExchange = packet.to === SERVER && headOf(packet).message === 16;
    const isServerHello = packet.from === SERVER && headOf(packet).message === 2;
    return isKeyExchange || isServerHello ? shredded(packet) : [packet];
  };
  const device = lab.connect();
  works(lab, device, 'whole');
});

/** Each handshake message in the clear as fragments of three bytes, each in a packet of its own, last first, twice. */
function shredded({ from, to, bytes }: Packet): readonly Packet[] {
  const packets: Packet[] = [];
  let number = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 11]! * 256 + bytes[at + 12]!;
    const record = bytes.subarray(at, at + 13 + length);
    at += 13 + length;
    if (record[0] !== 22 || record[4] !== 0) {
      packets.push({ from, to, bytes: record });
      continue;
    }
    const body = record.subarray(25);
    for (let offset = 0; offset === 0 || offset < body.length; offset += 3) {
      const part = body.subarray(offset, offset + 3);
      const piece = new Uint8Array(25 + part.length);
      piece.set(record.subarray(0, 25));
      piece.set([0, 0, 0, 0, 0, number++], 5);
      piece.set([0, 12 + part.length], 11);
      piece.set([offset >> 8, offset & 255, 0, 0, part.length], 20);
      piece.set(part, 25);
      packets.push({ from, to, bytes: piece }, { from, to, bytes: piece });
    }
  }
  return packets.toReversed();
}

test('sealed records that overtake the key exchange, and data that overtakes Finished, wait for it', () => {
  const lab = new Lab();
  const held: Packet[] = [];
  lab.network = (packet) => {
    if (packet.to !== SERVER || headOf(packet).message !== 16) return [packet];
    // Key exchange, change of cipher, Finished: the last of them first.
    const cut = packet.bytes.length - (13 + 8 + 8 + 25 + 16);
    held.push({ ...packet, bytes: packet.bytes.subarray(0, cut) });
    return [{ ...packet, bytes: packet.bytes.subarray(cut) }];
  };
  const device = lab.connect();
  expect(established(lab)).toBe(0);
  for (const { bytes, from } of held) lab.inject(bytes, from);
  works(lab, device, 'in the end');
});

test('whatever a network does for a while, a device gets through afterwards', () => {
  const fate = fc.constantFrom('lose', 'double', 'late', 'pass', 'pass');
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 40 }), fc.boolean(), fc.boolean(), (fates, resumes, cid) => {
      const lab = new Lab();
      const options: Partial<DtlsClientOptions> = { cid: cid ? Uint8Array.of(1) : 'none' };
      const session = resumes ? lab.connect(options, 'before:1').client.session : undefined;
      const late: Packet[] = [];
      let count = 0;
      lab.network = (packet) => {
        const what = fates[count++] ?? 'pass';
        const before = late.splice(0);
        if (what === 'late') late.push(packet);
        if (what === 'lose' || what === 'late') return before;
        return what === 'double' ? [packet, packet, ...before] : [packet, ...before];
      };
      const device = lab.connect({ ...options, ...(session === undefined ? {} : { session }) });
      for (let more = 0; more < 10 && !device.client.isOpen; more += 1) {
        lab.pass(130_000);
        if (!device.client.isOpen) lab.heard(device, device.client.connect(lab.now));
        lab.settle();
      }
      lab.pass(130_000);
      works(lab, device, 'at last');
      expect(new Set(lab.words).size).toBe(lab.words.length);
    }),
    { numRuns: 150 },
  );
});

test('no word arrives twice, however often its record does', () => {
  const lab = new Lab();
  const device = lab.connect();
  lab.network = (packet) => [packet, packet, packet];
  for (let count = 0; count < 100; count += 1) lab.say(device, `word ${count}`);
  const first = lab.sent.find(({ from, bytes }) => from === 'device:1' && bytes[0] === 25)!;
  lab.inject(first.bytes, 'device:1');
  expect(lab.words).toHaveLength(100);
  expect(lab.server.counters.recordsReplayed).toBe(201);
});

test('records come in any order within the window of 64', () => {
  const lab = new Lab();
  const device = lab.connect();
  const air: Packet[] = [];
  lab.network = (packet) => {
    air.push(packet);
    return [];
  };
  for (let count = 0; count < 70; count += 1) lab.say(device, `word ${count}`);
  for (const { bytes, from } of air.toReversed()) lab.inject(bytes, from);
  expect(lab.words).toHaveLength(64);
  expect(lab.words[0]).toBe('word 69');
  expect(utf8(lab.words.at(-1)!)).toEqual(utf8('word 6'));
});

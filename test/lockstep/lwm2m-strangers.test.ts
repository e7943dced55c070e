// Strangers, and too many friends at once: short answers, 5.03, nothing that piles up (engine.md §5; RFC 7252 §11.3).
import { describe, expect, test } from 'vitest';
import { instant, type NodeId } from '../../src/campaigns/index.ts';
import { type Lwm2mParts, type Lwm2mServer, serveLwm2m } from '../../src/delivery/lwm2m/index.ts';
import { Engine, type Settlement } from '../../src/engine/index.ts';
import {
  CODE,
  CONTENT_FORMAT,
  encode,
  LIMITS,
  type Message,
  NO_BYTES,
  OPTION,
  type Option,
  parse,
  pathOptions,
  RFC_7252,
  TYPE,
  textOption,
  uintOf,
  uintOption,
  utf8Bytes,
} from '../../src/lwm2m/index.ts';
import { openMemoryStore } from '../../src/store/index.ts';
import { drained } from './net.ts';

const STRANGER = '192.0.2.1:4000';
const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';

interface Stage {
  readonly server: Lwm2mServer;
  /** What leaves at once, and what has left. */
  hear(bytes: Uint8Array, peer?: string): readonly Uint8Array[];
  readonly sent: Uint8Array[];
  readonly waits: number[];
}

function given(more: Partial<Lwm2mParts> = {}): Stage {
  const store = openMemoryStore();
  const clock = { now: () => instant(Date.parse('2026-01-15T10:00:00Z')) };
  const node = 'n1' as NodeId;
  const log = { event: (): void => {} };
  const random = { token: () => 'x' as never };
  const engine = new Engine({ store, clock, node, log, random, digest: () => '', sender: { send: () => {} } });
  const sent: Uint8Array[] = [];
  const waits: number[] = [];
  const slot: { hear?: (bytes: Uint8Array, peer: string) => void } = {};
  let chance = 0;
  const parts: Lwm2mParts = {
    allowRegistration: true,
    engine,
    inventory: store,
    images: { open: async () => undefined, read: async function* () {}, readBlock: async () => NO_BYTES },
    node,
    clock,
    timers: {
      after: (wait) => {
        waits.push(wait);
        return () => {};
      },
    },
    random: {
      uint32: () => {
        chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
        return chance;
      },
    },
    contacts: { seen: () => {} },
    log,
    ...more,
  };
  const server = serveLwm2m(parts, {
    address: { host: '127.0.0.1', port: 5683 },
    listen: (onDatagram) => {
      slot.hear = onDatagram;
    },
    send: (bytes) => void sent.push(bytes),
    close: async () => {},
  });
  return {
    server,
    sent,
    waits,
    hear: (bytes, peer = STRANGER) => {
      const before = sent.length;
      slot.hear?.(bytes, peer);
      return sent.slice(before);
    },
  };
}

const packet = (code: number, path: string, more: Partial<Message> = {}): Uint8Array => {
  const options: Option[] = [...pathOptions(path), ...(more.options ?? [])];
  return encode({ type: TYPE.CON, id: 7, token: Uint8Array.of(1), payload: NO_BYTES, code, ...more, options });
};
const query = (text: string): Option => textOption(OPTION.URI_QUERY, text);
const codeOf = (bytes: Uint8Array | undefined): number | undefined => bytes?.[1];
const register = (place: number): Uint8Array =>
  packet(CODE.POST, '/rd', { id: place & 0xffff, options: [query(`ep=${990_000_000_000_000 + place}`)] });

describe('a stranger', () => {
  test.each([
    ['an endpoint that nobody knows', packet(CODE.POST, '/rd', { options: [query('ep=1')] }), CODE.FORBIDDEN],
    ['a registration without a name', packet(CODE.POST, '/rd'), CODE.BAD_REQUEST],
    [
      'another version',
      packet(CODE.POST, '/rd', { options: [query('ep=1'), query('lwm2m=9')] }),
      CODE.PRECONDITION_FAILED,
    ],
    ['a lifetime of nothing', packet(CODE.POST, '/rd', { options: [query('ep=1'), query('lt=0')] }), CODE.BAD_REQUEST],
    [
      'objects in another format',
      packet(CODE.POST, '/rd', { options: [uintOption(OPTION.CONTENT_FORMAT, 50), query('ep=1')] }),
      CODE.UNSUPPORTED_FORMAT,
    ],
    [
      'objects that are no list',
      packet(CODE.POST, '/rd', { options: [query('ep=1')], payload: utf8Bytes('x') }),
      CODE.BAD_REQUEST,
    ],
    ['an update of nothing', packet(CODE.POST, '/rd/1'), CODE.NOT_FOUND],
    ['a wrong update', packet(CODE.POST, '/rd/1', { options: [query('lt=0')] }), CODE.BAD_REQUEST],
    ['the end of nothing', packet(CODE.DELETE, '/rd/1'), CODE.NOT_FOUND],
    ['a list of registrations', packet(CODE.GET, '/rd'), CODE.METHOD_NOT_ALLOWED],
    ['a deeper location', packet(CODE.POST, '/rd/1/2'), CODE.NOT_FOUND],
    [
      'a condition',
      packet(CODE.POST, '/rd', { options: [{ number: OPTION.IF_MATCH, value: Uint8Array.of(1) }] }),
      CODE.PRECONDITION_FAILED,
    ],
    ['a body out of order', packet(CODE.POST, '/rd', { options: [uintOption(OPTION.BLOCK1, 16)] }), CODE.INCOMPLETE],
    [
      'a body without end',
      packet(CODE.POST, '/rd', { options: [uintOption(OPTION.BLOCK1, 8), uintOption(OPTION.SIZE1, 2 ** 31)] }),
      CODE.TOO_LARGE,
    ],
    ['a token that nobody gave', packet(CODE.GET, `/f/${TOKEN}`), CODE.NOT_FOUND],
    ['a token that is none', packet(CODE.GET, '/f/a'), CODE.NOT_FOUND],
    [
      'an image as text of its own',
      packet(CODE.GET, `/f/${TOKEN}`, { options: [uintOption(OPTION.ACCEPT, 50)] }),
      CODE.NOT_ACCEPTABLE,
    ],
    ['a write to an image', packet(CODE.PUT, `/f/${TOKEN}`), CODE.METHOD_NOT_ALLOWED],
    ['anything else', packet(CODE.GET, '/'), CODE.NOT_FOUND],
    ['the list of all', packet(CODE.GET, '/.well-known/core'), CODE.NOT_FOUND],
    [
      'a proxy',
      packet(CODE.GET, '/', { options: [textOption(OPTION.PROXY_URI, 'coap://h/')] }),
      CODE.PROXY_NOT_SUPPORTED,
    ],
    [
      'an unknown critical option',
      packet(CODE.GET, '/', { options: [{ number: 65_001, value: NO_BYTES }] }),
      CODE.BAD_OPTION,
    ],
  ])('who asks for %s gets no more than he has sent', async (_what, bytes, code) => {
    const stage = given();
    stage.hear(bytes);
    await drained();
    expect(stage.sent.map(codeOf)).toEqual([code]);
    expect(stage.sent[0]!.length).toBeLessThanOrEqual(bytes.length);
    expect(stage.server.counts).toMatchObject({ exchanges: 0, exchangesBytes: 0, registrations: 0 });
  });

  test('hears nothing but a refusal on a port that serves image tokens only', async () => {
    const stage = given({ allowRegistration: false });
    expect(stage.hear(register(1)).map(codeOf)).toEqual([CODE.FORBIDDEN]);
    expect(stage.sent[0]!.length).toBe(5);
  });

  test('may name text, which is zero, or bytes as the form of an image', async () => {
    for (const format of [CONTENT_FORMAT.TEXT, CONTENT_FORMAT.OPAQUE]) {
      const stage = given();
      stage.hear(packet(CODE.GET, `/f/${TOKEN}`, { options: [uintOption(OPTION.ACCEPT, format)] }));
      await drained();
      expect(stage.sent.map(codeOf)).toEqual([CODE.NOT_FOUND]);
    }
  });
});

describe('too many at once', () => {
  /** Everybody who registers waits for a store that does not answer. */
  const stuck = (more: Partial<Lwm2mParts> = {}): Stage => {
    const never = new Promise<never>(() => {});
    const inventory = {
      lookUp: () => never,
      byImei: () => never,
      device: () => never,
      secrets: () => never,
      registrationsOver: () => never,
    };
    return given({ inventory, ...more });
  };
  const crowd = (stage: Stage, from: number, to: number): void => {
    for (let place = from; place < to; place += 1) stage.hear(register(place), `10.0.0.1:${place}`);
  };

  test('blocks are turned away before registrations, both with a time of their own to come again', () => {
    const stage = stuck();
    const block = packet(CODE.GET, `/f/${TOKEN}`);
    crowd(stage, 0, LIMITS.exchangesMax * 0.75);
    expect(stage.sent).toEqual([]);
    const turnedAway = [1, 2, 3].flatMap(() => stage.hear(block));
    expect(turnedAway.map(codeOf)).toEqual([CODE.UNAVAILABLE, CODE.UNAVAILABLE, CODE.UNAVAILABLE]);
    expect(stage.hear(register(8_000), '10.0.0.1:8000')).toEqual([]);
    crowd(stage, 8_001, 8_000 + LIMITS.exchangesMax * 0.25);
    const refused = stage.hear(register(20_000));
    expect(refused.map(codeOf)).toEqual([CODE.UNAVAILABLE]);
    const waits = [...turnedAway, ...refused].map((bytes) => {
      const parsed = parse(bytes);
      return (parsed.ok && uintOf(parsed.message.options, OPTION.MAX_AGE)) || 0;
    });
    expect(new Set(waits).size).toBeGreaterThan(1);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(LIMITS.laterSecondsMin);
      expect(wait).toBeLessThanOrEqual(LIMITS.laterSecondsMax);
    }
    expect(stage.server.counts).toMatchObject({
      exchanges: LIMITS.exchangesMax,
      refusedBlocks: 3,
      refusedRegistrations: 1,
    });
  });

  test('offers wait before anybody is turned away', async () => {
    const settled: Settlement[] = [];
    const engine = { sendSettled: async (settlement: Settlement) => void settled.push(settlement) };
    const stage = stuck({ engine: engine as never });
    const registration = { peer: '10.0.0.9:1', location: 'x', version: '1.0', expiresAt: Number.MAX_SAFE_INTEGER };
    const device = { account: 'a', imei: '990000000000011', registration };
    const intent = { kind: 'offer', token: TOKEN, delivery: 'pull', reset: false };
    const offer = {
      kind: 'offer',
      device,
      intent,
      snapshot: { profile: {}, update: { history: [] } },
      until: Number.MAX_SAFE_INTEGER,
    };
    crowd(stage, 0, LIMITS.exchangesMax * 0.5);
    stage.server.send({ ...offer, id: 1 } as never);
    await drained();
    expect(stage.sent.length).toBe(1);
    crowd(stage, 5_000, 5_001);
    stage.server.send({ ...offer, id: 2, device: { ...device, imei: '990000000000012' } } as never);
    await drained();
    expect(stage.sent.length).toBe(1);
    expect(settled).toMatchObject([{ id: 2, outcome: { is: 'withheld', until: expect.any(Number) } }]);
    expect(stage.server.counts.refusedOffers).toBe(1);
  });

  test('a repeat of what is still being worked on is not counted twice', () => {
    const stage = stuck();
    crowd(stage, 0, 10);
    crowd(stage, 0, 10);
    expect(stage.server.counts).toMatchObject({ exchanges: 10, duplicates: 10 });
  });
});

describe('the times of the message layer', () => {
  test('are those that were handed in; what is wrong with them is said', () => {
    const stage = given({ transmission: { ...RFC_7252, ackTimeoutMs: 8_000 } });
    stage.hear(register(1));
    // The empty acknowledgement leaves in time for a device that repeats after eight seconds.
    expect(stage.waits).toContain(6_000);
    expect(() => given({ transmission: { ...RFC_7252, nstart: 0 } })).toThrow(/nstart/);
  });
});

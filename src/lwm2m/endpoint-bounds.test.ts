// What an endpoint holds and for how long: exchanges, bytes, superseded notifications, answers that must stay short.

import { describe, expect, test } from 'vitest';
import { CODE } from './codes.ts';
import { Endpoint } from './endpoint.ts';
import type { Output } from './events.ts';
import { LIMITS } from './limits.ts';
import {
  encode,
  encodeEmpty,
  fitted,
  type Message,
  NO_BYTES,
  parse,
  request,
  response,
  Slab,
  TYPE,
} from './message.ts';
import { hasUnmetCondition, OPTION, pathOptions, uintOf, uintOption } from './options.ts';
import { RFC_7252 } from './parameters.ts';
import { Bodies } from './reassembly.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

const PEER = '10.0.0.7:5683';
const TOKEN = Uint8Array.of(4);

function given(parameters = RFC_7252): Endpoint {
  let next = 1;
  const uint32 = (): number => {
    next = (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0;
    return next;
  };
  return new Endpoint({ random: { uint32 }, parameters });
}

const packet = (parts: Partial<Message>): Uint8Array =>
  encode({ type: TYPE.CON, code: CODE.GET, id: 1, token: TOKEN, options: [], payload: NO_BYTES, ...parts });

const messages = (output: Output): Message[] =>
  output.datagrams.flatMap(({ bytes }) => {
    const parsed = parse(bytes);
    return parsed.ok ? [parsed.message] : [];
  });
const payloads = (output: Output): string[] => messages(output).map(({ payload }) => utf8Text(payload));

function exchangeIn(output: Output) {
  const [event] = output.events;
  if (event?.type !== 'request') throw new Error('no request was reported');
  return event.exchange;
}

describe('exchanges', () => {
  test('are counted with their bytes from the request to the answer, piggybacked or not', () => {
    const endpoint = given();
    const get = packet({});
    const first = exchangeIn(endpoint.receive(get, PEER, 0));
    const second = exchangeIn(endpoint.receive(packet({ type: TYPE.NON, code: CODE.POST, id: 2 }), PEER, 0));
    expect(endpoint.counts).toMatchObject({ exchanges: 2, exchangesBytes: 2 * get.length });
    expect(first.bytes).toBe(get.length);
    endpoint.respond(first, response(CODE.CONTENT), 1);
    endpoint.acknowledge(second, 1);
    expect(endpoint.counts.exchanges).toBe(1);
    endpoint.respond(second, response(CODE.CHANGED), 2);
    expect(endpoint.counts).toMatchObject({ exchanges: 0, exchangesBytes: 0 });
  });

  test('what is no CoAP is counted and nothing of it is kept', () => {
    const endpoint = given();
    endpoint.receive(Uint8Array.of(1), PEER, 0);
    endpoint.receive(Uint8Array.of(0x49, 1, 0, 1), PEER, 0);
    endpoint.receive(Uint8Array.of(0x40, 0x20, 0, 1), PEER, 0);
    expect(endpoint.counts).toMatchObject({ malformed: 3, exchanges: 0, peers: 0, duplicates: 0 });
  });

  test.each([
    ['of reserved classes', [0x40, 0x20, 0, 7], 1],
    ['with tokens of nine bytes', [0x49, 1, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1],
    ['that are empty and yet hold something', [0x41, 0, 0, 7, 1], 1],
    ['with a marker and nothing behind it', [0x40, 1, 0, 7, 0xff], 1],
    ['of another version', [0x80, 1, 0, 7], 0],
    ['cut off in their header', [0x40, 1, 0], 0],
    ['that are acknowledgements', [0x60, 0x20, 0, 7], 0],
    ['that are resets', [0x70, 0x45, 0, 7, 0xff], 0],
    ['that are not confirmable', [0x50, 1, 0, 7, 0xff], 0],
  ])('messages %s are reset only where RFC 7252 §4.2 wants it', (_what, bytes, resets) => {
    const output = given().receive(Uint8Array.from(bytes), PEER, 0);
    expect(messages(output).map(({ type, id }) => [type, id])).toEqual(resets === 1 ? [[TYPE.RST, 7]] : []);
    expect(output.events).toEqual([]);
  });

  test('requests in acknowledgements and resets with a code are passed over', () => {
    const endpoint = given();
    for (const type of [TYPE.ACK, TYPE.RST]) {
      expect(endpoint.receive(packet({ type }), PEER, 0)).toMatchObject({ datagrams: [], events: [] });
    }
  });
});

describe('an answer with a bound', () => {
  const long = response(CODE.FORBIDDEN, [uintOption(OPTION.MAX_AGE, 60)], utf8Bytes('x'.repeat(40)));

  test('loses its explanation, then its options, never its code', () => {
    expect(fitted(long, 1, 100)).toBe(long);
    expect(fitted(long, 1, 20)).toEqual(response(CODE.FORBIDDEN, long.options));
    expect(fitted(long, 1, 5)).toEqual(response(CODE.FORBIDDEN));
  });

  test('is never larger than the request', () => {
    const endpoint = given();
    for (const code of [CODE.GET, CODE.POST]) {
      const asked = packet({ code, id: code, options: pathOptions('/rd') });
      const exchange = exchangeIn(endpoint.receive(asked, PEER, 0));
      const output = endpoint.respond(exchange, long, 1, { bytesMax: exchange.bytes });
      expect(output.datagrams[0]!.bytes.length).toBeLessThanOrEqual(asked.length);
      expect(messages(output)[0]?.code).toBe(CODE.FORBIDDEN);
    }
  });
});

describe('open messages', () => {
  test('have a bound in bytes, which is free again when they end', () => {
    const endpoint = given();
    const payload = new Uint8Array(1_000_000);
    let refused: string | undefined;
    const handles: number[] = [];
    for (let peer = 0; refused === undefined && peer < 200; peer += 1) {
      const sent = endpoint.request(String(peer), request(CODE.PUT, [], payload), 0);
      if (sent.ok) handles.push(sent.handle);
      else refused = sent.reason;
    }
    expect(refused).toBe('too_many_bytes');
    expect(endpoint.counts.outstandingBytes).toBeGreaterThanOrEqual(LIMITS.outstandingBytesMax);
    for (const handle of handles) endpoint.cancel(handle, 1);
    expect(endpoint.counts).toMatchObject({ outstanding: 0, outstandingBytes: 0 });
  });

  test('wait as long as the parameters say', () => {
    const endpoint = given({ ...RFC_7252, ackTimeoutMs: 10_000, ackRandomFactor: 1, retransmitMax: 1 });
    const sent = endpoint.request(PEER, request(CODE.GET), 0);
    expect(sent.ok && sent.output.wakeAt).toBe(10_000);
    expect(endpoint.elapse(10_000).datagrams.length).toBe(1);
    expect(endpoint.elapse(30_000).events).toMatchObject([{ type: 'timeout' }]);
  });

  test('may be more than one at a peer where NSTART allows it', () => {
    const endpoint = given({ ...RFC_7252, nstart: 2 });
    const left = [1, 2, 3].map(() => {
      const sent = endpoint.request(PEER, request(CODE.GET), 0);
      return sent.ok ? sent.output.datagrams.length : -1;
    });
    expect(left).toEqual([1, 1, 0]);
  });
});

describe('a notification', () => {
  const tell = (endpoint: Endpoint, text: string, now: number, token = TOKEN) => {
    const sent = endpoint.notify(PEER, token, response(CODE.CONTENT, [], utf8Bytes(text)), now, { confirmable: true });
    if (!sent.ok) throw new Error(sent.reason);
    return sent;
  };

  test('that is not acknowledged is repeated with the newer state, under another message id', () => {
    const endpoint = given();
    const first = tell(endpoint, 'downloading', 0);
    const second = tell(endpoint, 'downloaded', 100);
    expect([second.handle, second.output.datagrams]).toEqual([first.handle, []]);
    const repeated = endpoint.elapse(first.output.wakeAt ?? 0);
    expect(payloads(repeated)).toEqual(['downloaded']);
    const [before, after] = [messages(first.output)[0]!, messages(repeated)[0]!];
    expect(after.id).not.toBe(before.id);
    expect(after.token).toEqual(before.token);
    expect(endpoint.receive(encodeEmpty(TYPE.ACK, before.id), PEER, 3_000).events).toEqual([]);
    expect(endpoint.receive(encodeEmpty(TYPE.ACK, after.id), PEER, 3_001).events).toMatchObject([
      { type: 'acknowledged' },
    ]);
    expect(endpoint.counts).toMatchObject({ outstanding: 0, outstandingBytes: 0 });
  });

  test('that is acknowledged is followed by the newest state at once', () => {
    const endpoint = given();
    const first = tell(endpoint, 'one', 0);
    tell(endpoint, 'two', 1);
    tell(endpoint, 'three', 2);
    const id = messages(first.output)[0]!.id;
    const next = endpoint.receive(encodeEmpty(TYPE.ACK, id), PEER, 10);
    expect(payloads(next)).toEqual(['three']);
    const reset = endpoint.receive(encodeEmpty(TYPE.RST, messages(next)[0]!.id), PEER, 20);
    expect(reset.events).toEqual([{ type: 'reset', handle: first.handle }]);
  });

  test('that waits for its turn tells the newest state when it comes, those of other relations are not touched', () => {
    const endpoint = given();
    const first = tell(endpoint, 'a', 0);
    const other = Uint8Array.of(9);
    tell(endpoint, 'b', 1, other);
    tell(endpoint, 'c', 2, other);
    const next = endpoint.receive(encodeEmpty(TYPE.ACK, messages(first.output)[0]!.id), PEER, 10);
    expect(payloads(next)).toEqual(['c']);
  });
});

describe('options', () => {
  test('with a number that is too long count as absent', () => {
    const long = (number: number, length: number) => [{ number, value: new Uint8Array(length).fill(1) }];
    expect(uintOf(long(OPTION.CONTENT_FORMAT, 3), OPTION.CONTENT_FORMAT)).toBeUndefined();
    expect(uintOf(long(OPTION.OBSERVE, 4), OPTION.OBSERVE)).toBeUndefined();
    expect(uintOf(long(OPTION.MAX_AGE, 5), OPTION.MAX_AGE)).toBeUndefined();
    expect(uintOf(long(OPTION.SIZE1, 4), OPTION.SIZE1)).toBe(0x01010101);
  });

  test('that set a condition are met only by what exists and has no tag', () => {
    const option = (number: number, value: Uint8Array) => [{ number, value }];
    expect(hasUnmetCondition([])).toBe(false);
    expect(hasUnmetCondition(option(OPTION.IF_MATCH, NO_BYTES))).toBe(false);
    expect(hasUnmetCondition(option(OPTION.IF_MATCH, Uint8Array.of(1)))).toBe(true);
    expect(hasUnmetCondition(option(OPTION.IF_NONE_MATCH, NO_BYTES))).toBe(true);
  });
});

describe('memory', () => {
  test('for datagrams that are forgotten is taken from one piece, and never twice', () => {
    const slab = new Slab();
    const [one, two] = [slab.take(1_000), slab.take(1_000)];
    one.fill(1);
    two.fill(2);
    expect([one.buffer === two.buffer, one[999], two[0]]).toEqual([true, 1, 2]);
    for (let count = 0; count < 100; count += 1) slab.take(1_000).fill(9);
    expect([one[0], two[999]]).toEqual([1, 2]);
    expect(slab.take(100_000).length).toBe(100_000);
  });

  test('for bodies under way has a bound of its own', () => {
    const bodies = new Bodies();
    const half = 1_024 * 32;
    for (let peer = 0; peer < 600; peer += 1) {
      for (let number = 0; number * 1_024 < half; number += 1) {
        const options = [...pathOptions('/rd'), uintOption(OPTION.BLOCK1, number * 16 + 8 + 6)];
        bodies.receive(String(peer), request(CODE.POST, options, new Uint8Array(1_024)), 0);
      }
    }
    expect(bodies.bytes).toBeLessThanOrEqual(LIMITS.bodiesBytesMax);
    expect(bodies.bytes).toBe(bodies.size * half);
  });

  test('for bodies is kept apart by what they are for', () => {
    const bodies = new Bodies();
    const block = (name: string, number: number, more: boolean) => {
      const query = { number: OPTION.URI_QUERY, value: utf8Bytes(`ep=${name}`) };
      const value = uintOption(OPTION.BLOCK1, number * 16 + (more ? 8 : 0));
      return request(CODE.POST, [...pathOptions('/rd'), query, value], utf8Bytes(name.repeat(16)));
    };
    bodies.receive(PEER, block('a', 0, true), 0);
    bodies.receive(PEER, block('b', 0, true), 0);
    const whole = bodies.receive(PEER, block('a', 1, false), 0);
    expect(whole.type === 'complete' && utf8Text(whole.body)).toBe('a'.repeat(32));
    expect(bodies.bytes).toBe(16);
  });
});

// Stories of the message layer, told with hand-made datagrams and a clock that is only a number.

import { describe, expect, test } from 'vitest';
import { CODE, codeName } from './codes.ts';
import { Endpoint } from './endpoint.ts';
import type { Output } from './events.ts';
import { encode, encodeEmpty, type Message, parse, request, response, TYPE } from './message.ts';
import { OBSERVE_BEGIN, OBSERVE_END } from './observe.ts';
import { OPTION, pathOptions, uintOption } from './options.ts';
import type { Random } from './ports.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

const PEER = '10.0.0.7:5683';

/** Always the same chance: the first wait is then 2 s × (1 + share × 0.5). */
function countingRandom(first = 0): Random {
  let next = first;
  return {
    uint32: () => {
      next += 0x9e37_79b1;
      return next >>> 0;
    },
  };
}

const given = (): Endpoint => new Endpoint({ random: countingRandom() });

function packet(parts: Partial<Message>): Uint8Array {
  return encode({
    type: TYPE.CON,
    code: CODE.GET,
    id: 1,
    token: Uint8Array.of(1),
    options: [],
    payload: new Uint8Array(0),
    ...parts,
  });
}

/** What left, in short: `CON 0.01 GET #12`, `ACK 2.05 Content #1 hello`. */
function sent(output: Output): string[] {
  return output.datagrams.map(({ bytes }) => {
    const parsed = parse(bytes);
    if (!parsed.ok) return `broken: ${parsed.reason}`;
    const { type, code, id, payload } = parsed.message;
    const text = payload.length === 0 ? '' : ` ${utf8Text(payload)}`;
    return `${['CON', 'NON', 'ACK', 'RST'][type]} ${codeName(code)} #${id}${text}`;
  });
}

function messageOf(output: Output, place = 0): Message {
  const parsed = parse(output.datagrams[place]!.bytes);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.message;
}

const types = (output: Output): string[] => output.events.map(({ type }) => type);

function requestIn(output: Output) {
  const event = output.events[0];
  if (event?.type !== 'request') throw new Error('no request was reported');
  return event;
}

function ask(endpoint: Endpoint, now = 0, options = {}) {
  const asked = endpoint.request(PEER, request(CODE.GET, pathOptions('/3/0')), now, options);
  if (!asked.ok) throw new Error(asked.reason);
  return { ...asked, message: asked.output.datagrams.length > 0 ? messageOf(asked.output) : undefined };
}

describe('asking', () => {
  test('a request that nobody answers is sent five times, each wait twice the last, and is then given up', () => {
    const endpoint = given();
    const asked = ask(endpoint);
    const times = [0];
    let output = asked.output;
    let timeouts = 0;
    for (let turn = 0; turn < 5; turn += 1) {
      const at = output.wakeAt!;
      expect(endpoint.elapse(at - 1).datagrams).toEqual([]);
      output = endpoint.elapse(at);
      if (output.datagrams.length > 0) times.push(at);
      timeouts += types(output).filter((type) => type === 'timeout').length;
    }
    const waits = times.slice(1).map((at, place) => at - times[place]!);
    expect(waits[0]).toBeGreaterThanOrEqual(2_000);
    expect(waits[0]).toBeLessThanOrEqual(3_000);
    expect(waits).toEqual([1, 2, 4, 8].map((factor) => factor * waits[0]!));
    expect(timeouts).toBe(1);
    expect(endpoint.counts.outstanding).toBe(0);
    expect(endpoint.elapse(247_000).wakeAt).toBeUndefined();
    expect(endpoint.counts.peers).toBe(0);
  });

  test('an answer in the acknowledgement ends the retransmissions', () => {
    const endpoint = given();
    const { message, handle } = ask(endpoint);
    const output = endpoint.receive(
      packet({ ...message!, type: TYPE.ACK, code: CODE.CONTENT, options: [], payload: utf8Bytes('ok') }),
      PEER,
      50,
    );
    expect(output.events).toMatchObject([{ type: 'response', handle, observing: false }]);
    expect(endpoint.elapse(10_000).datagrams).toEqual([]);
  });

  test('a separate response is acknowledged, and acknowledged again when that was lost', () => {
    const endpoint = given();
    const { message, handle } = ask(endpoint);
    expect(types(endpoint.receive(encodeEmpty(TYPE.ACK, message!.id), PEER, 10))).toEqual(['acknowledged']);
    expect(endpoint.elapse(9_000).datagrams).toEqual([]);
    const late = packet({ type: TYPE.CON, code: CODE.CONTENT, id: 900, token: message!.token });
    const first = endpoint.receive(late, PEER, 20_000);
    expect([sent(first), first.events.length]).toEqual([['ACK 0.00 Empty #900'], 1]);
    expect(first.events[0]).toMatchObject({ type: 'response', handle });
    const again = endpoint.receive(late.slice(), PEER, 22_000);
    expect([sent(again), again.events]).toEqual([['ACK 0.00 Empty #900'], []]);
  });

  test('a separate response that overtakes the acknowledgement ends the request as well', () => {
    const endpoint = given();
    const { message } = ask(endpoint);
    const output = endpoint.receive(
      packet({ type: TYPE.NON, code: CODE.CHANGED, id: 5, token: message!.token }),
      PEER,
      9,
    );
    expect(types(output)).toEqual(['response']);
    expect(types(endpoint.receive(encodeEmpty(TYPE.ACK, message!.id), PEER, 10))).toEqual([]);
  });

  test('an acknowledged request without a response ends by time', () => {
    const endpoint = given();
    const { message } = ask(endpoint);
    endpoint.receive(encodeEmpty(TYPE.ACK, message!.id), PEER, 10);
    expect(types(endpoint.elapse(120_009))).toEqual([]);
    expect(types(endpoint.elapse(120_010))).toEqual(['timeout']);
  });

  test('answers with a wrong token, from another address, or to nothing at all are not believed', () => {
    const endpoint = given();
    const { message } = ask(endpoint);
    const reply = { ...message!, type: TYPE.ACK, code: CODE.CONTENT, options: [] };
    expect(types(endpoint.receive(packet({ ...reply, token: Uint8Array.of(9) }), PEER, 1))).toEqual([]);
    expect(types(endpoint.receive(packet(reply), '10.6.6.6:1', 1))).toEqual([]);
    const stray = endpoint.receive(packet({ ...reply, type: TYPE.CON, id: 77 }), '10.6.6.6:1', 1);
    expect([sent(stray), types(stray)]).toEqual([['RST 0.00 Empty #77'], []]);
    expect(types(endpoint.receive(packet(reply), PEER, 1))).toEqual(['response']);
  });

  test('a peer is asked one thing at a time, the next leaves with the acknowledgement of the first', () => {
    const endpoint = given();
    const first = ask(endpoint);
    const second = ask(endpoint);
    expect(second.message).toBeUndefined();
    const output = endpoint.receive(encodeEmpty(TYPE.ACK, first.message!.id), PEER, 10);
    expect(sent(output)).toEqual([`CON 0.01 GET #${first.message!.id + 1}`]);
    for (let count = 0; count < 64; count += 1) ask(endpoint);
    expect(endpoint.request(PEER, request(CODE.GET), 11)).toEqual({ ok: false, reason: 'queue_full' });
  });

  test('a Reset ends a request, and so does a cancellation, in silence', () => {
    const endpoint = given();
    const first = ask(endpoint);
    expect(types(endpoint.receive(encodeEmpty(TYPE.RST, first.message!.id), PEER, 1))).toEqual(['reset']);
    const second = ask(endpoint);
    expect(endpoint.cancel(second.handle, 2)).toMatchObject({ datagrams: [], events: [] });
    expect(endpoint.elapse(5_000).datagrams).toEqual([]);
  });

  test('no copy leaves once the permit has ended, neither a repeat nor a message that waited for its turn', () => {
    const endpoint = given();
    const first = ask(endpoint, 0, { notAfter: 5_000 });
    const second = ask(endpoint, 0, { notAfter: 5_000 });
    expect(endpoint.elapse(3_000).datagrams.length).toBe(1);
    expect(endpoint.elapse(9_000).datagrams).toEqual([]);
    const late = endpoint.receive(packet({ ...first.message!, type: TYPE.ACK, code: CODE.CONTENT }), PEER, 9_500);
    expect(late.events).toMatchObject([
      { type: 'response', handle: first.handle },
      { type: 'withheld', handle: second.handle },
    ]);
    expect(late.datagrams).toEqual([]);
  });

  test('a renewed permit lets the repeats go on', () => {
    const endpoint = given();
    const asked = ask(endpoint, 0, { notAfter: 1_000 });
    endpoint.permit(asked.handle, 60_000);
    expect(endpoint.elapse(3_000).datagrams.length).toBe(1);
  });

  test('when a device comes back from elsewhere, everything open with its old address is reported', () => {
    const endpoint = given();
    const first = ask(endpoint);
    const second = ask(endpoint);
    const output = endpoint.forgetPeer(PEER, 5);
    expect(output.datagrams).toEqual([]);
    expect(output.events.map((event) => event.type === 'forgotten' && event.handle).toSorted()).toEqual([
      first.handle,
      second.handle,
    ]);
    expect(endpoint.counts.outstanding).toBe(0);
  });
});

describe('answering', () => {
  test('a repeated POST is reported once and answered twice with the same bytes', () => {
    const endpoint = given();
    const post = packet({ code: CODE.POST, id: 40, options: pathOptions('/rd') });
    const { exchange } = requestIn(endpoint.receive(post, PEER, 0));
    expect(endpoint.receive(post.slice(), PEER, 1)).toMatchObject({ datagrams: [], events: [] });
    const answer = endpoint.respond(exchange, response(CODE.CREATED), 2);
    const again = endpoint.receive(post.slice(), PEER, 2_500);
    expect(again.events).toEqual([]);
    expect(again.datagrams).toEqual(answer.datagrams);
    expect(sent(answer)).toEqual(['ACK 2.01 Created #40']);
  });

  test('a restarted device that uses an old message id for something else is heard', () => {
    const endpoint = given();
    const { exchange } = requestIn(endpoint.receive(packet({ code: CODE.POST, id: 1 }), PEER, 0));
    endpoint.respond(exchange, response(CODE.CHANGED), 1);
    const other = endpoint.receive(packet({ code: CODE.POST, id: 1, options: pathOptions('/rd') }), PEER, 2);
    expect(types(other)).toEqual(['request']);
  });

  test('a repeated GET is worked out again, and nothing is remembered for it', () => {
    const endpoint = given();
    const get = packet({ id: 41 });
    expect(types(endpoint.receive(get, PEER, 0))).toEqual(['request']);
    expect(types(endpoint.receive(get, PEER, 1))).toEqual(['request']);
    expect(endpoint.counts).toMatchObject({ outstanding: 0, duplicates: 0, peers: 0 });
  });

  test('an answer after an empty acknowledgement is a message of its own, repeated until it is acknowledged', () => {
    const endpoint = given();
    const post = packet({ code: CODE.POST, id: 40 });
    const { exchange } = requestIn(endpoint.receive(post, PEER, 0));
    expect(sent(endpoint.acknowledge(exchange, 1_000))).toEqual(['ACK 0.00 Empty #40']);
    expect(sent(endpoint.receive(post.slice(), PEER, 2_000))).toEqual(['ACK 0.00 Empty #40']);
    const answer = endpoint.respond(exchange, response(CODE.CHANGED), 3_000);
    const { id, token, type } = messageOf(answer);
    expect([type, token]).toEqual([TYPE.CON, Uint8Array.of(1)]);
    expect(sent(endpoint.elapse(6_000))).toEqual([`CON 2.04 Changed #${id}`]);
    const acknowledged = endpoint.receive(encodeEmpty(TYPE.ACK, id), PEER, 6_100);
    expect(acknowledged.events).toEqual([{ type: 'acknowledged', handle: exchange.handle }]);
    expect(endpoint.elapse(60_000).datagrams).toEqual([]);
  });

  test('a separate answer does not wait behind our own request', () => {
    const endpoint = given();
    const { exchange } = requestIn(endpoint.receive(packet({ code: CODE.POST }), PEER, 0));
    endpoint.acknowledge(exchange, 1);
    ask(endpoint, 2);
    expect(endpoint.respond(exchange, response(CODE.CHANGED), 3).datagrams.length).toBe(1);
  });

  test('a non-confirmable request gets a non-confirmable answer, and its repeat nothing', () => {
    const endpoint = given();
    const post = packet({ type: TYPE.NON, code: CODE.POST, id: 8 });
    const { exchange } = requestIn(endpoint.receive(post, PEER, 0));
    expect(messageOf(endpoint.respond(exchange, response(CODE.CHANGED), 1)).type).toBe(TYPE.NON);
    expect(endpoint.receive(post.slice(), PEER, 2)).toMatchObject({ datagrams: [], events: [] });
  });

  test('a block whose permit has ended while it was read is not sent', () => {
    const endpoint = given();
    const { exchange } = requestIn(endpoint.receive(packet({}), PEER, 0));
    expect(endpoint.respond(exchange, response(CODE.CONTENT), 10, { notAfter: 10 }).datagrams).toEqual([]);
  });

  test('a ping is answered by a Reset, malformed messages too if they were confirmable', () => {
    const endpoint = given();
    expect(sent(endpoint.receive(encodeEmpty(TYPE.CON, 7), PEER, 0))).toEqual(['RST 0.00 Empty #7']);
    expect(sent(endpoint.receive(Uint8Array.of(0x40, 1, 0, 9, 0xff), PEER, 0))).toEqual(['RST 0.00 Empty #9']);
    expect(sent(endpoint.receive(Uint8Array.of(0x50, 1, 0, 9, 0xff), PEER, 0))).toEqual([]);
    expect(sent(endpoint.receive(Uint8Array.of(0x80, 1, 0, 9), PEER, 0))).toEqual([]);
  });

  test('an unknown critical option is a Bad Option, a proxy is not offered, a strange method not allowed', () => {
    const endpoint = given();
    const critical = [{ number: 65_001, value: new Uint8Array(1) }];
    expect(sent(endpoint.receive(packet({ options: critical }), PEER, 0))[0]).toMatch(/^ACK 4.02 Bad Option #1/);
    expect(sent(endpoint.receive(packet({ type: TYPE.NON, options: critical }), PEER, 0))).toEqual([]);
    const proxied = [{ number: OPTION.PROXY_URI, value: utf8Bytes('coap://x') }];
    expect(sent(endpoint.receive(packet({ options: proxied }), PEER, 0))[0]).toMatch('5.05');
    expect(sent(endpoint.receive(packet({ code: 30 }), PEER, 0))[0]).toMatch('4.05');
  });
});

describe('observing', () => {
  const observed = (sequence: number, parts: Partial<Message>) =>
    packet({ code: CODE.CONTENT, options: [uintOption(OPTION.OBSERVE, sequence)], ...parts });

  function observing(endpoint: Endpoint) {
    const asked = endpoint.request(PEER, request(CODE.GET, [OBSERVE_BEGIN, ...pathOptions('/5/0/3')]), 0);
    if (!asked.ok) throw new Error(asked.reason);
    const { id, token } = messageOf(asked.output);
    endpoint.receive(observed(10, { type: TYPE.ACK, id, token }), PEER, 1);
    return { handle: asked.handle, token };
  }

  test('notifications are reported in order, old ones are acknowledged and dropped', () => {
    const endpoint = given();
    const { handle, token } = observing(endpoint);
    const newer = endpoint.receive(observed(12, { type: TYPE.NON, id: 500, token }), PEER, 2);
    expect(newer.events).toMatchObject([{ type: 'notification', handle, observing: true }]);
    const older = endpoint.receive(observed(11, { id: 499, token }), PEER, 3);
    expect([types(older), sent(older)]).toEqual([[], ['ACK 0.00 Empty #499']]);
    const muchLater = endpoint.receive(observed(2, { type: TYPE.NON, id: 501, token }), PEER, 200_000);
    expect(types(muchLater)).toEqual(['notification']);
  });

  test('an error ends the relation, and what comes after it is reset', () => {
    const endpoint = given();
    const { token } = observing(endpoint);
    const last = endpoint.receive(packet({ type: TYPE.NON, code: CODE.NOT_FOUND, id: 5, token }), PEER, 2);
    expect(last.events).toMatchObject([{ type: 'notification', observing: false }]);
    expect(sent(endpoint.receive(observed(20, { id: 6, token }), PEER, 3))).toEqual(['RST 0.00 Empty #6']);
  });

  test('goodbye is said with the token of the relation', () => {
    const endpoint = given();
    const { handle, token } = observing(endpoint);
    const goodbye = endpoint.stopObserving(handle, request(CODE.GET, [OBSERVE_END, ...pathOptions('/5/0/3')]), 5);
    expect(goodbye?.ok && messageOf(goodbye.output).token).toEqual(token);
    expect(endpoint.counts.outstanding).toBe(1);
  });

  test('on the other side, a Reset ends the relation, for a notification sent once as well', () => {
    const device = given();
    const once = device.notify(PEER, Uint8Array.of(4), response(CODE.CONTENT), 0);
    if (!once.ok) throw new Error(once.reason);
    const { id, type } = messageOf(once.output);
    expect(type).toBe(TYPE.NON);
    const output = device.receive(encodeEmpty(TYPE.RST, id), PEER, 10);
    expect(output.events).toEqual([{ type: 'reset', handle: once.handle }]);
    const confirmed = device.notify(PEER, Uint8Array.of(4), response(CODE.CONTENT), 20, { confirmable: true });
    expect(confirmed.ok && messageOf(confirmed.output).type).toBe(TYPE.CON);
  });
});

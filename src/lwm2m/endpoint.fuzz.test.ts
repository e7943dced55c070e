// Hostile and damaged traffic: nothing throws, and what is remembered stays within its bounds.

import { expect, test } from 'vitest';
import { CODE } from './codes.ts';
import { Endpoint } from './endpoint.ts';
import { LIMITS } from './limits.ts';
import { encode, encodeEmpty, type MessageType, request, response } from './message.ts';
import { OBSERVE_BEGIN } from './observe.ts';
import { OPTION, pathOptions, uintOption } from './options.ts';

/** A small generator of its own (xorshift32), so that a failing run can be repeated. */
function seeded(seed: number) {
  let state = seed;
  const uint32 = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { uint32, below: (bound: number) => uint32() % bound };
}

test('100,000 random and mutated datagrams neither throw nor pile up', () => {
  const random = seeded(20_261_122);
  const endpoint = new Endpoint({ random });
  const codes = [CODE.GET, CODE.POST, CODE.PUT, CODE.DELETE, CODE.CONTENT, CODE.CHANGED, CODE.CONTINUE, 30, 0x90];
  const tokens: Uint8Array[] = [Uint8Array.of(1)];
  let now = 0;
  let reported = 0;
  for (let turn = 0; turn < 100_000; turn += 1) {
    now += random.below(20);
    const peer = `10.0.${random.below(4)}.${random.below(50)}:${5000 + random.below(3)}`;
    let bytes = encode({
      type: random.below(4) as MessageType,
      code: codes[random.below(codes.length)]!,
      id: random.below(300),
      token: tokens[random.below(tokens.length)]!,
      options: [uintOption(OPTION.OBSERVE, random.below(50)), ...pathOptions('/5/0'), uintOption(OPTION.BLOCK2, 6)],
      payload: new Uint8Array(random.below(40)),
    });
    for (let change = random.below(4); change > 0; change -= 1) bytes[random.below(bytes.length)] = random.below(256);
    if (random.below(8) === 0) bytes = bytes.slice(0, random.below(bytes.length + 1));
    if (random.below(30) === 0) bytes = encodeEmpty(random.below(4) as MessageType, random.below(300));
    for (const event of endpoint.receive(bytes, peer, now).events) {
      reported += 1;
      if (event.type !== 'request') continue;
      if (random.below(3) === 0) endpoint.acknowledge(event.exchange, now);
      if (random.below(2) === 0) endpoint.respond(event.exchange, response(CODE.CONTENT), now);
    }
    if (turn % 50 === 0) {
      const asked = endpoint.request(peer, request(CODE.GET, [OBSERVE_BEGIN, ...pathOptions('/5/0/3')]), now);
      if (asked.ok && asked.output.datagrams.length > 0 && tokens.length < 2_000) {
        tokens.push(asked.output.datagrams[0]!.bytes.slice(4, 12));
      }
    }
    if (turn % 20 === 0) endpoint.elapse(now);
  }
  expect(reported).toBeGreaterThan(10_000);
  expect(endpoint.counts.peers).toBeLessThanOrEqual(600);
  for (let wake = endpoint.elapse(now).wakeAt; wake !== undefined; wake = endpoint.elapse(wake).wakeAt) now = wake;
  expect(endpoint.counts).toMatchObject({ outstanding: 0, duplicates: 0, peers: 0 });
});

test('a flood of new requests from ever new addresses stops at the bound', () => {
  const endpoint = new Endpoint({ random: seeded(7) });
  const post = encode({
    type: 0,
    code: CODE.POST,
    id: 5,
    token: new Uint8Array(0),
    options: [],
    payload: new Uint8Array(0),
  });
  for (let peer = 0; peer < LIMITS.duplicatesMax + 5_000; peer += 1) endpoint.receive(post, String(peer), 0);
  expect(endpoint.counts.duplicates).toBe(LIMITS.duplicatesMax);
  endpoint.elapse(300_000);
  expect(endpoint.counts.duplicates).toBe(0);
});

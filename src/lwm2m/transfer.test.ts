// A server and a device of ours, wired together over a network that loses, doubles and delays: images arrive whole.

import { describe, expect, test } from 'vitest';
import { block2Slice } from './block.ts';
import { CODE } from './codes.ts';
import { beginDownload, type Download, downloadAnswered, downloadRequest } from './download.ts';
import { Endpoint } from './endpoint.ts';
import type { EndpointEvent, Output } from './events.ts';
import { pushPlan } from './firmware.ts';
import { response } from './message.ts';
import { OPTION, pathOptions, uintOf, uintOption } from './options.ts';
import type { Random } from './ports.ts';
import { type Progress, takeBlock } from './reassembly.ts';
import { beginUpload, neededBlock, type Upload, uploadAnswered, uploadRequest } from './upload.ts';

function seeded(seed: number): Random & { share(): number } {
  let state = seed;
  const uint32 = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { uint32, share: () => uint32() / 2 ** 32 };
}

type Side = 'server' | 'device';
type React = (side: Side, event: EndpointEvent, now: number) => readonly Output[];

/** Runs both endpoints in virtual time until nothing is under way; returns how many datagrams were lost. */
function network(seed: number, loss: number) {
  const random = seeded(seed);
  const sides = { server: new Endpoint({ random }), device: new Endpoint({ random }) };
  const wakes: Record<Side, number | undefined> = { server: undefined, device: undefined };
  let flying: { at: number; to: Side; bytes: Uint8Array }[] = [];
  let lost = 0;

  function take(side: Side, output: Output, now: number, react: React): void {
    wakes[side] = output.wakeAt;
    const to = side === 'server' ? 'device' : 'server';
    for (const { bytes } of output.datagrams) {
      for (let copies = random.share() < 0.05 ? 2 : 1; copies > 0; copies -= 1) {
        if (random.share() < loss) lost += 1;
        else flying.push({ at: now + 20 + Math.floor(random.share() * 200), to, bytes: bytes.slice() });
      }
    }
    for (const event of output.events) for (const next of react(side, event, now)) take(side, next, now, react);
  }

  function run(first: { side: Side; output: Output }, react: React): void {
    take(first.side, first.output, 0, react);
    for (let turn = 0; turn < 100_000; turn += 1) {
      flying = flying.toSorted((a, b) => a.at - b.at);
      const next = flying[0];
      const [side, wake] = (Object.entries(wakes) as [Side, number | undefined][]).toSorted(
        (a, b) => (a[1] ?? Number.POSITIVE_INFINITY) - (b[1] ?? Number.POSITIVE_INFINITY),
      )[0]!;
      if (next !== undefined && next.at <= (wake ?? Number.POSITIVE_INFINITY)) {
        flying.shift();
        take(next.to, sides[next.to].receive(next.bytes, otherOf(next.to), next.at), next.at, react);
      } else if (wake !== undefined) {
        take(side, sides[side].elapse(wake), wake, react);
      } else return;
    }
    throw new Error('the network never falls silent');
  }

  return { sides, run, lost: () => lost };
}

const otherOf = (side: Side): Side => (side === 'server' ? 'device' : 'server');
const image = Uint8Array.from({ length: 20_000 }, (_, place) => (place * 7) & 0xff);

describe('an image over a bad network', () => {
  test('a push of blocks arrives once and whole', () => {
    for (const seed of [3, 17, 99]) {
      const { sides, run, lost } = network(seed, 0.08);
      const received: number[] = [];
      let progress: Progress | undefined;
      let upload: Upload = beginUpload(pushPlan(image.length));
      let finished: number | undefined;
      const send = (now: number): Output => {
        const { offset, length } = neededBlock(upload);
        const sent = sides.server.request(
          'device',
          uploadRequest(upload, image.subarray(offset, offset + length)),
          now,
        );
        if (!sent.ok) throw new Error(sent.reason);
        return sent.output;
      };
      run({ side: 'server', output: send(0) }, (side, event, now) => {
        if (side === 'device' && event.type === 'request') {
          const step = takeBlock(progress, event.request, { bytesMax: 1_000_000, szxMax: 4 });
          if (step.type !== 'refused') received.push(...event.request.payload);
          if (step.type === 'continue') progress = step.progress;
          const answer = step.type === 'last' ? response(CODE.CHANGED) : step.answer;
          // Every fourth answer is slow, so that it needs a message of its own.
          if (received.length % 4_096 !== 0) return [sides.device.respond(event.exchange, answer, now)];
          return [sides.device.acknowledge(event.exchange, now), sides.device.respond(event.exchange, answer, now)];
        }
        if (side === 'server' && event.type === 'response') {
          const step = uploadAnswered(upload, event.response);
          if (step.type === 'finished') finished = step.response.code;
          if (step.type !== 'next') return [];
          upload = step.upload;
          return [send(now)];
        }
        return [];
      });
      expect([finished, received.length, lost() > 5]).toEqual([CODE.CHANGED, image.length, true]);
      expect(Uint8Array.from(received)).toEqual(image);
      expect(sides.server.counts).toMatchObject({ outstanding: 0, duplicates: 0, peers: 0 });
      expect(sides.device.counts).toMatchObject({ outstanding: 0, duplicates: 0, peers: 0 });
    }
  });

  test('a pull of blocks arrives whole, from a server that remembers nothing', () => {
    const { sides, run, lost } = network(5, 0.08);
    const received: number[] = [];
    let download: Download = beginDownload({ options: pathOptions('/f/t'), namesFirstBlock: false });
    const send = (now: number): Output => {
      const sent = sides.device.request('server', downloadRequest(download), now);
      if (!sent.ok) throw new Error(sent.reason);
      return sent.output;
    };
    run({ side: 'device', output: send(0) }, (side, event, now) => {
      if (side === 'server' && event.type === 'request') {
        const slice = block2Slice(uintOf(event.request.options, OPTION.BLOCK2), image.length, 5);
        if (!slice.ok) return [sides.server.respond(event.exchange, response(slice.code), now)];
        const options = [uintOption(OPTION.ETAG, 9), uintOption(OPTION.BLOCK2, slice.block ?? 0)];
        const bytes = image.subarray(slice.offset, slice.offset + slice.length);
        return [sides.server.respond(event.exchange, response(CODE.CONTENT, options, bytes), now)];
      }
      if (side === 'device' && event.type === 'response') {
        const step = downloadAnswered(download, event.response);
        if (step.type !== 'block') throw new Error(step.type);
        received.push(...step.bytes);
        download = step.download;
        return step.last ? [] : [send(now)];
      }
      return [];
    });
    expect([Uint8Array.from(received), lost() > 5]).toEqual([image, true]);
    expect(sides.server.counts).toMatchObject({ outstanding: 0, duplicates: 0, peers: 0 });
  });
});

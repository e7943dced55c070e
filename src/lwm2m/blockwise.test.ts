// Block-wise transfer in both directions, each side against the other and against answers made by hand.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { block2Slice, decodeBlock, encodeBlock, szxFor } from './block.ts';
import { CODE } from './codes.ts';
import { beginDownload, type Download, downloadAnswered, downloadRequest } from './download.ts';
import { LIMITS } from './limits.ts';
import { type Request, type Response, request, response } from './message.ts';
import { OPTION, pathOptions, uintOf, uintOption } from './options.ts';
import { Bodies, type Progress, takeBlock } from './reassembly.ts';
import { beginUpload, neededBlock, type Upload, uploadAnswered, uploadRequest } from './upload.ts';

const bodyOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, place) => (place * 31) & 0xff);
const block1 = (number: number, more: boolean, szx: number) =>
  uintOption(OPTION.BLOCK1, encodeBlock({ number, more, szx }));
const blockIn = ({ options }: Request, number: number) => decodeBlock(uintOf(options, number) ?? -1);

function requestFor(upload: Upload, body: Uint8Array): Request {
  const { offset, length } = neededBlock(upload);
  return uploadRequest(upload, body.subarray(offset, offset + length));
}

describe('upload', () => {
  const plan = { code: CODE.PUT, options: pathOptions('/5/0/0'), length: 3_000 };

  test('a body is sent in blocks and arrives whole, whatever sizes the two sides prefer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.nat(6), fc.nat(6), (length, clientSzx, serverSzx) => {
        const body = bodyOf(length);
        let upload = beginUpload({ ...plan, length, szx: clientSzx });
        let progress: Progress | undefined;
        const received: number[] = [];
        for (;;) {
          const sent = requestFor(upload, body);
          const taken = takeBlock(progress, sent, { bytesMax: 5_000, szxMax: serverSzx });
          if (taken.type === 'refused') throw new Error('refused');
          received.push(...sent.payload);
          if (taken.type === 'last') break;
          progress = taken.progress;
          const step = uploadAnswered(upload, taken.answer);
          if (step.type !== 'next') throw new Error(step.type);
          upload = step.upload;
        }
        expect(Uint8Array.from(received)).toEqual(body);
      }),
      { numRuns: 60 },
    );
  });

  test('the first block tells the size of the whole, a body of one block needs no block option', () => {
    const first = requestFor(beginUpload(plan), bodyOf(3_000));
    expect([uintOf(first.options, OPTION.SIZE1), blockIn(first, OPTION.BLOCK1)]).toEqual([
      3_000,
      { number: 0, more: true, szx: 6 },
    ]);
    const small = requestFor(beginUpload({ ...plan, length: 1 }), bodyOf(1));
    expect([small.options.length, small.payload.length]).toEqual([3, 1]);
  });

  test('a device that continues with 64 bytes after a block of 1024 gets block 16 next', () => {
    const upload = beginUpload(plan);
    const step = uploadAnswered(upload, response(CODE.CONTINUE, [block1(0, true, 2)]));
    expect(step.type === 'next' && neededBlock(step.upload)).toEqual({ offset: 1_024, length: 64 });
    expect(step.type === 'next' && blockIn(requestFor(step.upload, bodyOf(3_000)), OPTION.BLOCK1)).toEqual({
      number: 16,
      more: true,
      szx: 2,
    });
  });

  test('4.13 with a smaller size begins again with it, without one it is the end', () => {
    const smaller = uploadAnswered(beginUpload(plan), response(CODE.TOO_LARGE, [block1(0, true, 2)]));
    expect(smaller).toMatchObject({ type: 'next', upload: { offset: 0, szx: 2 } });
    const middle = uploadAnswered(
      { ...beginUpload(plan), offset: 1_024 },
      response(CODE.TOO_LARGE, [block1(1, true, 2)]),
    );
    expect(middle).toMatchObject({ type: 'restart', upload: { offset: 0, szx: 2 } });
    expect(uploadAnswered(beginUpload(plan), response(CODE.TOO_LARGE))).toMatchObject({
      type: 'failed',
      reason: 'too_large',
    });
  });

  test('4.08 starts again, but not for ever', () => {
    let upload = { ...beginUpload(plan), offset: 2_048 };
    for (let turn = 0; turn < LIMITS.uploadRestartsMax; turn += 1) {
      const step = uploadAnswered(upload, response(CODE.INCOMPLETE));
      expect(step).toMatchObject({ type: 'restart', upload: { offset: 0, restarts: turn + 1 } });
      if (step.type === 'restart') upload = { ...step.upload, offset: 1_024 };
    }
    expect(uploadAnswered(upload, response(CODE.INCOMPLETE))).toMatchObject({ reason: 'restarted_too_often' });
  });

  test('errors in the middle and the answer to the last block finish it, strange answers fail it', () => {
    const upload = beginUpload(plan);
    const step = (answer: Response, at: Upload = upload) => {
      const { type, ...rest } = uploadAnswered(at, answer);
      return 'reason' in rest ? `${type} ${rest.reason}` : type;
    };
    expect(step(response(CODE.INTERNAL_ERROR))).toBe('finished');
    expect(step(response(CODE.CHANGED, [block1(2, false, 6)]), { ...upload, offset: 2_048 })).toBe('finished');
    expect(step(response(CODE.CHANGED))).toBe('failed ended_early');
    expect(step(response(CODE.CHANGED, [block1(0, false, 6)]))).toBe('next');
    expect(step(response(CODE.CONTINUE, [block1(1, true, 6)]))).toBe('failed wrong_block');
    expect(step(response(CODE.CONTINUE, [block1(2, true, 6)]), { ...upload, offset: 2_048 })).toBe(
      'failed wrong_block',
    );
  });
});

/** A server of ours without memory: it answers each GET by itself. */
function serve(get: Request, body: Uint8Array, szx: number, etag = 7): Response {
  const slice = block2Slice(uintOf(get.options, OPTION.BLOCK2), body.length, szx);
  if (!slice.ok) return response(slice.code);
  const options = [uintOption(OPTION.ETAG, etag), uintOption(OPTION.SIZE2, body.length)];
  if (slice.block !== undefined) options.push(uintOption(OPTION.BLOCK2, slice.block));
  const sorted = options.toSorted((a, b) => a.number - b.number);
  return response(CODE.CONTENT, sorted, body.subarray(slice.offset, slice.offset + slice.length));
}

describe('download', () => {
  const options = pathOptions('/f/token');

  function fetchAll(start: Download, answer: (get: Request) => Response): Uint8Array {
    const received: number[] = [];
    for (let download = start; ; ) {
      const step = downloadAnswered(download, answer(downloadRequest(download)));
      if (step.type !== 'block') throw new Error(step.type);
      received.push(...step.bytes);
      if (step.last) return Uint8Array.from(received);
      download = step.download;
    }
  }

  test('a body is fetched whole, with any size on either side and with or without a first Block2', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(6), fc.nat(6), fc.boolean(), (length, own, theirs, namesFirstBlock) => {
        const body = bodyOf(length);
        const szx = namesFirstBlock ? own : 6;
        const start = beginDownload({ options, szx, namesFirstBlock });
        expect(fetchAll(start, (get) => serve(get, body, theirs))).toEqual(body);
      }),
      { numRuns: 60 },
    );
  });

  test('it goes on from the middle, and notices that the image is another one', () => {
    const body = bodyOf(1_000);
    const resumed = beginDownload({ options, szx: 2, offset: 640, etag: '07' });
    expect(fetchAll(resumed, (get) => serve(get, body, 6))).toEqual(body.slice(640));
    expect(downloadAnswered(resumed, serve(downloadRequest(resumed), body, 6, 8))).toEqual({ type: 'changed' });
  });

  test('5.03 says when to come again, other codes refuse, a block that was not asked for fails', () => {
    const start = beginDownload({ options });
    expect(downloadAnswered(start, response(CODE.UNAVAILABLE, [uintOption(OPTION.MAX_AGE, 300)]))).toEqual({
      type: 'later',
      seconds: 300,
    });
    expect(downloadAnswered(start, response(CODE.NOT_FOUND)).type).toBe('refused');
    const wrong = response(CODE.CONTENT, [uintOption(OPTION.BLOCK2, encodeBlock({ number: 3, more: true, szx: 6 }))]);
    expect(downloadAnswered(start, wrong)).toEqual({ type: 'failed', reason: 'wrong_block' });
  });
});

describe('the slice of a body', () => {
  const ask = (number: number, szx: number) => encodeBlock({ number, more: false, szx });

  test('a GET without Block2 gets block 0 with more to come, or everything when it fits', () => {
    expect(block2Slice(undefined, 3_000, 6)).toEqual({ ok: true, offset: 0, length: 1_024, more: true, block: 14 });
    expect(block2Slice(undefined, 100, 6)).toEqual({ ok: true, offset: 0, length: 100, more: false, block: undefined });
  });

  test('a larger block than we serve keeps its offset and gets another number', () => {
    expect(block2Slice(ask(1, 6), 3_000, 2)).toEqual({
      ok: true,
      offset: 1_024,
      length: 64,
      more: true,
      block: encodeBlock({ number: 16, more: true, szx: 2 }),
    });
  });

  test('beyond the end is a bad option, the reserved size a bad request', () => {
    expect(block2Slice(ask(3, 6), 3_072, 6)).toEqual({ ok: false, code: CODE.BAD_OPTION });
    expect(block2Slice(7, 3_072, 6)).toEqual({ ok: false, code: CODE.BAD_REQUEST });
    expect(block2Slice(ask(0, 6), 0, 6)).toMatchObject({ ok: true, length: 0, more: false });
  });

  test('the block size is the largest that fits a number of bytes', () => {
    expect([1, 16, 31, 64, 1_000, 1_024, 9_999].map(szxFor)).toEqual([0, 0, 0, 2, 5, 6, 6]);
  });
});

describe('small bodies as a whole', () => {
  const block = (number: number, more: boolean, payload: Uint8Array) =>
    request(CODE.POST, [...pathOptions('/rd'), block1(number, more, 0)], payload);

  test('blocks of two devices do not mix, a lost one is told, a first one begins anew', () => {
    const bodies = new Bodies();
    const body = bodyOf(40);
    expect(bodies.receive('a', block(0, true, body.subarray(0, 16)), 0)).toMatchObject({
      answer: { code: CODE.CONTINUE },
    });
    expect(bodies.receive('b', block(1, true, body.subarray(16, 32)), 0)).toMatchObject({
      answer: { code: CODE.INCOMPLETE },
    });
    bodies.receive('a', block(0, true, body.subarray(0, 16)), 1);
    bodies.receive('a', block(1, true, body.subarray(16, 32)), 2);
    expect(bodies.receive('a', block(2, false, body.subarray(32)), 3)).toMatchObject({ type: 'complete', body });
    expect(bodies.size).toBe(0);
  });

  test('what falls silent is forgotten, and what is too large or too many is refused or dropped', () => {
    const bodies = new Bodies();
    const sixteen = bodyOf(16);
    for (let peer = 0; peer < LIMITS.bodiesMax + 50; peer += 1)
      bodies.receive(String(peer), block(0, true, sixteen), 0);
    expect(bodies.size).toBe(LIMITS.bodiesMax);
    bodies.receive('late', request(CODE.POST, pathOptions('/rd')), LIMITS.bodyIdleMsMax);
    expect(bodies.size).toBe(0);
    const huge = request(CODE.POST, [block1(0, true, 0), uintOption(OPTION.SIZE1, LIMITS.bodyBytesMax + 1)], sixteen);
    expect(bodies.receive('a', huge, 0)).toMatchObject({ answer: { code: CODE.TOO_LARGE } });
    expect(takeBlock(undefined, block(0, true, bodyOf(9)), { bytesMax: 99 })).toMatchObject({
      answer: { code: CODE.BAD_REQUEST },
    });
  });
});

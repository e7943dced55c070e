// Stories of an upload in pieces: it goes on after cuts, and gives up when nothing gets through any more.
import { expect, test } from 'vitest';
import { type Fetch, OperatorClient } from './operator.ts';

const ACCOUNT = '0000123456-00001';
const PIECE = 64 * 1024 * 1024;
const SIZE = PIECE + 1_000;
const PART = { kind: 'file', name: 'f', from: '*', to: '1', make: 'm', model: 'o', transports: ['HTTP'] } as const;

/** A server that keeps the first `cuts` times only `through` bytes of what it is sent, and then hangs up. */
function given({ cuts, through, begunAt = 0 }: { cuts: number; through: number; begunAt?: number }) {
  const lines: string[] = [];
  const waits: number[] = [];
  let offset = begunAt;
  let left = cuts;
  const view = () => Response.json({ uploadId: 'u', size: SIZE, offset, sha256: 'f', expiresAt: '' });
  const fetch: Fetch = async (url, { method = '', body }) => {
    const { pathname, search } = new URL(url);
    lines.push(`${method} ${pathname.split('/').slice(5).join('/')}${search}`);
    if (method === 'PATCH') {
      const { size } = body as Blob;
      if (left > 0) {
        left -= 1;
        offset += through;
        throw new TypeError('the line was cut');
      }
      offset += size;
    }
    return pathname.endsWith('/package') ? Response.json({ name: 'f' }) : view();
  };
  const client = new OperatorClient({
    baseUrl: 'http://x',
    operatorKey: 'k',
    fetch,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  const upload = { sha256: 'f', image: new Blob([new Uint8Array(SIZE)]) };
  return { lines, waits, run: () => client.uploads.package(ACCOUNT, PART, upload, { resumesMax: 3 }) };
}

test('an image is sent piece by piece and becomes a package', async () => {
  const { run, lines } = given({ cuts: 0, through: 0 });
  expect(await run()).toEqual({ name: 'f' });
  expect(lines).toEqual([
    'POST uploads',
    'PATCH uploads/u?offset=0',
    `PATCH uploads/u?offset=${PIECE}`,
    'POST uploads/u/package',
  ]);
});

test('an upload that was begun another day goes on from where it was', async () => {
  const { run, lines } = given({ cuts: 0, through: 0, begunAt: SIZE - 10 });
  await run();
  expect(lines[1]).toBe(`PATCH uploads/u?offset=${SIZE - 10}`);
});

test('after each cut it asks how much got through; as long as something does it does not give up', async () => {
  const { run, lines, waits } = given({ cuts: 6, through: 5 });
  await run();
  expect(lines.slice(1, 5)).toEqual([
    'PATCH uploads/u?offset=0',
    'GET uploads/u',
    'PATCH uploads/u?offset=5',
    'GET uploads/u',
  ]);
  expect(new Set(waits)).toEqual(new Set([500]));
});

test('when nothing gets through it waits longer each time, and then tells so', async () => {
  const { run, waits } = given({ cuts: 99, through: 0 });
  await expect(run()).rejects.toMatchObject({ errorCode: 'NO_ANSWER' });
  expect(waits).toEqual([500, 1_000, 2_000]);
});

// Stories of the image store on a real folder.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Blocks } from './blocks.ts';
import { type ImageOptions, type ImageStore, openImages } from './images.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'campanile-images-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function given(options: Partial<ImageOptions> = {}): Promise<{ folder: string; images: ImageStore }> {
  folders += 1;
  const folder = join(root, String(folders));
  return { folder, images: await openImages({ folder, ...options }) };
}

const bytesOf = (size: number, seed = 7): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * seed) & 255);

async function* inChunks(bytes: Uint8Array, size = 10_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const hex = (kind: string, bytes: Uint8Array): string => createHash(kind).update(bytes).digest('hex');

async function all(source: AsyncIterable<Uint8Array>): Promise<{ sizes: number[]; bytes: Buffer }> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return { sizes: pieces.map(({ length }) => length), bytes: Buffer.concat(pieces) };
}

async function stored(images: ImageStore, bytes: Uint8Array): Promise<string> {
  const result = await images.receive(inChunks(bytes));
  if (!result.ok) throw new Error(result.reason);
  return result.sha256;
}

describe('an upload', () => {
  test('is hashed, counted and found again', async () => {
    const { images, folder } = await given();
    const bytes = bytesOf(200_001);
    const result = await images.receive(inChunks(bytes));
    const sha256 = hex('sha256', bytes);
    expect(result).toEqual({
      ok: true,
      sha256,
      sha1: hex('sha1', bytes),
      md5: hex('md5', bytes),
      size: 200_001,
      known: false,
    });
    expect(await readdir(join(folder, sha256.slice(0, 2)))).toEqual([sha256]);
    await using image = await images.open(sha256);
    expect(image?.size).toBe(200_001);
  });

  test('of bytes that are there already is kept once', async () => {
    const { images, folder } = await given();
    const bytes = bytesOf(5_000);
    await images.receive(inChunks(bytes));
    const again = await Promise.all([images.receive(inChunks(bytes)), images.receive(inChunks(bytes))]);
    expect(again.map((one) => one.ok && one.known)).toEqual([true, true]);
    expect((await readdir(folder)).length).toBe(2);
  });

  test('that breaks off leaves nothing behind', async () => {
    const { images, folder } = await given();
    async function* broken(): AsyncIterable<Uint8Array> {
      yield bytesOf(70_000);
      throw new Error('the client hung up');
    }
    await expect(images.receive(broken())).rejects.toThrow('the client hung up');
    expect(await readdir(folder)).toEqual(['incoming']);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('larger than the limit is refused with that limit', async () => {
    const { images, folder } = await given({ imageBytesMax: 15_000 });
    const result = await images.receive(inChunks(bytesOf(15_001)));
    expect(result).toEqual({ ok: false, reason: 'too-large', limit: 15_000 });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    expect((await images.receive(inChunks(bytesOf(15_000)))).ok).toBe(true);
  });

  test('that a crash has left unfinished is cleared at start, images stay', async () => {
    const { images, folder } = await given();
    const sha256 = await stored(images, bytesOf(3_000));
    await mkdir(join(folder, 'incoming', 'image-x1'));
    await writeFile(join(folder, 'incoming', 'image-x1', 'bytes'), 'half');
    const again = await openImages({ folder });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    expect((await all(again.read(sha256, 0, 3_000))).bytes.length).toBe(3_000);
  });
});

describe('reading', () => {
  test('gives any part in chunks of at most 64 KiB', async () => {
    const { images } = await given();
    const bytes = bytesOf(200_000);
    const sha256 = await stored(images, bytes);
    const { sizes, bytes: read } = await all(images.read(sha256, 70_000, 130_000));
    expect(sizes).toEqual([65_536, 64_464]);
    expect(read.equals(bytes.subarray(70_000))).toBe(true);
  });

  test('an image that is not there, or a name that is no hash, finds nothing', async () => {
    const { images } = await given();
    expect(await images.open('0'.repeat(64))).toBeUndefined();
    expect(await images.open('../../etc/passwd')).toBeUndefined();
    await expect(images.readBlock('0'.repeat(64), 0, 16)).rejects.toThrow('is not in');
  });

  test('beyond the end throws instead of ending early', async () => {
    const { images } = await given();
    const sha256 = await stored(images, bytesOf(100));
    await expect(all(images.read(sha256, 50, 51))).rejects.toThrow('ends at byte 100');
  });

  test('block by block gives the bytes of the image, whatever the blocks', async () => {
    const { images } = await given({ blocks: { chunkBytes: 4_096, cacheBytesMax: 12_288 } });
    const bytes = bytesOf(20_000);
    const sha256 = await stored(images, bytes);
    const piece = fc.record({ offset: fc.nat(20_000), length: fc.integer({ min: 0, max: 9_000 }) });
    await fc.assert(
      fc.asyncProperty(piece, async ({ offset, length }) => {
        const block = await images.readBlock(sha256, offset, length);
        expect(Buffer.from(block).equals(bytes.subarray(offset, offset + length))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('blocks in memory', () => {
  function counting(chunkBytes: number, cacheBytesMax: number) {
    const fetched: number[] = [];
    const blocks = new Blocks(
      async (_, offset, length) => {
        fetched.push(offset);
        return bytesOf(10_000).subarray(offset, offset + length);
      },
      { chunkBytes, cacheBytesMax },
    );
    return { blocks, fetched };
  }

  test('a walk in small blocks reads each piece of the file once', async () => {
    const { blocks, fetched } = counting(4_000, 40_000);
    for (let at = 0; at < 10_000; at += 500) await blocks.read('a', at, 500);
    expect(fetched).toEqual([0, 4_000, 8_000]);
  });

  test('two readers of one piece share it', async () => {
    const { blocks, fetched } = counting(4_000, 40_000);
    await Promise.all([blocks.read('a', 0, 64), blocks.read('a', 64, 64)]);
    expect(fetched).toEqual([0]);
  });

  test('what was not used for longest makes room', async () => {
    const { blocks, fetched } = counting(1_000, 2_000);
    for (const at of [0, 1_000, 0, 2_000, 0, 1_000]) await blocks.read('a', at, 10);
    expect(fetched).toEqual([0, 1_000, 2_000, 1_000]);
    expect(blocks.bytesKept).toBe(2_000);
  });

  test('a failed read is tried again', async () => {
    let tries = 0;
    const blocks = new Blocks(async () => {
      tries += 1;
      if (tries === 1) throw new Error('disk');
      return bytesOf(10);
    });
    await expect(blocks.read('a', 0, 4)).rejects.toThrow('disk');
    expect((await blocks.read('a', 0, 4)).length).toBe(4);
  });
});

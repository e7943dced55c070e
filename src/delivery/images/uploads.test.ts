// Stories of uploads that come in pieces, on a real folder.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../contract/index.ts';
import { openImages } from './images.ts';
import { type NewUpload, Uploads, uploadIdOf } from './uploads.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'campanile-uploads-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const ACCOUNT = '0000000001-00001';
const IMAGE = Buffer.from(Uint8Array.from({ length: 10_000 }, (_, at) => (at * 31) & 255));
const hex = (kind: string, bytes: Uint8Array = IMAGE): string => createHash(kind).update(bytes).digest('hex');
const UPLOAD: NewUpload = { account: ACCOUNT, size: IMAGE.length, sha256: hex('sha256') };
const ID = uploadIdOf(UPLOAD);

let folders = 0;
async function given() {
  folders += 1;
  const folder = join(root, String(folders));
  const images = await openImages({ folder });
  /** What another process, or this one after a crash, finds. */
  const again = () => new Uploads(join(folder, 'uploads'), images);
  return { folder, images, uploads: again(), again };
}

async function* part(from: number, until: number, thenThrow?: Error): AsyncIterable<Uint8Array> {
  for (let at = from; at < until; at += 1_000) yield IMAGE.subarray(at, Math.min(at + 1_000, until));
  if (thenThrow !== undefined) throw thenThrow;
}

describe('an upload', () => {
  test('in two pieces becomes an image with all its hashes, and is no upload any more', async () => {
    const { uploads, images } = await given();
    expect(await uploads.begin(UPLOAD)).toMatchObject({ id: ID, offset: 0, ...UPLOAD });
    await uploads.append(ACCOUNT, ID, 0, part(0, 4_000));
    expect(await uploads.append(ACCOUNT, ID, 4_000, part(4_000, 10_000))).toMatchObject({
      is: 'appended',
      state: { offset: 10_000 },
    });
    expect(await uploads.finish(ACCOUNT, ID)).toEqual({
      is: 'finished',
      image: { sha256: UPLOAD.sha256, sha1: hex('sha1'), md5: hex('md5'), size: 10_000 },
    });
    await using image = await images.open(UPLOAD.sha256);
    expect(image?.size).toBe(10_000);
    expect(await uploads.state(ACCOUNT, ID)).toBeUndefined();
  });

  test('keeps what came before a cut, and another process goes on from there', async () => {
    const { uploads, again, images } = await given();
    await uploads.begin(UPLOAD);
    const cut = uploads.append(ACCOUNT, ID, 0, part(0, 3_000, new Error('the line was cut')));
    await expect(cut).rejects.toThrow('the line was cut');
    const other = again();
    expect(await other.begin(UPLOAD)).toMatchObject({ id: ID, offset: 3_000 });
    await other.append(ACCOUNT, ID, 3_000, part(3_000, 10_000));
    expect(await other.finish(ACCOUNT, ID)).toMatchObject({ is: 'finished', image: { md5: hex('md5') } });
    expect(await images.open(UPLOAD.sha256).then((image) => image?.[Symbol.asyncDispose]())).toBeUndefined();
  });

  test('takes bytes at its offset only, and none beyond its end', async () => {
    const { uploads } = await given();
    await uploads.begin(UPLOAD);
    await uploads.append(ACCOUNT, ID, 0, part(0, 2_000));
    for (const offset of [0, 3_000]) {
      expect(await uploads.append(ACCOUNT, ID, offset, part(0, 10))).toMatchObject({
        is: 'wrong-offset',
        state: { offset: 2_000 },
      });
    }
    async function* tooMuch(): AsyncIterable<Uint8Array> {
      yield* part(2_000, 10_000);
      yield IMAGE.subarray(0, 1);
    }
    expect(await uploads.append(ACCOUNT, ID, 2_000, tooMuch())).toMatchObject({
      is: 'too-long',
      state: { offset: 2_000 },
    });
    await uploads.append(ACCOUNT, ID, 2_000, part(2_000, 10_000));
    expect((await uploads.finish(ACCOUNT, ID)).is).toBe('finished');
  });

  test('that is not whole is not finished; one with a wrong hash is dropped', async () => {
    const { uploads, folder } = await given();
    const wrong = { ...UPLOAD, sha256: 'f'.repeat(64) };
    const id = uploadIdOf(wrong);
    await uploads.begin(wrong);
    await uploads.append(ACCOUNT, id, 0, part(0, 9_000));
    expect(await uploads.finish(ACCOUNT, id)).toMatchObject({ is: 'incomplete', state: { offset: 9_000 } });
    await uploads.append(ACCOUNT, id, 9_000, part(9_000, 10_000));
    expect(await uploads.finish(ACCOUNT, id)).toMatchObject({ is: 'wrong-hash', found: UPLOAD.sha256 });
    expect(await uploads.finish(ACCOUNT, id)).toEqual({ is: 'unknown' });
    expect((await readdir(folder)).sort()).toEqual(['incoming', 'uploads']);
  });

  test('is appended to by one at a time', async () => {
    const { uploads } = await given();
    await uploads.begin(UPLOAD);
    let go = (): void => {};
    async function* slow(): AsyncIterable<Uint8Array> {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield* part(0, 10_000);
    }
    const first = uploads.append(ACCOUNT, ID, 0, slow());
    expect(await uploads.append(ACCOUNT, ID, 0, part(0, 10_000))).toEqual({ is: 'busy' });
    while ((await uploads.state(ACCOUNT, ID))?.offset === 0) go();
    expect((await first).is).toBe('appended');
  });

  test('of another account, or by an id that is none, is not found', async () => {
    const { uploads } = await given();
    await uploads.begin(UPLOAD);
    expect(await uploads.state('0000000002-00001', ID)).toBeUndefined();
    expect(await uploads.drop('0000000002-00001', ID)).toBe(false);
    expect(await uploads.state(ACCOUNT, '../../../etc')).toBeUndefined();
    expect(await uploads.drop(ACCOUNT, ID)).toBe(true);
    expect(await uploads.drop(ACCOUNT, ID)).toBe(false);
  });
});

test('an account has so many unfinished uploads and no more', async () => {
  const { uploads } = await given();
  const upload = (size: number): NewUpload => ({ ...UPLOAD, size });
  for (let size = 1; size <= LIMITS.uploadsPerAccountMax; size += 1) await uploads.begin(upload(size));
  expect(await uploads.begin(upload(99))).toBeUndefined();
  expect(await uploads.begin(upload(1))).toMatchObject({ size: 1 });
  expect(await uploads.begin({ ...upload(99), account: '0000000002-00001' })).toMatchObject({ size: 99 });
});

test('an upload to which nothing was added for too long is dropped', async () => {
  const { uploads } = await given();
  await uploads.dropIdle(0);
  const { expiresAt } = (await uploads.begin(UPLOAD)) ?? { expiresAt: 0 };
  await uploads.dropIdle(expiresAt - 1);
  expect(await uploads.state(ACCOUNT, ID)).toBeDefined();
  await uploads.dropIdle(expiresAt);
  expect(await uploads.state(ACCOUNT, ID)).toBeUndefined();
});

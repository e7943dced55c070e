// Stories of the look at what lies on disk: rotten, shortened and lost images are found and not served any more.
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instant, instant } from '../../campaigns/index.ts';
import { ImageChecks } from './check.ts';
import { openImages } from './images.ts';
import { IMAGE_LIMITS } from './limits.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'campanile-check-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const BYTES = Buffer.alloc(200_000, 'campanile');
async function* stream(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

interface Row {
  readonly sha256: string;
  readonly size: number;
  readonly check?: { readonly at: Instant; readonly found?: string };
}

let folders = 0;
async function given(bytesPerSecondMax = Number.POSITIVE_INFINITY) {
  folders += 1;
  const folder = join(root, String(folders));
  const images = await openImages({ folder });
  const rows = new Map<string, Row>();
  let now = 1_000_000;
  const waits: number[] = [];
  const checks = new ImageChecks({
    images,
    store: {
      images: async ({ after = '', max }) => [...rows.values()].filter(({ sha256 }) => sha256 > after).slice(0, max),
      noteImageCheck: async (sha256, check) => {
        const row = rows.get(sha256);
        if (row !== undefined) rows.set(sha256, { ...row, check });
      },
    },
    clock: { now: () => instant(now) },
    timers: {
      after: (wait, then) => {
        waits.push(wait);
        now += wait;
        queueMicrotask(then);
        return () => {};
      },
    },
    log: { event: () => undefined },
    bytesPerSecondMax,
  });
  const result = await images.receive(stream(BYTES));
  if (!result.ok) throw new Error(result.reason);
  const { sha256 } = result;
  rows.set(sha256, { sha256, size: BYTES.length });
  const path = join(folder, sha256.slice(0, 2), sha256);
  const later = (wait: number): void => {
    now += wait;
  };
  return { folder, images, checks, waits, path, sha256, later, found: () => rows.get(sha256)?.check?.found, rows };
}

test('a good image is noted as good and looked at again a day later', async () => {
  const { checks, rows, sha256, later } = await given();
  await checks.walk();
  await checks.walk();
  expect(rows.get(sha256)?.check).toEqual({ at: 1_000_000 });
  expect(checks.counts).toEqual({ checked: 1, damaged: 0 });
  later(IMAGE_LIMITS.checkGoodEvery);
  await checks.walk();
  expect(checks.counts.checked).toBe(2);
});

test('a rotten image is set aside, also from those who are reading it, and an upload mends it', async () => {
  const { images, checks, folder, path, sha256, found, later } = await given();
  await using reader = await images.open(sha256);
  const rotten = Buffer.from(BYTES);
  rotten[150_000] = 0;
  await writeFile(path, rotten);
  await images.readBlock(sha256, 0, 100);
  await checks.walk();
  expect(found()).toMatch(/^its SHA-256 is [0-9a-f]{64}$/);
  expect(checks.counts.damaged).toBe(1);
  expect(await images.open(sha256)).toBeUndefined();
  expect(await readdir(join(folder, 'damaged'))).toEqual([sha256]);
  await expect(images.readBlock(sha256, 0, 100)).rejects.toThrow('is not in');
  await expect(reader?.read(0, 10)[Symbol.asyncIterator]().next()).rejects.toThrow('was found damaged');
  await images.receive(stream(BYTES));
  later(IMAGE_LIMITS.checkDamagedEvery);
  await checks.walk();
  expect([found(), checks.counts.damaged]).toEqual([undefined, 0]);
});

test('a shortened file is told by its size, a lost one as missing; both stay counted until they are looked at again', async () => {
  const { checks, path, found, later } = await given();
  await truncate(path, 10);
  await checks.walk();
  expect(found()).toBe('its file has 10 bytes instead of 200000');
  later(IMAGE_LIMITS.checkDamagedEvery);
  await checks.walk();
  expect(found()).toBe('its file is missing');
  await checks.walk();
  expect(checks.counts).toEqual({ checked: 2, damaged: 1 });
});

test('it reads no faster than it may', async () => {
  const { checks, waits } = await given(100_000);
  await checks.walk();
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(2_000);
});

test('a server that stops ends the look at once and notes nothing', async () => {
  const { checks, found, rows, sha256 } = await given(1);
  const walking = checks.walk();
  checks.stop();
  await walking;
  expect([found(), rows.get(sha256)?.check]).toEqual([undefined, undefined]);
});

// Takes an upload in: hashed while it streams, on disk for good before anybody is told, and nothing left if it breaks off.
import { access, type FileHandle, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ImageSums, Sums } from './sums.ts';

/** The facts of an image that was stored. */
export interface Received extends ImageSums {
  /** There was an image of this hash already. */
  readonly known: boolean;
}

/** `too-large`: it has more bytes than `limit`; nothing of it was kept. */
export type ReceiveResult =
  | ({ readonly ok: true } & Received)
  | { readonly ok: false; readonly reason: 'too-large'; readonly limit: number };

export interface Places {
  readonly incoming: string;
  readonly pathOf: (sha256: string) => string;
  readonly imageBytesMax: number;
}

/** Throws what the stream throws; the upload is then gone. */
export async function receive(stream: AsyncIterable<Uint8Array>, places: Places): Promise<ReceiveResult> {
  const folder = await mkdtemp(join(places.incoming, 'image-'));
  try {
    const file = join(folder, 'bytes');
    const written = await writeAll(stream, file, places.imageBytesMax);
    if (written === undefined) return { ok: false, reason: 'too-large', limit: places.imageBytesMax };
    const known = await keep(file, places.pathOf(written.sha256));
    return { ok: true, ...written, known };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeAll(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  bytesMax: number,
): Promise<ImageSums | undefined> {
  const sums = new Sums();
  await using file = await open(path, 'wx');
  for await (const chunk of stream) {
    if (sums.size + chunk.length > bytesMax) return undefined;
    sums.add(chunk);
    await writeWhole(file, chunk);
  }
  await file.sync();
  return sums.end();
}

/** write(2) may take less than it was given. */
export async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0;
  while (at < chunk.length) at += (await file.write(chunk, at)).bytesWritten;
}

/** Moves the file to its place; true when there was one. Its name is on disk when this resolves. */
export async function keep(file: string, target: string): Promise<boolean> {
  const folder = dirname(target);
  const made = await mkdir(folder, { recursive: true });
  const known = await exists(target);
  // Also when it was known: what was just hashed is good, the other one may have rotted. Who reads it goes on reading it.
  await rename(file, target);
  await syncFolder(folder);
  if (made !== undefined) await syncFolder(dirname(folder));
  return known;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Makes the names in a folder durable; Windows has no such call and does it by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

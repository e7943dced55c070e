// Takes an upload in: hashed while it streams, on disk for good before anybody is told, and nothing left if it breaks off.
import { createHash, type Hash } from 'node:crypto';
import { access, type FileHandle, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The facts of an image that was stored. */
export interface Received {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
  /** Its bytes were there already. */
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
): Promise<Omit<Received, 'known'> | undefined> {
  const hashes = { sha256: createHash('sha256'), sha1: createHash('sha1'), md5: createHash('md5') };
  await using file = await open(path, 'wx');
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > bytesMax) return undefined;
    for (const hash of Object.values(hashes)) hash.update(chunk);
    await writeWhole(file, chunk);
  }
  await file.sync();
  const hex = (hash: Hash): string => hash.digest('hex');
  return { sha256: hex(hashes.sha256), sha1: hex(hashes.sha1), md5: hex(hashes.md5), size };
}

/** write(2) may take less than it was given. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0;
  while (at < chunk.length) at += (await file.write(chunk, at)).bytesWritten;
}

/** Moves the file to its place; true when the image was there already. Its name is on disk when this resolves. */
async function keep(file: string, target: string): Promise<boolean> {
  const folder = dirname(target);
  const made = await mkdir(folder, { recursive: true });
  const known = await exists(target);
  if (!known) await rename(file, target);
  // Also when it was known: whoever moved it there may not have come as far as this.
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
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

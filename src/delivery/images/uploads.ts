// Uploads that can be resumed: each is a file that only grows, beside the facts that it must fulfil in the end.
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../contract/index.ts';
import type { ImageStore } from './images.ts';
import { syncFolder, writeWhole } from './receive.ts';
import { type ImageSums, Sums } from './sums.ts';

export interface NewUpload {
  readonly account: string;
  readonly size: number;
  readonly sha256: string;
}

export interface UploadState extends NewUpload {
  readonly id: string;
  /** Bytes on disk. */
  readonly offset: number;
  /** Milliseconds since 1970: dropped then, unless more bytes come. */
  readonly expiresAt: number;
}

export type AppendResult =
  | { readonly is: 'appended'; readonly state: UploadState }
  | { readonly is: 'unknown' }
  /** Other bytes are being appended. */
  | { readonly is: 'busy' }
  | { readonly is: 'wrong-offset'; readonly state: UploadState }
  | { readonly is: 'too-long'; readonly state: UploadState };

export type FinishResult =
  | { readonly is: 'finished'; readonly image: ImageSums }
  | { readonly is: 'unknown' }
  | { readonly is: 'busy' }
  | { readonly is: 'incomplete'; readonly state: UploadState }
  /** It was dropped. */
  | { readonly is: 'wrong-hash'; readonly state: UploadState; readonly found: string };

const FACTS = 'facts.json';
const BYTES = 'bytes';

/** The id says what is uploaded to which account, so that whoever begins the same upload again finds it. */
export const uploadIdOf = ({ account, size, sha256 }: NewUpload): string =>
  createHash('sha256').update(`${account} ${size} ${sha256}`).digest('hex').slice(0, 32);

const folderOf = (account: string): string => createHash('sha256').update(account).digest('hex').slice(0, 32);

export class Uploads {
  readonly #folder: string;
  readonly #images: Pick<ImageStore, 'adopt'>;
  readonly #busy = new Set<string>();
  /** Hashes of what this process has appended from the first byte on; else the bytes are read once more at the end. */
  readonly #sums = new Map<string, Sums>();

  constructor(folder: string, images: Pick<ImageStore, 'adopt'>) {
    this.#folder = folder;
    this.#images = images;
  }

  /** Undefined when the account has as many as it may have. */
  async begin(upload: NewUpload): Promise<UploadState | undefined> {
    const id = uploadIdOf(upload);
    const known = await this.state(upload.account, id);
    if (known !== undefined) return known;
    const parent = join(this.#folder, folderOf(upload.account));
    const made = await mkdir(parent, { recursive: true });
    if ((await readdir(parent)).length >= LIMITS.uploadsPerAccountMax) return undefined;
    const folder = join(parent, id);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, BYTES), '', { flag: 'a' });
    const { account, size, sha256 } = upload;
    await writeFile(join(folder, `${FACTS}.new`), JSON.stringify({ account, size, sha256 }), { flush: true });
    await rename(join(folder, `${FACTS}.new`), join(folder, FACTS));
    await syncFolder(folder);
    await syncFolder(parent);
    if (made !== undefined) await syncFolder(this.#folder);
    return this.state(upload.account, id);
  }

  async state(account: string, id: string): Promise<UploadState | undefined> {
    const folder = this.#place(account, id);
    if (folder === undefined) return undefined;
    try {
      const facts = JSON.parse(await readFile(join(folder, FACTS), 'utf8')) as NewUpload;
      const { size: offset, mtimeMs } = await stat(join(folder, BYTES));
      return { ...facts, id, offset, expiresAt: mtimeMs + LIMITS.uploadIdleSecondsMax * 1_000 };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** What came before the stream broke off is kept; then this throws what the stream threw. */
  append(account: string, id: string, offset: number, stream: AsyncIterable<Uint8Array>): Promise<AppendResult> {
    return this.#alone(account, id, async (state, folder): Promise<AppendResult> => {
      if (offset !== state.offset) return { is: 'wrong-offset', state };
      const sums = this.#sumsAt(id, offset);
      await using file = await open(join(folder, BYTES), 'a');
      const fits = await this.#write(file, stream, { room: state.size - offset, sums });
      if (!fits) {
        this.#sums.delete(id);
        await file.truncate(offset);
      }
      await file.sync();
      const now = (await this.state(account, id)) ?? state;
      return fits ? { is: 'appended', state: now } : { is: 'too-long', state: now };
    });
  }

  /** Hashes the whole and makes it an image. */
  finish(account: string, id: string): Promise<FinishResult> {
    return this.#alone(account, id, async (state, folder): Promise<FinishResult> => {
      if (state.offset !== state.size) return { is: 'incomplete', state };
      const path = join(folder, BYTES);
      const kept = this.#sums.get(id);
      this.#sums.delete(id);
      const image = (kept?.size === state.size ? kept : await sumsOf(path)).end();
      const isRight = image.sha256 === state.sha256;
      if (isRight) await this.#images.adopt(path, image.sha256);
      await rm(folder, { recursive: true, force: true });
      return isRight ? { is: 'finished', image } : { is: 'wrong-hash', state, found: image.sha256 };
    });
  }

  /** False when there is none. */
  async drop(account: string, id: string): Promise<boolean> {
    const state = await this.state(account, id);
    const folder = this.#place(account, id);
    if (state === undefined || folder === undefined) return false;
    this.#sums.delete(id);
    await rm(folder, { recursive: true, force: true });
    return true;
  }

  /** Those to which nothing was added for too long. */
  async dropIdle(now: number): Promise<void> {
    for (const account of await namesIn(this.#folder)) {
      for (const id of await namesIn(join(this.#folder, account))) {
        const folder = join(this.#folder, account, id);
        const { mtimeMs } = await stat(join(folder, BYTES)).catch(() => stat(folder));
        if (this.#busy.has(id) || now < mtimeMs + LIMITS.uploadIdleSecondsMax * 1_000) continue;
        this.#sums.delete(id);
        await rm(folder, { recursive: true, force: true });
      }
    }
  }

  async #alone<Result extends { readonly is: string }>(
    account: string,
    id: string,
    run: (state: UploadState, folder: string) => Promise<Result>,
  ): Promise<Result | { readonly is: 'unknown' } | { readonly is: 'busy' }> {
    if (this.#busy.has(id)) return { is: 'busy' };
    this.#busy.add(id);
    try {
      const state = await this.state(account, id);
      const folder = this.#place(account, id);
      return state === undefined || folder === undefined ? { is: 'unknown' } : await run(state, folder);
    } finally {
      this.#busy.delete(id);
    }
  }

  /** False when there are more bytes than room. */
  async #write(
    file: FileHandle,
    stream: AsyncIterable<Uint8Array>,
    { room, sums }: { readonly room: number; readonly sums: Sums | undefined },
  ): Promise<boolean> {
    let left = room;
    for await (const chunk of stream) {
      left -= chunk.length;
      if (left < 0) return false;
      await writeWhole(file, chunk);
      sums?.add(chunk);
    }
    return true;
  }

  /** A stream that broke off in the middle of a chunk leaves hashes that are shorter than the file: they are of no use. */
  #sumsAt(id: string, offset: number): Sums | undefined {
    const known = offset === 0 ? new Sums() : this.#sums.get(id);
    this.#sums.delete(id);
    if (known === undefined || known.size !== offset) return undefined;
    this.#sums.set(id, known);
    return known;
  }

  #place(account: string, id: string): string | undefined {
    return /^[0-9a-f]{32}$/.test(id) ? join(this.#folder, folderOf(account), id) : undefined;
  }
}

async function sumsOf(path: string): Promise<Sums> {
  const sums = new Sums();
  await using file = await open(path, 'r');
  for await (const chunk of file.createReadStream({ autoClose: false })) sums.add(chunk);
  return sums;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

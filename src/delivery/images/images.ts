// The image store: each image is one file named by its SHA-256, written once and never changed.
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../contract/index.ts';
import type { ImageSource, OpenImage } from '../ports.ts';
import { type BlockSizes, Blocks } from './blocks.ts';
import { IMAGE_LIMITS } from './limits.ts';
import { type ReceiveResult, receive } from './receive.ts';

export interface ImageOptions {
  readonly folder: string;
  /** Uploads in progress: on the same file system, one folder for each process; emptied at start. */
  readonly incoming?: string;
  readonly imageBytesMax?: number;
  readonly blocks?: BlockSizes;
}

/** Opens the store and clears what a crash has left of unfinished uploads. */
export async function openImages(options: ImageOptions): Promise<ImageStore> {
  const incoming = options.incoming ?? join(options.folder, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  return new ImageStore({ imageBytesMax: LIMITS.imageBytesMax, ...options, incoming });
}

export class ImageStore implements ImageSource {
  readonly #options: ImageOptions & { readonly incoming: string; readonly imageBytesMax: number };
  readonly #blocks: Blocks;

  constructor(options: ImageOptions & { readonly incoming: string; readonly imageBytesMax: number }) {
    this.#options = options;
    this.#blocks = new Blocks((sha256, offset, length) => this.#piece(sha256, offset, length), options.blocks);
  }

  /** Stores the bytes of a stream; when this resolves they survive a power failure. */
  receive(stream: AsyncIterable<Uint8Array>): Promise<ReceiveResult> {
    const { incoming, imageBytesMax } = this.#options;
    return receive(stream, { incoming, imageBytesMax, pathOf: (sha256) => this.#pathOf(sha256) });
  }

  async open(sha256: string): Promise<OpenImage | undefined> {
    const file = await this.#file(sha256);
    if (file === undefined) return undefined;
    const { size } = await file.stat();
    return {
      size,
      read: (offset, length) => chunks(file, offset, length),
      [Symbol.asyncDispose]: () => file.close(),
    };
  }

  async *read(sha256: string, offset: number, length: number): AsyncIterable<Uint8Array> {
    await using file = await this.#known(sha256);
    yield* chunks(file, offset, length);
  }

  readBlock(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#blocks.read(sha256, offset, length);
  }

  async #piece(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    await using file = await this.#known(sha256);
    const bytes = new Uint8Array(length);
    const read = await fill(file, bytes, offset);
    return read === length ? bytes : bytes.slice(0, read);
  }

  async #known(sha256: string): Promise<FileHandle> {
    const file = await this.#file(sha256);
    if (file === undefined) throw new Error(`the image ${sha256} is not in ${this.#options.folder}`);
    return file;
  }

  async #file(sha256: string): Promise<FileHandle | undefined> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
    try {
      return await open(this.#pathOf(sha256), 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Two letters of the hash as folder: thousands of files in one folder are slow to list. */
  #pathOf(sha256: string): string {
    return join(this.#options.folder, sha256.slice(0, 2), sha256);
  }
}

async function* chunks(file: FileHandle, offset: number, length: number): AsyncIterable<Uint8Array> {
  let left = length;
  let at = offset;
  while (left > 0) {
    // Not cleared first: only what was read into it leaves this function.
    const bytes = Buffer.allocUnsafeSlow(Math.min(left, IMAGE_LIMITS.readChunkBytesMax));
    const read = await fill(file, bytes, at);
    if (read < bytes.length) throw new Error(`an image ends at byte ${at + read}, ${left - read} more were asked for`);
    yield bytes;
    at += read;
    left -= read;
  }
}

/** Fills `bytes` from the file; less only at its end. */
async function fill(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) return done;
    done += bytesRead;
  }
  return done;
}

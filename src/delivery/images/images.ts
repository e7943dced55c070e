// The image store: each image is one file named by its SHA-256, written once and never changed.
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../contract/index.ts';
import type { ImageSource, OpenImage } from '../ports.ts';
import { type BlockSizes, Blocks } from './blocks.ts';
import { chunksOf, fill, Pairs } from './read.ts';
import { keep, type ReceiveResult, receive } from './receive.ts';

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
  readonly #pairs = new Pairs();
  /** How often each was set aside: who opened it before reads no further. */
  readonly #setAside = new Map<string, number>();

  constructor(options: ImageOptions & { readonly incoming: string; readonly imageBytesMax: number }) {
    this.#options = options;
    this.#blocks = new Blocks((sha256, offset, length) => this.#piece(sha256, offset, length), options.blocks);
  }

  /** Stores the bytes of a stream; when this resolves they survive a power failure. */
  receive(stream: AsyncIterable<Uint8Array>): Promise<ReceiveResult> {
    const { incoming, imageBytesMax } = this.#options;
    return receive(stream, { incoming, imageBytesMax, pathOf: (sha256) => this.#pathOf(sha256) });
  }

  /** Makes a file that was hashed already, on the same file system, the image of that hash. */
  async adopt(file: string, sha256: string): Promise<void> {
    await keep(file, this.#pathOf(sha256));
  }

  /** Moves the file of a damaged image away, for somebody to look at; it is not served any more. */
  async setAside(sha256: string): Promise<void> {
    this.#setAside.set(sha256, (this.#setAside.get(sha256) ?? 0) + 1);
    this.#blocks.forget(sha256);
    const folder = join(this.#options.folder, 'damaged');
    await mkdir(folder, { recursive: true });
    try {
      await rename(this.#pathOf(sha256), join(folder, sha256));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  async open(sha256: string): Promise<OpenImage | undefined> {
    const file = await this.#file(sha256);
    if (file === undefined) return undefined;
    const { size } = await file.stat();
    const refuse = this.#refuse(sha256);
    return {
      size,
      read: (offset, length) => chunksOf(file, { offset, length, refuse }, this.#pairs),
      [Symbol.asyncDispose]: () => file.close(),
    };
  }

  async *read(sha256: string, offset: number, length: number): AsyncIterable<Uint8Array> {
    await using file = await this.#known(sha256);
    yield* chunksOf(file, { offset, length, refuse: this.#refuse(sha256) });
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

  /** For one reader: throws once the image was set aside. */
  #refuse(sha256: string): () => void {
    const before = this.#setAside.get(sha256);
    return () => {
      if (this.#setAside.get(sha256) !== before) throw new Error(`the image ${sha256} was found damaged`);
    };
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
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Two letters of the hash as folder: thousands of files in one folder are slow to list. */
  #pathOf(sha256: string): string {
    return join(this.#options.folder, sha256.slice(0, 2), sha256);
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

// Looks, slowly and for ever, whether what lies on disk still is what was uploaded; what is not is set aside.
import { createHash } from 'node:crypto';
import type { Instant } from '../../campaigns/index.ts';
import type { Timers } from '../ports.ts';
import type { ImageStore } from './images.ts';
import { IMAGE_LIMITS } from './limits.ts';

const MISSING = 'its file is missing';

interface Look {
  readonly at: Instant;
  /** What is wrong; absent: nothing. */
  readonly found?: string;
}

interface CheckedImage {
  readonly sha256: string;
  readonly size: number;
  readonly check?: Look;
}

/** The rows of the images, where what was found is kept. */
export interface CheckedImages {
  images(page: { readonly after?: string; readonly max: number }): Promise<readonly CheckedImage[]>;
  noteImageCheck(sha256: string, look: Look): Promise<void>;
}

export interface ImageCheckParts {
  readonly store: CheckedImages;
  readonly images: Pick<ImageStore, 'open' | 'setAside'>;
  readonly clock: { now(): Instant };
  readonly timers: Timers;
  readonly log: { event(name: string, facts: Readonly<Record<string, unknown>>): void };
  readonly bytesPerSecondMax?: number;
}

export class ImageChecks {
  readonly #parts: ImageCheckParts;
  #stopped = false;
  #wake = (): void => {};
  #checked = 0;
  #damaged = 0;

  constructor(parts: ImageCheckParts) {
    this.#parts = parts;
  }

  /** Looks since the start, and the images that the last walk left damaged or missing. */
  get counts(): { readonly checked: number; readonly damaged: number } {
    return { checked: this.#checked, damaged: this.#damaged };
  }

  /** One walk over all images; those whose time has come are read. */
  async walk(): Promise<void> {
    const { store } = this.#parts;
    let after: string | undefined;
    let damaged = 0;
    for (;;) {
      const page = await store.images({ max: IMAGE_LIMITS.checkPageMax, ...(after === undefined ? {} : { after }) });
      for (const image of page) {
        if (this.#stopped) return;
        const isDamaged = this.#isDue(image) ? await this.#check(image) : image.check?.found !== undefined;
        if (isDamaged) damaged += 1;
      }
      after = page.at(-1)?.sha256;
      if (page.length < IMAGE_LIMITS.checkPageMax) break;
    }
    this.#damaged = damaged;
  }

  /** A walk that is under way ends at its next chunk. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  #isDue({ check }: CheckedImage): boolean {
    if (check === undefined) return true;
    const every = check.found === undefined ? IMAGE_LIMITS.checkGoodEvery : IMAGE_LIMITS.checkDamagedEvery;
    return this.#parts.clock.now() - check.at >= every;
  }

  /** Whether it is damaged. */
  async #check({ sha256, size, check }: CheckedImage): Promise<boolean> {
    const { store, images, clock, log } = this.#parts;
    const found = await this.#look(sha256, size);
    if (this.#stopped) return false;
    this.#checked += 1;
    await store.noteImageCheck(sha256, { at: clock.now(), ...(found === undefined ? {} : { found }) });
    if (found === undefined) return false;
    if (found !== MISSING) await images.setAside(sha256);
    if (check?.found !== found) log.event('image-damaged', { sha256, found });
    return true;
  }

  async #look(sha256: string, size: number): Promise<string | undefined> {
    const image = await this.#parts.images.open(sha256);
    if (image === undefined) return MISSING;
    await using held = image;
    if (held.size !== size) return `its file has ${held.size} bytes instead of ${size}`;
    const hash = createHash('sha256');
    const begun = this.#parts.clock.now();
    let read = 0;
    try {
      for await (const chunk of held.read(0, size)) {
        hash.update(chunk);
        read += chunk.length;
        await this.#pace(begun, read);
        if (this.#stopped) return undefined;
      }
    } catch (error) {
      return `its file cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
    const digest = hash.digest('hex');
    return digest === sha256 ? undefined : `its SHA-256 is ${digest}`;
  }

  /** Waits until as much time has gone by as these bytes may take. */
  async #pace(begun: Instant, read: number): Promise<void> {
    const { clock, timers, bytesPerSecondMax = IMAGE_LIMITS.checkBytesPerSecondMax } = this.#parts;
    const wait = begun + (read * 1_000) / bytesPerSecondMax - clock.now();
    if (wait <= 0 || this.#stopped) return;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(Math.ceil(wait), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

// A clock and an image source that a test moves by hand.
import { createHash } from 'node:crypto';
import { type Instant, instant } from '../../src/campaigns/index.ts';
import type { ImageSource, OpenImage } from '../../src/delivery/ports.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Thursday. */
export const TEN = instant(Date.parse('2026-01-15T10:00:00Z'));

export const hex = (kind: string, bytes: Uint8Array): string => createHash(kind).update(bytes).digest('hex');

export class HandClock {
  #now: Instant = TEN;
  #waiting: { readonly at: number; readonly then: () => void }[] = [];

  now(): Instant {
    return this.#now;
  }

  /** Time passes, and whoever waits for it is woken. */
  pass(milliseconds: number): void {
    this.set(this.#now + milliseconds);
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { then } of due) then();
  }

  /** Time has passed and nobody was woken yet. */
  set(to: number): void {
    this.#now = instant(to);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  after(wait: number, then: () => void): () => void {
    const one = { at: this.#now + wait, then };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }
}

/** Images in memory; `gate` is waited for before each chunk. */
export class HandImages implements ImageSource {
  gate: (place: number) => Promise<void> = async () => {};
  /** Images that are open and not yet closed. */
  held = 0;
  readonly #images = new Map<string, Uint8Array>();

  add(bytes: Uint8Array): { readonly sha256: string; readonly size: number } {
    const sha256 = hex('sha256', bytes);
    this.#images.set(sha256, bytes);
    return { sha256, size: bytes.length };
  }

  async open(sha256: string): Promise<OpenImage | undefined> {
    const bytes = this.#images.get(sha256);
    if (bytes === undefined) return undefined;
    this.held += 1;
    return {
      size: bytes.length,
      read: (offset, length) => this.#chunks(bytes.subarray(offset, offset + length)),
      [Symbol.asyncDispose]: async () => {
        this.held -= 1;
      },
    };
  }

  async *read(sha256: string, offset: number, length: number): AsyncIterable<Uint8Array> {
    yield* this.#chunks((this.#images.get(sha256) ?? new Uint8Array(0)).subarray(offset, offset + length));
  }

  async readBlock(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    return (this.#images.get(sha256) ?? new Uint8Array(0)).subarray(offset, offset + length);
  }

  async *#chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 65_536) {
      await this.gate(at / 65_536);
      yield bytes.subarray(at, at + 65_536);
    }
  }
}

export const someBytes = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 9)) & 255);

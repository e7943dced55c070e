// Remembers messages that must be acted on only once, and what they were answered (RFC 7252 §4.5).

import { LIMITS } from './limits.ts';
import type { Instant, Peer } from './ports.ts';

export interface Remembered {
  readonly key: string;
  readonly fingerprint: number;
  readonly expiresAt: Instant;
  /** The datagram to send again; absent while the answer is being worked out. */
  answer: Uint8Array | undefined;
}

/**
 * A repeat is the same datagram, byte for byte. A device that has just restarted counts its message ids from the
 * beginning, and its new request must not be taken for the one that had this id before.
 */
export function fingerprintOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5 ^ bytes.length;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

export class Duplicates {
  readonly #lifetimeMs: number;
  /** Oldest first: every entry lives equally long, so the order of insertion is the order of expiry. */
  readonly #entries = new Map<string, Remembered>();
  #bytes = 0;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get wakeAt(): Instant | undefined {
    return this.#oldest()?.expiresAt;
  }

  find(peer: Peer, id: number, fingerprint: number): Remembered | undefined {
    const entry = this.#entries.get(`${peer} ${id}`);
    return entry?.fingerprint === fingerprint ? entry : undefined;
  }

  remember(peer: Peer, id: number, fingerprint: number, now: Instant): Remembered {
    const key = `${peer} ${id}`;
    const before = this.#entries.get(key);
    if (before !== undefined) this.#drop(before);
    const entry: Remembered = { key, fingerprint, expiresAt: now + this.#lifetimeMs, answer: undefined };
    this.#entries.set(key, entry);
    this.#shrink();
    return entry;
  }

  answer(entry: Remembered, bytes: Uint8Array): void {
    if (this.#entries.get(entry.key) !== entry) return;
    this.#bytes += bytes.length - (entry.answer?.length ?? 0);
    entry.answer = bytes;
    this.#shrink();
  }

  expire(now: Instant): void {
    for (let entry = this.#oldest(); entry !== undefined && entry.expiresAt <= now; entry = this.#oldest()) {
      this.#drop(entry);
    }
  }

  #oldest(): Remembered | undefined {
    return this.#entries.size === 0 ? undefined : this.#entries.values().next().value;
  }

  #drop(entry: Remembered): void {
    this.#entries.delete(entry.key);
    this.#bytes -= entry.answer?.length ?? 0;
  }

  #shrink(): void {
    while (this.#entries.size > LIMITS.duplicatesMax || this.#bytes > LIMITS.duplicatesBytesMax) {
      const oldest = this.#oldest();
      if (oldest === undefined) return;
      this.#drop(oldest);
    }
  }
}

// What the kinds of delivery share and are handed: the bytes of images, a clock that wakes, who notes contacts. Types only.
import type { CampaignKey, DeviceKey, Instant } from '../campaigns/index.ts';

/** An image that was found; nothing of it can change any more. */
export interface OpenImage extends AsyncDisposable {
  readonly size: number;
  /**
   * Bytes from `offset` on, `length` of them, in chunks of at most 64 KiB, each good until the next one is asked for. Ends
   * early only by throwing.
   */
  read(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/** Images by the SHA-256 of their bytes, in lower-case hex. */
export interface ImageSource {
  /** Undefined where there is no such image. */
  open(sha256: string): Promise<OpenImage | undefined>;
  /** The same as opening, reading and closing; throws where there is no such image. */
  read(sha256: string, offset: number, length: number): AsyncIterable<Uint8Array>;
  /** A small piece, kept near at hand for the next one; shorter only at the image's end. Not to be written to. */
  readBlock(sha256: string, offset: number, length: number): Promise<Uint8Array>;
}

export interface Timers {
  /** Calls `then` once, `wait` milliseconds from now; what it returns takes that back. */
  after(wait: number, then: () => void): () => void;
}

/** Who was seen and when; written in batches by its owner, never once per poll (engine.md §10). */
export interface Contacts {
  seen(key: DeviceKey, at: Instant): void;
  /** Somebody called himself this known device and could not prove it; kept in memory only. */
  refused?(key: DeviceKey, at: Instant, why: string): void;
}

/** Leave to hand on some bytes, in the order of asking. */
export interface PaceClaim {
  /** Milliseconds to wait before; 0: at once. */
  readonly wait: number;
  /** The bytes were not sent after all. */
  readonly giveBack: () => void;
}

/** Caps on downloads: how fast the devices of a campaign, and of an account, get their bytes together. */
export interface DownloadPace {
  /** Reads the caps again; before a transfer and whenever its permit is renewed. */
  refresh(key: CampaignKey): Promise<void>;
  claim(key: CampaignKey, bytes: number): PaceClaim;
}

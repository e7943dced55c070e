// What the API is handed: the engine, the store, a place for images, time, secrets and names. Types only.
import type { Listener } from '../accounts/index.ts';
import type { StoreOfAccounts } from '../accounts/ports.ts';
import type { CampaignId } from '../campaigns/index.ts';
import type { Limits } from '../contract/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Clock, EngineStore } from '../engine/ports.ts';

/** What is known of an image once its last byte is on disk. */
export interface ReceivedImage {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
}

/** Keeps the bytes of an image, addressed by their SHA-256; resolves when they would survive a power failure. */
export interface ImageIntake {
  receive(stream: AsyncIterable<Uint8Array>): Promise<ReceivedImage>;
}

export interface Passwords {
  /** A text that tells how it was made and can be verified, never the password. */
  hashPassword(plain: string): Promise<string>;
  verifyPassword(plain: string, hash: string): Promise<boolean>;
}

export interface Secrets extends Passwords {
  /** At least 128 random bits in base64url. */
  token(): string;
  uuid(): string;
}

/** How a test event fared. */
export type ListenerTested =
  | { readonly ok: true; readonly status: number; readonly took: number }
  | { readonly ok: false; readonly status?: number; readonly error: string; readonly took: number };

/** What is asked about listeners beside the store. */
export interface CallbackDesk {
  /** What is wrong with an address that is to be registered, as a sentence. */
  refuseUrl(url: string, allowed: readonly string[]): string | undefined;
  /** Sends a test event, at once and once. */
  test(listener: Listener, allowed: readonly string[]): Promise<ListenerTested>;
  /** The id that an event has in its deliveries. */
  eventId(event: { readonly campaign: CampaignId; readonly number: number }): string;
}

/** Where an error that the caller is told only the number of can be found. */
export interface ApiLog {
  error(number: string, error: unknown): void;
}

export interface ApiParts {
  readonly engine: Engine;
  /** With the device lists that admission has yet to look at: they are reported too. */
  readonly store: StoreOfAccounts & Pick<EngineStore, 'loadIntakeAll'>;
  readonly images: ImageIntake;
  readonly callbacks: CallbackDesk;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** From which access tokens are derived. */
  readonly serverSecret: Uint8Array;
  readonly operatorKey: string;
  /** Base of every address that is handed out, without a slash at its end (engine.md §11). */
  readonly publicHttpUrl: string;
  readonly version: string;
  readonly log: ApiLog;
  /** Of this server, rate limits included. */
  readonly limits: Limits;
}

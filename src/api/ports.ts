// What the API is handed: the engine, the store, a place for images, time, secrets and names. Types only.
import type { EventListener, Listener, OperatorEvent } from '../accounts/index.ts';
import type { StoreOfAccounts } from '../accounts/ports.ts';
import type { CampaignId, DeviceKey, Instant } from '../campaigns/index.ts';
import type { Limits, OperatorEventView } from '../contract/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Clock, EngineStore } from '../engine/ports.ts';
import type { LiveChanges } from './live-changes.ts';

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

/** How far an upload has come; kept on disk, so that it outlives both ends. */
export interface UploadState {
  readonly id: string;
  readonly account: string;
  readonly size: number;
  readonly sha256: string;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

type NewUpload = Pick<UploadState, 'account' | 'size' | 'sha256'>;
type NotNow = { readonly is: 'unknown' } | { readonly is: 'busy' };

/** Keeps uploads that come in pieces. */
export interface UploadIntake {
  idOf(upload: NewUpload): string;
  /** The unfinished one of the same image, or a new one; undefined when the account has as many as it may have. */
  begin(upload: NewUpload): Promise<UploadState | undefined>;
  state(account: string, id: string): Promise<UploadState | undefined>;
  /** What came before the stream broke off is kept; then it throws what the stream threw. */
  append(
    account: string,
    id: string,
    offset: number,
    stream: AsyncIterable<Uint8Array>,
  ): Promise<NotNow | { readonly is: 'appended' | 'wrong-offset' | 'too-long'; readonly state: UploadState }>;
  /** Hashes the whole and keeps it as an image; with a wrong hash it is dropped. */
  finish(
    account: string,
    id: string,
  ): Promise<
    | NotNow
    | { readonly is: 'finished'; readonly image: ReceivedImage }
    | { readonly is: 'incomplete'; readonly state: UploadState }
    | { readonly is: 'wrong-hash'; readonly state: UploadState; readonly found: string }
  >;
  /** False when there is none. */
  drop(account: string, id: string): Promise<boolean>;
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
  /** The same for the operator's own listener. */
  testEvents(listener: EventListener): Promise<ListenerTested>;
  renderOperatorEvent(event: OperatorEvent): OperatorEventView;
}

/** Where an error that the caller is told only the number of can be found. */
export interface ApiLog {
  error(number: string, error: unknown): void;
}

export interface ApiParts {
  readonly engine: Engine;
  /** With the device lists that admission has yet to look at: they are reported too; and with what decisions are made from. */
  readonly store: StoreOfAccounts &
    Pick<EngineStore, 'loadIntakeAll' | 'loadUpdates' | 'loadSteward' | 'loadLicensing'>;
  /** Lets everything else have its turn, in the middle of long work. */
  readonly pause: () => Promise<void>;
  readonly images: ImageIntake;
  readonly uploads: UploadIntake;
  readonly callbacks: CallbackDesk;
  /** The last contact of a device that was refused here. Absent: nobody remembers. */
  readonly refusalOf?: (key: DeviceKey) => { readonly at: Instant; readonly why: string } | undefined;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** From which access tokens are derived. */
  readonly serverSecret: Uint8Array;
  readonly operatorKey: string;
  /** Base of every address that is handed out, without a slash at its end (engine.md §11). */
  readonly publicHttpUrl: string;
  readonly version: string;
  readonly log: ApiLog;
  /** Who is told of changes as they come; absent: nobody can ask for that. */
  readonly live?: LiveChanges;
  /** Of this server, rate limits included. */
  readonly limits: Limits;
}

// What an LwM2M device hears and does, in words instead of bytes (OMA LwM2M 1.0 and 1.1, object 5).

export const FIRMWARE_STATE = { IDLE: 0, DOWNLOADING: 1, DOWNLOADED: 2, UPDATING: 3 } as const;
export type FirmwareState = (typeof FIRMWARE_STATE)[keyof typeof FIRMWARE_STATE];

export const FIRMWARE_RESULT = {
  INITIAL: 0,
  SUCCESS: 1,
  NO_STORAGE: 2,
  CONNECTION_LOST: 4,
  INTEGRITY: 5,
  INVALID_URI: 7,
  UPDATE_FAILED: 8,
  UNSUPPORTED_PROTOCOL: 9,
  CANCELLED: 10,
} as const;
export type FirmwareResult = (typeof FIRMWARE_RESULT)[keyof typeof FIRMWARE_RESULT];

export type ServerRequest =
  | { readonly op: 'read'; readonly path: string }
  | { readonly op: 'observe' | 'stop-observing'; readonly path: string }
  /** Package URI, /5/0/1. */
  | { readonly op: 'write-uri'; readonly uri: string }
  /** A block of Package, /5/0/0. */
  | { readonly op: 'write-package'; readonly offset: number; readonly bytes: Uint8Array; readonly last: boolean }
  /** One NUL byte to /5/0/0, or an empty text to /5/0/1. */
  | { readonly op: 'reset'; readonly by: 'nul' | 'empty-uri' }
  /** `/5/0/2` installs, `/5/0/10` cancels. */
  | { readonly op: 'execute'; readonly path: string };

export type Lwm2mInput =
  /** Power comes, or comes back. */
  | { readonly type: 'boot' }
  /** The time of `wakeAt` has come. */
  | { readonly type: 'wake' }
  /** The server asks; `id` comes back with the answer. */
  | { readonly type: 'request'; readonly id: number; readonly request: ServerRequest }
  | { readonly type: 'registered' }
  | { readonly type: 'register-failed' }
  /** The server does not know the registration (4.04), or nobody answered. */
  | { readonly type: 'update-failed' }
  | { readonly type: 'updated' }
  /** Bytes of the fetch with this number. */
  | {
      readonly type: 'bytes';
      readonly fetch: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly last: boolean;
    }
  /** 5.03 with Max-Age, or without. */
  | { readonly type: 'fetch-refused'; readonly fetch: number; readonly retryAfterMs: number | undefined }
  | { readonly type: 'fetch-failed'; readonly fetch: number; readonly why: FetchFailure };

/** `lost`: nobody answers. `gone`: 4.xx. `changed`: another image than before (ETag). `address`: no such host or scheme. */
export type FetchFailure = 'lost' | 'gone' | 'changed' | 'address';

export interface Registering {
  readonly endpoint: string;
  readonly lifetimeSeconds: number;
  readonly version: '1.0' | '1.1';
  readonly queueMode: boolean;
  readonly objects: readonly string[];
}

export type AnswerCode = '2.04' | '2.05' | '2.31' | '4.04' | '4.05' | '4.08' | '5.00';

/** The value of a resource: text, a whole number, or a list of them (several instances of one resource). */
export type ResourceValue = string | number | readonly number[];

/** What a read answers: one resource, or all of an instance by their ids. */
export type Content =
  | { readonly of: 'resource'; readonly id: number; readonly value: ResourceValue }
  | { readonly of: 'instance'; readonly resources: Readonly<Record<number, ResourceValue>> };

export type Lwm2mAction =
  /** `newPort`: from another source port than before. */
  | { readonly type: 'register'; readonly newPort: boolean; readonly registering: Registering }
  | { readonly type: 'update' }
  | { readonly type: 'respond'; readonly id: number; readonly code: AnswerCode; readonly content?: Content }
  | { readonly type: 'notify'; readonly path: string; readonly content: Content }
  | { readonly type: 'fetch'; readonly fetch: number; readonly uri: string; readonly offset: number }
  | { readonly type: 'stop-fetch'; readonly fetch: number };

// The part of the operator client that concerns images: signing keys, resumable uploads, caps on downloads.

import type { Wait } from './clock.ts';
import { CampanileError } from './error.ts';
import type { CallOptions, Given } from './http.ts';
import {
  type Call,
  type Caller,
  campaignPath,
  eachItem,
  getPage,
  jsonBody,
  type OperatorOrder,
  type PageOptions,
  within,
} from './operator-call.ts';
import type {
  BandwidthView,
  ImageKeyPage,
  ImageKeyView,
  NewImageKey,
  NewUpload,
  PackagePart,
  PackageView,
  UploadView,
} from './wire.gen.ts';

export class OperatorImageKeys {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  async add(accountName: string, key: Given<NewImageKey>, options: OperatorOrder = {}): Promise<ImageKeyView> {
    const call: Call = { method: 'POST', path: within(accountName, '/image-keys'), ...jsonBody(key), ...options };
    return (await this.#call(call)) as ImageKeyView;
  }

  async list(accountName: string, options: PageOptions = {}): Promise<ImageKeyPage> {
    return (await this.#call(getPage(within(accountName, '/image-keys'), options))) as ImageKeyPage;
  }

  each(accountName: string, options: PageOptions = {}): AsyncGenerator<ImageKeyView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  /** What only this key has signed counts as unsigned from now on. */
  async delete(accountName: string, keyId: string, options: CallOptions = {}): Promise<void> {
    const path = within(accountName, `/image-keys/${encodeURIComponent(keyId)}`);
    await this.#call({ method: 'DELETE', path, ...options });
  }
}

export interface ResumableUpload {
  readonly sha256: string;
  /** A `File`, or what `openAsBlob` of Node answers: read as it is sent, never held in memory. */
  readonly image: Blob;
}

export interface ResumableOptions extends CallOptions {
  /** How often a cut is mended before the upload gives up; bytes that got through begin the count anew. Default 8. */
  readonly resumesMax?: number;
  /** One request carries at most this much. Default 64 MiB; smaller pieces tell more often how far it is. */
  readonly pieceBytes?: number;
  /** Told after each piece. */
  readonly progress?: (state: UploadView) => void;
}

/** Small enough that a server or proxy with a time limit for requests is no hindrance. */
const PIECE_BYTES = 64 * 1024 * 1024;
const RESUMES_MAX = 8;
const RESUME_WAIT_MS = 500;
const RESUME_WAIT_MS_MAX = 30_000;

export class OperatorUploads {
  readonly #call: Caller;
  readonly #wait: Wait;

  constructor(call: Caller, wait: Wait) {
    this.#call = call;
    this.#wait = wait;
  }

  /** Begins an upload, or finds the unfinished one of the same image. */
  async create(accountName: string, upload: Given<NewUpload>, options: OperatorOrder = {}): Promise<UploadView> {
    const call: Call = { method: 'POST', path: within(accountName, '/uploads'), ...jsonBody(upload), ...options };
    return (await this.#call(call)) as UploadView;
  }

  async get(accountName: string, uploadId: string, options: CallOptions = {}): Promise<UploadView> {
    return (await this.#call({ method: 'GET', path: uploadPath(accountName, uploadId), ...options })) as UploadView;
  }

  /** Appends bytes, which begin at `offset` of the image. */
  async append(
    accountName: string,
    uploadId: string,
    offset: number,
    bytes: Blob,
    options: CallOptions = {},
  ): Promise<UploadView> {
    const path = `${uploadPath(accountName, uploadId)}?offset=${offset}`;
    const headers = { 'content-type': 'application/octet-stream' };
    return (await this.#call({ method: 'PATCH', path, headers, body: bytes, ...options })) as UploadView;
  }

  /** Makes a package of a whole upload. */
  async finish(
    accountName: string,
    uploadId: string,
    part: Given<PackagePart>,
    options: OperatorOrder = {},
  ): Promise<PackageView> {
    const path = `${uploadPath(accountName, uploadId)}/package`;
    return (await this.#call({ method: 'POST', path, ...jsonBody(part), ...options })) as PackageView;
  }

  async delete(accountName: string, uploadId: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: uploadPath(accountName, uploadId), ...options });
  }

  /** The whole way: begins or finds the upload, sends what is missing piece by piece, goes on after cuts, makes the package. */
  async package(
    accountName: string,
    part: Given<PackagePart>,
    { sha256, image }: ResumableUpload,
    { resumesMax = RESUMES_MAX, pieceBytes = PIECE_BYTES, progress = () => {}, ...options }: ResumableOptions = {},
  ): Promise<PackageView> {
    let state = await this.create(accountName, { size: image.size, sha256 }, options);
    for (let cuts = 0; state.offset < image.size; ) {
      const { offset } = state;
      try {
        const piece = image.slice(offset, offset + pieceBytes);
        state = await this.append(accountName, state.uploadId, offset, piece, options);
      } catch (error) {
        if (!canGoOn(error) || cuts >= resumesMax) throw error;
        await this.#wait(Math.min(RESUME_WAIT_MS * 2 ** cuts, RESUME_WAIT_MS_MAX), options.signal);
        // A GET is sent again until it is answered; what got through before the cut counts.
        state = await this.get(accountName, state.uploadId, options);
        cuts = state.offset > offset ? 0 : cuts + 1;
      }
      progress(state);
    }
    return this.finish(accountName, state.uploadId, part, options);
  }
}

/** No answer, a busy server, or bytes that we have sent already. */
function canGoOn(error: unknown): boolean {
  if (!(error instanceof CampanileError)) return false;
  const { status, errorCode } = error;
  return status === 0 || status === 429 || status >= 500 || errorCode === 'UPLOAD_OFFSET_WRONG';
}

const uploadPath = (accountName: string, uploadId: string): string =>
  within(accountName, `/uploads/${encodeURIComponent(uploadId)}`);

export class OperatorBandwidth {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  async get(accountName: string, campaignId: string, options: CallOptions = {}): Promise<BandwidthView> {
    const path = `${campaignPath(accountName, campaignId)}/bandwidth`;
    return (await this.#call({ method: 'GET', path, ...options })) as BandwidthView;
  }

  /** Bytes per second for all devices of the campaign together; without one there is no cap. It counts within five seconds. */
  async set(
    accountName: string,
    campaignId: string,
    bytesPerSecond?: number,
    options: CallOptions = {},
  ): Promise<BandwidthView> {
    const body = bytesPerSecond === undefined ? {} : { downloadBytesPerSecondMax: bytesPerSecond };
    const path = `${campaignPath(accountName, campaignId)}/bandwidth`;
    return (await this.#call({ method: 'PUT', path, ...jsonBody(body), ...options })) as BandwidthView;
  }
}

// Fetches an image by HTTP for an LwM2M device that does so, resumes with Range, and tells the mind chunk by chunk.

import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { FetchFailure, Lwm2mInput } from '../device/index.ts';
import type { Fetching, FetchOrder } from './lwm2m-fetch.ts';

/** A server that says nothing for so long is given up. */
const SILENCE_MS_MAX = 60_000;
const MS_PER_SECOND = 1_000;

export class HttpFetch implements Fetching {
  readonly #fetch: number;
  readonly #hear: (input: Lwm2mInput) => void;
  #sent: ClientRequest | undefined;
  etag: string | undefined;

  constructor({ fetch, uri, offset, etag }: FetchOrder, hear: (input: Lwm2mInput) => void) {
    this.#fetch = fetch;
    this.#hear = hear;
    this.etag = etag;
    const url = URL.parse(uri);
    if (url === null) {
      hear({ type: 'fetch-failed', fetch, why: 'address' });
      return;
    }
    // RFC 9110 §13.1.5: the rest of the same image, or another one whole.
    const resumed =
      offset === 0 ? {} : { range: `bytes=${offset}-`, ...(etag === undefined ? {} : { 'if-range': etag }) };
    const options = { headers: resumed, timeout: SILENCE_MS_MAX };
    const sent = url.protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options);
    this.#sent = sent;
    sent.on('response', (answer) => this.#answered(answer, offset));
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => this.#fail('lost'));
    sent.end();
  }

  stop(): void {
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.destroy();
  }

  #answered(answer: IncomingMessage, wanted: number): void {
    answer.on('error', () => undefined);
    const status = answer.statusCode ?? 0;
    if (status === 503) {
      const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
      this.#end({
        type: 'fetch-refused',
        fetch: this.#fetch,
        retryAfterMs: Number.isFinite(seconds) ? seconds * MS_PER_SECOND : undefined,
      });
      return;
    }
    if (status !== 200 && status !== 206) return this.#fail(status >= 400 && status < 500 ? 'gone' : 'lost');
    const before = this.etag;
    this.etag = answer.headers.etag ?? undefined;
    if (wanted > 0 && status === 200 && before !== undefined && before !== this.etag) return this.#fail('changed');
    this.#read(answer, status === 206 ? wanted : 0);
  }

  /** One chunk is held back, because only the end of the body tells which one was the last. */
  #read(answer: IncomingMessage, from: number): void {
    let offset = from;
    let held: Buffer | undefined;
    const tell = (bytes: Buffer, last: boolean): void => {
      const at = offset;
      offset += bytes.length;
      this.#hear({ type: 'bytes', fetch: this.#fetch, offset: at, bytes, last });
    };
    answer.on('data', (chunk: Buffer) => {
      if (this.#sent === undefined) return;
      if (held !== undefined) tell(held, false);
      held = chunk;
    });
    answer.on('end', () => {
      if (this.#sent === undefined || !answer.complete) return;
      this.#sent = undefined;
      tell(held ?? Buffer.alloc(0), true);
    });
    answer.on('close', () => {
      if (this.#sent === undefined) return;
      if (held !== undefined) tell(held, false);
      this.#fail('lost');
    });
  }

  #fail(why: FetchFailure): void {
    this.#end({ type: 'fetch-failed', fetch: this.#fetch, why });
  }

  #end(input: Lwm2mInput): void {
    if (this.#sent === undefined) return;
    this.stop();
    this.#hear(input);
  }
}

// One HTTP exchange: sends, reads JSON, and turns everything but a success into a CampanileError.

import { CampanileError, errorFromAnswer } from './error.ts';

/** The part of `fetch` that is used; the platform's own fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface Exchange extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestInit['body'];
  /** The answer is taken as the text that it is. Absent: it is JSON. */
  readonly answer?: 'text';
}

/** Called as a plain function: browsers refuse `fetch` as a method of another object. */
export const platformFetch: Fetch = (url, init) => fetch(url, init);

/** The parsed answer; undefined when it has no body. */
export async function exchange(
  send: Fetch,
  { method, url, headers, body, signal, answer: wanted }: Exchange,
): Promise<unknown> {
  const init: RequestInit = { method, headers: { accept: 'application/json', ...headers } };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) init.body = body;
  // A body that is a stream can only be sent this way, and only some platforms know the field.
  if (body instanceof ReadableStream) Object.assign(init, { duplex: 'half' });
  let status = 0;
  let retryAfter: string | undefined;
  let text = '';
  try {
    const response = await send(url, init);
    status = response.status;
    retryAfter = response.headers.get('retry-after') ?? undefined;
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw noAnswer(url, cause);
  }
  const answer = parsed(text);
  if (status < 200 || status > 299) throw errorFromAnswer(status, answer, retryAfter);
  if (wanted === 'text') return text;
  if (typeof answer === 'string') throw notJson(status, answer);
  return answer;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function noAnswer(url: string, cause: unknown): CampanileError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const errorMessage = `There was no answer from ${url}: ${why}`;
  return new CampanileError({ status: 0, errorCode: 'NO_ANSWER', errorMessage, body: undefined, cause });
}

function notJson(status: number, body: string): CampanileError {
  const errorMessage = 'The answer is not JSON; does the base URL point at the service?';
  return new CampanileError({ status, errorCode: 'ANSWER_NOT_JSON', errorMessage, body });
}

/** `base` may end with a slash or not; `path` begins with one. */
export function join(base: string, path: string): string {
  return base.replace(/\/+$/, '') + path;
}

/** Work that calls share, like a token request: an aborted call leaves early, the work goes on for the others. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** What a caller may pass where `Wire` is wanted: the same, also when it is read-only. */
export type Given<Wire> = Wire extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Wire extends object
    ? { readonly [Name in keyof Wire]: Given<Wire[Name]> }
    : Wire;

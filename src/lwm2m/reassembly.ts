// Takes a body that arrives in blocks: the serving side of Block1 (RFC 7959 §2.5), as a stream or whole.

import { blockBytes, decodeBlock, encodeBlock, SZX_MAX } from './block.ts';
import { CODE } from './codes.ts';
import { LIMITS } from './limits.ts';
import { NO_BYTES, type Request, type Response, response } from './message.ts';
import { OPTION, pathOf, queriesOf, uintOf, uintOption } from './options.ts';
import type { Instant, Peer } from './ports.ts';

/** How much of a body has arrived without a gap. */
export interface Progress {
  readonly offset: number;
}

export interface Bounds {
  readonly bytesMax: number;
  /** The largest block that is taken; a larger one is answered with this size. */
  readonly szxMax?: number;
}

export type BlockStep =
  /** Keep the payload, send the answer, wait for the next block. */
  | { readonly type: 'continue'; readonly progress: Progress; readonly answer: Response }
  /** With this payload the body is complete. The final answer carries `blockOption` if there is one. */
  | { readonly type: 'last'; readonly length: number; readonly blockOption: number | undefined }
  /** Send the answer. Without `progress` what has arrived so far is lost. */
  | { readonly type: 'refused'; readonly progress: Progress | undefined; readonly answer: Response };

/** Judges one request that carries a body, in blocks or not. */
export function takeBlock(progress: Progress | undefined, incoming: Request, bounds: Bounds): BlockStep {
  const { bytesMax, szxMax = SZX_MAX } = bounds;
  const { payload, options } = incoming;
  const value = uintOf(options, OPTION.BLOCK1);
  if (value === undefined) {
    if (payload.length > bytesMax) return tooLarge(bytesMax);
    return { type: 'last', length: payload.length, blockOption: undefined };
  }
  const block = decodeBlock(value);
  if (block === undefined) return { type: 'refused', progress, answer: response(CODE.BAD_REQUEST) };
  const size = blockBytes(block.szx);
  const offset = block.number * size;
  if (offset + payload.length > bytesMax || (offset === 0 && (uintOf(options, OPTION.SIZE1) ?? 0) > bytesMax)) {
    return tooLarge(bytesMax);
  }
  // A first block always begins anew; any other must join on to what is there.
  if (offset !== 0 && offset !== progress?.offset) {
    return { type: 'refused', progress: undefined, answer: response(CODE.INCOMPLETE) };
  }
  if (payload.length > size || (block.more && payload.length !== size)) {
    return { type: 'refused', progress, answer: response(CODE.BAD_REQUEST) };
  }
  if (!block.more) return { type: 'last', length: offset + payload.length, blockOption: value };
  const answered = encodeBlock({ number: block.number, more: true, szx: Math.min(block.szx, szxMax) });
  return {
    type: 'continue',
    progress: { offset: offset + size },
    answer: response(CODE.CONTINUE, [uintOption(OPTION.BLOCK1, answered)]),
  };
}

/** RFC 7959 §2.9.3: the answer names the size that would have been taken. */
function tooLarge(bytesMax: number): BlockStep {
  const answer = response(CODE.TOO_LARGE, [uintOption(OPTION.SIZE1, bytesMax)]);
  return { type: 'refused', progress: undefined, answer };
}

interface Unfinished {
  readonly progress: Progress;
  readonly chunks: readonly Uint8Array[];
  readonly touchedAt: Instant;
}

export type BodyStep =
  | { readonly type: 'answer'; readonly answer: Response }
  | { readonly type: 'complete'; readonly body: Uint8Array; readonly blockOption: number | undefined };

/** Small bodies as a whole, for example registrations with more links than fit into one block. */
export class Bodies {
  /** Longest silent first. */
  readonly #unfinished = new Map<string, Unfinished>();

  #bytes = 0;

  get size(): number {
    return this.#unfinished.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  receive(peer: Peer, incoming: Request, now: Instant): BodyStep {
    this.#expire(now);
    const key = `${peer} ${incoming.code} ${pathOf(incoming.options)}?${queriesOf(incoming.options).join('&')}`;
    const before = this.#unfinished.get(key);
    const step = takeBlock(before?.progress, incoming, { bytesMax: LIMITS.bodyBytesMax });
    this.#drop(key);
    if (step.type === 'last') {
      const chunks = step.length === incoming.payload.length ? [] : (before?.chunks ?? []);
      return {
        type: 'complete',
        body: join([...chunks, incoming.payload], step.length),
        blockOption: step.blockOption,
      };
    }
    if (step.progress !== undefined) {
      // A view would keep the whole datagram alive.
      const fresh = step.type === 'continue' ? [incoming.payload.slice()] : [];
      const isFirst = step.type === 'continue' && step.progress.offset === incoming.payload.length;
      const chunks = [...(isFirst ? [] : (before?.chunks ?? [])), ...fresh];
      this.#unfinished.set(key, { progress: step.progress, chunks, touchedAt: now });
      this.#bytes += step.progress.offset;
      this.#shrink();
    }
    return { type: 'answer', answer: step.answer };
  }

  #expire(now: Instant): void {
    for (const [key, unfinished] of this.#unfinished) {
      if (unfinished.touchedAt + LIMITS.bodyIdleMsMax > now) return;
      this.#drop(key);
    }
  }

  #shrink(): void {
    for (const key of this.#unfinished.keys()) {
      if (this.#unfinished.size <= LIMITS.bodiesMax && this.#bytes <= LIMITS.bodiesBytesMax) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#unfinished.get(key)?.progress.offset ?? 0;
    this.#unfinished.delete(key);
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const only = chunks.length === 1 ? chunks[0] : undefined;
  if (only !== undefined) return only;
  if (chunks.length === 0) return NO_BYTES;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

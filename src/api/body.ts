// Reads bodies: bounded, as text, JSON or form whatever the Content-Type says (contract.md §1.5).
import type { Readable } from 'node:stream';
import { invalid, type Refusal, refuse, refuseBusy } from './refusal.ts';

/** Bodies above this are read and parsed one at a time (engine.md §10). */
export const LARGE_BODY_BYTES = 1024 * 1024;
const LARGE_BODY_RETRY_SECONDS = 2;

/** The one place for a large body. */
export class LargeBodies {
  #taken = false;

  take(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    return true;
  }

  give(): void {
    this.#taken = false;
  }
}

/** A call's claim to that place, from its first large chunk to its answer. */
export class BodyHold {
  readonly #place: LargeBodies;
  #mine = false;

  constructor(place: LargeBodies) {
    this.#place = place;
  }

  take(): boolean {
    this.#mine ||= this.#place.take();
    return this.#mine;
  }

  release(): void {
    if (this.#mine) this.#place.give();
    this.#mine = false;
  }
}

export async function readText(
  stream: Readable,
  limits: { readonly bytesMax: number; readonly hold: BodyHold },
): Promise<{ readonly text: string } | Refusal> {
  const bytes = await readBytes(stream, limits);
  if (!Buffer.isBuffer(bytes)) return bytes;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return invalid('the body: given bytes that are not UTF-8, accepted: text in UTF-8.');
  }
}

async function readBytes(
  stream: Readable,
  limits: { readonly bytesMax: number; readonly hold: BodyHold },
): Promise<Buffer | Refusal> {
  const chunks: Buffer[] = [];
  let size = 0;
  let refused: Refusal | undefined;
  try {
    // Leaving the loop must not destroy the request: its connection has yet to carry the answer.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      size += chunk.length;
      refused = refuseSize(size, limits);
      if (refused !== undefined) break;
    }
  } catch {
    return invalid('the body: given a body that broke off, accepted: a whole one.');
  }
  // Only after the loop, because a stream that is iterated cannot be resumed.
  return refused === undefined ? Buffer.concat(chunks, size) : drained(stream, refused);
}

function refuseSize(
  size: number,
  { bytesMax, hold }: { readonly bytesMax: number; readonly hold: BodyHold },
): Refusal | undefined {
  if (size > bytesMax) return refuse('BODY_TOO_LARGE', { limit: bytesMax });
  const mustWait = size > LARGE_BODY_BYTES && !hold.take();
  return mustWait ? refuseBusy('another large body', LARGE_BODY_RETRY_SECONDS) : undefined;
}

/** What the caller still sends is read and dropped, so that the answer reaches it. */
export function drained(stream: Readable, refusal: Refusal): Refusal {
  stream.unpipe();
  stream.resume();
  return refusal;
}

export function parseJson(text: string): { readonly value: unknown } | Refusal {
  if (text.trim() === '') return invalid('the body: given nothing, accepted: a JSON document.');
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof SyntaxError ? ` (${error.message.slice(0, 120)})` : '';
    return invalid(`the body: given a text that is not JSON${why}, accepted: a JSON document.`);
  }
}

/** A form, or a JSON object with the same fields. */
export function parseForm(text: string): { readonly value: unknown } | Refusal {
  if (text.trimStart().startsWith('{')) return parseJson(text);
  return { value: Object.fromEntries(new URLSearchParams(text)) };
}

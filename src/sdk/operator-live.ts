// News of an account as they come: server-sent events of one connection, read from its stream.

import { errorFromAnswer } from './error.ts';
import type { CallOptions, Fetch } from './http.ts';

/** What changed; `all`: more than is told. */
export type LiveEvent =
  | { readonly kind: 'changed'; readonly what: 'campaign' | 'all'; readonly id?: string; readonly eventId: string }
  | { readonly kind: 'alive'; readonly eventId: string };

export interface LiveOptions extends CallOptions {
  /** The `eventId` that was heard last on the connection before: what was missed since is made good by an `all`. */
  readonly after?: string;
}

export interface LiveRequest extends LiveOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Ends when the server ends the connection, which it does now and then; throws where there is none to be had. */
export async function* liveEvents(
  send: Fetch,
  { url, headers, signal, after }: LiveRequest,
): AsyncGenerator<LiveEvent, void, undefined> {
  const known: Readonly<Record<string, string>> = after === undefined ? {} : { 'last-event-id': after };
  const init: RequestInit = { method: 'GET', headers: { accept: 'text/event-stream', ...headers, ...known } };
  if (signal !== undefined) init.signal = signal;
  const response = await send(url, init);
  if (response.status !== 200 || response.body === null) {
    throw errorFromAnswer(
      response.status,
      parsed(await response.text()),
      response.headers.get('retry-after') ?? undefined,
    );
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** A block of lines `name: value`. Events of a kind that this client does not know are left out. */
function eventOf(block: string): LiveEvent | undefined {
  const lines = block.split('\n').map((line) => line.split(/: ?(.*)/s) as readonly string[]);
  const fields = Object.fromEntries(lines.map(([name = '', value = '']) => [name, value]));
  const eventId = fields['id'] ?? '';
  if (fields['event'] === 'alive') return { kind: 'alive', eventId };
  if (fields['event'] !== 'changed') return undefined;
  const data = parsed(fields['data'] ?? '') as { readonly what: 'campaign' | 'all'; readonly id?: string };
  return { kind: 'changed', ...data, eventId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

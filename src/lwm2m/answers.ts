// The answers of the message layer itself: acknowledgements, resets, refusals of what no application needs to see.

import { CODE, isKnownMethod } from './codes.ts';
import { encode, encodeEmpty, type Message, type Response, response, type Slab } from './message.ts';
import { OPTION, unusableOption } from './options.ts';
import type { Peer } from './ports.ts';
import type { Sink } from './transmissions.ts';

export function sendEmpty(sink: Sink, peer: Peer, type: 0 | 2 | 3, id: number): Uint8Array {
  const bytes = encodeEmpty(type, id);
  sink.datagrams.push({ peer, bytes });
  return bytes;
}

export function encodeWith(
  type: 1 | 2,
  id: number,
  token: Uint8Array,
  { code, options, payload }: Response,
  slab?: Slab,
) {
  return encode({ type, id, token, code, options, payload }, slab);
}

/** Requests that no application needs to see. */
export function refusalOf(message: Message): Response | undefined {
  // Without a word of explanation: an answer to a stranger must not be larger than what he sent (engine.md §5).
  if (unusableOption(message.options) !== undefined) return response(CODE.BAD_OPTION);
  // RFC 7252 §5.10.2: whoever is not a proxy says so.
  const proxied = message.options.some(({ number }) => number === OPTION.PROXY_URI || number === OPTION.PROXY_SCHEME);
  if (proxied) return response(CODE.PROXY_NOT_SUPPORTED);
  return isKnownMethod(message.code) ? undefined : response(CODE.METHOD_NOT_ALLOWED);
}

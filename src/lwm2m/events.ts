// What a CoAP endpoint reports, and the form in which every call of it answers.

import type { Exchange } from './exchange.ts';
import type { Message } from './message.ts';
import type { Datagram, Instant, Peer } from './ports.ts';

export type EndpointEvent =
  /** A request that is new, or a repeated one that is safe to answer afresh. */
  | { readonly type: 'request'; readonly peer: Peer; readonly request: Message; readonly exchange: Exchange }
  /** The answer to a request of ours; `observing` when a relation has begun with it. */
  | { readonly type: 'response'; readonly handle: number; readonly response: Message; readonly observing: boolean }
  /** A newer notification of a relation; `observing` is false when it was the last one. */
  | { readonly type: 'notification'; readonly handle: number; readonly response: Message; readonly observing: boolean }
  /** The peer has received the message. A request may still wait for its response. */
  | { readonly type: 'acknowledged'; readonly handle: number }
  /** Nobody answered, or an observe relation fell silent for too long. */
  | { readonly type: 'timeout'; readonly handle: number }
  /** The peer refused the message itself, or answered in a way that cannot be understood. */
  | { readonly type: 'reset'; readonly handle: number }
  /** Its `notAfter` passed before it was its turn: not one byte of it has left. */
  | { readonly type: 'withheld'; readonly handle: number }
  /** It was open with a peer that was forgotten. */
  | { readonly type: 'forgotten'; readonly handle: number };

export interface Output {
  /** To be sent in this order, before anything else is done with the endpoint. */
  readonly datagrams: readonly Datagram[];
  readonly events: readonly EndpointEvent[];
  /** When `elapse` has something to do; the latest answer counts. */
  readonly wakeAt: Instant | undefined;
}

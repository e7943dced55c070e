// What the DTLS machines report, and the form in which every call of them answers.

import type { Datagram, Instant, Peer } from '../ports.ts';
import type { HandshakeFailure } from './serverhandshake.ts';

export type ClosedReason =
  /** close_notify, or a fatal alert that was authentic. */
  | 'closed_by_peer'
  | 'failed_by_peer'
  | 'closed_here'
  /** It broke the protocol inside an authentic record. */
  | 'misbehaved'
  /** The same device has a newer association from the same address, or its address belongs to another one now. */
  | 'replaced'
  | 'too_many_of_identity'
  | 'too_many'
  | 'idle';

export type DtlsServerEvent =
  /** Whose key is it? Answered by `pskFound`, at any time; the handshake ends by itself when nobody answers. */
  | { readonly type: 'psk-wanted'; readonly handshake: number; readonly identity: Uint8Array }
  | {
      readonly type: 'established';
      readonly association: number;
      readonly peer: Peer;
      readonly identity: Uint8Array;
      readonly suite: string;
      readonly resumed: boolean;
      /** Whether the device's address may change. */
      readonly withCid: boolean;
    }
  | { readonly type: 'data'; readonly association: number; readonly bytes: Uint8Array }
  /** The device speaks from another address now. */
  | { readonly type: 'moved'; readonly association: number; readonly from: Peer; readonly to: Peer }
  | { readonly type: 'closed'; readonly association: number; readonly reason: ClosedReason }
  /** `identity` is what the client claimed to be, if it came so far. */
  | {
      readonly type: 'handshake-failed';
      readonly handshake: number;
      readonly peer: Peer;
      readonly reason: HandshakeFailure;
      readonly identity: Uint8Array | undefined;
    };

export interface DtlsOutput<Event> {
  /** To be sent in this order, before anything else is done with the machine. */
  readonly datagrams: readonly Datagram[];
  readonly events: readonly Event[];
  /** When `elapse` has something to do; the latest answer counts. */
  readonly wakeAt: Instant | undefined;
}

export type DtlsSent<Event> =
  | { readonly ok: true; readonly output: DtlsOutput<Event> }
  /** `exhausted`: all sequence numbers are used. `path_unproven`: the device has moved and not answered yet. */
  | { readonly ok: false; readonly reason: 'no_association' | 'too_long' | 'exhausted' | 'path_unproven' };

/** Where the machines put what a call leads to. */
export interface DtlsSink<Event> {
  readonly datagrams: Datagram[];
  readonly events: Event[];
}

export function newSink<Event>(): DtlsSink<Event> {
  return { datagrams: [], events: [] };
}

export function put<Event>(sink: DtlsSink<Event>, peer: Peer, datagrams: readonly Uint8Array[]): void {
  for (const bytes of datagrams) sink.datagrams.push({ peer, bytes });
}

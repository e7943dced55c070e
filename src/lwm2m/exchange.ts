// A request that a peer has sent to us, from its arrival to our answer.

import type { Remembered } from './duplicates.ts';
import type { Message } from './message.ts';
import { TYPE } from './message.ts';
import type { Peer } from './ports.ts';

/** Handed out with a request and handed back with its answer. Only the endpoint changes `stage`. */
export class Exchange {
  readonly peer: Peer;
  readonly id: number;
  readonly token: Uint8Array;
  readonly confirmable: boolean;
  /** The length of its datagram. */
  readonly bytes: number;
  /** Names this exchange in `acknowledged`, `timeout` and `reset` events of a separate response. */
  readonly handle: number;
  readonly remembered: Remembered | undefined;
  stage: 'open' | 'acknowledged' | 'answered' = 'open';

  constructor(
    peer: Peer,
    request: Message,
    own: { readonly handle: number; readonly bytes: number; readonly remembered: Remembered | undefined },
  ) {
    this.peer = peer;
    this.bytes = own.bytes;
    this.id = request.id;
    this.token = request.token;
    this.confirmable = request.type === TYPE.CON;
    this.handle = own.handle;
    this.remembered = own.remembered;
  }
}

// Hands committed intents to whoever carries them out.
import type { Sendable, Sender, Settlement } from '../engine/index.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

interface Carrier {
  send(sendable: Sendable): void;
}

export interface SendersParts {
  readonly settled: (settlement: Settlement) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Log;
}

export class Senders<Lwm2m extends Carrier = Carrier> implements Sender {
  readonly #parts: SendersParts;
  /** Set once its socket is open. */
  lwm2m: Lwm2m | undefined;

  constructor(parts: SendersParts) {
    this.#parts = parts;
  }

  send(sendable: Sendable): void {
    this.#parts.metrics.sent(sendable.kind);
    if (sendable.kind !== 'callback') {
      this.lwm2m?.send(sendable);
      return;
    }
    // No account has a listener: nobody is to be told, and that is done with.
    const { id, intent } = sendable;
    this.#parts
      .settled({ id, intent, outcome: { is: 'delivered' } })
      .catch((error: unknown) => this.#parts.log.failed('a callback could not be settled', error));
  }
}

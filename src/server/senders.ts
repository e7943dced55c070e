// Hands committed intents to whoever carries them out.
import type { Sendable, Sender } from '../engine/index.ts';
import type { Metrics } from './metrics.ts';

interface Carrier {
  send(sendable: Sendable): void;
}

export interface SendersParts {
  readonly callbacks: Carrier & { callbackRoom(): number };
  readonly metrics: Metrics;
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
    if (sendable.kind === 'callback') this.#parts.callbacks.send(sendable);
    else this.lwm2m?.send(sendable);
  }

  callbackRoom(): number {
    return this.#parts.callbacks.callbackRoom();
  }
}

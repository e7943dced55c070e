// Keeps the permit of a push: no copy of a block leaves after it, and it is asked again when it has run out (engine.md §4).

import type { Instant, Permit, UpdateKey } from '../../campaigns/index.ts';
import type { Request } from '../../lwm2m/index.ts';
import type { Lwm2mParts } from './ports.ts';
import type { Talk } from './talk.ts';
import type { Answer, Wire } from './wire.ts';

export class PermitWatch {
  readonly #parts: Lwm2mParts;
  readonly #wire: Wire;
  readonly #key: UpdateKey;
  readonly #onError: (error: unknown) => void;
  #until: Instant;
  #isRefused = false;
  #handle: number | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(
    parts: Lwm2mParts,
    own: {
      readonly wire: Wire;
      readonly key: UpdateKey;
      readonly until: Instant;
      readonly onError: (error: unknown) => void;
    },
  ) {
    this.#parts = parts;
    this.#wire = own.wire;
    this.#key = own.key;
    this.#until = own.until;
    this.#onError = own.onError;
  }

  /** Whether a byte may leave now. */
  async holds(): Promise<boolean> {
    if (this.#isRefused) return false;
    if (this.#parts.clock.now() < this.#until) return true;
    await this.#renew();
    return !this.#isRefused;
  }

  /** Sends a block under the permit; while it is under way the permit is renewed, so that a lost copy can be repeated. */
  async carry(talk: Talk, block: Request): Promise<Answer> {
    const { handle, answer } = talk.begin(() => block, this.#until);
    this.#handle = handle;
    this.#watch();
    try {
      return await answer;
    } finally {
      this.#handle = undefined;
    }
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #watch(): void {
    if (this.#handle === undefined || this.#cancelTimer !== undefined) return;
    const wait = Math.max(1, this.#until - this.#parts.clock.now());
    this.#cancelTimer = this.#parts.timers.after(wait, () => {
      this.#cancelTimer = undefined;
      if (this.#handle !== undefined) this.#renew().catch(this.#onError);
    });
  }

  async #renew(): Promise<void> {
    const permit: Permit = await this.#parts.engine.transferPermit(this.#key);
    const now = this.#parts.clock.now();
    if (permit.ok && permit.until > now) {
      this.#until = permit.until;
      if (this.#handle !== undefined) this.#wire.permit(this.#handle, permit.until);
      this.#watch();
      return;
    }
    this.#isRefused = true;
    if (this.#handle !== undefined) this.#wire.cancel(this.#handle);
  }
}

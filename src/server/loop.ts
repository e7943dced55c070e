// Keeps the engine going: looks at what is due, at once again while there is work, else when something was stored or a moment later.
import type { Timers } from '../delivery/ports.ts';
import type { Clock } from '../engine/ports.ts';
import { SERVER_LIMITS } from './limits.ts';

export interface LoopParts {
  /** True when work was left. */
  readonly tick: () => Promise<boolean>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly afterOthers: (run: () => void) => void;
  readonly failed: (error: unknown) => void;
}

export class Loop {
  readonly #parts: LoopParts;
  #ended: Promise<void> = Promise.resolve();
  #stopped = false;
  #poked = false;
  #wake: (() => void) | undefined;
  #succeededAt: number;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#succeededAt = parts.clock.now();
  }

  start(): void {
    this.#ended = this.#run();
  }

  /** Something was stored that may be due at once. */
  poke(): void {
    this.#poked = true;
    this.#wake?.();
  }

  /** Looks have succeeded of late. */
  get isHealthy(): boolean {
    return !this.#stopped && this.#parts.clock.now() - this.#succeededAt < SERVER_LIMITS.readyWithin;
  }

  /** Resolves when the last look has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#poked = false;
      const wait = await this.#look();
      // Sockets are heard between two looks, however much there is to do.
      await new Promise<void>((resolve) => this.#parts.afterOthers(resolve));
      if (wait > 0 && !this.#poked && !this.#stopped) await this.#rest(wait);
    }
  }

  async #look(): Promise<number> {
    try {
      const left = await this.#parts.tick();
      this.#succeededAt = this.#parts.clock.now();
      return left ? 0 : SERVER_LIMITS.idleWait;
    } catch (error) {
      this.#parts.failed(error);
      this.#poked = false;
      return SERVER_LIMITS.failedWait;
    }
  }

  #rest(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
      const cancel = this.#parts.timers.after(wait, done);
      this.#wake = done;
    });
  }
}

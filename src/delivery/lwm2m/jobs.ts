// Work that nobody waits for: kept until it is done, its errors told to the log; and work that must happen one after another.

import type { Duration } from '../../campaigns/index.ts';
import type { EngineLog } from '../../engine/ports.ts';
import type { Timers } from '../ports.ts';

export class Jobs {
  readonly #log: EngineLog;
  readonly #running = new Set<Promise<void>>();

  constructor(log: EngineLog) {
    this.#log = log;
  }

  get size(): number {
    return this.#running.size;
  }

  start(what: string, work: () => Promise<void>): void {
    const job = work()
      .catch((error: unknown) => this.failed(what, error))
      .finally(() => this.#running.delete(job));
    this.#running.add(job);
  }

  failed(what: string, error: unknown): void {
    this.#log.event('lwm2m-failed', { what, error: error instanceof Error ? error.message : String(error) });
  }

  /** When everything that was started is done, also what was started meanwhile. */
  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}

/** One thing after another for each name; different names do not wait for one another. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const mine = this.idle(name).then(work);
    this.#tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name);
    }
  }

  /** When everything that is now in this lane is over, well or not. */
  async idle(name: string): Promise<void> {
    await this.#tails.get(name)?.catch(() => {});
  }
}

/** Waits that a stop ends early. */
export class Waits {
  readonly #timers: Timers;
  readonly #open = new Set<() => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** True when the time has passed, false when we stop. */
  wait(duration: Duration): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(duration, () => {
        this.#open.delete(stop);
        resolve(true);
      });
      const stop = (): void => {
        cancel();
        resolve(false);
      };
      this.#open.add(stop);
    });
  }

  stop(): void {
    for (const stop of this.#open) stop();
    this.#open.clear();
  }
}

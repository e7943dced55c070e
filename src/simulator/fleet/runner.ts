// Keeps one mind running: hands it its inputs one after the other, carries out its actions, wakes it in time.

import type { Step } from '../device/index.ts';
import type { Clock } from './clock.ts';

export interface Running<Mind, Input, Action> {
  readonly step: (mind: Mind, input: Input, now: number) => Step<Mind, Action>;
  readonly perform: (action: Action) => void;
  readonly clock: Clock;
  /** What the mind hears when its time has come. */
  readonly wake: Input;
}

export class Runner<Mind, Input, Action> {
  readonly #running: Running<Mind, Input, Action>;
  readonly #inputs: Input[] = [];
  #mind: Mind;
  #busy = false;
  #stopped = false;
  #forgetWake: (() => void) | undefined;

  constructor(mind: Mind, running: Running<Mind, Input, Action>) {
    this.#mind = mind;
    this.#running = running;
  }

  get mind(): Mind {
    return this.#mind;
  }

  /** An action may lead to another input before the last one is dealt with; it waits for its turn. */
  hear(input: Input): void {
    this.#inputs.push(input);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#inputs.shift(); next !== undefined && !this.#stopped; next = this.#inputs.shift()) {
      this.#take(next);
    }
    this.#busy = false;
  }

  stop(): void {
    this.#stopped = true;
    this.#forgetWake?.();
  }

  #take(input: Input): void {
    const { clock, step, perform, wake } = this.#running;
    const now = clock.now();
    const { mind, actions, wakeAt } = step(this.#mind, input, now);
    this.#mind = mind;
    this.#forgetWake?.();
    this.#forgetWake = wakeAt === undefined ? undefined : clock.after(wakeAt - now, () => this.hear(wake));
    for (const action of actions) perform(action);
  }
}

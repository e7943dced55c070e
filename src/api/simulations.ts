// Runs simulations in slices, a few at a time, so that the server hears its devices meanwhile.
import type { Simulation } from '../campaigns/index.ts';
import type { Clock } from '../engine/ports.ts';
import { type Refusal, refuseBusy } from './refusal.ts';

export interface SimulationParts {
  readonly clock: Clock;
  /** Lets everything else have its turn. */
  readonly pause: () => Promise<void>;
  readonly simulationsMax: number;
}

/** A slice lasts about so long (milliseconds), and is looked at again after so many steps. */
const SLICE_MS = 20;
const STEPS = 100;
const AGAIN_SECONDS = 30;

export class Simulations {
  #running = 0;

  /** Gathers what is needed and plays; refused where as many as allowed are under way. */
  async run<Result>(parts: SimulationParts, work: (play: PlayOn) => Promise<Result>): Promise<Result | Refusal> {
    if (this.#running >= parts.simulationsMax) return refuseBusy('other simulations', AGAIN_SECONDS);
    this.#running += 1;
    try {
      return await work((simulation) => playOn(simulation, parts));
    } finally {
      this.#running -= 1;
    }
  }
}

export type PlayOn = (simulation: Simulation) => Promise<void>;

async function playOn(simulation: Simulation, { clock, pause }: SimulationParts): Promise<void> {
  for (;;) {
    const until = clock.now() + SLICE_MS;
    let done = false;
    while (!done && clock.now() < until) done = simulation.advance(STEPS);
    if (done) return;
    await pause();
  }
}

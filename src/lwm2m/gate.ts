// What is turned away when there is too much to do: offers first, then blocks, registrations and reports last.

import { LIMITS } from './limits.ts';
import type { Random } from './ports.ts';

/** Kinds of work, the dearest first: a registration or a report that is lost costs a device a day, a block a second. */
export const WORKS = ['registration', 'report', 'block', 'offer'] as const;
export type Work = (typeof WORKS)[number];

/** How full it may be for work to be taken on, in hundredths. */
const FULLNESS_MAX: Readonly<Record<Work, number>> = { registration: 100, report: 100, block: 75, offer: 50 };

/** How much is held now; as an endpoint counts it. */
export interface Load {
  readonly outstanding: number;
  readonly outstandingBytes: number;
  readonly exchanges: number;
  readonly exchangesBytes: number;
}

/** The fullest of all that has a bound, in hundredths of it. */
export function fullness({ outstanding, outstandingBytes, exchanges, exchangesBytes }: Load): number {
  const shares = [
    outstanding / LIMITS.outstandingMax,
    outstandingBytes / LIMITS.outstandingBytesMax,
    exchanges / LIMITS.exchangesMax,
    exchangesBytes / LIMITS.exchangesBytesMax,
  ];
  return 100 * Math.max(...shares);
}

export class Gate {
  readonly #random: Random;
  readonly #load: () => Load;
  readonly #refused: Record<Work, number> = { registration: 0, report: 0, block: 0, offer: 0 };

  constructor(random: Random, load: () => Load) {
    this.#random = random;
    this.#load = load;
  }

  /** How often each kind of work was turned away, since the beginning. */
  get refused(): Readonly<Record<Work, number>> {
    return this.#refused;
  }

  admits(work: Work): boolean {
    if (fullness(this.#load()) <= FULLNESS_MAX[work]) return true;
    this.#refused[work] += 1;
    return false;
  }

  /** When to come again, drawn anew each time: those who were turned away together must not come back together. */
  laterSeconds(): number {
    const { laterSecondsMin: least, laterSecondsMax: most } = LIMITS;
    return least + Math.floor((this.#random.uint32() / 2 ** 32) * (most - least + 1));
  }
}

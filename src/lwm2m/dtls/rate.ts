// So many in a second and no more: a bucket that fills with time.

import type { Instant } from '../ports.ts';

export class Rate {
  readonly #perSecondMax: number;
  #left: number;
  #filledAt: Instant | undefined;

  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
    this.#left = perSecondMax;
  }

  /** Whether there is room for one more, which is then taken. */
  take(now: Instant): boolean {
    const passedMs = Math.max(0, now - (this.#filledAt ?? now));
    this.#left = Math.min(this.#perSecondMax, this.#left + (passedMs * this.#perSecondMax) / 1_000);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

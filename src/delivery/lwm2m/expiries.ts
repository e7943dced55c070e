// When registrations may be over: names in slots of a minute, looked at once when their slot has passed.

import type { Instant } from '../../campaigns/index.ts';
import { LIMITS } from './limits.ts';

/** A lifetime that is extended moves nothing: the name is looked at in its old slot, and put into the new one then. */
export class Expiries {
  readonly #slots = new Map<number, string[]>();

  get isEmpty(): boolean {
    return this.#slots.size === 0;
  }

  add(name: string, at: Instant): void {
    const slot = Math.ceil(at / LIMITS.lifetimeLookEvery);
    const names = this.#slots.get(slot);
    if (names === undefined) this.#slots.set(slot, [name]);
    else names.push(name);
  }

  /** Takes out the names whose slots have passed. */
  take(now: Instant): readonly string[] {
    const names: string[] = [];
    for (const [slot, due] of this.#slots) {
      if (slot * LIMITS.lifetimeLookEvery > now) continue;
      for (const name of due) names.push(name);
      this.#slots.delete(slot);
    }
    return names;
  }
}

// The world's clock and its heap of coming events, ordered by time and then by insertion; time moves only by running one.
import type { Instant } from '../../src/campaigns/index.ts';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => Promise<void> | void;
}

const before = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

export class Agenda {
  readonly #heap: Event[] = [];
  #order = 0;
  #now: number;
  /** Events that were run. */
  count = 0;

  constructor(start: number) {
    this.#now = start;
  }

  now = (): Instant => this.#now as Instant;

  /** The past means now. */
  at(when: number, run: () => Promise<void> | void): void {
    this.#order += 1;
    this.#push({ at: Math.max(when, this.#now), order: this.#order, run });
  }

  after(wait: number, run: () => Promise<void> | void): void {
    this.at(this.#now + wait, run);
  }

  /** Runs one event to its end after the other, until `end` or until nothing is left. */
  async runUntil(end: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#now = Math.max(this.#now, next.at);
      this.count += 1;
      await next.run();
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    heap.push(event);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

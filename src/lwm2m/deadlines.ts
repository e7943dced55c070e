// A heap of things that are due, from which anything can be taken back at any time.

import type { Instant } from './ports.ts';

export interface Timed {
  dueAt: Instant;
  /** Where it stands in the heap; -1 when it is not in one. Only the heap writes it. */
  place: number;
}

export class Deadlines<Item extends Timed> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  get first(): Item | undefined {
    return this.#items[0];
  }

  /** Puts an item in, or moves it to its new due time. */
  set(item: Item, dueAt: Instant): void {
    item.dueAt = dueAt;
    if (item.place < 0) {
      item.place = this.#items.length;
      this.#items.push(item);
    }
    this.#sink(this.#rise(item));
  }

  remove(item: Item): void {
    if (item.place < 0) return;
    const place = item.place;
    item.place = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#put(last, place);
    this.#sink(this.#rise(last));
  }

  #put(item: Item, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }

  #rise(item: Item): Item {
    while (item.place > 0) {
      const place = item.place;
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || parent.dueAt <= item.dueAt) break;
      this.#put(parent, place);
      this.#put(item, above);
    }
    return item;
  }

  #sink(item: Item): void {
    for (;;) {
      const place = item.place;
      const left = this.#items[2 * place + 1];
      const right = this.#items[2 * place + 2];
      const child = right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || child.dueAt >= item.dueAt) return;
      const below = child.place;
      this.#put(child, place);
      this.#put(item, below);
    }
  }
}

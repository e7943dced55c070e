// A simulation's heap of coming events, or of devices in the order of their turns: the least key first, then who came first.

export interface Coming<Item> {
  readonly key: number;
  readonly order: number;
  readonly item: Item;
}

const isBefore = (one: Coming<unknown>, other: Coming<unknown>): boolean =>
  one.key < other.key || (one.key === other.key && one.order < other.order);

export class Agenda<Item> {
  readonly #heap: Coming<Item>[] = [];
  #order = 0;

  get first(): Coming<Item> | undefined {
    return this.#heap[0];
  }

  /** Answers the order number of the event: whoever notes it knows later whether this event still counts. */
  add(key: number, item: Item): number {
    this.#order += 1;
    const added = { key, order: this.#order, item };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(added);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(added, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = added;
    return added.order;
  }

  take(): Coming<Item> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const below = this.#lesserBelow(at);
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
    return first;
  }

  #lesserBelow(at: number): number {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
  }
}

// Chance out of one seed; every part of the world has its own stream, so that switching one off does not reshuffle the rest.

/** Streams are named after stable things (a device, a link), never after positions. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  fork(name: string): Seeded {
    let hash = this.#state ^ 0x9e3779b9;
    for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x85ebca6b) >>> 0;
    return new Seeded(hash);
  }

  /** splitmix32: 0 to 4,294,967,295. */
  uint32(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** A whole number, `from` and `to` included. */
  between(from: number, to: number): number {
    return from + (this.uint32() % (to - from + 1));
  }

  /** What never happens draws nothing. */
  chance(share: number): boolean {
    return share > 0 && this.uint32() < share * 4_294_967_296;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.uint32() % items.length]!;
  }
}

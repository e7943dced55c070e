// Devices that contact us in one rhythm: who comes next at or after an instant is computed, idle contacts are never run.

/** Which places of a wheel are taken; the next one is found 32 at a time. */
class Places {
  readonly #words: Uint32Array;
  count = 0;

  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >> 5);
  }

  has(place: number): boolean {
    return ((this.#words[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }

  set(place: number, taken: boolean): void {
    if (this.has(place) === taken) return;
    this.#words[place >> 5] = (this.#words[place >> 5] ?? 0) ^ (1 << (place & 31));
    this.count += taken ? 1 : -1;
  }

  /** The first one taken from `from` on; -1: none. */
  next(from: number): number {
    const words = this.#words;
    let at = from >> 5;
    let word = (words[at] ?? 0) & (-1 << (from & 31));
    while (word === 0) {
      at += 1;
      if (at >= words.length) return -1;
      word = words[at] ?? 0;
    }
    return at * 32 + (31 - Math.clz32(word & -word));
  }
}

/** All devices of a wheel contact us every `every` milliseconds, each at a phase of its own. */
export class Wheel<Member> {
  readonly every: number;
  readonly #members: readonly Member[];
  readonly #phases: Float64Array;
  readonly #places: Places;
  /** Nobody of it can be offered anything before this. */
  openFrom = 0;
  /** Where the last look has ended: whoever was looked at is not found again at the same instant. */
  #seenAt = -1;
  #seenPlace = 0;
  /** The answer to the last question, while nothing was put in. */
  #known: { readonly at: number; readonly place: number } | undefined;

  constructor(every: number, members: readonly { readonly phase: number; readonly member: Member }[]) {
    const sorted = members.toSorted((one, other) => one.phase - other.phase);
    this.every = every;
    this.#members = sorted.map(({ member }) => member);
    this.#phases = Float64Array.from(sorted, ({ phase }) => phase);
    this.#places = new Places(sorted.length);
  }

  /** By place. */
  get members(): readonly Member[] {
    return this.#members;
  }

  put(place: number): void {
    if (this.#places.has(place)) return;
    this.#places.set(place, true);
    this.#known = undefined;
  }

  remove(place: number): void {
    this.#places.set(place, false);
    if (this.#known?.place === place) this.#known = undefined;
  }

  /** When the next one of those that are in comes, at or after `from`; undefined: nobody is in. */
  nextAt(from: number): number | undefined {
    if (this.#places.count === 0) return undefined;
    const at = Math.max(from, this.openFrom);
    if (this.#known !== undefined && this.#known.at >= at) return this.#known.at;
    const turn = Math.floor(at / this.every) * this.every;
    const begin = at === this.#seenAt ? this.#seenPlace : this.#placeFrom(at - turn);
    const ahead = begin < this.#phases.length ? this.#places.next(begin) : -1;
    const place = ahead === -1 ? this.#places.next(0) : ahead;
    const phase = this.#phases[place] ?? 0;
    this.#known = { at: turn + phase + (ahead === -1 ? this.every : 0), place };
    return this.#known.at;
  }

  /** The one whom `nextAt` has found. */
  take(): Member | undefined {
    if (this.#known === undefined) return undefined;
    const { at, place } = this.#known;
    this.#seenAt = at;
    this.#seenPlace = place + 1;
    this.#known = undefined;
    return this.#members[place];
  }

  #placeFrom(phase: number): number {
    let [low, high] = [0, this.#phases.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#phases[middle] ?? 0) < phase) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

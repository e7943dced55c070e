// The window of the last 64 sequence numbers, each good for one record (RFC 6347 §4.1.2.6).

const HALF = 32;

export class ReplayWindow {
  /** The newest number received; -1 before the first. */
  #newest = -1;
  /** Bit n of the two halves together: whether `newest - n` was received. */
  #low = 0;
  #high = 0;

  get newest(): number {
    return this.#newest;
  }

  isFresh(sequence: number): boolean {
    const age = this.#newest - sequence;
    if (age < 0) return true;
    if (age >= 2 * HALF) return false;
    return age < HALF ? ((this.#low >>> age) & 1) === 0 : ((this.#high >>> (age - HALF)) & 1) === 0;
  }

  /** Only for a record that was found authentic. */
  note(sequence: number): void {
    const age = this.#newest - sequence;
    if (age >= 2 * HALF) return;
    if (age >= HALF) this.#high |= 1 << (age - HALF);
    else if (age >= 0) this.#low |= 1 << age;
    else {
      this.#advance(-age);
      this.#newest = sequence;
    }
  }

  #advance(by: number): void {
    if (by >= 2 * HALF) this.#high = 0;
    else if (by > HALF) this.#high = this.#low << (by - HALF);
    else if (by === HALF) this.#high = this.#low;
    else this.#high = (this.#high << by) | (this.#low >>> (HALF - by));
    this.#low = (by >= HALF ? 0 : this.#low << by) | 1;
  }
}

// One thing at a time for each device: a burst of feedbacks would otherwise race for the same row and be decided again and again.

export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` after everything that was begun for `name` before. */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name);
    const mine = (before ?? Promise.resolve()).then(work);
    const over = mine.then(
      () => {},
      () => {},
    );
    this.#last.set(name, over);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === over) this.#last.delete(name);
    }
  }
}

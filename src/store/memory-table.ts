// A table in memory: rows by key, found again by the groups that they belong to; several changes can be undone together.

/** Notes how to undo what is done while `attempt` runs. */
export class Journal {
  #undos: (() => void)[] | undefined;

  /** Runs it whole or not at all: when it answers false, everything it changed is as before. */
  attempt(run: () => boolean): boolean {
    const undos: (() => void)[] = [];
    this.#undos = undos;
    try {
      const done = run();
      if (!done) for (const undo of undos.reverse()) undo();
      return done;
    } finally {
      this.#undos = undefined;
    }
  }

  note(undo: () => void): void {
    this.#undos?.push(undo);
  }
}

export class Table<Row> {
  readonly #journal: Journal;
  readonly #groupsOf: (row: Row) => readonly string[];
  readonly #rows = new Map<string, Row>();
  readonly #groups = new Map<string, Map<string, Row>>();

  constructor(journal: Journal, groupsOf: (row: Row) => readonly string[] = () => []) {
    this.#journal = journal;
    this.#groupsOf = groupsOf;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** In the order in which the keys first came. */
  all(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** The rows of a group, in no order that means anything. */
  group(name: string): readonly Row[] {
    return [...(this.#groups.get(name)?.values() ?? [])];
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  /** False when there is one. */
  insert(key: string, row: Row): boolean {
    if (this.#rows.has(key)) return false;
    this.put(key, row);
    return true;
  }

  put(key: string, row: Row): void {
    this.#place(key, row);
  }

  /** False when there is none. */
  delete(key: string): boolean {
    if (!this.#rows.has(key)) return false;
    this.#place(key, undefined);
    return true;
  }

  #place(key: string, row: Row | undefined): void {
    const before = this.#rows.get(key);
    this.#journal.note(() => this.#set(key, row, before));
    this.#set(key, before, row);
  }

  #set(key: string, before: Row | undefined, row: Row | undefined): void {
    if (before !== undefined) for (const name of this.#groupsOf(before)) this.#leave(name, key);
    if (row === undefined) {
      this.#rows.delete(key);
      return;
    }
    this.#rows.set(key, row);
    for (const name of this.#groupsOf(row)) this.#join(name, key, row);
  }

  #join(name: string, key: string, row: Row): void {
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, new Map([[key, row]]));
    else group.set(key, row);
  }

  #leave(name: string, key: string): void {
    const group = this.#groups.get(name);
    group?.delete(key);
    if (group?.size === 0) this.#groups.delete(name);
  }
}

export const byText =
  <Row>(keyOf: (row: Row) => string) =>
  (one: Row, other: Row): number => {
    const [left, right] = [keyOf(one), keyOf(other)];
    return left < right ? -1 : left > right ? 1 : 0;
  };

/** The rows after a key, in its order. */
export function pageOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { after = '', skip = 0, max }: { readonly after?: string; readonly skip?: number; readonly max: number },
): readonly Row[] {
  return rows
    .filter((row) => keyOf(row) > after)
    .sort(byText(keyOf))
    .slice(skip, skip + max);
}

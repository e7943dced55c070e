// The one connection that writes to SQLite: gathers batches of concurrent calls into one transaction with one fsync.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Outcome, Statement } from './sql.ts';

/** Runs it soon, after what is about to be added has been added; engine.md §10: at most 10 ms later. */
export type Schedule = (run: () => void) => void;

/** Batches of one transaction; more are stored at once, in further ones. */
const GATHERED_MAX = 200;
/** Compiled statements that are kept; the commit path has about forty texts. */
const STATEMENTS_MAX = 300;

type Batch = readonly Statement[];
interface Waiting {
  readonly batches: readonly Batch[];
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #schedule: Schedule;
  readonly #statements: StatementCache;
  #waiting: Waiting[] = [];
  #gathered = 0;

  constructor(database: DatabaseSync, schedule: Schedule) {
    this.#database = database;
    this.#schedule = schedule;
    this.#statements = new StatementCache(database);
  }

  apply(batches: readonly Batch[]): Promise<readonly Outcome[]> {
    if (batches.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batches, resolve, reject });
      this.#gathered += batches.length;
      if (this.#gathered >= GATHERED_MAX) this.flush();
      else if (this.#waiting.length === 1) this.#schedule(() => this.flush());
    });
  }

  /** Stores what is waiting. What fails here (a full disk) fails for every caller of the transaction. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#gathered = 0;
    try {
      const outcomes = this.#transaction(waiting);
      for (const [place, { resolve }] of waiting.entries()) resolve(outcomes[place] ?? []);
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('rollback');
      for (const { reject } of waiting) reject(error);
    }
  }

  #transaction(waiting: readonly Waiting[]): readonly (readonly Outcome[])[] {
    const [only, ...others] = waiting.flatMap(({ batches }) => batches);
    this.#database.exec('begin immediate');
    if (only !== undefined && others.length === 0) {
      // The transaction itself is all or nothing; a savepoint would copy every page that a long batch touches.
      const outcome = this.#perform(only);
      this.#database.exec(outcome === 'saved' ? 'commit' : 'rollback');
      return [[outcome]];
    }
    const outcomes = waiting.map(({ batches }) => batches.map((batch) => this.#store(batch)));
    this.#database.exec('commit');
    return outcomes;
  }

  #store(batch: Batch): Outcome {
    this.#database.exec('savepoint batch');
    const outcome = this.#perform(batch);
    if (outcome !== 'saved') this.#database.exec('rollback to batch');
    this.#database.exec('release batch');
    return outcome;
  }

  #perform(batch: Batch): Outcome {
    for (const { query, each = [query.parameters], rows, fails = 'stale', otherwise } of batch) {
      const statement = this.#statements.of(query.sql);
      let changes = 0;
      for (const values of each) changes += Number(statement.run(...(values as readonly SQLInputValue[])).changes);
      if (rows === undefined || changes === rows) continue;
      const outcome = otherwise === undefined ? fails : this.#perform(otherwise);
      if (outcome !== 'saved') return outcome;
    }
    return 'saved';
  }
}

/** Compiled statements by text, the least recently used forgotten first. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(text: string): StatementSync {
    const known = this.#known.get(text) ?? this.#database.prepare(text);
    this.#known.delete(text);
    this.#known.set(text, known);
    if (this.#known.size > STATEMENTS_MAX) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return known;
  }
}

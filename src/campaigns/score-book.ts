// The score book of a campaign: outcomes enter the scores in the order in which the devices got their first byte (engine.md §7).
import type { Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { FailureReason } from './reasons.ts';
import { type CanaryVerdict, canary, guard, guardSuccesses, NO_SCORE, type Score, type ScorePlan } from './score.ts';

/**
 * A place in the order, followed by the strata it counts for. An IMEI: a device whose outcome is open. 0: a failure.
 * Another number: so many successes. Outcomes behind an open device wait here; a million of them are a few numbers.
 */
export type Place = readonly [who: Imei | number, ...strata: number[]];

export interface Failing {
  readonly imei: Imei;
  readonly reason: FailureReason;
  readonly strata: readonly number[];
}

/**
 * Stored in a row of its own, written by the steward only: the campaign row is read for every decision. At most one place
 * for each device between grant and outcome, one for each failure behind the first of them, and between two such places
 * one for each set of strata.
 */
export interface ScoreBook {
  /** Absent: a campaign without a canary. Once it is accepted, outcomes go to the guards. */
  readonly canary?: Score & { readonly verdict: CanaryVerdict };
  /** That of the campaign, then those of the strata. */
  readonly guards: readonly Score[];
  readonly places: readonly Place[];
  /** Who failed last, at most `haltDevicesMax`. */
  readonly failing: readonly Failing[];
  /** It has halted: nothing is added up until it is begun anew. */
  readonly halted: boolean;
}

/** What the steward reads in the entries, in the ledger's order. */
export type ScoreEvent =
  /** A transfer grant. A device that has a place keeps it. */
  | { readonly is: 'granted'; readonly imei: Imei; readonly strata: readonly number[] }
  | { readonly is: 'succeeded'; readonly imei: Imei }
  /** It ended, after its retries, with a failure that speaks against the image. */
  | { readonly is: 'failed'; readonly imei: Imei; readonly reason: FailureReason }
  /** It ended without evidence, was suspended or waits for a retry: with its next grant it takes a new place. */
  | { readonly is: 'left'; readonly imei: Imei };

export interface Halt extends Score {
  readonly by: 'canary' | 'campaign' | 'stratum';
  /** Of a stratum: which. */
  readonly stratum?: number;
  readonly bound: number;
  /** Those of its failures that were told last, at most `haltDevicesMax`. */
  readonly failing: readonly Failing[];
}

export interface Scored {
  readonly book: ScoreBook;
  /** Every score that says halt; one is enough. The canary's verdict stands in the book. */
  readonly halts: readonly Halt[];
}

export function newScoreBook(plan: ScorePlan, withCanary: boolean): ScoreBook {
  return {
    ...(withCanary ? { canary: { ...NO_SCORE, verdict: 'continue' as const } } : {}),
    guards: Array.from({ length: 1 + plan.strata }, () => NO_SCORE),
    places: [],
    failing: [],
    halted: false,
  };
}

/**
 * Adds what has happened; takes time by the length of the order, so events are given together. A halt names the failures
 * that led to it and none that came later: where one is found, so is the first event after which it was sure.
 */
export function score(plan: ScorePlan, book: ScoreBook, events: readonly ScoreEvent[]): Scored {
  const all = taken(plan, book, events);
  if (all.halts.length === 0) return all;
  let [before, first] = [0, events.length];
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    if (taken(plan, book, events.slice(0, middle)).halts.length === 0) before = middle;
    else first = middle;
  }
  const halted = taken(plan, book, events.slice(0, first));
  return { book: taken(plan, halted.book, events.slice(first)).book, halts: halted.halts };
}

function taken(plan: ScorePlan, book: ScoreBook, events: readonly ScoreEvent[]): Scored {
  const desk = new Desk(plan, book);
  for (const event of events) desk.take(event);
  return desk.close();
}

/** After a resume: all scores from zero; devices under way keep their places, outcomes that were waiting are spent. */
export function restartScore(plan: ScorePlan, book: ScoreBook): ScoreBook {
  const fresh = newScoreBook(plan, book.canary !== undefined);
  const accepted = book.canary?.verdict === 'accept' ? { canary: book.canary } : {};
  return { ...fresh, ...accepted, places: book.places.filter(isOpen) };
}

/** An operator takes the canary for good: what comes now is for the guards. */
export function acceptCanary(book: ScoreBook): ScoreBook {
  return book.canary === undefined ? book : { ...book, canary: { ...book.canary, verdict: 'accept' } };
}

/** Devices between transfer grant and outcome that still count for a score. */
export const openPlaces = (book: ScoreBook): number => book.places.filter(isOpen).length;

const isOpen = (place: Place | undefined): boolean => typeof place?.[0] === 'string';

/** The order while events are taken: holes where a device has left, an index of the open places. */
class Desk {
  readonly #plan: ScorePlan;
  readonly #places: (Place | undefined)[];
  readonly #open = new Map<Imei, number>();
  readonly #failing: Failing[];
  readonly #halts: Halt[] = [];
  #canary: ScoreBook['canary'];
  #guards: readonly Score[];
  #halted: boolean;
  /** Before this place every outcome has been added up. */
  #head = 0;

  constructor(plan: ScorePlan, book: ScoreBook) {
    this.#plan = plan;
    this.#places = [...book.places];
    this.#failing = [...book.failing];
    this.#canary = book.canary;
    this.#guards = book.guards;
    this.#halted = book.halted;
    let at = 0;
    for (const place of book.places) {
      const who = place[0];
      if (typeof who === 'string') this.#open.set(who, at);
      at += 1;
    }
  }

  take(event: ScoreEvent): void {
    if (event.is === 'granted') return this.#enter(event.imei, event.strata);
    this.#leave(event);
    // The canary is judged after each event: how events are given together must not move the place where it ends.
    if (this.#canary?.verdict === 'continue' && !this.#halted) this.#judgeCanary(this.#canary);
  }

  close(): Scored {
    if (this.#canary?.verdict !== 'continue' && !this.#halted) this.#judgeGuards();
    const left = this.#places.slice(this.#head);
    const book: ScoreBook = {
      ...(this.#canary === undefined ? {} : { canary: this.#canary }),
      guards: this.#guards,
      places: merged(this.#halted ? left.filter(isOpen) : left),
      failing: this.#failing.slice(-LIMITS.haltDevicesMax),
      halted: this.#halted,
    };
    return { book, halts: this.#halts };
  }

  #enter(imei: Imei, strata: readonly number[]): void {
    if (this.#open.has(imei)) return;
    this.#open.set(imei, this.#places.length);
    this.#places.push([imei, ...strata]);
  }

  /** Without a place there was no byte since its last attempt, so there is no evidence. */
  #leave(event: Exclude<ScoreEvent, { readonly is: 'granted' }>): void {
    const at = this.#open.get(event.imei);
    if (at === undefined) return;
    const [, ...strata] = this.#places[at] ?? [0];
    this.#open.delete(event.imei);
    this.#places[at] = event.is === 'left' ? undefined : [event.is === 'failed' ? 0 : 1, ...strata];
    if (event.is === 'failed') this.#failing.push({ imei: event.imei, reason: event.reason, strata });
  }

  /**
   * An open device may be silent for days, and the verdict is not put off for it where its outcome cannot change it: a halt
   * that comes even if everybody who is open succeeds, an acceptance that comes even if they all fail.
   */
  #judgeCanary(before: Score): void {
    let { score: now, verdict, at } = this.#walkCanary(before, undefined);
    this.#head = at;
    if (verdict === 'continue') {
      const luckiest = this.#walkCanary(now, 'success');
      const unluckiest = this.#walkCanary(now, 'failure');
      const decided = luckiest.verdict === 'halt' ? luckiest : unluckiest.verdict === 'accept' ? unluckiest : undefined;
      if (decided !== undefined) ({ score: now, verdict, at } = decided);
    }
    this.#canary = { ...now, verdict };
    if (verdict === 'halt') this.#halt([{ by: 'canary', ...now, bound: this.#plan.canary.halt }]);
    if (verdict === 'accept') this.#spend(at);
  }

  /** From the head on to the first verdict; `assumed` for those who are open, else it ends before the first of them. */
  #walkCanary(from: Score, assumed: 'success' | 'failure' | undefined) {
    let now: Score = from;
    let at = this.#head;
    for (; at < this.#places.length; at += 1) {
      const [who] = this.#places[at] ?? [undefined];
      if (who === undefined) continue;
      const outcome = typeof who === 'string' ? assumed : who === 0 ? 'failure' : 'success';
      if (outcome === undefined) break;
      for (let left = typeof who === 'string' ? 1 : Math.max(1, who); left > 0; left -= 1) {
        const { score: next, verdict } = canary(this.#plan, now, outcome);
        if (verdict !== 'continue') return { score: next, verdict, at: at + 1 };
        now = next;
      }
    }
    return { score: now, verdict: 'continue' as const, at };
  }

  /** The canary has used these places up, also the open ones: it accepted although it took them for failures. */
  #spend(until: number): void {
    for (let at = 0; at < until; at += 1) {
      const [who] = this.#places[at] ?? [undefined];
      if (typeof who === 'string') this.#open.delete(who);
    }
    this.#head = until;
  }

  /** First what is in order, for good; then the rest as if everybody who is open succeeded: a halt there comes in any case. */
  #judgeGuards(): void {
    const scores = [...this.#guards];
    let inOrder = true;
    for (let at = this.#head; at < this.#places.length; at += 1) {
      const place = this.#places[at];
      if (inOrder && isOpen(place)) {
        inOrder = false;
        this.#guards = [...scores];
      }
      if (inOrder) this.#head = at + 1;
      if (place === undefined) continue;
      const over = addPlace(this.#plan, scores, place);
      if (over.length > 0) return this.#haltGuards(scores, over);
    }
    if (inOrder) this.#guards = scores;
  }

  #haltGuards(scores: readonly Score[], over: readonly number[]): void {
    this.#guards = scores;
    const bound = this.#plan.guard.halt;
    const halts = over.map((line) => ({
      ...(line === 0 ? { by: 'campaign' as const } : { by: 'stratum' as const, stratum: line - 1 }),
      ...(scores[line] ?? NO_SCORE),
      bound,
    }));
    this.#halt(halts);
  }

  #halt(halts: readonly Omit<Halt, 'failing'>[]): void {
    this.#halted = true;
    for (const halt of halts) {
      const { stratum } = halt;
      const own = this.#failing.filter(({ strata }) => stratum === undefined || strata.includes(stratum));
      this.#halts.push({ ...halt, failing: own.slice(-Math.min(halt.failures, LIMITS.haltDevicesMax)) });
    }
  }
}

/** Adds a place to the guard scores it counts for, an open one as a success; the scores that say halt. */
function addPlace(plan: ScorePlan, scores: Score[], place: Place): readonly number[] {
  const [who] = place;
  const over: number[] = [];
  for (let at = 0; at < place.length; at += 1) {
    const line = at === 0 ? 0 : Number(place[at]) + 1;
    const before = scores[line];
    if (before === undefined) continue;
    if (who !== 0) {
      scores[line] = guardSuccesses(plan, before, typeof who === 'string' ? 1 : who);
      continue;
    }
    const { score: next, verdict } = guard(plan, before, 'failure');
    scores[line] = next;
    if (verdict === 'halt') over.push(line);
  }
  return over;
}

/** Successes between two other places may stand in any order: those of the same strata become one place. */
function merged(places: readonly (Place | undefined)[]): readonly Place[] {
  const kept: Place[] = [];
  let gapFrom = 0;
  for (const place of places) {
    if (place === undefined) continue;
    const who = place[0];
    const run = who === 0 || typeof who === 'string' ? undefined : runLike(kept, gapFrom, place);
    if (run === undefined) kept.push(place);
    else kept[run] = [Number(kept[run]?.[0]) + Number(who), ...strataOf(place)];
    if (who === 0 || typeof who === 'string') gapFrom = kept.length;
  }
  return kept;
}

function runLike(kept: readonly Place[], from: number, place: Place): number | undefined {
  for (let at = from; at < kept.length; at += 1) if (haveSameStrata(kept[at], place)) return at;
  return undefined;
}

const haveSameStrata = (one: Place | undefined, other: Place): boolean =>
  one?.length === other.length && other.every((stratum, at) => at === 0 || stratum === one[at]);

const strataOf = ([, ...strata]: Place): readonly number[] => strata;

// The score book as a list: who is in order, who waits behind whom, what is kept of a million outcomes.
import { describe, expect, test } from 'vitest';
import type { Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import { SCORE_TERMS, scorePlan } from './score.ts';
import {
  acceptCanary,
  newScoreBook,
  openPlaces,
  restartScore,
  type Scored,
  type ScoreEvent,
  score,
} from './score-book.ts';

const PLAN = scorePlan(SCORE_TERMS, { devices: 2_000, strata: [1_000, 1_000], autoAddDevices: false });
const F = PLAN.failure;

const imei = (number: number): Imei => String(100_000_000_000_000 + number) as Imei;
const granted = (number: number, ...strata: readonly number[]): ScoreEvent => ({
  is: 'granted',
  imei: imei(number),
  strata,
});
const succeeded = (number: number): ScoreEvent => ({ is: 'succeeded', imei: imei(number) });
const failed = (number: number): ScoreEvent => ({ is: 'failed', imei: imei(number), reason: 'install-failed' });
const left = (number: number): ScoreEvent => ({ is: 'left', imei: imei(number) });
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

const told = (events: readonly ScoreEvent[], withCanary = false): Scored =>
  score(PLAN, newScoreBook(PLAN, withCanary), events);

describe('the order of outcomes', () => {
  test('is that of the grants: a fast failure waits behind a slow device', () => {
    const { book } = told([granted(1), granted(2), failed(2)]);
    expect(book).toMatchObject({ places: [[imei(1)], [0]], guards: [{ value: 0 }, { value: 0 }, { value: 0 }] });
    expect(score(PLAN, book, [succeeded(1)]).book).toMatchObject({ places: [], guards: [{ value: F }, {}, {}] });
    expect(score(PLAN, book, [failed(1)]).book.guards[0]).toMatchObject({ value: 2 * F, outcomes: 2, failures: 2 });
  });

  test('keeps the place of a device whose grant is renewed', () => {
    expect(told([granted(1), granted(2), granted(1)]).book.places).toEqual([[imei(1)], [imei(2)]]);
  });

  test('closes up when a device leaves, which takes a new place with its next grant', () => {
    const { book } = told([granted(1), granted(2), failed(2), left(1), granted(1)]);
    expect(book.places).toEqual([[imei(1)]]);
    expect(book.guards[0]?.value).toBe(F);
  });

  test('knows no outcome of a device without a place', () => {
    expect(told([failed(1), succeeded(2), left(3)]).book).toEqual(newScoreBook(PLAN, false));
  });

  test('counts an outcome for the campaign and for the strata of the device', () => {
    const { guards } = told([granted(1, 1), failed(1), granted(2), failed(2)]).book;
    expect(guards.map(({ value }) => value)).toEqual([2 * F, 0, F]);
  });

  test('keeps a few numbers of a hundred thousand successes that wait behind one device', () => {
    const rest = range(1, 100_001).flatMap((at) => [granted(at, at % 2), succeeded(at)]);
    const { book } = told([granted(0), ...rest]);
    expect(book.places).toEqual([[imei(0)], [50_000, 1], [50_000, 0]]);
    expect(JSON.stringify(book).length).toBeLessThan(300);
    const more = score(PLAN, JSON.parse(JSON.stringify(book)), [granted(-1, 1), succeeded(-1), left(0)]);
    expect(more.book).toEqual(newScoreBook(PLAN, false));
  });

  test('counts the devices that are open', () => {
    expect(openPlaces(told([granted(1), granted(2), granted(3), failed(2), left(3)]).book)).toBe(1);
  });
});

describe('a halt', () => {
  const eleven = range(1, 12);
  const failures = eleven.flatMap((at) => [granted(at, 1), failed(at)]);

  test('names the scores, their bound and who failed', () => {
    const { book, halts } = told(failures);
    expect(book).toMatchObject({ halted: true, places: [] });
    const due = Math.ceil(PLAN.guard.halt / F);
    const failing = range(1, due + 1).map(imei);
    expect(halts.map(({ by, stratum }) => [by, stratum])).toEqual([
      ['campaign', undefined],
      ['stratum', 1],
    ]);
    for (const halt of halts) {
      expect(halt).toMatchObject({ value: due * F, bound: PLAN.guard.halt, outcomes: due, failures: due });
      expect(halt.failing.map((one) => one.imei)).toEqual(failing);
    }
  });

  test('is not put off for a device that is silent, when even its success would not prevent it', () => {
    const due = 2 * Math.ceil(PLAN.guard.halt / F);
    expect(told([granted(0), ...failures.slice(0, due)]).book.halted).toBe(true);
    expect(told([granted(0), ...failures.slice(0, due - 1)]).book.halted).toBe(false);
  });

  test('of a stratum comes although the campaign as a whole is well', () => {
    const well = (from: number) => range(from, from + 40).flatMap((at) => [granted(at, 0), succeeded(at)]);
    const mixed = eleven.flatMap((at) => [...well(at * 100), granted(at, 1), failed(at)]);
    const { halts } = told(mixed);
    expect(halts).toMatchObject([{ by: 'stratum', stratum: 1 }]);
    expect(halts[0]?.failing.every(({ strata }) => strata.includes(1))).toBe(true);
  });

  test('names a hundred devices at the most', () => {
    const one = (at: number) => [granted(at), failed(at), ...range(1, 20).flatMap((n) => [granted(-n), succeeded(-n)])];
    const { book } = told(range(1, 300).flatMap(one));
    expect(book.failing).toHaveLength(LIMITS.haltDevicesMax);
    expect(book.failing.at(-1)?.imei).toBe(imei(299));
  });

  test('is followed by nothing until the score is begun anew; who was under way keeps its place', () => {
    const { book } = told([...failures, granted(20), granted(21), failed(20)]);
    expect(book.places).toEqual([[imei(21)]]);
    expect(score(PLAN, book, [failed(21)]).halts).toEqual([]);
    const anew = restartScore(PLAN, book);
    expect(anew).toEqual({ ...newScoreBook(PLAN, false), places: [[imei(21)]] });
    expect(score(PLAN, anew, [failed(21)]).book.guards[0]?.value).toBe(F);
  });
});

describe('a canary', () => {
  const good = (from: number, to: number) => range(from, to).flatMap((at) => [granted(at), succeeded(at)]);

  test('goes first; once it is accepted, outcomes go to the guards', () => {
    const { book } = told([granted(0), failed(0), ...good(1, 50)], true);
    expect(book).toMatchObject({
      canary: { verdict: 'continue', outcomes: 50, failures: 1 },
      guards: [{ value: 0 }, {}, {}],
    });
    const accepted = score(PLAN, book, [...good(50, 60), granted(60), failed(60)]).book;
    expect(accepted).toMatchObject({ canary: { verdict: 'accept', outcomes: 55 }, guards: [{ value: F }, {}, {}] });
  });

  test('is accepted in spite of a silent device once even its failure would not prevent it', () => {
    const silent = told([granted(0), ...good(1, 55)], true);
    expect(silent.book.canary).toMatchObject({ verdict: 'accept', outcomes: 55, failures: 1 });
    expect(told([granted(0), ...good(1, 54)], true).book.canary?.verdict).toBe('continue');
    expect(score(PLAN, silent.book, [failed(0)]).book).toEqual(silent.book);
    expect(told([granted(0), ...good(1, 55), failed(0)], true)).toEqual(silent);
  });

  test('that halts says so, and begins anew after a resume', () => {
    const bad = [1, 2, 3].flatMap((at) => [granted(at), failed(at)]);
    const { book, halts } = told([granted(0), ...bad], true);
    expect(halts).toMatchObject([{ by: 'canary', bound: PLAN.canary.halt, outcomes: 4, failures: 3 }]);
    expect(halts[0]?.failing.map((one) => one.imei)).toEqual([1, 2, 3].map(imei));
    expect(book.canary?.verdict).toBe('halt');
    expect(restartScore(PLAN, book)).toEqual({ ...newScoreBook(PLAN, true), places: [[imei(0)]] });
  });

  test('that is undecided can be accepted by an operator, and stays accepted when the guards begin anew', () => {
    const { book } = told([granted(0), failed(0), granted(1), granted(2), failed(2)], true);
    const taken = score(PLAN, acceptCanary(book), [succeeded(1)]).book;
    expect(taken).toMatchObject({ canary: { verdict: 'accept' }, guards: [{ value: F }, {}, {}], places: [] });
    expect(restartScore(PLAN, taken).canary?.verdict).toBe('accept');
    expect(acceptCanary(newScoreBook(PLAN, false))).toEqual(newScoreBook(PLAN, false));
  });
});

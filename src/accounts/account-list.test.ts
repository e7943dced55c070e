// Client logging of at most twenty devices for seven days, and the list of licences that may be taken back.
import { describe, expect, test } from 'vitest';
import type { AccountName, Imei, Instant } from '../campaigns/index.ts';
import { ACCOUNT_LIMITS, cancellationOf, logAlso, loggingNow, logNoMore, noList } from './account-list.ts';

const ACCOUNT = '0123456789-00001' as AccountName;
const NOW = 1_772_000_000_000 as Instant;
const plus = (wait: number): Instant => (NOW + wait) as Instant;
const imeis = (count: number, from = 0): readonly Imei[] =>
  Array.from({ length: count }, (_, at) => `${from + at}` as Imei);
const good = <Result extends { readonly ok: boolean }>(result: Result) => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return (result as Extract<Result, { readonly ok: true }> & { readonly list: never }).list;
};

describe('client logging', () => {
  const twenty = logAlso(noList(ACCOUNT, 'logging'), imeis(20), NOW);

  test('is on for seven days', () => {
    const list = twenty.ok ? twenty.list : noList(ACCOUNT, 'logging');
    expect(loggingNow(list, plus(ACCOUNT_LIMITS.loggingLife - 1))).toHaveLength(20);
    expect(loggingNow(list, plus(ACCOUNT_LIMITS.loggingLife))).toEqual([]);
  });

  test('is on for twenty devices at most; those whose time is over do not count', () => {
    const list = twenty.ok ? twenty.list : noList(ACCOUNT, 'logging');
    expect(logAlso(list, imeis(1, 20), NOW)).toEqual({ ok: false, sentence: expect.stringContaining('at most 20') });
    expect(logAlso(list, imeis(20), plus(5)).ok).toBe(true);
    expect(logAlso(list, imeis(20, 100), plus(ACCOUNT_LIMITS.loggingLife)).ok).toBe(true);
    expect(logAlso(logNoMore(list, ['3'], NOW), imeis(1, 20), NOW).ok).toBe(true);
  });
});

test('candidates for taking a licence back are added once each, or are another list', () => {
  const first = cancellationOf(noList(ACCOUNT, 'cancellation'), ['2', '1', '2'], 'append', NOW);
  expect(good(first)).toMatchObject({ imeis: ['2', '1'], updatedAt: NOW });
  expect(good(cancellationOf(good(first), ['3', '1'], 'append', NOW))).toMatchObject({ imeis: ['2', '1', '3'] });
  expect(good(cancellationOf(good(first), ['3'], 'replace', NOW))).toMatchObject({ imeis: ['3'] });
  const tooMany = imeis(ACCOUNT_LIMITS.cancellationDevicesMax + 1);
  expect(cancellationOf(noList(ACCOUNT, 'cancellation'), tooMany, 'replace', NOW).ok).toBe(false);
});

// What a ledger proves: every act inside its hours, under a grant, not while held and not after the end; each planted violation is found.
import { describe, expect, test } from 'vitest';
import type { Entry } from './change.ts';
import { FINDINGS, type FindingKind, findingLine } from './ledger-judge.ts';
import {
  accepted,
  admitted,
  at,
  CLEAN,
  chained,
  datesChanged,
  device,
  executed,
  granted,
  held,
  NOON,
  offer,
  other,
  phased,
  sent,
  verification,
  verified,
} from './testing/chained.ts';
import { after, type Instant, seconds } from './time.ts';

const BEGUN = CLEAN.slice(0, 4);
const LOADED = CLEAN.slice(0, 5);

async function kindsOf(entries: readonly Entry[], tzdata = '2026a'): Promise<readonly FindingKind[]> {
  const report = await verification(chained(entries), { tzdata });
  expect(report.broken).toBeUndefined();
  expect(report.ok).toBe(report.violations.count === 0);
  return report.violations.first.map(({ kind }) => kind);
}

const inBerlin = { ...NOON, zone: 'Europe/Berlin' };
const BERLIN = {
  zone: 'Europe/Berlin',
  utcOffset: 3_600_000,
  windowFrom: at('03T09:00:00'),
  windowUntil: at('03T11:00:00'),
};

describe('what was done rightly', () => {
  test('shows nothing: an update within its hours, in UTC and in a zone', async () => {
    expect(await kindsOf(CLEAN)).toEqual([]);
    expect(await kindsOf([accepted(inBerlin), admitted, offer(at('03T09:05:00'), BERLIN)])).toEqual([]);
    const inDeviceTime = { ...NOON, zone: 'device' };
    expect(await kindsOf([accepted(inDeviceTime), admitted, offer(at('03T09:05:00'), BERLIN)])).toEqual([]);
  });

  test('shows nothing: a node that has not heard of an order of five seconds ago', async () => {
    const pausedAt = at('03T10:05:00');
    const justAfter = offer(after(pausedAt, seconds(4)));
    expect(await kindsOf([...CLEAN.slice(0, 2), held(pausedAt, 'paused'), justAfter])).toEqual([]);
    const narrowed = { ...NOON, downloadWindows: [{ from: 11, until: 12 }] };
    expect(await kindsOf([...CLEAN.slice(0, 2), datesChanged(pausedAt, narrowed), justAfter])).toEqual([]);
    expect(await kindsOf([...BEGUN, phased(at('03T10:19:57'), 'aborted'), CLEAN[4]!])).toEqual([]);
  });

  test('shows nothing: an order that the device did not take is given again', async () => {
    const back = device({
      at: at('03T10:25:00'),
      kind: 'report',
      rule: 'update.execute-not-taken',
      move: { from: 'installing', to: 'downloaded' },
    });
    expect(await kindsOf([...LOADED, executed(at('03T10:21:00')), back, executed(at('03T10:26:00'))])).toEqual([]);
  });

  test('shows nothing: bytes after the close where a transfer begun before it may finish', async () => {
    const timetable = { ...NOON, rule: 'start-before-close' as const };
    const grant = granted(at('03T11:50:00'), { notAfter: at('03T13:00:00') });
    const entries = [accepted(timetable), admitted, offer(at('03T11:49:00')), grant];
    expect(await kindsOf([...entries, sent(at('03T11:50:01'), at('03T12:40:00'))])).toEqual([]);
  });

  test('counts transfers whose end nobody has told', async () => {
    const report = await verification(chained([...BEGUN, granted(at('03T10:40:00'))]));
    expect(report).toMatchObject({ ok: true, transfers: { ended: 0, unknown: 2 } });
    const late = sent(at('03T10:06:01'), at('03T10:20:00'));
    const { move: _none, ...told } = late;
    const ended = device({ kind: 'verification', rule: 'update.failed', move: { from: 'downloading', to: 'failed' } });
    expect(await verification(chained([...BEGUN, ended, told]))).toMatchObject({
      ok: true,
      transfers: { ended: 1, unknown: 0 },
    });
  });
});

describe('a planted violation is found', () => {
  const held10 = held(at('03T10:10:00'), 'paused');
  const over = phased(at('03T10:10:00'), 'aborted');
  const tomorrow = at('04T10:05:00');
  const day4 = { windowFrom: at('04T10:00:00'), windowUntil: at('04T12:00:00') };
  const CASES: readonly (readonly [string, readonly Entry[], readonly FindingKind[]])[] = [
    ['an offer outside its hours', [offer(at('03T09:59:00'))], ['outside-window']],
    ['an offer at the close itself', [offer(at('03T12:00:00'))], ['outside-window']],
    ['an offer without hours', [offer(at('03T10:05:00'), { windowUntil: 'noon' })], ['outside-window']],
    [
      'an offer in hours that the timetable does not have',
      [offer(at('03T08:00:00'), { windowFrom: at('03T07:00:00'), windowUntil: at('03T09:00:00') })],
      ['window-contradicted'],
    ],
    ['an offer in another zone', [offer(at('03T10:05:00'), { zone: 'Asia/Tokyo' })], ['window-contradicted']],
    ['an offer in a zone that is none', [offer(at('03T10:05:00'), { zone: 'Nowhere' })], ['window-contradicted']],
    ['an offer with a wrong offset', [offer(at('03T10:05:00'), { utcOffset: 1 })], ['window-contradicted']],
    ['an offer during a pause', [held10, offer(at('03T10:11:00'))], ['while-held']],
    [
      'an offer during a pause that is over by now',
      [held10, held(at('03T11:00:00'), 'none'), offer(at('03T10:11:00')), offer(at('03T11:01:00'))],
      ['while-held'],
    ],
    ['an offer after the end', [over, offer(at('03T10:11:00'))], ['after-end']],
    ['an offer to a device that is not in it', [{ ...offer(tomorrow, day4), imei: other('1') }], ['no-open-part']],
    [
      'an offer after the device had its outcome',
      [verified(at('03T10:01:00')), offer(at('03T10:05:00'))],
      ['no-open-part'],
    ],
    ['a grant beyond the close', [granted(at('03T10:06:00'), { notAfter: at('03T12:00:01') })], ['grant-too-long']],
    ['a grant without an end', [granted(at('03T10:06:00'), { notAfter: false })], ['grant-too-long']],
    ['an order to install outside its hours', [executed(at('03T13:00:00'))], ['outside-window']],
    ['an order to install during a pause', [held10, executed(at('03T10:11:00'))], ['while-held']],
    ['an order to install after the end', [over, executed(at('03T10:11:00'))], ['after-end']],
    ['a second order to install', [executed(at('03T10:21:00')), executed(at('03T10:22:00'))], ['second-execute']],
  ];
  test.each(CASES)('%s', async (_, entries, kinds) => {
    expect(await kindsOf([...CLEAN.slice(0, 2), ...entries])).toEqual(kinds);
  });

  test.each([
    ['a byte after its grant', [sent(at('03T10:06:01'), at('03T12:00:00'))], ['byte-without-grant']],
    ['a byte long before its grant', [sent(at('03T10:05:00'), at('03T10:20:00'))], ['byte-without-grant']],
    ['a byte during a pause', [held10, sent(at('03T10:06:01'), at('03T10:10:06'))], ['while-held']],
    ['a byte after the end', [over, sent(at('03T10:06:01'), at('03T10:10:06'))], ['after-end']],
    [
      'a byte in hours that were taken away meanwhile',
      [
        datesChanged(at('03T10:10:00'), { ...NOON, downloadWindows: [{ from: 11, until: 12 }] }),
        sent(at('03T10:06:01'), at('03T10:10:06')),
      ],
      ['byte-outside-window'],
    ],
  ] as const)('%s', async (_, entries, kinds) => {
    expect(await kindsOf([...BEGUN, ...entries])).toEqual(kinds);
  });

  test('a refusal in hours that were open, or that names other hours', async () => {
    const refusal = (when: Instant, from: Instant) =>
      device({
        at: when,
        kind: 'refusal',
        rule: 'permit.download-window',
        facts: { act: 'download', zone: 'UTC', utcOffset: 0, windowFrom: from, windowUntil: at('03T12:00:00') },
      });
    const begin = CLEAN.slice(0, 2);
    expect(await kindsOf([...begin, refusal(at('03T08:00:00'), at('03T10:00:00'))])).toEqual([]);
    expect(await kindsOf([...begin, refusal(at('03T08:00:00'), at('03T11:00:00'))])).toEqual(['window-contradicted']);
    expect(await kindsOf([...begin, refusal(at('03T10:30:00'), at('03T10:30:00'))])).toEqual(['refused-while-open']);
  });

  test('hours of which the ledger has no timetable', async () => {
    expect(await kindsOf([admitted, offer(at('03T10:05:00'))])).toEqual(['window-contradicted']);
  });

  test('all are counted, the first hundred are named', async () => {
    const wrong = Array.from({ length: 150 }, () => offer(at('03T09:00:00')));
    const { violations } = await verification(chained([...CLEAN.slice(0, 2), ...wrong]));
    expect(violations.count).toBe(150);
    expect(violations.first).toHaveLength(100);
    expect(findingLine(violations.first[0]!)).toBe(
      `entry 3, 2026-03-03T09:00:00.000Z, 015399000000011: outside-window: ${FINDINGS['outside-window']}`,
    );
  });
});

test('what comes out otherwise by other zone data is told apart, and is no violation', async () => {
  const moved = { ...BERLIN, windowFrom: at('03T08:00:00'), windowUntil: at('03T10:00:00') };
  const lines = chained([accepted(inBerlin), admitted, offer(at('03T09:05:00'), moved)]);
  const report = await verification(lines, { tzdata: '2027c' });
  expect(report).toMatchObject({ ok: true, violations: { count: 0 }, tzDifferences: { count: 1 } });
  expect(await verification(lines, { tzdata: '2026a' })).toMatchObject({ ok: false, violations: { count: 1 } });
});

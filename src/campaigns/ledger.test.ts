// The chain of a ledger: every planted tampering is found, whoever made it.
import { describe, expect, test } from 'vitest';
import type { CampaignId } from './ids.ts';
import { headLine } from './ledger-line.ts';
import { CLEAN, chained, digest, headAfter, KEY, signedHead, verification } from './testing/chained.ts';
import { CAMPAIGN } from './testing/given.ts';

const LINES = chained(CLEAN);
const HALF = headAfter(LINES, 4);

/** The text of an entry with something else in it; its hash says what it should say. */
const forged = (line: string, from: string, to: string): string => {
  const { text } = JSON.parse(line) as { text: string };
  expect(text).toContain(from);
  const other = text.replace(from, to);
  return JSON.stringify({ hash: digest(other), text: other });
};

describe('a ledger as it was written', () => {
  test('is intact up to its head, by whom and when', async () => {
    const report = await verification(LINES, { keptHead: HALF });
    expect(report).toMatchObject({ ok: true, length: 8, signature: 'valid', keyId: KEY.keyId, keptHead: 'found' });
    expect(report.violations).toEqual({ count: 0, first: [] });
    expect(report.transfers).toEqual({ ended: 1, unknown: 0 });
    expect(report.broken).toBeUndefined();
    expect(report.sentence).toBe(
      `Intact up to head ${report.head} (8 entries), signed 2026-03-09T12:00:00.000Z by key key-1. The kept head is in it. 5 decisions judged, 0 violations.`,
    );
  });

  test('of a campaign of which nothing has happened is intact', async () => {
    const lines = [headLine({ campaign: CAMPAIGN, length: 0, head: '' })];
    const none = { campaign: CAMPAIGN, length: 0, head: '' };
    expect(await verification(lines, { keptHead: none })).toMatchObject({
      ok: true,
      signature: 'empty',
      keptHead: 'found',
    });
    expect(await verification(lines, { keptHead: HALF })).toMatchObject({ ok: false, keptHead: 'not-found' });
  });

  test('may be longer than the head that was kept, and may come in pieces', async () => {
    async function* pieces() {
      yield* LINES;
    }
    for (let length = 1; length <= CLEAN.length; length += 1)
      expect(await verification([...LINES], { keptHead: headAfter(LINES, length) })).toMatchObject({ ok: true });
    const { verifyLedger } = await import('./ledger.ts');
    const by = { campaign: CAMPAIGN, digest, verify: () => true, keys: [KEY] };
    expect(await verifyLedger(pieces(), by)).toMatchObject({ length: 8, signature: 'valid' });
  });
});

describe('a planted tampering is found', () => {
  const broken = async (lines: readonly string[], at: number) => {
    const report = await verification(lines);
    expect(report).toMatchObject({ ok: false, broken: { at } });
    return report;
  };

  test('a changed text', async () => {
    const line = LINES[2]!.replace('offered', 'Offered');
    await broken(LINES.with(2, line), 3);
  });

  test('a changed text with a hash of its own', async () => {
    await broken(LINES.with(2, forged(LINES[2]!, 'update.offered', 'update.no-slot')), 4);
  });

  test('an entry that was removed', async () => {
    await broken(LINES.toSpliced(3, 1), 4);
  });

  test('an entry that was added', async () => {
    await broken(LINES.toSpliced(3, 0, LINES[3]!), 5);
  });

  test('entries that were moved', async () => {
    await broken([...LINES.slice(0, 3), LINES[4]!, LINES[3]!, ...LINES.slice(5)], 4);
  });

  test('a tail that was cut off, with the head or without it', async () => {
    await broken(LINES.slice(0, -1), 9);
    await broken(LINES.toSpliced(6, 2), 7);
    const report = await verification(chained(CLEAN.slice(0, 3)), { keptHead: HALF });
    expect(report).toMatchObject({ ok: false, signature: 'valid', keptHead: 'not-found' });
    expect(report.broken).toBeUndefined();
  });

  test('a chain that was written anew, by an unknown key, by no key, and even by the true one', async () => {
    const entries = CLEAN.with(2, { ...CLEAN[2]!, at: CLEAN[3]!.at });
    const other = { ...KEY, keyId: 'key-2', publicKey: 'two' };
    expect(await verification(chained(entries, other))).toMatchObject({ ok: false, signature: 'unknown-key' });
    expect(await verification(chained(entries, { ...other, keyId: KEY.keyId }))).toMatchObject({
      ok: false,
      signature: 'invalid',
    });
    const { signature: _none, ...unsigned } = signedHead(8, JSON.parse(chained(entries)[7]!).hash);
    const { signedAt: _at, keyId: _by, ...plain } = unsigned;
    const stripped = chained(entries).with(8, headLine(plain));
    expect(await verification(stripped)).toMatchObject({ ok: false, signature: 'missing' });
    expect(await verification(chained(entries))).toMatchObject({ ok: true });
    expect(await verification(chained(entries), { keptHead: HALF })).toMatchObject({
      ok: false,
      keptHead: 'contradicted',
    });
  });

  test('the ledger of another campaign', async () => {
    const campaign = 'campaign-b' as CampaignId;
    expect(await verification(LINES, { campaign })).toMatchObject({ ok: false, broken: { at: 1 } });
    const moved = chained(CLEAN.map((entry) => ({ ...entry, campaign })));
    await broken(moved, 1);
    const report = await verification(moved.with(8, headLine({ ...signedHead(8, ''), campaign })), { campaign });
    expect(report).toMatchObject({ ok: false, broken: { why: 'the head is not that of the last entry' } });
    expect(await verification(LINES, { keptHead: { ...HALF, campaign } })).toMatchObject({
      ok: false,
      keptHead: 'foreign',
    });
  });

  test('lines that are none, in whatever place', async () => {
    await broken(['', ...LINES], 1);
    await broken([...LINES, LINES[0]!], 9);
    await broken(LINES.with(1, ` ${LINES[1]}`), 2);
    await broken(chained([CLEAN[0], null]), 2);
    await broken(chained([CLEAN[0], { campaign: CAMPAIGN }]), 2);
    await broken([], 1);
    await broken(LINES.with(8, LINES[8]!.replace('"length":8', '"length":9')), 9);
  });

  test('half of a surrogate pair: two such texts could have one hash', async () => {
    const text = `${JSON.parse(LINES[0]!).text.slice(0, -1)},"x":"\ud800"}`;
    await broken(LINES.with(0, JSON.stringify({ hash: digest(text), text })), 1);
  });
});

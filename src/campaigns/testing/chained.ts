// For tests only: a ledger made of entries that a test writes down, chained, signed and exported.
import type { Timetable } from '../campaign.ts';
import type { Entry } from '../change.ts';
import { hashOf, type Imei } from '../ids.ts';
import { timetableFacts } from '../judged.ts';
import { type LedgerReport, type LedgerVerification, verifyLedger } from '../ledger.ts';
import { entryLine, headLine, type LedgerKey, type ShownHead } from '../ledger-line.ts';
import { headText } from '../steward.ts';
import { type Instant, rfc3339 } from '../time.ts';
import { ACCOUNT, CAMPAIGN, givenTimetable, IMEI, START, utc } from './given.ts';

/** Enough for tests: 128 bits that change with every sign. The real one is SHA-256. */
export const digest = (text: string): string =>
  ['a', 'b', 'c', 'd'].map((salt) => hashOf(`${salt}${text}${salt}`).toString(16).padStart(8, '0')).join('');

/** A signature of tests: whoever knows the key's name can make one, and nobody else does. */
const signatureOf = (publicKey: string, text: string): string => digest(`${publicKey}/${text}`);
const verify: LedgerVerification['verify'] = (publicKey, text, signature) => signature === signatureOf(publicKey, text);

export const KEY: LedgerKey = { keyId: 'key-1', publicKey: 'one', since: START };
const SIGNED_AT = utc('2026-03-09T12:00:00Z');

type Part = Pick<Entry, 'kind' | 'rule'> & Partial<Entry>;

export const at = (text: string): Instant => utc(`2026-03-${text}Z`);

const entryOf = (part: Part): Entry => ({ account: ACCOUNT, campaign: CAMPAIGN, at: START, ...part });

/** What the customer ordered, with its hours. */
export const accepted = (timetable: Timetable): Entry =>
  entryOf({
    at: utc('2026-03-01T10:00:00Z'),
    kind: 'phase',
    rule: 'campaign.accepted',
    facts: { phase: 'pending', ...timetableFacts(timetable) },
  });

export const admitted: Entry = entryOf({
  imei: IMEI,
  kind: 'admission',
  rule: 'admission.accepted',
  move: { from: 'none', to: 'waiting' },
});

/** Ten to twelve, on the second day of the campaign. */
export const NOON = givenTimetable({
  downloadWindows: [{ from: 10, until: 12 }],
  installWindows: [{ from: 10, until: 12 }],
});
const BOUNDS = { windowFrom: at('03T10:00:00'), windowUntil: at('03T12:00:00') };
const HOURS = { zone: 'UTC', utcOffset: 0, tzdata: '2026a', ...BOUNDS };

export const device = (part: Part): Entry => entryOf({ imei: IMEI, ...part });

export const offer = (when: Instant, facts: Entry['facts'] = {}): Entry =>
  device({
    at: when,
    kind: 'offer',
    rule: 'update.offered',
    move: { from: 'waiting', to: 'offered' },
    facts: { attempt: 1, act: 'download', ...HOURS, ...facts },
  });

export const granted = (when: Instant, facts: Entry['facts'] = {}): Entry =>
  device({
    at: when,
    kind: 'transfer-grant',
    rule: 'update.transfer-granted',
    move: { from: 'offered', to: 'downloading' },
    facts: {
      attempt: 1,
      act: 'download',
      closesAt: BOUNDS.windowUntil,
      notAfter: BOUNDS.windowUntil,
      ...HOURS,
      ...facts,
    },
  });

export const sent = (firstByteAt: Instant, lastByteAt: Instant, rule: Entry['rule'] = 'update.downloaded'): Entry =>
  device({
    at: lastByteAt,
    kind: 'last-byte',
    rule,
    move: { from: 'downloading', to: 'downloaded' },
    facts: { attempt: 1, bytes: 100_000, complete: true, firstByteAt, lastByteAt },
  });

export const executed = (when: Instant, facts: Entry['facts'] = {}): Entry =>
  device({
    at: when,
    kind: 'execute',
    rule: 'update.executing',
    move: { from: 'downloaded', to: 'installing' },
    facts: { attempt: 1, act: 'install', ...HOURS, ...facts },
  });

export const verified = (when: Instant): Entry =>
  device({ at: when, kind: 'verification', rule: 'update.verified', move: { from: 'installing', to: 'succeeded' } });

export const held = (when: Instant, hold: string): Entry =>
  entryOf({ at: when, kind: 'hold', rule: hold === 'none' ? 'campaign.resumed' : 'campaign.paused', facts: { hold } });

export const phased = (when: Instant, name: string): Entry =>
  entryOf({ at: when, kind: 'phase', rule: 'campaign.ended-done', facts: { phase: name } });

export const datesChanged = (when: Instant, timetable: Timetable): Entry =>
  entryOf({ at: when, kind: 'phase', rule: 'campaign.dates-changed', facts: timetableFacts(timetable) });

export const other = (imei: string): Imei => imei as Imei;

/** One device from offer to proof, everything within its hours. */
export const CLEAN: readonly Entry[] = [
  accepted(NOON),
  admitted,
  offer(at('03T10:05:00')),
  granted(at('03T10:06:00')),
  sent(at('03T10:06:01'), at('03T10:20:00')),
  executed(at('03T10:21:00')),
  verified(at('03T10:30:00')),
  phased(at('03T10:30:01'), 'ended'),
];

export function signedHead(length: number, head: string, key: LedgerKey = KEY): ShownHead {
  const signature = signatureOf(key.publicKey, headText(CAMPAIGN, { length, head }, SIGNED_AT));
  return { campaign: CAMPAIGN, length, head, signedAt: rfc3339(SIGNED_AT), keyId: key.keyId, signature };
}

/** The lines of an export of these entries. */
export function chained(entries: readonly unknown[], key: LedgerKey = KEY): string[] {
  let previous = '';
  const lines = entries.map((entry, place) => {
    const text = JSON.stringify({ sequence: place + 1, previous, entry });
    previous = digest(text);
    return entryLine({ text, hash: previous });
  });
  return [...lines, headLine(signedHead(entries.length, previous, key))];
}

/** The head after so many of its entries. */
export function headAfter(lines: readonly string[], length: number): ShownHead {
  const { hash } = JSON.parse(lines[length - 1] ?? '{}');
  return signedHead(length, hash);
}

export const verification = (lines: readonly string[], more: Partial<LedgerVerification> = {}): Promise<LedgerReport> =>
  verifyLedger(lines, { campaign: CAMPAIGN, digest, verify, keys: [KEY], tzdata: '2026a', ...more });

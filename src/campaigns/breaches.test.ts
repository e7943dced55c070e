// A commit that breaks a promise by its own record is seen; one that keeps them all is not.
import { describe, expect, test } from 'vitest';
import { breachesOf } from './breaches.ts';
import type { Change, Entry } from './change.ts';
import type { ImageToken } from './ids.ts';
import { LIMITS } from './limits.ts';
import { ACCOUNT, CAMPAIGN, givenUpdate, IMEI, START } from './testing/given.ts';
import { after, hours } from './time.ts';
import type { Attempt } from './update.ts';

const BOUNDS = { windowFrom: START, windowUntil: after(START, hours(2)) };
const entry = (kind: Entry['kind'], facts: Entry['facts'], at = after(START, hours(1))): Entry => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: IMEI,
  at,
  kind,
  rule: 'update.offered',
  ...(facts === undefined ? {} : { facts }),
});
const kindsOf = (entries: readonly Entry[], writes: Change['writes'] = []) =>
  breachesOf({ writes, entries, intents: [], rule: 'update.offered' }).map(({ kind }) => kind);

const ATTEMPT: Attempt = {
  number: 1,
  token: 'token' as ImageToken,
  actionId: 1,
  offeredAt: START,
  leastEvidence: 'version',
  executesRefused: 0,
  delivery: 'pull',
  interruptions: 0,
};

describe('an act', () => {
  test.each(['offer', 'execute', 'transfer-grant'] as const)('%s inside its recorded hours is none', (kind) => {
    expect(kindsOf([entry(kind, { ...BOUNDS, notAfter: BOUNDS.windowUntil })])).toEqual([]);
  });

  test.each(['offer', 'execute', 'transfer-grant'] as const)('%s outside of them, or without them, is one', (kind) => {
    const facts = { ...BOUNDS, notAfter: BOUNDS.windowUntil };
    expect(kindsOf([entry(kind, facts, BOUNDS.windowUntil)])).toEqual(['outside-window']);
    expect(kindsOf([entry(kind, facts, after(START, hours(-1)))])).toEqual(['outside-window']);
    expect(kindsOf([entry(kind, undefined)])).toEqual(['outside-window']);
  });

  test('that grants a transfer for longer than any rule lets it run over is one', () => {
    const over = after(BOUNDS.windowUntil, LIMITS.overrunMax);
    expect(kindsOf([entry('transfer-grant', { ...BOUNDS, notAfter: over })])).toEqual([]);
    expect(kindsOf([entry('transfer-grant', { ...BOUNDS, notAfter: over + 1 })])).toEqual(['grant-too-long']);
  });
});

test('a byte at or after the end of its grant is a breach, one before it is none; other entries are not looked at', () => {
  const transfer = { grantedAt: START, notAfter: BOUNDS.windowUntil, bytes: 5 };
  const row = givenUpdate({ name: 'downloading', attempt: { ...ATTEMPT, transfer }, idleDeadline: START });
  const writes = [{ op: 'replace-update', row } as const];
  expect(kindsOf([entry('last-byte', { lastByteAt: BOUNDS.windowUntil - 1 })], writes)).toEqual([]);
  expect(kindsOf([entry('last-byte', { lastByteAt: BOUNDS.windowUntil })], writes)).toEqual(['byte-without-grant']);
  expect(kindsOf([entry('last-byte', { lastByteAt: BOUNDS.windowUntil })])).toEqual([]);
  expect(kindsOf([entry('report', undefined), entry('refusal', undefined)])).toEqual([]);
});

// How an account's devices behave, and how long its tokens and sessions are good.
import { describe, expect, test } from 'vitest';
import type { AccountName, Instant } from '../campaigns/index.ts';
import { DEFAULT_SETTINGS, profileOf } from './account.ts';
import {
  bearerIsGood,
  isLocked,
  LOGIN_FAILURES_MAX,
  needsTouch,
  SESSION_IDLE_MAX,
  SESSION_TOUCH,
  sessionIsGood,
} from './credential.ts';

const account = '0123456789-00001' as AccountName;
const NOW = 1_772_000_000_000 as Instant;
const plus = (wait: number): Instant => (NOW + wait) as Instant;

describe('the profile of a device', () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    profiles: [
      { make: 'Acme', model: 'M1', ddiClient: 'split' },
      { make: 'Acme', autoInstalls: true },
      { make: 'Acme', model: 'M2', leastEvidence: 'restart' },
    ],
  } as const;

  test('is that of the first rule that names its make and model', () => {
    expect(profileOf(settings, { make: 'Acme', model: 'M1' })).toEqual({ ddiClient: 'split', autoInstalls: false });
    expect(profileOf(settings, { make: 'Acme', model: 'M2' })).toEqual({ ddiClient: 'streaming', autoInstalls: true });
    expect(profileOf(settings, { make: 'Acme' })).toEqual({ ddiClient: 'streaming', autoInstalls: true });
  });

  test('is that of a streaming client that waits for the order, where no rule names it', () => {
    const standard = { ddiClient: 'streaming', autoInstalls: false };
    expect(profileOf(settings, { make: 'Apex', model: 'M1' })).toEqual(standard);
    expect(profileOf(settings, {})).toEqual(standard);
    expect(profileOf(DEFAULT_SETTINGS, { make: 'Acme' })).toEqual(standard);
  });
});

describe('credentials', () => {
  test('a session is good for twenty minutes without use', () => {
    const session = { tokenHash: 'h', username: 'u', account, lastUsedAt: NOW };
    expect(sessionIsGood(session, plus(SESSION_IDLE_MAX - 1))).toBe(true);
    expect(sessionIsGood(session, plus(SESSION_IDLE_MAX))).toBe(false);
    expect(SESSION_IDLE_MAX).toBe(1_200_000);
  });

  test("a session's use is written at most once a minute", () => {
    const session = { tokenHash: 'h', username: 'u', account, lastUsedAt: NOW };
    expect(needsTouch(session, plus(SESSION_TOUCH - 1))).toBe(false);
    expect(needsTouch(session, plus(SESSION_TOUCH))).toBe(true);
  });

  test('a bearer token is good until just before its end', () => {
    const token = { tokenHash: 'h', clientId: 'c', account, expiresAt: NOW };
    expect(bearerIsGood(token, plus(-1))).toBe(true);
    expect(bearerIsGood(token, NOW)).toBe(false);
  });

  test('a user is locked after five bad logins in a row', () => {
    const user = { username: 'u', account, passwordHash: 'p' };
    expect(isLocked({ ...user, failures: LOGIN_FAILURES_MAX - 1 })).toBe(false);
    expect(isLocked({ ...user, failures: LOGIN_FAILURES_MAX })).toBe(true);
    expect(LOGIN_FAILURES_MAX).toBe(5);
  });
});

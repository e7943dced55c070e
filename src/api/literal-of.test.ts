// The words of each generation for every state of an update, and the times that are told with them.
import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  type Campaign,
  FAILURE_REASONS,
  type FailureReason,
  type Instant,
  instant,
  REJECT_REASONS,
  type RejectReason,
  type Update,
  type UpdateState,
  WAIT_REASONS,
  type WaitReason,
} from '../campaigns/index.ts';
import { DEVICE_LITERALS, V1_DEVICE_STATUSES, V2_DEVICE_STATUSES, V3_DEVICE_STATUSES } from '../contract/index.ts';
import { deviceStatusV1, deviceStatusV2, deviceStatusV3, type Telling, wordsOf } from './literal-of.ts';

const NOW = instant(Date.UTC(2026, 2, 10, 10));
const IMAGE_SIZE = 1000;
const campaign = { package: { image: { size: IMAGE_SIZE } } } as Campaign;
const telling: Telling = { campaign, now: NOW };
const IMEI = '352753090000001';

const updateIn = (state: UpdateState, more: Partial<Update> = {}): Update =>
  ({ imei: IMEI, state, rule: 'update.no-change', changedAt: NOW, history: [], ...more }) as unknown as Update;
const member = (state: UpdateState, more: Partial<Update> = {}) => ({ imei: IMEI, update: updateIn(state, more) });

const attempt = { number: 1, offeredAt: NOW } as Attempt;
const later = (minutes: number): Instant => instant(NOW + minutes * 60_000);

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] =>
  Object.keys(record) as Key[];
const waiting = keysOf<WaitReason>(WAIT_REASONS).map((reason) => ({ name: 'waiting', reason, readyAt: NOW }) as const);
const failed = keysOf<FailureReason>(FAILURE_REASONS).map(
  (reason) => ({ name: 'failed', reason, at: NOW, attempt: 1 }) as const,
);
const rejected = keysOf<RejectReason>(REJECT_REASONS).map((reason) => ({ name: 'rejected', reason, at: NOW }) as const);
const live: readonly UpdateState[] = [
  { name: 'offered', attempt, untilUntouched: NOW },
  { name: 'downloading', attempt, idleDeadline: NOW },
  { name: 'downloaded', attempt, since: NOW, askAt: NOW },
  { name: 'installing', attempt, since: NOW, deadline: later(60), order: 'sent', askAt: NOW },
  { name: 'verifying', attempt, since: NOW, deadline: later(60), word: 'reported' },
];
const over: readonly UpdateState[] = [
  { name: 'succeeded', at: NOW, evidence: 'version', attempt: 1 },
  { name: 'cancelled', at: NOW },
  { name: 'aborted', at: NOW },
  { name: 'expired', at: NOW },
];

test('every state and every reason has a documented status and a sentence, in each generation', () => {
  for (const state of [...waiting, ...failed, ...rejected, ...live, ...over]) {
    const one = member(state);
    expect(V1_DEVICE_STATUSES).toContain(deviceStatusV1(one, telling).status);
    expect(V2_DEVICE_STATUSES).toContain(deviceStatusV2(one, telling).status);
    expect(V3_DEVICE_STATUSES).toContain(deviceStatusV3(one, telling).status);
    expect(deviceStatusV2(one, telling).reasonText, state.name).toMatch(/\S/);
  }
});

test('no literal is without a state that it is told for', () => {
  const told = [...waiting, ...failed, ...rejected, ...live, ...over].map((state) =>
    'reason' in state ? `${state.name}.${state.reason}` : state.name,
  );
  expect([...told, 'intake', 'expired.downloaded'].sort()).toEqual(Object.keys(DEVICE_LITERALS).sort());
});

test('a device that is not yet judged has no reason in generation 1 and no times', () => {
  expect(deviceStatusV1({ imei: IMEI }, telling)).toEqual({
    deviceId: IMEI,
    status: 'Request Pending',
    reasonText: expect.any(String),
  });
  expect(deviceStatusV3({ imei: IMEI }, telling)).not.toHaveProperty('updatedTime');
});

describe('an update that expired', () => {
  const past = (bytes: number) => ({ history: [{ offeredAt: NOW, bytes } as Update['history'][number]] });
  const reasonOf = (bytes: number) => wordsOf(member({ name: 'expired', at: NOW }, past(bytes)), 'v2', telling).reason;

  test('tells whether the whole image was on the device', () => {
    expect(reasonOf(IMAGE_SIZE)).toBe('RovaClientDownloadNotInstalledYet');
    expect(reasonOf(IMAGE_SIZE - 1)).toBe('RovaClientDidNotReportStatus');
    expect(wordsOf(member({ name: 'expired', at: NOW }), 'v2', telling).reason).toBe('RovaClientDidNotReportStatus');
  });
});

describe('times', () => {
  test('of a waiting device are those of the start or of the next attempt, whichever is later', () => {
    const state = { name: 'waiting', reason: 'retry', readyAt: later(30) } as const;
    expect(deviceStatusV3(member(state), telling)).toMatchObject({
      resultReason: 'Upgrade is estimated to be scheduled for 10 Mar 26 10:30 UTC',
      nextAttemptTime: '2026-03-10T10:30:00.000Z',
    });
    expect(deviceStatusV3(member(state), { ...telling, startsAt: later(60) })).toMatchObject({
      nextAttemptTime: '2026-03-10T11:00:00.000Z',
    });
  });

  test('that have come tell nothing about what is next', () => {
    const status = deviceStatusV3(member({ name: 'waiting', reason: 'ready', readyAt: NOW }), telling);
    expect(status.resultReason).toBe('Upgrade is to be scheduled');
    expect(status).not.toHaveProperty('nextAttemptTime');
  });

  test('of a device that installs are those of its attempt', () => {
    const [, , , installing] = live;
    if (installing === undefined) throw new Error('there is no such state');
    expect(deviceStatusV3(member(installing), telling)).toMatchObject({
      resultReason: 'Upgrade begins 10 Mar 26 10:00 UTC, estimated completion 10 Mar 26 11:00 UTC',
      recentAttemptTime: '2026-03-10T10:00:00.000Z',
    });
  });
});

test('what the device told is in the sentence', () => {
  const state = {
    name: 'failed',
    reason: 'install-failed',
    at: NOW,
    attempt: 1,
    detail: 'flash is read-only',
  } as const;
  expect(deviceStatusV2(member(state), telling)).toMatchObject({
    status: 'UpgradeFailed',
    resultReason: 'RovaClientDownloadedInstallFailed',
    reasonText: 'The installation failed. flash is read-only',
  });
});

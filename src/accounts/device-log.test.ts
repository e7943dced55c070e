// What devices did as lines: feedback of HTTP devices, answers of LwM2M devices.
import { expect, test } from 'vitest';
import type { DeviceKey, Instant } from '../campaigns/index.ts';
import { ACCOUNT_LIMITS } from './account-list.ts';
import { checkInOfAnswer, checkInOfReport, logOfAnswer, logOfReport } from './device-log.ts';

const key = { account: '0123456789-00001', imei: '015399000000011' } as DeviceKey;
const NOW = 1_772_000_000_000 as Instant;

test('a feedback is a line of a software update, and a check-in that failed where the device says so', () => {
  expect(logOfReport(key, 7, { step: 'failed', detail: 'no space' }, NOW)).toEqual({
    key,
    at: NOW,
    type: 'SoftwareUpdate',
    text: 'action 7, failed: no space',
  });
  expect(checkInOfReport(key, { step: 'failed', detail: 'no space' }, NOW)).toMatchObject({
    result: 'failed',
    failure: 'no space',
  });
  expect(checkInOfReport(key, { step: 'downloaded' }, NOW)).toEqual({
    key,
    at: NOW,
    client: 'HTTP',
    result: 'succeeded',
  });
  const long = logOfReport(key, 7, { step: 'failed', detail: `x${'y'.repeat(5_000)}z` }, NOW);
  expect(long.text).toHaveLength(ACCOUNT_LIMITS.logTextLengthMax);
  expect(long.text.endsWith('yz')).toBe(true);
});

test('an answer of an LwM2M device says its version and how object 5 stands', () => {
  const object5 = { state: 'idle', result: 'success', canPull: true, canPush: false } as const;
  const answered = { key, what: 'ask', outcome: { is: 'delivered' }, reading: { firmware: '2.0', object5 } } as const;
  expect(logOfAnswer(answered, NOW)).toEqual({
    key,
    at: NOW,
    type: 'Event',
    text: 'ask, delivered: version 2.0, state idle, result success',
  });
  expect(checkInOfAnswer(answered, NOW)).toMatchObject({ client: 'LWM2M', result: 'succeeded' });
});

test('a refusal is a failed check-in, silence is none', () => {
  const refused = { key, what: 'execute', outcome: { is: 'refused', detail: '4.05' } } as const;
  expect(logOfAnswer(refused, NOW)).toMatchObject({ type: 'SoftwareUpdate', text: 'execute, refused: 4.05' });
  expect(checkInOfAnswer(refused, NOW)).toMatchObject({ result: 'failed', failure: 'execute refused: 4.05' });
  expect(checkInOfAnswer({ key, what: 'ask', outcome: { is: 'no-answer' } }, NOW)).toBeUndefined();
});

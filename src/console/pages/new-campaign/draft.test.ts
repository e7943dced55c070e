// The order that a draft becomes.
import { expect, test } from 'vitest';
import { newDraft, orderOf, policyOf, wavesOf } from './draft.ts';

const NOW = Date.parse('2030-05-01T10:00:00Z');
const IMEI = '490154203237518';

test('a draft without a package or devices is no order yet', () => {
  expect(orderOf(newDraft(NOW, [IMEI]))).toBeUndefined();
  expect(orderOf({ ...newDraft(NOW, []), packageName: 'modem' })).toBeUndefined();
});

test('what was left as it is is not in the order', () => {
  expect(orderOf({ ...newDraft(NOW, [IMEI]), packageName: 'modem' })).toEqual({
    packageName: 'modem',
    startDate: '2030-05-01',
    endDate: '2030-05-08',
    downloadWindows: [],
    installWindows: [],
    timeZone: 'UTC',
    rule: 'strict',
    deviceList: [IMEI],
  });
});

test('waves are percents that stay within a hundred', () => {
  expect(wavesOf('10, 30')).toEqual([10, 30]);
  expect(wavesOf('80 30')).toBeUndefined();
  expect(wavesOf('some')).toBeUndefined();
});

test('a canary with waves asks for each step where somebody is to approve', () => {
  const { rollout } = newDraft(NOW, []);
  expect(policyOf({ ...rollout, kind: 'waves', needsApproval: true })).toEqual({
    canary: { devices: 50 },
    waves: [{ percent: 10 }, { percent: 30 }],
    soakHours: 12,
    approval: 'every-step',
  });
});

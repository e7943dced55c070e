// What listeners read, generation by generation, and that signatures verify.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type AccountName,
  type CallbackEvent,
  type CampaignId,
  type Day,
  type DeviceEvent,
  FAILURE_REASONS,
  type Imei,
  instant,
  REJECT_REASONS,
} from '../campaigns/index.ts';
import { CallbackEventV1, CallbackEvent as WireCallbackEvent } from '../contract/index.ts';
import { reasonText } from './literals.ts';
import { render } from './render.ts';
import { secretText, sign } from './sign.ts';

const AT = instant(Date.parse('2026-03-02T10:00:00Z'));
const event = (more: Partial<CallbackEvent> = {}): CallbackEvent => ({
  account: '0000123456-00001' as AccountName,
  campaign: 'c1' as CampaignId,
  number: 4,
  at: AT,
  facts: {
    generation: 'v3',
    phase: 'scheduled',
    name: 'spring',
    package: 'fw',
    from: '1',
    to: '2',
    make: 'Acme',
    model: 'M1',
    startDate: '2026-03-02' as Day,
    endDate: '2026-03-08' as Day,
  },
  devices: [],
  ...more,
});
const device = (state: DeviceEvent['state'], more: Partial<DeviceEvent> = {}): DeviceEvent => ({
  imei: '015399000000011' as Imei,
  state,
  at: AT,
  ...more,
});
const scheduled = { name: 'scheduled', rule: 'campaign.scheduled' } as const;

describe('a listener of v2 or v3', () => {
  const read = (more: Partial<CallbackEvent>, generation: 'v2' | 'v3' = 'v3') =>
    WireCallbackEvent.strict().parse(render({ event: event(more), listener: { generation } }));

  test('reads a campaign status', () => {
    expect(read({ phase: scheduled })).toEqual({
      eventId: 'evt_c1_4',
      number: 4,
      accountName: '0000123456-00001',
      campaignId: 'c1',
      id: 'c1',
      type: 'campaignStatus',
      status: 'CampaignScheduled',
      reasonText: 'The start date has come.',
      time: '2026-03-02T10:00:00.000Z',
    });
  });

  test('reads the head of the ledger beside a campaign status, to be kept', () => {
    const signed = { keyId: 'ab', signature: 'x' };
    const ledgerHead = { length: 7, head: 'ff', signedAt: AT, ...signed };
    const wire = { length: 7, head: 'ff', signedAt: '2026-03-02T10:00:00.000Z', ...signed };
    expect(read({ phase: scheduled, ledgerHead }).ledgerHead).toEqual(wire);
    expect(read({ phase: scheduled, ledgerHead: { length: 7, head: 'ff' } }).ledgerHead).toEqual({
      length: 7,
      head: 'ff',
    });
  });

  test('reads the statuses of devices, with the documented literals and our sentence', () => {
    const failed = device('failed', { reason: 'install-failed', detail: 'no power' });
    expect(read({ devices: [failed] })).toMatchObject({
      type: 'deviceStatus',
      status: 'CampaignScheduled',
      deviceList: [{ deviceId: failed.imei, status: 'UpgradeFailed', reasonText: 'The installation failed. no power' }],
    });
    const facts = { ...event().facts, generation: 'v2' } as const;
    const reasons = (some: DeviceEvent) => read({ facts, devices: [some] }, 'v2').deviceList?.[0]?.resultReason;
    expect(reasons(device('expired'))).toBe('RovaClientDidNotReportStatus');
    expect(reasons(device('expired', { reason: 'downloaded' }))).toBe('RovaClientDownloadNotInstalledYet');
    expect(reasons(device('succeeded'))).toBe('DownloadInstallSucceeded');
    expect(reasons(device('expired'))).toBe('RovaClientDidNotReportStatus');
    expect(reasons(failed)).toBe('RovaClientDownloadedInstallFailed');
    expect(reasons(device('failed', { reason: 'download-stalled' }))).toBe('RovaClientDownloadFailed');
    expect(reasons(device('rejected', { reason: 'busy' }))).toBe(
      'Device is already scheduled for an upgrade that must complete first',
    );
  });

  test('has a sentence for every reason', () => {
    const text = (state: DeviceEvent['state'], reason: string) => reasonText(device(state, { reason }));
    for (const [reason, { text: sentence }] of Object.entries(FAILURE_REASONS))
      expect(text('failed', reason)).toBe(sentence);
    for (const [reason, sentence] of Object.entries(REJECT_REASONS)) expect(text('rejected', reason)).toBe(sentence);
    expect(text('failed', 'a reason of later days')).toBe('a reason of later days');
  });
});

describe('a listener of v1', () => {
  const read = (more: Partial<CallbackEvent>) =>
    CallbackEventV1.strict().parse(
      render({ event: event(more), listener: { generation: 'v1', username: 'u', password: 'p' } }),
    );

  test('reads its name and password back, and the one part that is concerned', () => {
    expect(read({ devices: [device('rejected', { reason: 'busy' })] })).toMatchObject({
      accountName: '0000123456-00001',
      participantName: '0000123456-00001',
      type: 'upgradeFinished',
      username: 'u',
      password: 'p',
      firmwareList: [],
      upgradeScheduled: {},
      upgradeProgress: {},
      upgradeFinished: {
        firmwareName: 'fw',
        upgradeId: 'c1',
        startDate: '2026-03-02',
        deviceList: [{ deviceId: '015399000000011', status: 'Device Rejected' }],
      },
    });
  });

  test.each([
    ['pending', 'upgradeScheduled'],
    ['queued', 'upgradeScheduled'],
    ['scheduled', 'upgradeProgress'],
    ['ended', 'upgradeFinished'],
    ['cancelled', 'upgradeFinished'],
  ] as const)('%s is %s', (name, type) => {
    expect(read({ phase: { ...scheduled, name } }).type).toBe(type);
  });
});

test('a signature verifies as Standard Webhooks says, by the new secret and by the old one', () => {
  const [key, old] = [Buffer.alloc(24, 1), Buffer.alloc(24, 2)];
  const headers = sign('evt_c1_4', '{"a":1}', [secretText(key), secretText(old)], AT);
  expect(headers['webhook-timestamp']).toBe('1772445600');
  const by = (bytes: Buffer) =>
    `v1,${createHmac('sha256', bytes).update('evt_c1_4.1772445600.{"a":1}').digest('base64')}`;
  expect(headers['webhook-signature'].split(' ')).toEqual([by(key), by(old)]);
  // The example of the Standard Webhooks specification.
  const example = sign(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    '{"test": 2432232314}',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    instant(1_614_265_330_000),
  );
  expect(example['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

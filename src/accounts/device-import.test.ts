// An import is an upsert by IMEI: what is absent stays, what is empty is cleared.
import { describe, expect, test } from 'vitest';
import type { AccountName, CampaignId, Device, Imei, Instant } from '../campaigns/index.ts';
import { type DeviceImport, importDevice } from './device-import.ts';

const ACCOUNT = '0123456789-00001' as AccountName;
const IMEI_1 = '015399000000011' as Imei;
const NOW = 1_772_000_000_000 as Instant;
const LATER = (NOW + 1_000) as Instant;

const imported = (line: Omit<DeviceImport, 'imei'>, stored?: Device, now: Instant = NOW): Device => {
  const result = importDevice(ACCOUNT, { imei: IMEI_1, ...line }, stored, now);
  if (!result.ok) throw new Error(result.sentence);
  expect(result.isNew).toBe(stored === undefined);
  return result.device;
};
const FULL = imported({
  make: 'Acme',
  model: 'M1',
  transport: 'HTTP',
  firmware: '1.0',
  software: { app: '3', modem: '5' },
  timeZone: 'Asia/Tokyo',
  labels: { site: 'Kyoto', ring: 'a' },
});

describe('an import', () => {
  test('of a new device says what is known, and by whom', () => {
    expect(FULL).toMatchObject({
      account: ACCOUNT,
      imei: IMEI_1,
      transport: 'HTTP',
      firmware: { value: '1.0', at: NOW, source: 'import' },
      software: { app: { value: '3', at: NOW, source: 'import' } },
      reachable: false,
      lastActionId: 0,
    });
  });

  test('of a new device needs a transport', () => {
    const result = importDevice(ACCOUNT, { imei: IMEI_1, make: 'Acme' }, undefined, NOW);
    expect(result).toEqual({ ok: false, sentence: expect.stringContaining('accepted: LWM2M or HTTP') });
  });

  test('that names nothing changes nothing', () => {
    expect(imported({}, FULL, LATER)).toEqual(FULL);
  });

  test('clears what it names empty', () => {
    const cleared = imported(
      { make: '', firmware: '', timeZone: '', software: { app: '' }, labels: { ring: '' } },
      FULL,
    );
    expect(cleared).not.toHaveProperty('make');
    expect(cleared).not.toHaveProperty('firmware');
    expect(cleared).not.toHaveProperty('timeZone');
    expect(Object.keys(cleared.software)).toEqual(['modem']);
    expect(cleared.labels).toEqual({ site: 'Kyoto' });
    expect(cleared.model).toBe('M1');
  });

  test('clears a table that is given empty', () => {
    const cleared = imported({ software: {}, labels: {} }, FULL);
    expect(cleared.software).toEqual({});
    expect(cleared.labels).toEqual({});
  });

  test('adds to tables and replaces single entries', () => {
    const next = imported({ software: { app: '4' }, labels: { floor: '2' } }, FULL, LATER);
    expect(next.software['app']).toEqual({ value: '4', at: LATER, source: 'import' });
    expect(next.software['modem']).toEqual(FULL.software['modem']);
    expect(next.labels).toEqual({ site: 'Kyoto', ring: 'a', floor: '2' });
  });

  test('of the version that the device itself has told leaves it the word of the device', () => {
    const told: Device = { ...FULL, firmware: { value: '1.0', at: NOW, source: 'reported' } };
    expect(imported({ firmware: '1.0' }, told, LATER).firmware).toEqual(told.firmware);
    expect(imported({ firmware: '1.1' }, told, LATER).firmware).toEqual({ value: '1.1', at: LATER, source: 'import' });
  });

  test('keeps what only the engine writes', () => {
    const busy: Device = { ...FULL, revision: 7, lastActionId: 12, liveCampaign: 'c' as CampaignId, rate: 5 };
    expect(imported({ model: 'M2' }, busy)).toMatchObject({
      revision: 7,
      lastActionId: 12,
      liveCampaign: 'c',
      rate: 5,
    });
  });

  test('does not move a device to another transport while it is in a campaign', () => {
    const busy: Device = { ...FULL, liveCampaign: 'c' as CampaignId };
    const line: DeviceImport = { imei: IMEI_1, transport: 'LWM2M' };
    expect(importDevice(ACCOUNT, line, busy, NOW)).toEqual({
      ok: false,
      sentence: 'transport: given LWM2M, accepted: HTTP while the device is in campaign c.',
    });
    expect(importDevice(ACCOUNT, { ...line, transport: 'HTTP' }, busy, NOW).ok).toBe(true);
    expect(imported({ transport: 'LWM2M' }, FULL).transport).toBe('LWM2M');
  });
});

// Licences: who is given one, from whom one is taken back, and who needs one.
import { describe, expect, test } from 'vitest';
import type { AccountName, CampaignId, Device, Imei, Instant, Licence, LicencePool } from '../campaigns/index.ts';
import { assignLicences, type LicenceLine, removeLicences } from './licence.ts';
import { needsLicence } from './subscription.ts';

const ACCOUNT = '0123456789-00001' as AccountName;
const NOW = 1_772_000_000_000 as Instant;
const pool = (assigned: number): LicencePool => ({ account: ACCOUNT, revision: 3, assigned });
const device = (imei: string, more: Partial<Device> = {}): Device => ({
  account: ACCOUNT,
  imei: imei as Imei,
  revision: 0,
  transport: 'LWM2M',
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
  ...more,
});
const licence = (imei: string): Licence => ({ account: ACCOUNT, imei: imei as Imei, assignedAt: NOW });
const known = (imei: string, more: Partial<LicenceLine> = {}): LicenceLine => ({ imei, device: device(imei), ...more });
const outcomes = (results: readonly { readonly outcome: string }[]) => results.map(({ outcome }) => outcome);

test('a licence is needed under a monthly subscription that no subscription by the event stands beside', () => {
  const needs = (purchaseType: string) => needsLicence({ purchaseType });
  expect(needs('TS-HFOTA-MRC')).toBe(true);
  expect(needs('TS-HFOTA-EVNT')).toBe(false);
  expect(needs('TS-HFOTA-EVNT,TS-HFOTA-MRC')).toBe(false);
});

describe('an assignment', () => {
  test('goes as far as the pool, device by device, and counts what it gave', () => {
    const lines = [known('1', { licence: licence('1') }), { imei: '2' }, known('3'), known('3'), known('4')];
    const { results, change, pool: after } = assignLicences(ACCOUNT, { pool: pool(1), limit: 2, lines }, NOW);
    expect(outcomes(results)).toEqual([
      'already-assigned',
      'device-unknown',
      'assigned',
      'already-assigned',
      'exhausted',
    ]);
    expect(change.writes).toEqual([
      { op: 'insert-licence', row: licence('3') },
      { op: 'replace-pool', row: { ...pool(2), updatedAt: NOW } },
    ]);
    expect(after.assigned).toBe(2);
  });

  test('without a limit has no end; one that gives nothing writes nothing', () => {
    expect(outcomes(assignLicences(ACCOUNT, { pool: pool(1e6), lines: [known('1')] }, NOW).results)).toEqual([
      'assigned',
    ]);
    expect(assignLicences(ACCOUNT, { pool: pool(1), limit: 1, lines: [known('1')] }, NOW).change.writes).toEqual([]);
  });
});

test('a licence is taken back unless its device is being upgraded or was', () => {
  const held = (imei: string, more: Partial<LicenceLine> = {}) => known(imei, { licence: licence(imei), ...more });
  const lines = [
    held('1'),
    held('1'),
    held('2', { device: device('2', { liveCampaign: 'c' as CampaignId }) }),
    held('3', { upgradedAt: NOW }),
    known('4'),
    { imei: '5' },
    { imei: '6', licence: licence('6') },
  ];
  const { results, change, pool: after } = removeLicences({ pool: pool(4), lines }, NOW);
  expect(outcomes(results)).toEqual([
    'removed',
    'not-assigned',
    'being-upgraded',
    'upgraded',
    'not-assigned',
    'device-unknown',
    'removed',
  ]);
  expect(change.writes.map(({ op }) => op)).toEqual(['delete-licence', 'delete-licence', 'replace-pool']);
  expect(after.assigned).toBe(2);
});

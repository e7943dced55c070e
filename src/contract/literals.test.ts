// The documented words: times in reasons, one word for each campaign status of generation 1, licences.

import { expect, test } from 'vitest';
import {
  CAMPAIGN_STATUSES,
  DEVICE_LITERALS,
  LICENSE_LITERALS,
  licenseStatus,
  literalReason,
  shortInstant,
  UPGRADE_STATUS_OF,
} from './index.ts';

const AT = Date.UTC(2022, 9, 6, 18, 5, 59);

test('an instant inside a reason looks like those of the original', () => {
  expect(shortInstant(AT)).toBe('06 Oct 22 18:05 UTC');
});

test('a reason tells its instants when they are known, and never half of them', () => {
  const { v3 } = DEVICE_LITERALS.downloading;
  const until = AT + 4 * 3_600_000;
  expect(literalReason(v3, { at: AT, until })).toBe(
    'Upgrade begins 06 Oct 22 18:05 UTC, estimated completion 06 Oct 22 22:05 UTC',
  );
  expect(literalReason(v3, { at: AT })).toBe('Upgrade is scheduled');
  expect(literalReason(DEVICE_LITERALS.succeeded.v2, { at: AT })).toBe('DownloadInstallSucceeded');
});

test('every campaign status has a word of generation 1', () => {
  expect(Object.keys(UPGRADE_STATUS_OF).sort()).toEqual([...CAMPAIGN_STATUSES].sort());
});

test('a device that is over looks over in every generation', () => {
  const final = /^(?:Device ?Rejected|Upgrade(?:Success|Failed)|Campaign(?:Cancelled|Aborted))$/;
  for (const [key, { v1, v2, v3 }] of Object.entries(DEVICE_LITERALS)) {
    const over = /^(?:succeeded|rejected|failed|expired|cancelled|aborted)/.test(key);
    expect(
      [v1, v2, v3].map(({ status }) => final.test(status)),
      key,
    ).toEqual([over, over, over]);
  }
});

test('the status of a licence names the act', () => {
  expect(licenseStatus('Assign', LICENSE_LITERALS['already-assigned'])).toBe('LicenseAssignSuccess');
  expect(licenseStatus('Remove', LICENSE_LITERALS.upgraded)).toBe('LicenseRemoveFailed');
});

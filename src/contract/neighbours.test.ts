// What surrounds campaigns: filters in every spelling, first pages, lists with limits, listeners, answers with both spellings.

import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  CallbackEvent,
  CallbackRegistration,
  CallbackRegistrationV1,
  CallbackServiceParams,
  CampaignFileUpgrade,
  CampaignSoftwareHttp,
  CampaignsQuery,
  CancellationRequest,
  DeviceIdsQuery,
  DeviceQuery,
  DevicesV3Query,
  DistributionTypeQuery,
  explainIssues,
  FirmwareSyncResponse,
  FirmwareUpgradeRequest,
  LastSeenDeviceQuery,
  LicenseChangeV3,
  LicenseSummary,
  LoggingRequest,
  ProtocolQuery,
  StartIndexQuery,
  UpgradesParams,
} from './index.ts';

const ACCOUNT = '0000123456-00001';
const IMEI = '990013907835573';

function refusal(schema: z.ZodType, value: unknown): string {
  const result = schema.safeParse(value);
  return result.success ? 'accepted' : explainIssues(result.error, value);
}

describe('a status filter', () => {
  test.each([
    ['CampaignScheduled', 'CampaignScheduled'],
    ['campaignended', 'CampaignEnded'],
    ['CampaignQueued', 'CampaignRequestQueued'],
    ['RequestPending', 'CampaignRequestPending'],
    ['CAMPAIGNPRESCHEDULED', 'CampaignPreScheduled'],
  ])('%s means %s', (given, campaignStatus) => {
    expect(CampaignsQuery.parse({ campaignStatus: given })).toEqual({ campaignStatus });
  });

  test.each(['Done', 'constructor', ''])('%j is refused with the list', (campaignStatus) => {
    expect(refusal(CampaignsQuery, { campaignStatus })).toContain('one of CampaignRequestPending, ');
  });

  test('of generation 1 is part of the path', () => {
    const params = { account: ACCOUNT, upgradeStatus: 'inprogress', startIndex: '20' };
    expect(UpgradesParams.parse(params)).toEqual({ account: ACCOUNT, upgradeStatus: 'InProgress', startIndex: 20 });
    expect(refusal(UpgradesParams, { ...params, startIndex: '-1' })).toContain('a whole number from 0');
  });
});

describe('a filter by transport', () => {
  test.each([
    ['lwm2m', 'LWM2M'],
    ['OMADM', 'OMD-DM'],
    ['OMDADM', 'OMD-DM'],
    ['ALL', 'all'],
  ])('may be spelled %s', (given, meant) => {
    expect(ProtocolQuery.parse({ protocol: given })).toEqual({ protocol: meant });
    expect(DistributionTypeQuery.parse({ distributionType: given })).toEqual({ distributionType: meant });
  });

  test('may be absent where the original has a default', () => {
    expect(DistributionTypeQuery.parse({})).toEqual({ distributionType: 'all' });
    expect(DevicesV3Query.parse({ protocol: '' })).toEqual({ protocol: 'LWM2M' });
    expect(refusal(ProtocolQuery, {})).toContain('protocol: given nothing');
  });
});

test.each([{}, { lastSeenDeviceId: '0' }, { lastSeenDeviceId: '' }])('%j asks for the first page', (query) => {
  expect(LastSeenDeviceQuery.parse(query)).toEqual({});
});

test('an index is a number in a text', () => {
  expect(StartIndexQuery.parse({ startIndex: '1000' })).toEqual({ startIndex: 1000 });
  expect(StartIndexQuery.parse({ startIndex: '0' })).toEqual({ startIndex: 0 });
  expect(refusal(StartIndexQuery, { startIndex: 'x' })).toContain('startIndex: given "x"');
});

describe('a list of devices', () => {
  test.each([['1,2'], ['1 2'], ['1, 2'], [['1', '2']], [['1,2', '']]])('in a query may be %j', (deviceIds) => {
    expect(DeviceIdsQuery.parse({ deviceIds })).toEqual({ deviceIds: ['1', '2'] });
  });

  test('is refused with its limit', () => {
    const deviceIds = Array.from({ length: 21 }, (_, index) => `9900139078355${index}`);
    expect(refusal(LoggingRequest, { deviceIds })).toContain('a list of 1 to 20 IMEIs');
    expect(refusal(DeviceIdsQuery, { deviceIds: deviceIds.join(',') })).toContain('1 to 20 IMEIs, separated by commas');
    expect(refusal(DeviceQuery, { deviceList: [] })).toContain('a list of 1 to 1000 IMEIs');
  });
});

describe('a listener', () => {
  test.each(['https://example.com/fota?x=1', 'http://127.0.0.1:9000', 'HTTPS://[::1]:8443/'])('may be %s', (url) => {
    expect(CallbackRegistration.parse({ url })).toEqual({ url });
  });

  test.each(['ftp://example.com', 'example.com', 'http://', 'http://user:word@example.com/', 'http://a b/'])(
    'may not be %s',
    (url) => {
      expect(refusal(CallbackRegistration, { url })).toContain('accepted: a URL like https://example.com/fota');
    },
  );

  test('of generation 1 is called Fota, in any letter case', () => {
    const url = 'https://example.com/';
    expect(CallbackRegistrationV1.parse({ name: 'fota', url, username: null })).toEqual({ name: 'Fota', url });
    expect(CallbackServiceParams.parse({ account: ACCOUNT, name: 'FOTA' }).name).toBe('Fota');
    expect(refusal(CallbackServiceParams, { account: ACCOUNT, name: 'Location' })).toContain('one of Fota');
    const secret = { name: 'Fota', url, password: 7 };
    expect(refusal(CallbackRegistrationV1, secret)).toContain('a secret that is not shown here');
  });

  test('hears of at most 500 devices at a time', () => {
    const event = { accountName: ACCOUNT, campaignId: 'c', id: 'c', type: 'deviceStatus', status: 'CampaignScheduled' };
    const numbered = { ...event, number: 1, time: '2030-01-01T00:00:00Z', eventId: 'e' };
    const device = { deviceId: IMEI, status: 'Accepted' };
    expect(CallbackEvent.safeParse({ ...numbered, deviceList: Array(500).fill(device) }).success).toBe(true);
    expect(CallbackEvent.safeParse({ ...numbered, deviceList: Array(501).fill(device) }).success).toBe(false);
  });
});

describe('an order', () => {
  test('of generation 1 names its account and may have a date-time', () => {
    const body = { accountName: ACCOUNT, firmwareName: 'f', firmwareTo: '2', startDate: '2030-01-01T00:00:00Z' };
    expect(FirmwareUpgradeRequest.parse({ ...body, deviceList: [IMEI] }).startDate).toBe('2030-01-01');
    expect(refusal(FirmwareUpgradeRequest, { ...body, deviceList: Array(100_001).fill(IMEI) })).toContain(
      '1 to 100000',
    );
  });

  test('of a file may have hours as texts and needs no transport', () => {
    const body = {
      fileName: 'f',
      fileVersion: '1',
      startDate: '2030-01-01',
      endDate: '2030-01-02',
      deviceList: [IMEI],
    };
    const windows = { downloadTimeWindowList: [{ startTime: '20', endTime: '22' }] };
    expect(CampaignFileUpgrade.parse({ ...body, ...windows })).toMatchObject({
      distributionType: 'HTTP',
      downloadTimeWindowList: [{ startTime: 20, endTime: 22 }],
    });
  });

  test('to take licences back replaces the list, or says append', () => {
    expect(CancellationRequest.parse({ type: 'Append', deviceList: [IMEI] }).type).toBe('append');
    expect(CancellationRequest.parse({ type: null, deviceList: [IMEI] }).type).toBeUndefined();
    expect(refusal(CancellationRequest, { type: 'replace', deviceList: [IMEI] })).toContain('one of append');
  });
});

describe('an answer', () => {
  test('has the count of licences in both spellings', () => {
    const counts = { accountName: ACCOUNT, licUsedCount: 1, deviceList: [] };
    expect(LicenseChangeV3.safeParse({ ...counts, licCount: 5, licTotalCount: 5 }).success).toBe(true);
    expect(LicenseChangeV3.safeParse({ ...counts, licCount: 5 }).success).toBe(false);
    const summary = {
      accountName: ACCOUNT,
      assignedLicenses: 1,
      hasMoreData: false,
      maxPageSize: 1000,
      deviceList: [],
    };
    expect(LicenseSummary.safeParse({ ...summary, totalLicense: 5, totalLicenses: 5 }).success).toBe(true);
    expect(LicenseSummary.safeParse({ ...summary, totalLicenses: 5 }).success).toBe(false);
  });

  test('has the spelling that the wire has', () => {
    expect(FirmwareSyncResponse.safeParse({ accountName: ACCOUNT, deviceFirmwarVersionList: [] }).success).toBe(true);
  });

  test('of the newer schedule call has hours as texts, and only that one', () => {
    const { downloadTimeWindowList } = CampaignSoftwareHttp.shape;
    expect(downloadTimeWindowList.safeParse([{ startTime: '20', endTime: '22' }]).success).toBe(true);
    expect(downloadTimeWindowList.safeParse([{ startTime: 20, endTime: 22 }]).success).toBe(false);
  });
});

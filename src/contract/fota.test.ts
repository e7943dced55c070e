// The ten operations' bodies: what is accepted, what is refused, and with which sentence.

import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  Campaign,
  CampaignFirmwareUpgrade,
  CampaignSoftware,
  CampaignSoftwareUpgrade,
  ChangeCampaignDatesRequest,
  DeviceChanges,
  explainIssues,
} from './index.ts';

const SOFTWARE = {
  campaignName: 'FOTA_Verizon_Upgrade',
  softwareName: 'FOTA_Verizon_Model-A_02To03_HF',
  softwareFrom: 'FOTA_Verizon_Model-A_00To01_HF',
  softwareTo: 'FOTA_Verizon_Model-A_02To03_HF',
  distributionType: 'HTTP',
  startDate: '2030-08-21',
  endDate: '2030-08-22',
  downloadAfterDate: '2030-08-21',
  downloadTimeWindowList: [{ startTime: 20, endTime: 21 }],
  installAfterDate: '2030-08-21',
  installTimeWindowList: [{ startTime: 22, endTime: 23 }],
  deviceList: ['990013907835573', '990013907884259'],
};

const FIRMWARE = {
  firmwareName: 'SEQUANSCommunications_GM01Q_SR1.2.0.0-10512_SR1.2.0.0-10657',
  firmwareFrom: 'SR1.2.0.0-10512',
  firmwareTo: 'SR1.2.0.0-10657',
  protocol: 'LWM2M',
  startDate: '2030-09-29',
  endDate: '2030-10-01',
  campaignTimeWindowList: [{ startTime: 18, endTime: 22 }],
  deviceList: ['15-digit IMEI'],
};

function refusal(schema: z.ZodType, body: unknown): string {
  const result = schema.safeParse(body);
  return result.success ? 'accepted' : explainIssues(result.error, body);
}

describe('a schedule body', () => {
  test('of the specification is accepted as it is', () => {
    expect(CampaignSoftwareUpgrade.parse(SOFTWARE)).toEqual(SOFTWARE);
    expect(CampaignFirmwareUpgrade.parse(FIRMWARE)).toEqual({
      ...FIRMWARE,
      autoAssignLicenseFlag: false,
      autoAddDevicesFlag: false,
    });
  });

  test('may have unknown fields, nulls, whole date-times and hours as text', () => {
    const body = {
      ...SOFTWARE,
      surprise: true,
      campaignName: null,
      startDate: '2030-08-21T00:00:00Z',
      downloadTimeWindowList: [{ startTime: null, endTime: '4' }],
    };
    const { campaignName: _, ...rest } = SOFTWARE;
    expect(CampaignSoftwareUpgrade.parse(body)).toEqual({
      ...rest,
      downloadTimeWindowList: [{ startTime: 0, endTime: 4 }],
    });
  });

  test.each([
    ['OMA', 'OMD-DM'],
    ['oma-dm', 'OMD-DM'],
    ['OMDADM', 'OMD-DM'],
    ['lwm2m', 'LWM2M'],
    ['Http', 'HTTP'],
  ])('may spell its protocol %s', (given, meant) => {
    expect(CampaignFirmwareUpgrade.parse({ ...FIRMWARE, protocol: given }).protocol).toBe(meant);
  });

  test('may name its window list either way, and campaignTimeWindowList wins', () => {
    const timeWindowList = [{ startTime: 1, endTime: 2 }];
    const { campaignTimeWindowList: _, ...rest } = FIRMWARE;
    expect(CampaignFirmwareUpgrade.parse({ ...rest, timeWindowList }).campaignTimeWindowList).toEqual(timeWindowList);
    expect(CampaignFirmwareUpgrade.parse({ ...FIRMWARE, timeWindowList }).campaignTimeWindowList).toEqual(
      FIRMWARE.campaignTimeWindowList,
    );
  });
});

describe('a refused body says field, value and what is accepted', () => {
  const window = (startTime: unknown, endTime: unknown): unknown => ({
    ...SOFTWARE,
    downloadTimeWindowList: [{ startTime, endTime }],
  });
  test.each([
    [window(25, 26), 'startTime of downloadTimeWindowList[0]: given 25, accepted: a whole number from 0 to 23'],
    [window(0, 0), 'endTime of downloadTimeWindowList[0]: given 0, accepted: a whole number from 1 to 24'],
    [window(undefined, 3), 'startTime of downloadTimeWindowList[0]: given nothing, accepted: a whole number from 0'],
    [window(22, 4), 'downloadTimeWindowList[0]: given an object, accepted: a window whose startTime is before its'],
    [{ ...SOFTWARE, startDate: '2030-02-30' }, 'startDate: given "2030-02-30", accepted: a calendar day like'],
    [{ ...SOFTWARE, startDate: '30.2.2030' }, 'startDate: given "30.2.2030", accepted: a calendar day like'],
    [{ ...SOFTWARE, softwareName: '' }, 'softwareName: given "", accepted: a text of 1 to 256 characters'],
    [{ ...SOFTWARE, softwareName: undefined }, 'softwareName: given nothing, accepted: a text of 1 to 256'],
    [{ ...SOFTWARE, distributionType: 'FTP' }, 'distributionType: given "FTP", accepted: one of LWM2M, HTTP, OMD-DM'],
    [{ ...SOFTWARE, deviceList: [] }, 'deviceList: given an empty list, accepted: a list of 1 to 1000000 IMEIs'],
    [{ ...SOFTWARE, deviceList: ['1', 2, 3] }, 'deviceList[1]: given 2, accepted: an IMEI as a text'],
    [{ ...SOFTWARE, deviceList: 'x' }, 'deviceList: given "x", accepted: a list of 1 to 1000000 IMEIs'],
    [{ ...SOFTWARE, timeZone: '../etc' }, 'timeZone: given "../etc", accepted: "UTC", "device" or a name'],
    [[], 'the body: given an empty list, accepted: a JSON object'],
    [undefined, 'the body: given nothing, accepted: a JSON object'],
  ])('%#: %s', (body, sentence) => {
    expect(refusal(CampaignSoftwareUpgrade, body)).toContain(sentence);
  });

  test('a bad list of a million devices makes one sentence', () => {
    const deviceList = new Array<number>(1_000_000).fill(7);
    expect(refusal(CampaignSoftwareUpgrade, { ...SOFTWARE, deviceList })).toBe(
      'deviceList[0]: given 7, accepted: an IMEI as a text of 1 to 64 characters.',
    );
  });
});

test('an empty list of windows stays an empty list, which means always', () => {
  const body = { startDate: '2030-08-21', endDate: '2030-08-22', installTimeWindowList: [] };
  expect(ChangeCampaignDatesRequest.parse(body)).toEqual(body);
});

describe('adding and removing devices', () => {
  const deviceList = ['990013907835573'];
  test.each([
    [{ Type: 'remove', deviceList }, ['remove']],
    [{ type: 'APPEND', deviceList }, ['append']],
    [{ addOrRemoveDevice: { type: 'remove', deviceList } }, ['remove']],
    [
      {
        addOrRemoveDevice: [
          { type: 'remove', deviceList },
          { Type: 'append', deviceList },
        ],
      },
      ['remove', 'append'],
    ],
  ])('accepts every documented form: %j', (body, types) => {
    expect(DeviceChanges.parse(body).map(({ Type }) => Type)).toEqual(types);
  });

  test('refuses what is not documented', () => {
    expect(refusal(DeviceChanges, { Type: 'add', deviceList })).toContain('one of append, remove');
    expect(refusal(DeviceChanges, {})).not.toBe('accepted');
    expect(refusal(DeviceChanges, { addOrRemoveDevice: [] })).not.toBe('accepted');
    expect(refusal(DeviceChanges, null)).not.toBe('accepted');
  });
});

test('answers carry what every client generation requires', () => {
  const windows = [{ startTime: 18, endTime: 22 }];
  const firmware = { ...FIRMWARE, id: 'i', accountName: 'a', make: 'm', model: 'o', status: 'CampaignScheduled' };
  const { deviceList: _, ...expected } = firmware;
  const flags = { autoAssignLicenseFlag: false, autoAddDevicesFlag: false };
  expect(Campaign.parse({ ...firmware, ...flags, timeWindowList: windows })).toEqual({
    ...expected,
    ...flags,
    timeWindowList: windows,
  });
  expect(Campaign.safeParse(firmware).success).toBe(false);
  const software = { ...SOFTWARE, id: 'i', accountName: 'a', make: 'm', model: 'o', status: 'CampaignEnded' };
  expect('deviceList' in CampaignSoftware.parse(software)).toBe(false);
});

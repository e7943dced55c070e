// The ten methods: which call each one makes, and which wrong calls do not compile.

import { expect, test } from 'vitest';
import type { FotaCall } from './caller.ts';
import { Campaigns } from './index.ts';

const ACCOUNT = '0000123456-00001';

function recorded(): { readonly campaigns: Campaigns; readonly calls: FotaCall[] } {
  const calls: FotaCall[] = [];
  const campaigns = new Campaigns(async (call) => {
    calls.push(call);
    return {};
  });
  return { campaigns, calls };
}

test('each of the ten methods makes its own call', async () => {
  const { campaigns, calls } = recorded();
  const dates = { startDate: '2030-01-01', endDate: '2030-01-02' };
  const software = { softwareName: 'n', softwareFrom: 'a', softwareTo: 'b', distributionType: 'HTTP' } as const;
  const firmware = { firmwareName: 'n', firmwareFrom: 'a', firmwareTo: 'b' };
  const devices = { Type: 'append', deviceList: ['990013907835573'] } as const;
  await campaigns.scheduleSoftwareUpgrade(ACCOUNT, { ...software, ...dates, deviceList: devices.deviceList });
  await campaigns.getSoftwareUpgradeDetails(ACCOUNT, 'c/1');
  await campaigns.updateSoftwareUpgrade(ACCOUNT, 'c1', devices);
  await campaigns.cancelScheduledSoftwareUpgrade(ACCOUNT, 'c1');
  await campaigns.changeCampaignDatesAndTimeWindows(ACCOUNT, 'c1', dates);
  await campaigns.scheduleAFirmwareUpgrade(ACCOUNT, { ...firmware, ...dates, deviceList: devices.deviceList });
  await campaigns.addOrRemoveDevices(ACCOUNT, 'c1', devices);
  await campaigns.changeCampaignDatesTime(ACCOUNT, 'c1', dates);
  await campaigns.retrieveCampaignLevelInformation(ACCOUNT, 'c1');
  await campaigns.deleteACampaign(ACCOUNT, 'c1');
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /v2/campaigns/${ACCOUNT}`,
    `GET /v2/campaigns/${ACCOUNT}/c%2F1`,
    `PUT /v2/campaigns/${ACCOUNT}/c1`,
    `DELETE /v2/campaigns/${ACCOUNT}/c1`,
    `PUT /v2/campaigns/${ACCOUNT}/c1/dates`,
    `POST /v3/campaigns/firmware/${ACCOUNT}`,
    `PUT /v3/campaigns/firmware/${ACCOUNT}/c1`,
    `PUT /v3/campaigns/firmware/${ACCOUNT}/c1/dates`,
    `GET /v3/campaigns/${ACCOUNT}/c1`,
    `DELETE /v3/campaigns/${ACCOUNT}/c1`,
  ]);
});

test('there are exactly ten', () => {
  const methods = Object.getOwnPropertyNames(Campaigns.prototype).filter((name) => name !== 'constructor');
  expect(methods).toHaveLength(10);
});

test('wrong calls do not compile', () => {
  const { campaigns } = recorded();
  const dates = { startDate: '2030-01-01', endDate: '2030-01-02' };
  const textual = { startTime: '1', endTime: 2 };
  // The calls are only compiled.
  const wrong = [
    // @ts-expect-error a campaign without devices is not a campaign
    () => campaigns.scheduleSoftwareUpgrade(ACCOUNT, { softwareName: 'n' }),
    // @ts-expect-error the campaign id is missing
    () => campaigns.getSoftwareUpgradeDetails(ACCOUNT),
    // @ts-expect-error devices are appended or removed, not added
    () => campaigns.addOrRemoveDevices(ACCOUNT, 'c1', { Type: 'add', deviceList: [] }),
    // @ts-expect-error an hour is a number
    () => campaigns.changeCampaignDatesTime(ACCOUNT, 'c1', { ...dates, campaignTimeWindowList: [textual] }),
    // @ts-expect-error there is no such answer field
    async () => (await campaigns.deleteACampaign(ACCOUNT, 'c1')).done,
  ];
  expect(wrong).toHaveLength(5);
});

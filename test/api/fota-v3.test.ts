// Firmware campaigns over HTTP: the specification's own example requests and the answers per device.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, FIRMWARE, LWM2M_DEVICES, openDesk, openExample } from './desk.ts';

const FIRMWARE_PATH = `/api/fota/v3/campaigns/firmware/${ACCOUNT}`;
const CAMPAIGN_PATH = `/api/fota/v3/campaigns/${ACCOUNT}`;

const EXAMPLE = {
  campaignName: 'Smart FOTA - test 4',
  firmwareName: FIRMWARE.name,
  firmwareFrom: 'SR1.2.0.0-10512',
  firmwareTo: 'SR1.2.0.0-10657',
  protocol: 'LWM2M',
  startDate: '2026-03-29',
  endDate: '2026-04-01',
  campaignTimeWindowList: [{ startTime: 18, endTime: 22 }],
  deviceList: ['15-digit IMEI'],
};

async function scheduled(more = {}): Promise<{ desk: Desk; headers: Record<string, string>; id: string }> {
  const desk = await openDesk();
  const headers = await openExample(desk);
  const { body } = await desk.call('POST', FIRMWARE_PATH, { ...EXAMPLE, deviceList: LWM2M_DEVICES, ...more }, headers);
  return { desk, headers, id: body.id };
}

test('the example schedule request is answered with the documented fields', async () => {
  const desk = await openDesk();
  const headers = await openExample(desk);
  const { status, body } = await desk.call('POST', FIRMWARE_PATH, EXAMPLE, headers);
  expect(status).toBe(200);
  const { deviceList: _devices, ...echoed } = EXAMPLE;
  expect(body).toMatchObject({
    ...echoed,
    accountName: ACCOUNT,
    make: 'SEQUANS Communications',
    model: 'GM01Q',
    status: 'CampaignRequestPending',
    autoAssignLicenseFlag: false,
    autoAddDevicesFlag: false,
  });
});

test('the campaign is read with its windows under both names and is prescheduled', async () => {
  const { desk, headers, id } = await scheduled();
  await desk.settle();
  const { status, body } = await desk.call('GET', `${CAMPAIGN_PATH}/${id}`, undefined, headers);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id,
    status: 'CampaignPreScheduled',
    timeWindowList: EXAMPLE.campaignTimeWindowList,
    campaignTimeWindowList: EXAMPLE.campaignTimeWindowList,
    autoAssignLicenseFlag: false,
    autoAddDevicesFlag: false,
  });
});

describe('devices', () => {
  test('are added and removed with an outcome for each', async () => {
    const { desk, headers, id } = await scheduled({ deviceList: [LWM2M_DEVICES[0]] });
    const put = (Type: string, deviceList: readonly (string | undefined)[]) =>
      desk.call('PUT', `${FIRMWARE_PATH}/${id}`, { Type, deviceList }, headers);
    const added = await put('append', [...LWM2M_DEVICES, LWM2M_DEVICES[1], '999999999999999', '15-digit IMEI']);
    expect(added.status).toBe(200);
    expect(added.body).toMatchObject({ accountName: ACCOUNT, id, campaignId: id });
    expect(added.body.deviceList.map(({ status }: { status: string }) => status)).toEqual([
      'AddDeviceSucceed',
      'AddDeviceSucceed',
      'AddDeviceFailed',
      'AddDeviceFailed',
    ]);
    expect(added.body.deviceList[1]).toEqual({
      deviceId: LWM2M_DEVICES[1],
      status: 'AddDeviceSucceed',
      Reason: 'Device added Successfully',
    });
    const removed = await put('remove', [LWM2M_DEVICES[1], '888888888888888']);
    expect(removed.body.deviceList.map(({ status }: { status: string }) => status)).toEqual([
      'RemoveDeviceSucceed',
      'RemoveDeviceFailed',
    ]);
  });

  test('are changed under the other documented path too', async () => {
    const { desk, headers, id } = await scheduled();
    const body = { addOrRemoveDevice: [{ type: 'remove', deviceList: [LWM2M_DEVICES[0]] }] };
    const answer = await desk.call('PUT', `${CAMPAIGN_PATH}/${id}`, body, headers);
    expect(answer).toMatchObject({ status: 200, body: { deviceList: [{ status: 'RemoveDeviceSucceed' }] } });
  });

  test('that are in another live campaign are rejected, and the other campaign is named', async () => {
    const { desk, headers, id } = await scheduled();
    await desk.settle();
    const second = await desk.call(
      'POST',
      FIRMWARE_PATH,
      { ...EXAMPLE, campaignName: 'second', deviceList: LWM2M_DEVICES },
      headers,
    );
    await desk.settle();
    const updates = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns/${second.body.id}/updates`);
    expect(updates.body.items).toHaveLength(2);
    expect(updates.body.items[0]).toMatchObject({ state: 'rejected', reason: 'busy' });
    expect(updates.body.items[0]?.reasonText).toContain(id);
  });
});

test('dates are changed as the example does, and the campaign is queued again', async () => {
  const { desk, headers, id } = await scheduled();
  await desk.settle();
  const dates = {
    startDate: '2026-04-23',
    endDate: '2026-04-24',
    campaignTimeWindowList: [{ startTime: 14, endTime: 18 }],
  };
  const answer = await desk.call('PUT', `${FIRMWARE_PATH}/${id}/dates`, dates, headers);
  expect(answer).toMatchObject({ status: 200, body: { ...dates, id, status: 'CampaignRequestQueued' } });
});

test('a campaign is cancelled before its start', async () => {
  const { desk, headers, id } = await scheduled();
  const answer = await desk.call('DELETE', `${CAMPAIGN_PATH}/${id}`, undefined, headers);
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
});

test('a campaign of the other generation answers like a missing one', async () => {
  const { desk, headers, id } = await scheduled();
  const other = await desk.call('GET', `/api/fota/v2/campaigns/${ACCOUNT}/${id}`, undefined, headers);
  expect(other).toMatchObject({ status: 400, body: { errorCode: 'CAMPAIGN_NOT_FOUND' } });
  const missing = await desk.call('GET', `${CAMPAIGN_PATH}/none`, undefined, headers);
  expect(Object.keys(missing.body)).toEqual(Object.keys(other.body));
  expect((await desk.call('DELETE', `/api/fota/v2/campaigns/${ACCOUNT}/${id}`, undefined, headers)).status).toBe(400);
});

test('the paths of the development hosts mean the same', async () => {
  const { desk, headers, id } = await scheduled();
  const answer = await desk.call('GET', `/fota/v3/campaigns/${ACCOUNT}/${id}`, undefined, headers);
  expect(answer).toMatchObject({ status: 200, body: { id } });
});

// Operator API: what would become of a campaign, asked with a body and about one that runs; nothing is stored.
import { beforeEach, describe, expect, test } from 'vitest';
import { LivePrediction, PredictionView } from '../../src/contract/index.ts';
import { ACCOUNT, type Desk, FIRMWARE, HTTP_DEVICES, openExample, SOFTWARE } from './desk.ts';
import { ON_EVERY_STORE } from './stores.ts';

const UNKNOWN = '990013907835599';
const BODY = {
  packageName: SOFTWARE.name,
  startDate: '2026-03-10',
  endDate: '2026-03-14',
  downloadWindows: [{ startTime: 2, endTime: 4 }],
  installWindows: [{ startTime: 2, endTime: 4 }],
  timeZone: 'America/Chicago',
};

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openDesk = use();
  let desk: Desk;
  let headers: Record<string, string>;

  beforeEach(async () => {
    desk = await openDesk();
    headers = await openExample(desk);
  });

  const asked = (path: string, body?: object) => desk.operator('POST', `/accounts/${ACCOUNT}${path}`, body);
  const predicted = async (body: object) => {
    const { status, body: told } = await asked('/simulate', body);
    expect({ status, told: status === 200 ? undefined : told }).toEqual({ status: 200, told: undefined });
    return PredictionView.parse(told);
  };

  test('a list is admitted dry, played, and every figure says where it comes from', async () => {
    const told = await predicted({ ...BODY, deviceList: [...HTTP_DEVICES, UNKNOWN] });
    expect(told).toMatchObject({
      devices: 2,
      succeeded: { devices: 2 },
      failed: { devices: 0 },
      late: [],
      refused: [{ reason: 'device-unknown', devices: 1, named: [UNKNOWN] }],
      firstInstall: { zone: 'America/Chicago' },
      inputs: [
        { what: 'contact interval', basis: 'assumed' },
        { what: 'throughput', basis: 'assumed' },
        { what: 'install time', basis: 'assumed' },
        { what: 'failure chance', basis: 'assumed 0 %' },
      ],
    });
    expect(told.firstInstall?.local).toMatch(/^2026-03-11 0[23]:/);
    expect(told.finish?.basis).toContain('throughput assumed');
    expect(told.hours.reduce((sum, { transfers }) => sum + transfers, 0)).toBe(2);
    const { body } = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns`);
    expect(body).toEqual({ items: [] });
  });

  test('without a list every device of the make and model is taken, or those with a label', async () => {
    expect((await predicted(BODY)).devices).toBe(2);
    await desk.operator('PATCH', `/accounts/${ACCOUNT}/devices/${HTTP_DEVICES[0]}`, { labels: { site: 'north' } });
    const north = await predicted({ ...BODY, filter: { labels: { site: 'north' } } });
    expect(north.devices).toBe(1);
    expect(north.labels.map(({ name }) => name)).toEqual(['site=north']);
  });

  test('the body of a v3 schedule call is understood', async () => {
    const told = await predicted({
      firmwareName: FIRMWARE.name,
      firmwareFrom: FIRMWARE.from,
      firmwareTo: FIRMWARE.to,
      protocol: 'LWM2M',
      startDate: '2026-03-10',
      endDate: '2026-03-20',
      campaignTimeWindowList: [{ startTime: 0, endTime: 24 }],
      deviceList: ['352753090000001'],
    });
    expect(told).toMatchObject({ devices: 1, succeeded: { devices: 1 } });
  });

  test('what cannot be is refused with the field and what would be accepted', async () => {
    const { status, body } = await asked('/simulate', { ...BODY, timeZone: 'Mars/Olympus' });
    expect(status).toBe(400);
    expect(body.errorMessage).toContain('timeZone: given "Mars/Olympus"');
    expect((await asked('/simulate', { ...BODY, packageName: 'none' })).status).toBe(404);
  });

  const scheduled = async (): Promise<string> => {
    const { body } = await desk.call(
      'POST',
      `/api/fota/v2/campaigns/software/${ACCOUNT}`,
      {
        softwareName: SOFTWARE.name,
        softwareFrom: SOFTWARE.from,
        softwareTo: SOFTWARE.to,
        distributionType: 'HTTP',
        startDate: '2026-03-10',
        endDate: '2026-03-12',
        deviceList: HTTP_DEVICES,
      },
      headers,
    );
    await desk.settle();
    return body.id;
  };

  test('a campaign is played from where it stands, also before its list is looked at', async () => {
    const id = await scheduled();
    await desk.jumpTo('2026-03-10T12:00:00Z');
    const { status, body } = await asked(`/campaigns/${id}/simulate`);
    expect(status).toBe(200);
    const told = LivePrediction.parse(body);
    expect(told.prediction).toMatchObject({ devices: 2, succeeded: { devices: 2 }, late: [] });
    expect(told.changed).toBeUndefined();
  });

  test('a change of windows tells who loses by it, and changes nothing', async () => {
    const id = await scheduled();
    await desk.jumpTo('2026-03-12T12:00:00Z');
    const windows = [{ startTime: 4, endTime: 5 }];
    const { body } = await asked(`/campaigns/${id}/simulate`, { downloadWindows: windows, installWindows: windows });
    const told = LivePrediction.parse(body);
    expect(told.loses).toEqual({ devices: 2, named: HTTP_DEVICES });
    expect(told.gains).toEqual({ devices: 0, named: [] });
    expect(told.changed?.late).toMatchObject([{ rule: 'permit.download-window', devices: 2 }]);
    const { body: still } = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns/${id}`);
    expect(still).toMatchObject({ downloadWindows: [] });
  });

  test('of a campaign that is over nothing is left to predict', async () => {
    const id = await scheduled();
    await desk.jumpTo('2026-03-20T12:00:00Z');
    const { status, body } = await asked(`/campaigns/${id}/simulate`);
    expect(status).toBe(400);
    expect(body.errorMessage).toContain('nothing left to predict');
  });
});

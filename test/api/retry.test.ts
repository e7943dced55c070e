// After the end: failed and expired devices are taken up again in a new campaign; history is never reopened.
import { beforeEach, describe, expect, test } from 'vitest';
import { CAMPAIGN, deviceKey, importFleet, type Operate, operatorNamed, stateOf, update } from './crew.ts';
import { ACCOUNT, type Desk, openExample, SOFTWARE } from './desk.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openDesk = use();
  let desk: Desk;
  let ada: Operate;
  let fleet: readonly string[];
  const [failed, expired, late, installed, unknown] = [0, 1, 2, 3, 4].map((place) => () => fleet[place] ?? '') as [
    () => string,
    () => string,
    () => string,
    () => string,
    () => string,
  ];

  beforeEach(async () => {
    desk = await openDesk();
    await openExample(desk);
    ada = await operatorNamed(desk, 'ada');
    fleet = await importFleet(desk, 5);
  });

  const scheduled = async (more: object = {}): Promise<string> => {
    const rollout = { retry: { attemptsMax: 1 }, slots: 7 };
    const windows = [{ startTime: 9, endTime: 14 }];
    const order = { ...CAMPAIGN, campaignName: 'lamps', deviceList: fleet, downloadWindows: windows, rollout, ...more };
    const { body } = await ada('POST', '/campaigns', order);
    await desk.settle();
    return body.id;
  };

  test('a campaign that runs is not retried', async () => {
    const id = await scheduled();
    expect(await ada('POST', `/campaigns/${id}/retry`)).toMatchObject({
      status: 400,
      body: { errorCode: 'CAMPAIGN_STATE_INVALID', errorMessage: expect.stringContaining('is not over') },
    });
  });

  test('those that failed or expired and do not run the target are taken up, with the same package and hours', async () => {
    const id = await scheduled();
    await update(desk, failed(), 'failed');
    await update(desk, installed(), 'installed');
    await desk.engine.deviceTold(deviceKey(installed()), { mode: 'merge', data: { app: SOFTWARE.to } });
    await desk.jumpTo('2026-03-13T00:00:00Z');
    expect(await stateOf(desk, id, failed())).toBe('failed');
    expect(await stateOf(desk, id, expired())).toBe('expired');
    // It came back after the end and runs the target; another is not in the account any more.
    const path = `/accounts/${ACCOUNT}/devices`;
    await desk.operator('PATCH', `${path}/${late()}`, { software: { [SOFTWARE.name]: SOFTWARE.to } });
    await desk.operator('DELETE', `${path}/${unknown()}`);

    const { status, body } = await ada('POST', `/campaigns/${id}/retry`);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({
      retryOf: id,
      campaignName: 'Retry of lamps',
      packageName: SOFTWARE.name,
      startDate: '2026-03-13',
      endDate: '2026-03-15',
      downloadWindows: [{ startTime: 9, endTime: 14 }],
      orderedBy: 'ada',
      rollout: { slots: 7, retry: { attemptsMax: 1 } },
      devices: 2,
    });
    await desk.jumpTo('2026-03-13T09:00:00Z');
    expect(await update(desk, failed(), 'installed')).toBe(true);
    expect(await stateOf(desk, id, failed())).toBe('failed');
    expect(await stateOf(desk, body.id, failed())).toBe('verifying');
    const { items } = (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body;
    expect(items[0]).toMatchObject({ action: 'retry campaign', target: body.id, after: { retryOf: id } });
  });

  test('what is given counts before what was, and the same order again answers the same campaign', async () => {
    const id = await scheduled();
    await desk.jumpTo('2026-03-13T00:00:00Z');
    const changes = { endDate: '2026-03-30', downloadWindows: [], rollout: { slots: 3 } };
    const one = await ada('POST', `/campaigns/${id}/retry`, changes);
    expect(one.body).toMatchObject({ endDate: '2026-03-30', downloadWindows: [], rollout: { slots: 3 }, devices: 5 });
    const two = await ada('POST', `/campaigns/${id}/retry`, changes);
    expect(two.body.id).toBe(one.body.id);
    const { items } = (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body;
    expect((items as unknown as { action: string }[]).filter(({ action }) => action === 'retry campaign')).toHaveLength(
      1,
    );
  });

  test('a campaign in which nobody failed has nothing to retry', async () => {
    const id = await scheduled();
    await ada('POST', `/campaigns/${id}/abort`);
    await desk.settle();
    expect((await ada('POST', `/campaigns/${id}/retry`)).body['errorMessage']).toMatch(
      /without a failed or expired device/,
    );
  });
});

// Software campaigns over HTTP: the specification's own example requests, their variants and their refusals.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, HTTP_DEVICES, openDesk, openExample, SOFTWARE } from './desk.ts';

const V2 = `/api/fota/v2/campaigns/${ACCOUNT}`;

/** The example request of the specification with its dates moved into the future. */
const EXAMPLE = {
  campaignName: 'FOTA_Verizon_Upgrade',
  softwareName: 'FOTA_Verizon_Model-A_02To03_HF',
  softwareFrom: 'FOTA_Verizon_Model-A_00To01_HF',
  softwareTo: 'FOTA_Verizon_Model-A_02To03_HF',
  distributionType: 'HTTP',
  startDate: '2026-03-21',
  endDate: '2026-03-22',
  downloadAfterDate: '2026-03-21',
  downloadTimeWindowList: [{ startTime: 20, endTime: 21 }],
  installAfterDate: '2026-03-21',
  installTimeWindowList: [{ startTime: 22, endTime: 23 }],
  deviceList: HTTP_DEVICES,
};

async function scheduled(more = {}): Promise<{ desk: Desk; headers: Record<string, string>; id: string }> {
  const desk = await openDesk();
  const headers = await openExample(desk);
  const { body } = await desk.call('POST', V2, { ...EXAMPLE, ...more }, headers);
  return { desk, headers, id: body.id };
}

test('the example schedule request is answered with the documented fields', async () => {
  const desk = await openDesk();
  const headers = await openExample(desk);
  const { status, body } = await desk.call('POST', V2, EXAMPLE, headers);
  expect(status).toBe(200);
  const { deviceList: _devices, ...echoed } = EXAMPLE;
  expect(body).toMatchObject({
    ...echoed,
    accountName: ACCOUNT,
    make: 'Verizon',
    model: 'Model-A',
    status: 'CampaignRequestPending',
  });
  expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).not.toHaveProperty('deviceList');
  expect(body.statusReason).toMatch(/\.$/);
  expect(desk.errors).toEqual([]);
});

test('a scheduled campaign is read by its id and becomes queued once its devices have been looked at', async () => {
  const { desk, headers, id } = await scheduled();
  await desk.settle();
  const { body } = await desk.call('GET', `${V2}/${id}`, undefined, headers);
  expect(body).toMatchObject({ id, status: 'CampaignRequestQueued', softwareFrom: SOFTWARE.from });
  await desk.jumpTo('2026-03-21T00:00:00Z');
  expect((await desk.call('GET', `${V2}/${id}`, undefined, headers)).body.status).toBe('CampaignScheduled');
  await desk.jumpTo('2026-03-23T00:00:00Z');
  expect((await desk.call('GET', `${V2}/${id}`, undefined, headers)).body.status).toBe('CampaignEnded');
});

test('a campaign none of whose devices can be accepted fails and says why', async () => {
  const { desk, headers, id } = await scheduled({ deviceList: ['990013907835599'] });
  await desk.settle();
  const { body } = await desk.call('GET', `${V2}/${id}`, undefined, headers);
  expect(body.status).toBe('CampaignRequestFailed');
  expect(body.statusReason).toContain('no such device');
});

describe('devices are removed and added', () => {
  const list = ['990013907884259', '990013907835573', '990013907833575'];
  const forms: Record<string, unknown> = {
    'as the example does': { Type: 'remove', deviceList: list },
    'with a small type': { type: 'Remove', deviceList: list },
    'wrapped in a list': { addOrRemoveDevice: [{ type: 'remove', deviceList: list }] },
    'wrapped in an object': { addOrRemoveDevice: { Type: 'remove', deviceList: list } },
  };
  for (const [name, body] of Object.entries(forms)) {
    test(name, async () => {
      const { desk, headers, id } = await scheduled();
      const answer = await desk.call('PUT', `${V2}/${id}`, body, headers);
      expect(answer).toMatchObject({ status: 200, body: { accountName: ACCOUNT, campaignId: id } });
      expect(answer.body.requestId).toEqual(expect.any(String));
      const view = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns/${id}`);
      expect(view.body.devices).toBe(0);
    });
  }

  test('a wrong type is refused by its name', async () => {
    const { desk, headers, id } = await scheduled();
    const answer = await desk.call('PUT', `${V2}/${id}`, { Type: 'add', deviceList: list }, headers);
    expect(answer.status).toBe(400);
    expect(answer.body.errorMessage).toContain('Type');
    expect(answer.body.errorMessage).toContain('append, remove');
  });

  test('not once the campaign is scheduled, and nothing changes', async () => {
    const { desk, headers, id } = await scheduled();
    await desk.jumpTo('2026-03-21T00:00:00Z');
    const answer = await desk.call('PUT', `${V2}/${id}`, { Type: 'remove', deviceList: list }, headers);
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'CAMPAIGN_STATE_INVALID' } });
    const view = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns/${id}`);
    expect(view.body.devices).toBe(2);
  });
});

describe('dates and windows are changed', () => {
  const dates = {
    startDate: '2026-03-21',
    endDate: '2026-03-22',
    downloadAfterDate: '2026-03-21',
    downloadTimeWindowList: [{ startTime: 3, endTime: 4 }],
    installAfterDate: '2026-03-21',
    installTimeWindowList: [{ startTime: 5, endTime: 6 }],
  };

  test('as the example does', async () => {
    const { desk, headers, id } = await scheduled();
    await desk.settle();
    const answer = await desk.call('PUT', `${V2}/${id}/dates`, dates, headers);
    expect(answer).toMatchObject({ status: 200, body: { ...dates, id, status: 'CampaignRequestPending' } });
    await desk.settle();
    const { body } = await desk.call('GET', `${V2}/${id}`, undefined, headers);
    expect(body).toMatchObject({ ...dates, status: 'CampaignRequestQueued' });
  });

  test('what is absent stays, what is empty is removed', async () => {
    const { desk, headers, id } = await scheduled();
    const { startDate, endDate } = dates;
    const kept = await desk.call('PUT', `${V2}/${id}/dates`, { startDate, endDate }, headers);
    expect(kept.body.downloadTimeWindowList).toEqual(EXAMPLE.downloadTimeWindowList);
    const body = { startDate, endDate, downloadTimeWindowList: [] };
    expect((await desk.call('PUT', `${V2}/${id}/dates`, body, headers)).body).not.toHaveProperty(
      'downloadTimeWindowList',
    );
  });

  test('after the start only the end may move and windows may only be added', async () => {
    const { desk, headers, id } = await scheduled({ endDate: '2026-03-25' });
    await desk.jumpTo('2026-03-21T20:30:00Z');
    const { downloadTimeWindowList, installTimeWindowList } = EXAMPLE;
    const stay = { startDate: '2026-03-21', endDate: '2026-03-25' };
    const put = (body: object) => desk.call('PUT', `${V2}/${id}/dates`, { ...stay, ...body }, headers);
    const more = [...downloadTimeWindowList, { startTime: 3, endTime: 4 }];
    expect((await put({ startDate: '2026-03-22' })).body.errorMessage).toContain('startDate');
    expect((await put({ endDate: '2026-03-21' })).body.errorMessage).toContain('24 hours');
    expect((await put({ downloadTimeWindowList: [{ startTime: 3, endTime: 4 }] })).status).toBe(400);
    expect((await put({ timeZone: 'Europe/Berlin' })).body.errorMessage).toContain('timeZone');
    expect((await put({ rule: 'start-before-close' })).body.errorMessage).toContain('rule');
    const added = await put({ downloadTimeWindowList: more, installTimeWindowList });
    expect(added).toMatchObject({ status: 200, body: { status: 'CampaignScheduled' } });
    expect(added.body.downloadTimeWindowList).toEqual([{ startTime: 3, endTime: 4 }, ...downloadTimeWindowList]);
  });
});

describe('a campaign is deleted', () => {
  test('before its start it is cancelled, and only once', async () => {
    const { desk, headers, id } = await scheduled();
    const first = await desk.call('DELETE', `${V2}/${id}`, undefined, headers);
    expect(first).toMatchObject({ status: 200, body: { success: true } });
    expect((await desk.call('GET', `${V2}/${id}`, undefined, headers)).body.status).toBe('CampaignCancelled');
    expect((await desk.call('DELETE', `${V2}/${id}`, undefined, headers)).status).toBe(400);
  });

  test('after its start the refusal names the abort call', async () => {
    const { desk, headers, id } = await scheduled();
    await desk.jumpTo('2026-03-21T20:00:00Z');
    const answer = await desk.call('DELETE', `${V2}/${id}`, undefined, headers);
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'CAMPAIGN_STATE_INVALID' } });
    expect(answer.body.errorMessage).toContain('/abort');
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { abortOnDelete: true });
    expect((await desk.call('DELETE', `${V2}/${id}`, undefined, headers)).status).toBe(200);
    expect((await desk.call('GET', `${V2}/${id}`, undefined, headers)).body.status).toBe('CampaignAborted');
  });
});

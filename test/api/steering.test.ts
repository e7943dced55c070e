// Operators steer one campaign: each order says beforehand what it stops, and is in the audit log with its reason.
import { beforeEach, describe, expect, test } from 'vitest';
import { CAMPAIGN, deviceKey, type Operate, operatorNamed, stateOf, update } from './crew.ts';
import { ACCOUNT, type Desk, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, openDesk, openExample, SOFTWARE } from './desk.ts';

const [first = '', second = ''] = HTTP_DEVICES;
let desk: Desk;
let ada: Operate;
let bob: Operate;

beforeEach(async () => {
  desk = await openDesk();
  await openExample(desk);
  ada = await operatorNamed(desk, 'ada');
  bob = await operatorNamed(desk, 'bob');
});

async function scheduled(more: object = {}): Promise<string> {
  const { status, body } = await ada('POST', '/campaigns', { ...CAMPAIGN, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  await desk.settle();
  return `/campaigns/${body.id}`;
}
const audit = async () =>
  (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body.items as unknown as readonly {
    readonly action: string;
    readonly actor: { readonly name: string };
    readonly before?: object;
    readonly after?: object;
  }[];

describe('scheduling in our own words', () => {
  test('makes a software campaign of a software package, and says who ordered it', async () => {
    const { status, body } = await ada('POST', '/campaigns', {
      ...CAMPAIGN,
      campaignName: 'lamps',
      downloadWindows: [{ startTime: 9, endTime: 12 }],
      endWhenDone: true,
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        kind: 'software',
        transport: 'HTTP',
        from: SOFTWARE.from,
        to: SOFTWARE.to,
        campaignName: 'lamps',
        status: 'CampaignRequestPending',
        downloadWindows: [{ startTime: 9, endTime: 12 }],
        installWindows: [],
        orderedBy: 'ada',
        endWhenDone: true,
        preview: false,
      },
    });
    await desk.settle();
    expect((await ada('GET', `/campaigns/${body.id}`)).body['status']).toBe('CampaignScheduled');
    expect((await audit())[0]).toMatchObject({ action: 'schedule campaign', actor: { name: 'ada' } });
  });

  test('makes a firmware campaign of a firmware package', async () => {
    const { body } = await ada('POST', '/campaigns', {
      ...CAMPAIGN,
      packageName: FIRMWARE.name,
      deviceList: LWM2M_DEVICES,
    });
    expect(body).toMatchObject({ kind: 'firmware', transport: 'LWM2M', from: FIRMWARE.from });
  });

  test('is done once for one key, also when it is sent again', async () => {
    const key = { 'idempotency-key': 'one' };
    const [one, two] = [await ada('POST', '/campaigns', CAMPAIGN, key), await ada('POST', '/campaigns', CAMPAIGN, key)];
    expect(two.body.id).toBe(one.body.id);
    expect((await audit()).filter(({ action }) => action === 'schedule campaign')).toHaveLength(1);
  });

  test('names the package that is not there', async () => {
    expect(await ada('POST', '/campaigns', { ...CAMPAIGN, packageName: 'nothing' })).toMatchObject({
      status: 404,
      body: { errorCode: 'PACKAGE_NOT_FOUND' },
    });
  });

  test('warns of what will not go, and with strict refuses it', async () => {
    const night = {
      ...CAMPAIGN,
      downloadWindows: [{ startTime: 2, endTime: 3 }],
      installWindows: [{ startTime: 3, endTime: 4 }],
    };
    const warned = await ada('POST', '/campaigns', night);
    expect(warned.body['warnings']).toEqual([expect.stringContaining('no hour in common')]);
    const strict = await ada('POST', '/campaigns?strict=1', { ...night, campaignName: 'strict' });
    expect(strict).toMatchObject({
      status: 400,
      body: { errorCode: 'CAMPAIGN_NOT_FEASIBLE', errorMessage: expect.stringContaining('no hour in common') },
    });
    expect((await ada('POST', '/campaigns?strict=1', { ...CAMPAIGN, campaignName: 'fine' })).status).toBe(201);
  });

  test('warns of a poll interval that is longer than the window', async () => {
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { pollSeconds: 7200 });
    const { body } = await ada('POST', '/campaigns', { ...CAMPAIGN, downloadWindows: [{ startTime: 9, endTime: 10 }] });
    expect(body['warnings']).toEqual([
      'Devices are told to poll every 2 hours, and the longest time that is open is 60 minutes: some will not come while it is open.',
    ]);
  });
});

describe('pause and resume', () => {
  test('a paused campaign offers nothing, stays Scheduled, and goes on where it was', async () => {
    const path = await scheduled();
    const id = path.slice('/campaigns/'.length);
    const paused = await ada('POST', `${path}/pause`, { reason: 'looking at a report' });
    expect(paused).toMatchObject({
      status: 200,
      body: {
        status: 'CampaignScheduled',
        statusReason: 'Paused: looking at a report',
        hold: { kind: 'paused', by: 'ada', rule: 'campaign.paused', reason: 'looking at a report' },
        preview: false,
        consequences: { stops: { waiting: 2 }, goesOn: { installing: 0, verifying: 0 } },
      },
    });
    await desk.settle();
    expect(await update(desk, first, 'installed')).toBe(false);
    expect((await bob('POST', `${path}/resume`)).body['hold']).toBeUndefined();
    await desk.settle();
    expect(await update(desk, first, 'installed')).toBe(true);
    expect(await stateOf(desk, id, first)).toBe('verifying');
    expect((await audit()).slice(0, 2)).toMatchObject([
      { action: 'resume campaign', actor: { name: 'bob' }, before: { hold: 'paused' }, after: { hold: 'none' } },
      { action: 'pause campaign', after: { hold: 'paused', reason: 'looking at a report' } },
    ]);
  });

  test('a preview says what would stop, and changes and records nothing', async () => {
    const path = await scheduled();
    const lines = (await audit()).length;
    const { body } = await ada('POST', `${path}/pause?preview=1`);
    expect(body).toMatchObject({
      preview: true,
      hold: { kind: 'paused' },
      consequences: { sentence: expect.stringMatching(/suspended within 5 seconds.* 0 installations go on/) },
    });
    expect((await ada('GET', path)).body['hold']).toBeUndefined();
    expect(await audit()).toHaveLength(lines);
  });

  test('what cannot be ordered is refused with a sentence', async () => {
    const path = await scheduled();
    expect((await ada('POST', `${path}/resume`)).body['errorMessage']).toMatch(/neither paused nor halted/);
    expect((await ada('POST', `${path}/approve`)).body['errorMessage']).toMatch(/no rollout policy/);
    await ada('POST', `${path}/pause`);
    expect((await ada('POST', `${path}/pause`)).body['errorMessage']).toMatch(/is paused already/);
    expect((await ada('POST', '/campaigns/nobody/pause')).status).toBe(404);
  });
});

describe('abort', () => {
  test('shows first what it ends and what goes on, and then ends it', async () => {
    const path = await scheduled();
    await update(desk, second, 'installed');
    await desk.settle();
    const preview = await ada('POST', `${path}/abort?preview=1`);
    expect(preview.body['consequences']).toMatchObject({ stops: { waiting: 1 }, goesOn: { verifying: 1 }, live: 1 });
    expect((await ada('GET', path)).body['status']).toBe('CampaignScheduled');
    const { body } = await ada('POST', `${path}/abort`, { reason: 'wrong image' });
    expect(body).toMatchObject({ status: 'CampaignAborted', preview: false });
    await desk.settle();
    expect((await ada('GET', path)).body['counts']).toMatchObject({ aborted: 1, verifying: 1 });
    expect((await audit())[0]).toMatchObject({ action: 'abort campaign', after: { reason: 'wrong image' } });
  });

  test('an installation under way is waited for 72 hours from the abort, not from the end date', async () => {
    const path = await scheduled({ endDate: '2026-04-30' });
    await update(desk, second);
    await ada('POST', `${path}/abort`);
    await desk.jumpTo('2026-03-13T09:00:00Z');
    const actionId = (await desk.store.device(deviceKey(second)))?.lastActionId ?? 0;
    expect(await desk.engine.deviceReported(deviceKey(second), actionId, { step: 'installed' })).toBe('stored');
    await desk.settle();
    expect((await ada('GET', path)).body['counts']).toMatchObject({ verifying: 1 });
    await desk.jumpTo('2026-03-13T10:00:01Z');
    expect((await ada('GET', path)).body['counts']).toMatchObject({ verifying: 0, aborted: 1 });
  });
});

describe('dates, windows and pace', () => {
  test('before the start everything may be changed, afterwards the end', async () => {
    const path = await scheduled({ startDate: '2026-03-11' });
    const moved = await ada('PATCH', `${path}/dates`, { startDate: '2026-03-10', downloadWindows: [] });
    expect(moved.body).toMatchObject({ startDate: '2026-03-10', endDate: '2026-03-12', preview: false });
    await desk.settle();
    expect((await ada('PATCH', `${path}/dates`, { startDate: '2026-03-11' })).body['errorMessage']).toMatch(
      /^startDate: given 2026-03-11/,
    );
    const preview = await ada('PATCH', `${path}/dates?preview=1`, { endDate: '2026-03-20' });
    expect(preview.body).toMatchObject({ endDate: '2026-03-20', preview: true });
    expect((await ada('GET', path)).body['endDate']).toBe('2026-03-12');
    expect((await ada('PATCH', `${path}/dates`, {})).status).toBe(400);
  });

  test('hours may be taken away from a campaign that runs, and never added that way', async () => {
    const path = await scheduled({ downloadWindows: [{ startTime: 9, endTime: 14 }] });
    const narrowed = await ada('POST', `${path}/narrow-windows`, {
      downloadWindows: [{ startTime: 13, endTime: 14 }],
      reason: 'rush hour',
    });
    expect(narrowed.body).toMatchObject({
      downloadWindows: [{ startTime: 13, endTime: 14 }],
      consequences: { sentence: expect.stringContaining('suspended at its close') },
    });
    await desk.settle();
    expect(await update(desk, first, 'installed')).toBe(false);
    const wider = await ada('POST', `${path}/narrow-windows`, { downloadWindows: [{ startTime: 9, endTime: 14 }] });
    expect(wider.body['errorMessage']).toMatch(/the hour 9-10 is not open today/);
    await desk.jumpTo('2026-03-10T13:00:00Z');
    expect(await update(desk, first, 'installed')).toBe(true);
  });

  test('the pace of a campaign can be changed while it runs', async () => {
    const path = await scheduled({ rollout: { slots: 10 } });
    const { body } = await ada('POST', `${path}/pace`, { arrivalsPerMinute: 5, slots: 1, endWhenDone: true });
    expect(body).toMatchObject({ rollout: { arrivalsPerMinute: 5, slots: 1 }, endWhenDone: true });
    expect((await ada('POST', `${path}/pace`, { slots: 0 })).body['errorMessage']).toMatch(/^slots: given 0, accepted/);
    expect((await ada('POST', `${path}/pace`, {})).status).toBe(400);
    expect((await audit())[0]).toMatchObject({
      action: 'change campaign pace',
      before: { slots: 10, arrivalsPerMinute: 1000 },
      after: { slots: 1, arrivalsPerMinute: 5 },
    });
  });
});

// Settings of an account that bound its campaigns: arrival caps, labels from the network, the pilot rule.
import { beforeEach, describe, expect, test } from 'vitest';
import { CAMPAIGN, importFleet, type Operate, operatorNamed, update } from './crew.ts';
import { ACCOUNT, type Desk, openDesk, openExample, SOFTWARE } from './desk.ts';

let desk: Desk;
let caller: Record<string, string>;
let ada: Operate;

beforeEach(async () => {
  desk = await openDesk();
  caller = await openExample(desk);
  ada = await operatorNamed(desk, 'ada');
});

const set = (settings: object) => desk.operator('PATCH', `/accounts/${ACCOUNT}`, settings);

describe('arrival caps', () => {
  test('are set, shown, replaced as a whole and lifted', async () => {
    const caps = { perMinute: 60, labels: { cell: 5 } };
    expect((await set({ arrivalCaps: caps, labelsFromNetwork: true })).body.settings).toMatchObject({
      arrivalCaps: caps,
      labelsFromNetwork: true,
    });
    expect((await set({ arrivalCaps: {} })).body.settings).toMatchObject({ arrivalCaps: {} });
  });

  test.each([
    [{ perMinute: 0 }, 'perMinute of arrivalCaps: given 0, accepted: a whole number from 1 to 1000000.'],
    [{ labels: { cell: 0 } }, 'cell of labels of arrivalCaps: given 0, accepted: a whole number from 1 to 1000000.'],
    [
      { labels: Object.fromEntries(Array.from({ length: 17 }, (_, number) => [`label ${number}`, 1])) },
      'labels of arrivalCaps: given an object, accepted: at most 16 labels.',
    ],
  ])('are refused beyond their bounds: %j', async (arrivalCaps, sentence) => {
    expect((await set({ arrivalCaps })).body.errorMessage).toBe(sentence);
  });

  test('of a label hold back who shares it, and nobody else', async () => {
    await set({ arrivalCaps: { labels: { cell: 1 } } });
    const fleet = await importFleet(desk, 12, { labels: { cell: '18945' } });
    const elsewhere = (await importFleet(desk, 13)).at(-1) ?? '';
    await ada('POST', '/campaigns', { ...CAMPAIGN, deviceList: [...fleet, elsewhere] });
    await desk.settle();
    let offered = 0;
    for (const imei of fleet) if (await update(desk, imei)) offered += 1;
    expect(offered).toBe(10);
    expect(await update(desk, elsewhere)).toBe(true);
    desk.later(60_000);
    expect(await update(desk, fleet.at(-1) ?? '')).toBe(true);
  });
});

describe('the pilot rule', () => {
  const software = (imeis: readonly string[]) => ({
    softwareName: SOFTWARE.name,
    softwareFrom: SOFTWARE.from,
    softwareTo: SOFTWARE.to,
    distributionType: 'HTTP',
    startDate: '2026-03-10',
    endDate: '2026-03-20',
    deviceList: imeis,
  });
  const schedule = async (imeis: readonly string[]) =>
    (await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, software(imeis), caller)) as unknown as {
      readonly status: number;
      readonly body: { readonly id: string; readonly errorCode?: string; readonly errorMessage?: string };
    };

  test('is off until the account asks for it', async () => {
    expect((await schedule(await importFleet(desk, 25))).status).toBe(200);
  });

  test('keeps campaigns of a package at 20 devices until one of 5 to 20 has reached half of them', async () => {
    await set({ pilotRule: { required: true } });
    const fleet = await importFleet(desk, 30);
    const refused = await schedule(fleet.slice(0, 21));
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errorCode: 'PILOT_LIMIT_EXCEEDED',
        errorMessage: `Until a pilot of package ${SOFTWARE.name} has succeeded, a campaign may have at most 20 devices; 21 were given.`,
      },
    });
    const pilot = await schedule(fleet.slice(0, 6));
    expect(pilot.status).toBe(200);
    const grown = await desk.call(
      'PUT',
      `/api/fota/v2/campaigns/${ACCOUNT}/${pilot.body.id}`,
      { Type: 'append', deviceList: fleet.slice(6, 21) },
      caller,
    );
    expect(grown.body.errorCode).toBe('PILOT_LIMIT_EXCEEDED');
    await desk.settle();
    for (const [place, imei] of fleet.slice(0, 3).entries()) {
      await update(desk, imei, 'installed');
      await desk.engine.deviceTold(
        { account: ACCOUNT as never, imei: imei as never },
        { mode: 'merge', data: { [SOFTWARE.name]: SOFTWARE.to } },
      );
      await desk.settle();
      const before = place < 2;
      const next = { ...CAMPAIGN, campaignName: `after ${place}`, deviceList: fleet.slice(6, 30) };
      const { body } = await ada('POST', '/campaigns', next);
      if (before) expect(body['errorCode']).toBe('PILOT_LIMIT_EXCEEDED');
      else expect(body['devices'], JSON.stringify(body)).toBe(24);
    }
  });

  test('keeps a campaign from adding devices by itself, and has terms of its own', async () => {
    await set({ pilotRule: { required: true, devicesMax: 2 } });
    const fleet = await importFleet(desk, 3);
    const auto = await ada('POST', '/campaigns', { ...CAMPAIGN, deviceList: fleet.slice(0, 1), autoAddDevices: true });
    expect(auto.body['errorMessage']).toMatch(/accepted: false until a pilot/);
    expect((await schedule(fleet)).body.errorMessage).toMatch(/at most 2 devices; 3 were given/);
    await set({ pilotRule: { required: false } });
    expect((await schedule(fleet)).status).toBe(200);
  });
});

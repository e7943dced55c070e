// Operator API: why a device is not updated, told over HTTP for every kind of device that may be asked about.
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountName, Imei } from '../../src/campaigns/index.ts';
import { instant } from '../../src/campaigns/index.ts';
import { ExplanationView } from '../../src/contract/index.ts';
import { ACCOUNT, type Desk, HTTP_DEVICES, LWM2M_DEVICES, openExample, SOFTWARE } from './desk.ts';
import { ON_EVERY_STORE } from './stores.ts';

const [DEVICE = '', OTHER = ''] = HTTP_DEVICES;
const KEY = { account: ACCOUNT as AccountName, imei: DEVICE as Imei };
const MINUTE = 60_000;

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openDesk = use();
  let desk: Desk;
  let headers: Record<string, string>;

  beforeEach(async () => {
    desk = await openDesk();
    headers = await openExample(desk);
  });

  const explained = async (path: string) => {
    const { status, body } = await desk.operator('GET', `/accounts/${ACCOUNT}${path}/explain`);
    expect({ status, body: status === 200 ? undefined : body }).toEqual({ status: 200, body: undefined });
    return ExplanationView.parse(body);
  };
  const device = (imei: string) => explained(`/devices/${encodeURIComponent(imei)}`);
  const update = (id: string, imei: string) => explained(`/campaigns/${id}/updates/${encodeURIComponent(imei)}`);

  const schedule = async (more: object = {}): Promise<string> => {
    const { body } = await desk.call(
      'POST',
      `/api/fota/v2/campaigns/software/${ACCOUNT}`,
      {
        softwareName: SOFTWARE.name,
        softwareFrom: SOFTWARE.from,
        softwareTo: SOFTWARE.to,
        distributionType: 'HTTP',
        startDate: '2026-03-10',
        endDate: '2026-03-14',
        deviceList: [DEVICE],
        ...more,
      },
      headers,
    );
    return body.id;
  };

  /** It polled every quarter of an hour, the last time 14 minutes ago. */
  const polled = (now: string) =>
    desk.store.putCheckIns(
      [3, 2, 1, 0].map((back) => ({
        key: KEY,
        at: instant(Date.parse(now) - 14 * MINUTE - back * 15 * MINUTE),
        client: 'HTTP',
        result: 'succeeded',
      })),
    );

  test('a device that waits for its window: the sentence, the parts, and all of it as lines', async () => {
    const hours = [{ startTime: 2, endTime: 4 }];
    const id = await schedule({ installTimeWindowList: hours, timeZone: 'America/Chicago' });
    await desk.jumpTo('2026-03-10T20:41:00Z');
    await polled('2026-03-10T20:41:00Z');
    const told = await device(DEVICE);
    expect(told).toMatchObject({
      imei: DEVICE,
      campaignId: id,
      verdict: 'WAITING',
      sentence:
        'WAITING: install window 02-04 America/Chicago (now 15:41 there). Next 07:12Z = 02:12 local, at its next poll (usually every 15 min, last 14 min ago). Attempt 1 of 3. Nothing to do.',
      rule: 'permit.install-window',
      ruleText: 'The install window is closed.',
      runs: [{ what: 'software', version: SOFTWARE.from, source: 'import' }],
      nextEligible: {
        at: '2026-03-11T07:12:00.000Z',
        zone: 'America/Chicago',
        local: '2026-03-11 02:12',
        is: 'contact',
      },
      lastContactAt: '2026-03-10T20:27:00.000Z',
      usualInterval: { seconds: 900, measuredOn: 3 },
      attempt: { number: 1, max: 3 },
      earlier: [],
      nearest: [],
    });
    expect(told.text.split('\n')[1]).toBe(told.sentence);
    expect(await update(id, DEVICE)).toEqual(told);
  });

  test('a device in no campaign: what it runs, which campaigns fit, and what became of the earlier ones', async () => {
    expect(await device(DEVICE)).toMatchObject({ verdict: 'NOT IN A CAMPAIGN', fits: [], earlier: [] });
    const id = await schedule();
    await desk.jumpTo('2026-03-10T10:01:00Z');
    expect(await device(OTHER)).toMatchObject({ verdict: 'NOT IN A CAMPAIGN', fits: [id] });
    expect((await update(id, OTHER)).sentence).toContain('it is not in this one, which it would fit');
    expect((await update(id, LWM2M_DEVICES[0] ?? '')).sentence).toContain(
      'The device is reached over another transport',
    );
    await desk.jumpTo('2026-03-15T00:00:01Z');
    expect(await device(DEVICE)).toMatchObject({
      verdict: 'NOT IN A CAMPAIGN',
      earlier: [{ campaignId: id, state: 'expired' }],
    });
    expect(await update(id, DEVICE)).toMatchObject({ verdict: 'EXPIRED', earlier: [] });
  });

  test('an IMEI that nobody has: those that may be meant, of this account only', async () => {
    const slip = `${DEVICE.slice(0, 5)}${DEVICE.slice(6, 7)}${DEVICE.slice(5, 6)}${DEVICE.slice(7)}`;
    for (const given of [slip, DEVICE.slice(0, -1), `${DEVICE}0`]) {
      const told = await device(given);
      expect(told).toMatchObject({ imei: given, verdict: 'UNKNOWN DEVICE', runs: [] });
      expect(told.nearest.map(({ imei }) => imei)).toContain(DEVICE);
      expect(told).not.toHaveProperty('rule');
    }
    expect((await device(`${DEVICE.slice(0, 13)}99`)).nearest[0]).toMatchObject({ imei: DEVICE });
    await desk.operator('POST', '/accounts', { accountName: '0000123456-00002' });
    const elsewhere = await desk.operator('GET', `/accounts/0000123456-00002/devices/${DEVICE}/explain`);
    expect(elsewhere.body).toMatchObject({ verdict: 'UNKNOWN DEVICE', nearest: [] });
  });

  test('lines of a campaign that are no device, and a list that is still being looked at', async () => {
    const id = await schedule({ deviceList: [DEVICE, '12', '352753090000009'] });
    expect(await update(id, DEVICE)).toMatchObject({ verdict: 'WAITING', rule: 'campaign.accepted' });
    await desk.settle();
    expect(await update(id, '12')).toMatchObject({ verdict: 'REJECTED', rule: 'admission.imei-malformed' });
    expect(await update(id, '352753090000009')).toMatchObject({
      verdict: 'REJECTED',
      rule: 'admission.device-unknown',
      nearest: [{ imei: LWM2M_DEVICES[0] }, { imei: LWM2M_DEVICES[1] }],
    });
    expect(await update(id, '490154203237518')).toMatchObject({ verdict: 'UNKNOWN DEVICE' });
  });

  test('a campaign or an account that there is not', async () => {
    const unknown = await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns/none/updates/${DEVICE}/explain`);
    expect(unknown.status).toBe(404);
    const nobody = await desk.operator('GET', `/accounts/0000123456-00009/devices/${DEVICE}/explain`);
    expect(nobody.status).toBe(404);
  });
});

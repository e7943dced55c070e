// Each limit that an operator may set is the limit of the server: one more is refused with that number, and no other number.
import { describe, expect, test } from 'vitest';
import { boundsOf, LIMIT_BOUNDS, type LimitName, type Limits } from '../../src/contract/index.ts';
import {
  ACCOUNT,
  type Answer,
  type Desk,
  HTTP_DEVICES,
  LWM2M_DEVICES,
  openDesk,
  openExample,
  SOFTWARE,
  upload,
} from './desk.ts';

interface Opened {
  readonly desk: Desk;
  readonly headers: Record<string, string>;
}

const softwareBody = {
  softwareName: SOFTWARE.name,
  softwareFrom: SOFTWARE.from,
  softwareTo: SOFTWARE.to,
  distributionType: 'HTTP',
  startDate: '2026-03-21',
  endDate: '2026-03-22',
  downloadTimeWindowList: [
    { startTime: 1, endTime: 2 },
    { startTime: 3, endTime: 4 },
  ],
  deviceList: HTTP_DEVICES,
};

const post = (path: string, body: unknown) => (opened: Opened) =>
  opened.desk.call('POST', `/api/fota${path}`, body, opened.headers);
const import2 = ({ desk }: Opened) =>
  desk.operator(
    'POST',
    `/accounts/${ACCOUNT}/devices`,
    ['990013907835597', '990013907835598'].map((imei) => ({ imei, transport: 'HTTP' })),
  );
const schedule = post(`/v2/campaigns/${ACCOUNT}`, softwareBody);

/** A call that is one too many under the limit, and how it is refused. */
const CASES: Readonly<Partial<Record<LimitName, readonly [number, (opened: Opened) => Promise<Answer>, string]>>> = {
  scheduleBodyBytesMax: [100, schedule, 'larger than 100 bytes'],
  bodyBytesMax: [
    500,
    post(`/v3/callbacks/${ACCOUNT}`, { url: `https://a.example/${'x'.repeat(500)}` }),
    'larger than 500 bytes',
  ],
  importBodyBytesMax: [10, import2, 'larger than 10 bytes'],
  imageBytesMax: [4, ({ desk }) => upload(desk, { ...SOFTWARE, name: 'n' }, 'image'), 'larger than 4 bytes'],
  campaignDevicesMax: [1, schedule, 'a list of 1 to 1 IMEIs'],
  importDevicesMax: [1, import2, 'at most 1 devices'],
  changesPerRequestMax: [
    1,
    async ({ desk, headers }) => {
      const { body } = await schedule({ desk, headers });
      const change = { type: 'remove', deviceList: HTTP_DEVICES };
      return desk.call(
        'PUT',
        `/api/fota/v2/campaigns/${ACCOUNT}/${body.id}`,
        { addOrRemoveDevice: [change, change] },
        headers,
      );
    },
    'at most 1 changes',
  ],
  upgradeDevicesMax: [
    1,
    post('/v1/upgrades', {
      accountName: ACCOUNT,
      firmwareName: 'n',
      firmwareTo: '2',
      startDate: '2026-03-21',
      deviceList: LWM2M_DEVICES,
    }),
    'a list of 1 to 1 IMEIs',
  ],
  licenseDevicesMax: [
    1,
    post(`/v3/licenses/${ACCOUNT}/assign`, { deviceList: LWM2M_DEVICES }),
    'a list of 1 to 1 IMEIs',
  ],
  deviceQueryMax: [1, post(`/v3/devices/${ACCOUNT}`, { deviceList: LWM2M_DEVICES }), 'a list of 1 to 1 IMEIs'],
  firmwareSyncDevicesMax: [
    1,
    ({ desk, headers }) =>
      desk.call('PUT', `/api/fota/v3/firmware/${ACCOUNT}/devices`, { deviceList: LWM2M_DEVICES }, headers),
    'a list of 1 to 1 IMEIs',
  ],
  windowsPerListMax: [1, schedule, 'at most 1 windows'],
  credentialPairsMax: [
    2,
    async ({ desk }) => {
      await desk.operator('POST', `/accounts/${ACCOUNT}/credentials`);
      return desk.operator('POST', `/accounts/${ACCOUNT}/credentials`);
    },
    'already has 2 credential pairs',
  ],
  pageSizeMax: [5, ({ desk }) => desk.operator('GET', '/accounts?limit=6'), 'a whole number from 1 to 5'],
  horizonDaysMax: [11, schedule, 'at most 11 days from today'],
  clientRequestsMax: [
    2,
    async (opened) => {
      await schedule(opened);
      await schedule(opened);
      return schedule(opened);
    },
    'Too many',
  ],
  operatorRequestsMax: [
    7,
    async ({ desk }) => {
      for (let calls = 0; calls < 7; calls += 1) await desk.operator('GET', '/accounts');
      return desk.operator('GET', '/accounts');
    },
    'Too many',
  ],
  addressRequestsMax: [
    4,
    async ({ desk }) => {
      for (let calls = 0; calls < 4; calls += 1) await desk.call('GET', '/operator/v1/accounts');
      return desk.call('GET', '/operator/v1/accounts');
    },
    'Too many',
  ],
};

describe('a limit of the operator', () => {
  test.each(Object.entries(CASES))('%s is the one that counts', async (name, [value, call, sentence]) => {
    const setting: Partial<Limits> =
      name === 'pageSizeMax' ? { pageSizeMax: value, pageSizeDefault: value } : { [name]: value };
    const desk = await openDesk({ limits: setting });
    const headers = await openExample(desk);
    const { status, body } = await call({ desk, headers });
    expect([status >= 400, body.errorMessage]).toEqual([true, expect.stringContaining(sentence)]);
  });

  test('pageSizeDefault is the size of a page that is not asked for', async () => {
    const desk = await openDesk({ limits: { pageSizeDefault: 1 } });
    await openExample(desk);
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/devices`)).body.items).toHaveLength(1);
  });

  test('sessionIdleMinutesMax ends a session, and its sentence says so', async () => {
    const desk = await openDesk({ limits: { sessionIdleMinutesMax: 5 } });
    const headers = await openExample(desk);
    desk.later(5 * 60_000);
    const { status, body } = await schedule({ desk, headers });
    expect([status, body.errorMessage]).toEqual([401, expect.stringContaining('not used for 5 minutes')]);
  });

  test('repeatedScheduleMinutesMax and idempotencyHoursMax are how long an answer is kept', async () => {
    const desk = await openDesk({ limits: { repeatedScheduleMinutesMax: 1, idempotencyHoursMax: 1 } });
    const headers = await openExample(desk);
    const plain = await schedule({ desk, headers });
    const keyed = { ...headers, 'idempotency-key': 'k' };
    const other = { ...softwareBody, campaignName: 'other' };
    const first = await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, other, keyed);
    desk.later(60_000);
    expect((await schedule({ desk, headers })).body.id).not.toBe(plain.body.id);
    expect((await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, other, keyed)).body.id).toBe(first.body.id);
  });

  test('every limit that may be set is shown to count', () => {
    const elsewhere: readonly LimitName[] = [
      'pageSizeDefault',
      'sessionIdleMinutesMax',
      'repeatedScheduleMinutesMax',
      'idempotencyHoursMax',
      // src/api/live-changes.test.ts.
      'liveStreamsMax',
      // operators' sign-in, idempotency-crash.test.ts and rate-limit.test.ts.
      'signInRequestsMax',
      'signInRequestsPerMinuteMax',
      'idempotencySecondsMax',
      'clientRequestsPerSecondMax',
      'operatorRequestsPerSecondMax',
      'addressRequestsPerSecondMax',
    ];
    expect([...Object.keys(CASES), ...elsewhere].toSorted()).toEqual(Object.keys(LIMIT_BOUNDS).toSorted());
    expect(boundsOf('nameLengthMax')).toBeUndefined();
  });
});

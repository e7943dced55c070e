// What a schedule request may look like: accepted variants, boundary values, refusals with their sentences, repeats.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  type Desk,
  FIRMWARE,
  HTTP_DEVICES,
  openAccount,
  openDesk,
  openExample,
  SOFTWARE,
  upload,
} from './desk.ts';

const V2 = `/api/fota/v2/campaigns/${ACCOUNT}`;
const V3 = `/api/fota/v3/campaigns/firmware/${ACCOUNT}`;
const BODY = {
  softwareName: SOFTWARE.name,
  softwareFrom: SOFTWARE.from,
  softwareTo: SOFTWARE.to,
  distributionType: 'HTTP',
  startDate: '2026-03-21',
  endDate: '2026-03-22',
  deviceList: HTTP_DEVICES,
};
const FIRMWARE_BODY = {
  firmwareName: FIRMWARE.name,
  firmwareFrom: FIRMWARE.from,
  firmwareTo: FIRMWARE.to,
  protocol: 'LWM2M',
  startDate: '2026-03-21',
  endDate: '2026-03-22',
  deviceList: ['352753090000001'],
};

let desk: Desk;
let headers: Record<string, string>;
beforeEach(async () => {
  desk = await openDesk();
  headers = await openExample(desk);
});
const post = (more: object = {}, extra = {}) => desk.call('POST', V2, { ...BODY, ...more }, { ...headers, ...extra });
const count = async () => (await desk.operator('GET', `/accounts/${ACCOUNT}/campaigns`)).body.items.length;

describe('a body is read as JSON', () => {
  for (const type of ['application/json', '*/*', 'text/plain', 'multipart/form-data', 'nonsense', 'a/b/c; d', '']) {
    test(`with Content-Type "${type}"`, async () => {
      const answer = await desk.call('POST', V2, JSON.stringify(BODY), { ...headers, 'content-type': type });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    });
  }

  test('without a Content-Type, with a byte order mark', async () => {
    expect((await desk.call('POST', V2, `\uFEFF${JSON.stringify(BODY)}`, headers)).status).toBe(200);
  });

  test('and a GET or DELETE may name one without having a body', async () => {
    const { body } = await post();
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await desk.call('GET', `${V2}/${body.id}`, undefined, json)).status).toBe(200);
    expect((await desk.call('DELETE', `${V2}/${body.id}`, undefined, json)).status).toBe(200);
  });

  for (const [name, body] of Object.entries<string | Buffer>({
    'that is empty': '',
    'that is blank': ' \n',
    'that is not JSON': '{"softwareName":',
    'that is a list': '[]',
    'that is null': 'null',
    'that is not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
  })) {
    test(`${name} is refused with a sentence`, async () => {
      const answer = await desk.call('POST', V2, body, headers);
      expect(answer).toMatchObject({ status: 400, body: { errorCode: 'INVALID_PARAMETER' } });
      expect(answer.body.errorMessage).toContain('the body');
    });
  }

  test('that is too large is refused with the limit', async () => {
    const large = JSON.stringify({ startDate: 'x'.repeat(1024 * 1024) });
    const answer = await desk.call('PUT', `${V2}/none/dates`, large, headers);
    expect(answer).toMatchObject({ status: 413, body: { errorCode: 'BODY_TOO_LARGE' } });
    expect(answer.body.errorMessage).toContain('1048576');
  });
});

describe('windows', () => {
  const windows = (...list: unknown[]) => post({ downloadTimeWindowList: list });
  test('are numbers or texts, and a start that a client lost is 0', async () => {
    const { body } = await windows({ startTime: '20', endTime: '24' }, { startTime: null, endTime: 4 });
    expect(body.downloadTimeWindowList).toEqual([
      { startTime: 0, endTime: 4 },
      { startTime: 20, endTime: 24 },
    ]);
  });

  test('that overlap are one', async () => {
    const { body } = await windows({ startTime: 2, endTime: 5 }, { startTime: 4, endTime: 8 });
    expect(body.downloadTimeWindowList).toEqual([{ startTime: 2, endTime: 8 }]);
  });

  for (const [startTime, endTime] of [
    [0, 0],
    [24, 24],
    [5, 5],
    [22, 4],
    [-1, 3],
    [1.5, 3],
    ['x', 3],
    [0, 25],
  ]) {
    test(`from ${startTime} to ${endTime} are refused`, async () => {
      const answer = await windows({ startTime, endTime });
      expect(answer.status).toBe(400);
      expect(answer.body.errorMessage).toContain('downloadTimeWindowList[0]');
    });
  }

  test('are in the zone of the request, or of the account', async () => {
    expect((await post()).body.timeZone).toBe('UTC');
    expect((await post({ timeZone: 'Asia/Tokyo' })).body.timeZone).toBe('Asia/Tokyo');
    expect((await post({ timeZone: 'device' })).body.timeZone).toBe('device');
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { windowTimeZone: 'Europe/Berlin' });
    expect((await post({ campaignName: 'later' })).body.timeZone).toBe('Europe/Berlin');
    const refused = await post({ timeZone: 'Europe/Atlantis' });
    expect(refused.body.errorMessage).toMatch(/^timeZone: given "Europe\/Atlantis", accepted: /);
  });

  test('without an hour in common warn where clients install as they download', async () => {
    const { body } = await post({
      downloadTimeWindowList: [{ startTime: 1, endTime: 2 }],
      installTimeWindowList: [{ startTime: 3, endTime: 4 }],
    });
    expect(body.warnings).toHaveLength(1);
  });

  test('of a firmware campaign come under either name', async () => {
    const timeWindowList = [{ startTime: 1, endTime: 2 }];
    const { body } = await desk.call('POST', V3, { ...FIRMWARE_BODY, timeWindowList }, headers);
    expect(body.campaignTimeWindowList).toEqual(timeWindowList);
  });
});

describe('a request is refused with the field, the value and what is accepted', () => {
  const cases: Record<string, [object, string]> = {
    'a missing field': [{ softwareName: undefined }, 'softwareName: given nothing, accepted:'],
    'null for a required field': [{ softwareName: null }, 'softwareName: given'],
    'an impossible day': [{ startDate: '2026-02-30' }, 'startDate: given "2026-02-30"'],
    'a start that is long past': [
      { startDate: '2026-03-08' },
      'startDate: given 2026-03-08, accepted: today (UTC 2026-03-10)',
    ],
    'an end before the start': [{ endDate: '2026-03-20' }, 'endDate: given 2026-03-20, accepted: 2026-03-21'],
    'an end too far away': [{ endDate: '2028-03-20' }, 'endDate: given 2028-03-20, accepted: at most 366 days'],
    'a download after the end': [{ downloadAfterDate: '2026-03-23' }, 'downloadAfterDate: given 2026-03-23'],
    'no devices': [{ deviceList: [] }, 'deviceList: given an empty list'],
    'a device that is no text': [{ deviceList: [1] }, 'deviceList[0]: given 1'],
    'an unknown protocol': [{ distributionType: 'PIGEON' }, 'distributionType: given "PIGEON"'],
    'a protocol of other packages': [{ distributionType: 'LWM2M' }, 'distributionType: given LWM2M, accepted: HTTP'],
    'OMA-DM': [{ distributionType: 'OMADM' }, 'distributionType: given OMD-DM, and account'],
    'an unknown package': [{ softwareName: 'x' }, `There is no software x`],
    'another from-version': [{ softwareFrom: 'x' }, SOFTWARE.from],
    'another to-version': [{ softwareTo: 'x' }, SOFTWARE.name],
    'a package of another kind': [{ softwareName: FIRMWARE.name }, SOFTWARE.name],
  };
  for (const [name, [more, words]] of Object.entries(cases)) {
    test(name, async () => {
      const answer = await post(more);
      expect({ status: answer.status, text: answer.body.errorMessage }).toEqual({
        status: 400,
        text: expect.stringContaining(words),
      });
      expect(await count()).toBe(0);
    });
  }

  test('but yesterday means now, and a whole date-time means its day', async () => {
    const { status, body } = await post({ startDate: '2026-03-09', endDate: '2026-03-10T12:00:00Z' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ startDate: '2026-03-09', endDate: '2026-03-10' });
  });

  test('and any version may be named where the package installs over any', async () => {
    await upload(desk, { ...SOFTWARE, name: 'full', from: '*', transports: ['HTTP', 'LWM2M'] });
    const answer = await post({ softwareName: 'full', softwareFrom: 'anything', distributionType: 'lwm2m' });
    expect(answer.body).toMatchObject({ softwareFrom: 'anything', distributionType: 'LWM2M' });
  });
});

describe('a request that is sent again', () => {
  test('is answered with the first campaign for ten minutes', async () => {
    const first = await post();
    expect((await post()).body.id).toBe(first.body.id);
    const [one, other] = await Promise.all([post({ campaignName: 'both' }), post({ campaignName: 'both' })]);
    expect(one.body.id).toBe(other.body.id);
    desk.later(10 * 60_000);
    expect((await post()).body.id).not.toBe(first.body.id);
  });

  test('is a new campaign when the first is over, or when the account says so', async () => {
    const first = await post();
    await desk.call('DELETE', `${V2}/${first.body.id}`, undefined, headers);
    const second = await post();
    expect(second.body.id).not.toBe(first.body.id);
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { repeatedScheduleAnswersFirst: false });
    expect((await post()).body.id).not.toBe(second.body.id);
  });

  test('under one Idempotency-Key is the same for 24 hours and may not be another', async () => {
    const key = { 'Idempotency-Key': 'k-1' };
    const first = await post({}, key);
    await desk.jumpTo('2026-03-11T09:00:00Z');
    expect((await post({}, key)).body.id).toBe(first.body.id);
    expect(await post({ campaignName: 'x' }, key)).toMatchObject({
      status: 400,
      body: { errorCode: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect((await post({}, { 'Idempotency-Key': 'k-2' })).body.id).not.toBe(first.body.id);
    expect((await post({}, { 'Idempotency-Key': 'k'.repeat(256) })).body.errorMessage).toContain('Idempotency-Key');
  });

  test('after a refusal is looked at anew', async () => {
    const more = { endDate: '2026-03-20' };
    const key = { 'Idempotency-Key': 'k-1' };
    expect((await post(more, key)).status).toBe(400);
    expect((await post({}, key)).status).toBe(200);
  });
});

test('a foreign account and a missing campaign answer alike', async () => {
  const foreign = '0000123456-00009';
  await openAccount(desk, foreign);
  const { body } = await post();
  const own = await desk.call('GET', `${V2}/none`, undefined, headers);
  for (const id of ['none', body.id]) {
    const path = `/api/fota/v2/campaigns/${foreign}/${id}`;
    for (const answer of [
      await desk.call('GET', path, undefined, headers),
      await desk.call('DELETE', path, undefined, headers),
      await desk.call('PUT', path, { Type: 'remove', deviceList: ['1'] }, headers),
      await desk.call('PUT', `${path}/dates`, { startDate: '2026-03-21', endDate: '2026-03-22' }, headers),
    ]) {
      expect(answer.status).toBe(own.status);
      expect(answer.body).toEqual({
        errorCode: 'CAMPAIGN_NOT_FOUND',
        errorMessage: own.body.errorMessage.replace(ACCOUNT, foreign).replace('none', id),
      });
    }
  }
  const scheduled = await desk.call('POST', `/api/fota/v2/campaigns/${foreign}`, BODY, headers);
  expect(scheduled).toMatchObject({ status: 400, body: { errorCode: 'INVALID_ACCOUNT' } });
  expect((await desk.call('GET', `${V2}/${body.id}`, undefined, headers)).body.status).toBe('CampaignRequestPending');
});

describe('a path', () => {
  test('that the API does not have answers like the original gateway', async () => {
    const answer = await desk.call('GET', '/api/fota/v9/x?y=z', undefined, headers);
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'RESOURCE_UNKNOWN', fault: { code: '900906' } } });
    expect((await desk.call('PATCH', V2, {}, headers)).body.errorCode).toBe('RESOURCE_UNKNOWN');
    expect(await desk.call('GET', '/elsewhere')).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } });
    expect((await desk.call('GET', '/api/%zz')).status).toBe(400);
  });

  test('with a malformed account names the form of one', async () => {
    const answer = await desk.call('GET', '/api/fota/v2/campaigns/123/none', undefined, headers);
    expect(answer.status).toBe(400);
    expect(answer.body.errorMessage).toContain('0000123456-00001');
  });

  test('leads to the documents', async () => {
    const index = await desk.call('GET', '/openapi.json');
    expect(index.body.openapi.map(({ family }: { family: string }) => family)).toEqual([
      'v1',
      'v2',
      'v3',
      'auth',
      'operator',
    ]);
    const v3 = await desk.call('GET', '/openapi/v3.json');
    expect(v3.body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://fota.example' }] });
    const docs = await desk.call('GET', '/docs');
    expect(docs.headers['content-type']).toContain('text/html');
    expect(docs.body).toContain('scheduleSoftwareUpgrade');
    expect(docs.body).not.toMatch(/<script|style="/);
    expect((await desk.call('GET', '/docs/style.css')).status).toBe(200);
  });
});

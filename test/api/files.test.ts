// Files over HTTP: uploaded under a made name, scheduled like software, with hours as texts in the answer.
import { beforeEach, expect, test } from 'vitest';
import { ACCOUNT, type Desk, form, HTTP_DEVICES, openDesk, openExample, type Part, SOFTWARE } from './desk.ts';

const FILES = `/api/fota/v2/files/${ACCOUNT}`;
const CAMPAIGNS = `/api/fota/v2/campaigns/files/${ACCOUNT}`;
const NAME = 'configfile-Verizon_Model-A_hello-world.txt';
const FACTS = { fileVersion: '1.0', make: 'Verizon', model: 'Model-A', localTargetPath: '/etc/hello.txt' };
let desk: Desk;
let caller: Record<string, string>;

beforeEach(async () => {
  desk = await openDesk();
  caller = await openExample(desk);
});

const filePart = (content = 'hello', fileName = 'hello-world.txt'): Part => ({ name: 'fileupload', content, fileName });
const fields = (facts: object): Part[] =>
  Object.entries(facts).map(([name, content]) => ({ name, content: String(content) }));

function upload(parts: readonly Part[], url = FILES) {
  const { body, headers } = form(parts);
  return desk.call('POST', url, body, { ...caller, ...headers });
}

test('a file is uploaded, its parts in any order, and is told by its made name', async () => {
  const answer = await upload([filePart(), ...fields(FACTS)]);
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual({
    fileName: NAME,
    fileVersion: '1.0',
    launchDate: '2026-03-10',
    releaseNote: '',
    make: 'Verizon',
    model: 'Model-A',
    distributionType: 'HTTP',
    devicePlatformId: 'IoT',
    localTargetPath: '/etc/hello.txt',
  });
  expect((await upload([...fields(FACTS), filePart()])).body).toEqual(answer.body);
  expect([...desk.images.values()].map(String)).toContain('hello');
});

test('a later version of a file gets a name with its version; the same version with another content is refused', async () => {
  await upload([filePart(), ...fields(FACTS)]);
  const second = await upload([filePart('hello again'), ...fields({ ...FACTS, fileVersion: '2.0' })]);
  expect(second.body).toMatchObject({ fileName: 'configfile-Verizon_Model-A_2.0_hello-world.txt' });
  const third = await upload([filePart('other'), ...fields({ ...FACTS, fileVersion: '2.0' })]);
  expect(third).toMatchObject({ status: 400, body: { errorCode: 'INVALID_PARAMETER' } });
  expect(third.body.errorMessage).toContain('fileVersion');
});

test('a name cannot lead anywhere', async () => {
  const { body } = await upload([filePart('x', '../../etc/pass wd'), ...fields(FACTS)]);
  expect(body).toMatchObject({ fileName: 'configfile-Verizon_Model-A_pass-wd' });
});

test('an upload that lacks something is refused with its name', async () => {
  const { make: _make, ...rest } = FACTS;
  expect((await upload([filePart(), ...fields(rest)])).body.errorMessage).toContain('make');
  expect((await upload(fields(FACTS))).body.errorMessage).toContain('fileupload');
  expect((await upload([filePart(''), ...fields(FACTS)])).body.errorMessage).toContain('0 bytes');
  expect((await upload([filePart(), filePart(), ...fields(FACTS)])).body.errorMessage).toContain('twice');
  expect((await desk.call('POST', FILES, { fileVersion: '1' }, caller)).status).toBe(400);
  const foreign = await upload([filePart(), ...fields(FACTS)], '/api/fota/v2/files/0000999999-00009');
  expect(foreign.body.errorCode).toBe('INVALID_ACCOUNT');
  expect(desk.errors).toEqual([]);
});

const order = {
  campaignName: 'Hello',
  fileName: NAME,
  fileVersion: '1.0',
  distributionType: 'HTTP',
  startDate: '2026-03-12',
  endDate: '2026-03-20',
  downloadAfterDate: '2026-03-13',
  downloadTimeWindowList: [{ startTime: 0, endTime: 4 }],
  installTimeWindowList: [{ startTime: '20', endTime: '24' }],
  deviceList: HTTP_DEVICES,
};

test('a file campaign is scheduled and read like a software campaign', async () => {
  await upload([filePart(), ...fields(FACTS)]);
  const answer = await desk.call('POST', CAMPAIGNS, order, caller);
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toMatchObject({
    accountName: ACCOUNT,
    campaignName: 'Hello',
    fileName: NAME,
    fileVersion: '1.0',
    make: 'Verizon',
    model: 'Model-A',
    status: 'CampaignRequestPending',
    downloadTimeWindowList: [{ startTime: '0', endTime: '4' }],
    installTimeWindowList: [{ startTime: '20', endTime: '24' }],
    deviceList: HTTP_DEVICES,
  });
  expect((await desk.call('POST', CAMPAIGNS, order, caller)).body.id).toBe(answer.body.id);
  await desk.settle();
  const read = await desk.call('GET', `/api/fota/v2/campaigns/${ACCOUNT}/${answer.body.id}`, undefined, caller);
  expect(read.body).toMatchObject({ softwareName: NAME, softwareTo: '1.0', status: 'CampaignRequestQueued' });
  expect(
    (await desk.call('DELETE', `/api/fota/v2/campaigns/${ACCOUNT}/${answer.body.id}`, undefined, caller)).body,
  ).toEqual({
    success: true,
  });
});

test('a file that is not there is refused with those that are', async () => {
  await upload([filePart(), ...fields(FACTS)]);
  const refused = await desk.call('POST', CAMPAIGNS, { ...order, fileVersion: '9' }, caller);
  expect(refused).toMatchObject({ status: 400, body: { errorCode: 'FILE_NOT_FOUND' } });
  expect(refused.body.errorMessage).toContain(NAME);
  const software = await desk.call('POST', CAMPAIGNS, { ...order, fileName: SOFTWARE.name }, caller);
  expect(software.body.errorCode).toBe('FILE_NOT_FOUND');
});

test('the newer call for software answers hours as texts, and is a repeat of the older one', async () => {
  const body = {
    softwareName: SOFTWARE.name,
    softwareFrom: SOFTWARE.from,
    softwareTo: SOFTWARE.to,
    distributionType: 'HTTP',
    startDate: '2026-03-12',
    endDate: '2026-03-20',
    downloadTimeWindowList: [{ startTime: 1, endTime: 4 }],
    deviceList: HTTP_DEVICES,
  };
  const newer = await desk.call('POST', `/api/fota/v2/campaigns/software/${ACCOUNT}`, body, caller);
  expect(newer.body).toMatchObject({ downloadTimeWindowList: [{ startTime: '1', endTime: '4' }] });
  const older = await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, body, caller);
  expect(older.body).toMatchObject({ id: newer.body.id, downloadTimeWindowList: [{ startTime: 1, endTime: 4 }] });
});

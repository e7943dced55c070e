// What an operator lists, changes and takes home from a real server: devices of a campaign, labels, accounts, callbacks.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, startServer } from '../../src/server/index.ts';
import { days } from '../demo/stage.ts';
import { campanile, type Desk } from './desk.ts';

const ACCOUNT = '0000123456-00001';
const [RUNS_IT, OTHER_VERSION, UNKNOWN] = ['490154203237518', '356938035643809', '352099001761481'] as const;
const CSV = `imei,make,model,transport,firmware,labels.site
${RUNS_IT},Acme,M1,LWM2M,2.0.0,"North, gate 1"
${OTHER_VERSION},Acme,M1,LWM2M,0.9.0,=1+1
`;

let folder = '';
let desk: Desk = {};
let stop = async (): Promise<void> => {};
let url = '';
const of = ['--account', ACCOUNT] as const;
const run = (...args: readonly string[]) => campanile(desk, ...args, '--url', url);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-reports-'));
  const data = join(folder, 'data');
  const config = readConfig({ 'http-port': '0', 'coap-port': '0', data, 'log-level': 'error' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  const server = await startServer(config.config);
  stop = () => server.stop();
  url = server.publicHttpUrl;
  desk = { env: { CAMPANILE_DATA: data } };
});

afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function scheduled(): Promise<string> {
  const pair = JSON.parse((await run('account', 'create', ACCOUNT, '--json')).out[0]!);
  const list = join(folder, 'devices.csv');
  await writeFile(list, CSV);
  const imported = await run('device', 'import', list, ...of);
  expect(imported).toMatchObject({ code: 0, bars: [`${CSV.length} characters are sent and judged`] });
  const image = join(folder, 'image.bin');
  await writeFile(image, 'bytes of an image');
  const what = ['--from', '1.0.0', '--to', '2.0.0'];
  const facts = ['--kind', 'firmware', '--name', 'fw', '--make', 'Acme', '--model', 'M1', '--transport', 'LWM2M'];
  await run('package', 'add', image, ...of, ...facts, ...what);
  const { startDate, endDate } = days();
  const order = ['--kind', 'firmware', '--package', 'fw', ...what, '--start', startDate, '--end', endDate];
  const customer = ['--client-id', pair.clientId, '--client-secret', pair.clientSecret];
  customer.push('--username', pair.username, '--password', pair.password);
  const imeis = ['--imei', RUNS_IT, OTHER_VERSION, UNKNOWN];
  const answer = await run('campaign', 'schedule', ...of, ...order, ...imeis, ...customer, '--json');
  return JSON.parse(answer.out[0]!).id;
}

describe('after a campaign that reached nobody', () => {
  let id = '';
  beforeAll(async () => {
    id = await scheduled();
  });

  test('watching it ends with 3 and counts the reasons', async () => {
    const { code, out } = await run('campaign', 'watch', id, ...of, '--every-seconds', '0.05');
    expect(code).toBe(3);
    expect(out.join('\n')).toMatch(/^already-current +1$/m);
    expect(out.join('\n')).toMatch(/^device-unknown +1$/m);
  });

  test('its devices are listed, all or those in a state', async () => {
    expect((await run('campaign', 'devices', id, ...of)).out).toHaveLength(4);
    expect((await run('campaign', 'devices', id, ...of, '--state', 'failed', 'expired')).out).toHaveLength(1);
    expect(await run('campaign', 'devices', id, ...of, '--state', 'broken')).toMatchObject({ code: 2, out: [] });
  });

  test('the list for site visits tells where each device is and what to do, and no cell is a formula', async () => {
    const { code, out, bars } = await run('campaign', 'export', id, ...of, '--state', 'rejected', '--csv');
    expect(code).toBe(0);
    expect(out[0]).toBe('imei,make,model,labels,state,reason,reasonText,whatToDo,runs,lastSeenAt,changedAt');
    const lineOf = (imei: string) => out.find((line) => line.startsWith(imei));
    expect(lineOf(RUNS_IT)).toContain('Acme,M1,"site=North, gate 1",rejected,already-current,');
    expect(lineOf(OTHER_VERSION)).toContain(
      'Choose a package that starts from the version that the device runs.,0.9.0,',
    );
    expect(lineOf(UNKNOWN)).toMatch(
      /^\d+,,,,rejected,device-unknown,[^,]+,"Import the device, then schedule it again.",,,/,
    );
    expect(bars.at(-2)).toBe('3 devices');
    const { out: lines } = await run('campaign', 'export', id, ...of, '--state', 'rejected', '--json');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ imei: RUNS_IT, labels: { site: 'North, gate 1' }, runs: '2.0.0' }),
    );
    expect(await run('campaign', 'export', id, ...of, '--csv', '--json')).toMatchObject({ code: 2 });
  });
});

describe('a device', () => {
  test('gets labels and loses them, the others stay', async () => {
    const { out } = await run('device', 'label', RUNS_IT, 'ring=a', 'site=', ...of, '--json');
    expect(JSON.parse(out[0]!)).toMatchObject({ labels: { ring: 'a' } });
    expect(await run('device', 'label', RUNS_IT, 'ring', ...of)).toMatchObject({ code: 2, out: [] });
  });

  test('is removed only when somebody says yes', async () => {
    expect(await run('device', 'remove', OTHER_VERSION, ...of)).toMatchObject({ code: 2, out: [] });
    const refusing = await campanile(
      { ...desk, answer: false },
      'device',
      'remove',
      OTHER_VERSION,
      ...of,
      '--url',
      url,
    );
    expect(refusing).toMatchObject({ code: 1, out: [] });
    expect(refusing.err.at(-1)).toBe('Nothing was done.');
    const agreeing = await campanile({ ...desk, answer: true }, 'device', 'remove', OTHER_VERSION, ...of, '--url', url);
    expect(agreeing).toMatchObject({ code: 0, out: [`${OTHER_VERSION} is removed`] });
    expect((await run('device', 'show', OTHER_VERSION, ...of)).err[0]).toMatch(/^DEVICE_UNKNOWN: /);
  });
});

test('an account is shown with its settings', async () => {
  const { out } = await run('account', 'show', ACCOUNT, '--json');
  expect(JSON.parse(out[0]!)).toMatchObject({ accountName: ACCOUNT, settings: expect.any(Object) });
});

test('callbacks: none yet, each order says so', async () => {
  expect((await run('callback', 'show', ...of)).out).toHaveLength(1);
  expect((await run('callback', 'deliveries', ...of, '--generation', 'v3')).out).toHaveLength(1);
  expect((await run('callback', 'test', 'v3', ...of)).err[0]).toMatch(/^[A-Z_]+: /);
  expect((await run('callback', 'rotate-secret', 'v3', ...of, '--yes')).err[0]).toMatch(/^[A-Z_]+: /);
  expect((await run('callback', 'replay', 'v3', ...of, '--from', '1')).err[0]).toMatch(/^[A-Z_]+: /);
  expect(await run('callback', 'rotate-secret', 'v3', ...of)).toMatchObject({ code: 2 });
});

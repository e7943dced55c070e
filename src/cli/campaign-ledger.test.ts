// A ledger goes from a real server into a file, is verified there and from there, and every change of the file is seen.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OperatorClient } from '../sdk/operator.ts';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

const ACCOUNT = '0000123456-00001';
const DEVICES = Array.from({ length: 3 }, (_, place) => `49015420323751${place}`);
let folder = '';
let url = '';
let campaign = '';
let client: OperatorClient;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const { systemClock } = await import('../server/index.ts');
  const server = await openServer();
  ({ folder, stop, url } = server);
  client = new OperatorClient({ baseUrl: url, operatorKey: server.operatorKey });
  const pair = await client.accounts.create(ACCOUNT);
  const fits = { make: 'Acme', model: 'M1', transport: 'HTTP' } as const;
  await client.devices.import(
    ACCOUNT,
    DEVICES.map((imei) => ({ imei, ...fits })),
  );
  const named = { kind: 'software', name: 'app', from: ['1'], to: '2', make: 'Acme', model: 'M1' } as const;
  await client.packages.upload(ACCOUNT, { ...named, transports: ['HTTP'] }, new Blob(['bytes']));
  const { CampanileClient } = await import('../sdk/index.ts');
  const customer = new CampanileClient({ baseUrl: url, ...pair });
  const day = (days: number): string => new Date(systemClock.now() + days * 86_400_000).toISOString().slice(0, 10);
  const order = { softwareName: 'app', softwareFrom: '1', softwareTo: '2', distributionType: 'HTTP' } as const;
  const dates = { startDate: day(30), endDate: day(32), deviceList: DEVICES };
  campaign = (await customer.campaigns.scheduleSoftwareUpgrade(ACCOUNT, { ...order, ...dates })).id;
  await sealed();
});

/** Until the steward has chained what was ordered and who takes part. */
async function sealed(): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) if ((await client.ledger.head(ACCOUNT, campaign)).length >= 5) return;
  throw new Error('the ledger does not grow');
}

afterAll(async () => {
  await stop();
});

async function campanile(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env: { CAMPANILE_DATA: join(folder, 'data') },
    isLive: false,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    read: (path) => readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  return { code: await run(['campaign', ...args], terminal), out, err };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('the ledger of a server is intact and signed', async () => {
  const { code, out, err } = await campanile('verify-ledger', campaign, '--account', ACCOUNT, '--url', url);
  expect({ code, err }).toEqual({ code: 0, err: [] });
  expect(out[0]).toMatch(/^Intact up to head [0-9a-f]{64} \(\d+ entries\), signed .* 0 violations\.$/);
  const { keyId = '' } = await client.ledger.head(ACCOUNT, campaign);
  expect(out[0]).toContain(keyId);
});

test('an export is verified without the server, with a head that was kept, and a change of it is seen', async () => {
  const { out: lines } = await campanile('export-ledger', campaign, '--account', ACCOUNT, '--url', url);
  const last = await file('head.json', lines.at(-1) ?? '');
  const keys = await file('keys.json', JSON.stringify(await client.ledger.keys()));
  const offline = async (text: string) => {
    const flags = ['--file', await file('export.ndjson', text), '--keys', keys, '--head', last];
    const { code, out, err } = await campanile(
      'verify-ledger',
      campaign,
      ...flags,
      '--json',
      '--url',
      'http://127.0.0.1:1',
    );
    expect(err).toEqual([]);
    return { code, report: JSON.parse(out[0] ?? '') };
  };
  const text = `${lines.join('\n')}\n`;
  expect(await offline(text)).toMatchObject({ code: 0, report: { ok: true, signature: 'valid', keptHead: 'found' } });
  const changed = await offline(text.replace(DEVICES[1] ?? '', DEVICES[2] ?? ''));
  expect(changed).toMatchObject({ code: 1, report: { ok: false, broken: { why: expect.stringContaining('hashed') } } });
  const cut = await offline(lines.slice(0, -2).join('\n'));
  expect(cut).toMatchObject({ code: 1, report: { keptHead: 'not-found' } });
  const other = await campanile('verify-ledger', 'another', '--file', join(folder, 'export.ndjson'), '--keys', keys);
  expect(other).toMatchObject({ code: 1 });
  expect(other.out[0]).toContain(`belongs to campaign ${campaign}`);
});

test('an export comes in as many answers as are asked for', async () => {
  const whole = await client.ledger.page(ACCOUNT, campaign);
  const pages = await Promise.all([0, 2].map((after) => client.ledger.page(ACCOUNT, campaign, { after, limit: 2 })));
  expect(pages.flatMap((page) => page.slice(0, -1))).toEqual(whole.slice(0, 4));
  expect(await client.ledger.page(ACCOUNT, campaign, { after: 1_000_000 })).toEqual(whole.slice(-1));
  const lines: string[] = [];
  for await (const line of client.ledger.lines(ACCOUNT, campaign)) lines.push(line);
  expect(lines).toEqual(whole);
});

test('what cannot be is told', async () => {
  expect(await campanile('verify-ledger', campaign, '--url', url)).toMatchObject({ code: 2 });
  const nobody = await campanile('verify-ledger', 'nothing', '--account', ACCOUNT, '--url', url);
  expect(nobody).toMatchObject({ code: 1, err: [expect.stringContaining('nothing')] });
  const none = await file('none.json', '{"items": 5}');
  for (const flag of ['--head', '--keys']) {
    const refused = await campanile('verify-ledger', campaign, '--account', ACCOUNT, flag, none, '--url', url);
    expect(refused).toMatchObject({ code: 1, out: [], err: [expect.stringContaining(flag)] });
  }
});

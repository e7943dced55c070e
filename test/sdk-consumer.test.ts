// A program of a user, outside the repository and without zod: it compiles against the emitted SDK, and a wrong call does not.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stageSdk } from './staged-sdk.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

const OPTIONS = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    // The declarations must hold by themselves.
    skipLibCheck: false,
  },
};

const START = `
import { CampanileClient, CampanileError, verifyWebhook, type FirmwareCampaign } from 'campanile-sdk';
import { OperatorClient } from 'campanile-sdk/operator';
const client = new CampanileClient({ baseUrl: 'http://127.0.0.1', clientId: 'a', clientSecret: 'b', username: 'c', password: 'd' });
const operator = new OperatorClient({ baseUrl: 'http://127.0.0.1', operatorKey: 'k' });
const body = { firmwareName: 'n', firmwareFrom: '1', firmwareTo: '2', startDate: '2030-01-01', endDate: '2030-01-02', deviceList: ['990013907835573'] } as const;
export { CampanileError, client, operator, body, verifyWebhook, type FirmwareCampaign };
`;

const RIGHT = `
const campaign: FirmwareCampaign = await client.campaigns.scheduleAFirmwareUpgrade('0000123456-00001', body, { signal: AbortSignal.timeout(1) });
const status: 'CampaignEnded' | (string & {}) = campaign.status;
for await (const update of operator.campaigns.eachUpdate('0000123456-00001', campaign.id)) {
  const state: 'waiting' | 'succeeded' | (string & {}) = update.state;
  const attempt: number = update.attempt;
}
for await (const { deviceId, status, reasonText } of client.reports.eachCampaignDeviceV3('0000123456-00001', campaign.id)) {
  const told: [string, 'UpgradeSuccess' | (string & {}), string | undefined] = [deviceId, status, reasonText];
}
const [line] = (await client.licenses.assignV2('0000123456-00001', body.deviceList, { idempotencyKey: 'k' })).deviceList;
const verdict = await verifyWebhook(new Headers(), '{}', 'whsec_AAAA');
if (verdict.ok) { const number: number = verdict.event.number; } else { const reason: 'too old' | (string & {}) = verdict.reason; }
await client.callbacks.registerV3('0000123456-00001', 'https://listener.example/');
try { await client.campaigns.deleteACampaign('0000123456-00001', campaign.id); }
catch (error) { if (error instanceof CampanileError) { const code: string = error.errorCode; } }
`;

const WRONG: Readonly<Record<string, string>> = {
  'a body without devices': `await client.campaigns.scheduleAFirmwareUpgrade('a', { ...body, deviceList: undefined });`,
  'an unknown method': `await client.campaigns.scheduleEverything('a', body);`,
  'a field that no answer has': `(await client.campaigns.scheduleAFirmwareUpgrade('a', body)).percent;`,
  'a status that does not exist': `const done: 'Done' = (await client.campaigns.scheduleAFirmwareUpgrade('a', body)).status;`,
  'a verdict whose event is read before it is good': `(await verifyWebhook({}, '{}', 'whsec_AAAA')).event;`,
  'a status to list by that does not exist': `client.reports.eachCampaignV2('a', 'Done');`,
  'a listener of a generation that does not exist': `await operator.callbacks.test('a', 'v4');`,
  'an operator key as a number': `new OperatorClient({ baseUrl: '', operatorKey: 5 });`,
  'a device without its IMEI': `await operator.devices.import('a', [{ make: 'Acme' }]);`,
};

/** Runs on the machine's own Node: npm tells where that is. */
const RUNNING = `
import { createHmac } from 'node:crypto';
import { CampanileClient, CampanileError, verifyWebhook } from 'campanile-sdk';
import { OperatorClient } from 'campanile-sdk/operator';
const fetch = async (url) => url.endsWith('/token') ? Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60 })
  : url.endsWith('/login') ? Response.json({ sessionToken: 's' })
  : Response.json({ errorCode: 'CAMPAIGN_NOT_FOUND', errorMessage: 'none' }, { status: 400 });
const client = new CampanileClient({ baseUrl: 'http://x', clientId: 'a', clientSecret: 'b', username: 'c', password: 'd', fetch });
const error = await client.campaigns.deleteACampaign('0000123456-00001', 'c').catch((reason) => reason);
new OperatorClient({ baseUrl: 'http://x', operatorKey: 'k' });
await client.callbacks.registerV2('0000123456-00001', 'https://listener.example/').catch(() => {});
const signature = 'v1,' + createHmac('sha256', Buffer.from('AAAA', 'base64')).update('e.0.{}').digest('base64');
const headers = { 'webhook-id': 'e', 'webhook-timestamp': '0', 'webhook-signature': signature };
const verdict = await verifyWebhook(headers, '{}', 'whsec_AAAA', 0);
process.stdout.write(String(error instanceof CampanileError) + ' ' + error.errorCode + ' ' + verdict.ok);
`;

describe('a consumer of the SDK', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-consumer-'));
    await stageSdk(join(folder, 'node_modules/campanile-sdk'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(OPTIONS));
    await writeFile(join(folder, 'start.ts'), START);
    const imports = `import { CampanileError, body, client, operator, verifyWebhook, type FirmwareCampaign } from './start.js';\nimport { OperatorClient } from 'campanile-sdk/operator';\n`;
    await writeFile(join(folder, 'right.ts'), imports + RIGHT);
    const wrong = Object.values(WRONG).map((line, index) =>
      writeFile(join(folder, `wrong${index}.ts`), imports + line),
    );
    await Promise.all(wrong);
    await writeFile(join(folder, 'run.mjs'), RUNNING);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('compiles its right calls, and none of its wrong ones', async () => {
    const output = await run(process.execPath, [tsc, '--pretty', 'false'], { cwd: folder }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    const lines = output.split('\n').filter((line) => line.includes('error TS'));
    const refused = new Set(lines.map((line) => line.split('(')[0]));
    expect([...refused].sort(), output).toEqual(Object.keys(WRONG).map((_, index) => `wrong${index}.ts`));
  });

  test('gets a package that needs nothing and holds nothing else', async () => {
    const staged = join(folder, 'node_modules/campanile-sdk');
    const manifest = JSON.parse(await readFile(join(staged, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'campanile-sdk', license: 'Apache-2.0', engines: { node: '>=20' } });
    expect(Object.keys(manifest).filter((name) => /ependencies$|scripts/.test(name))).toEqual([]);
    const names = await readdir(staged);
    const known = /^(?:package\.json|README\.md|LICENSE|[\w.-]+\.(?:js|d\.ts))$/;
    expect(names.filter((name) => !known.test(name) || name.includes('.test.'))).toEqual([]);
    const modules = names.filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(modules.map((name) => readFile(join(staged, name), 'utf8')));
    const imported = texts.flatMap((text) => [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name));
    expect(imported.filter((name) => !modules.includes(name.replace(/^\.\//, '')))).toEqual([]);
  });

  test('runs on the machine’s own Node', async () => {
    const node = process.env['npm_node_execpath'] ?? process.execPath;
    const { stdout } = await run(node, ['run.mjs'], { cwd: folder });
    expect(stdout).toBe('true CAMPAIGN_NOT_FOUND true');
  });
});

// The staged SDK in a real browser: imported as a module, it runs a campaign against a real server and checks a callback.
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OperatorClient } from '../../src/sdk/operator.ts';
import { readConfig, type Server, startServer, systemClock } from '../../src/server/index.ts';
import { stageSdk } from '../staged-sdk.ts';
import { openBrowser } from './chromium.ts';

const ACCOUNT = '0000123456-00001';
const IMEI = '490154203237518';
const DAY_MS = 86_400_000;
const day = (ahead: number): string => new Date(systemClock.now() + ahead * DAY_MS).toISOString().slice(0, 10);

let folder = '';
let server: Server;
let browser: Browser;
let origin = '';
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-browser-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const config = readConfig(
    { 'http-port': '0', 'coap-port': '0', 'coaps-port': '0', data: join(folder, 'data'), 'log-level': 'error' },
    {},
  );
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  server = await startServer(config.config);
  closers.push(() => server.stop());
  await stageSdk(join(folder, 'sdk'));
  origin = await oneOrigin();
  browser = await openBrowser();
  closers.push(() => browser.close());
}, 120_000);

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
}, 30_000);

/** As a proxy in front of both would: our page and the SDK from the address of the server. */
async function oneOrigin(): Promise<string> {
  const front = createServer((request, response) => {
    const { url = '/' } = request;
    if (url === '/page') response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>');
    else if (/^\/sdk\/[\w.-]+\.js$/.test(url)) void sendModule(url, response);
    else pass(request, response);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        front.close(resolve);
        front.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
}

async function sendModule(url: string, response: ServerResponse): Promise<void> {
  const text = await readFile(join(folder, url), 'utf8').catch(() => undefined);
  if (text === undefined) response.writeHead(404).end();
  else response.setHeader('content-type', 'text/javascript').end(text);
}

function pass(request: IncomingMessage, response: ServerResponse): void {
  const { method = 'GET', url = '/', headers } = request;
  const onwards = httpRequest(server.publicHttpUrl + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onwards.on('error', () => response.destroy());
  request.pipe(onwards);
}

async function customer() {
  const operator = new OperatorClient({ baseUrl: server.publicHttpUrl, operatorKey: server.operatorKey });
  const pair = await operator.accounts.create(ACCOUNT);
  const device = { imei: IMEI, make: 'Acme', model: 'M1', transport: 'LWM2M', firmware: '1.0.0' } as const;
  await operator.devices.import(ACCOUNT, [device]);
  const part = { kind: 'firmware', name: 'modem-fw', from: '1.0.0', to: '2.0.0', make: 'Acme', model: 'M1' } as const;
  await operator.packages.upload(ACCOUNT, { ...part, transports: ['LWM2M'] }, new Uint8Array(1000));
  return pair;
}

/** Evaluated in the page: the test's own compiler must not see the imports of the browser. */
const CAMPAIGN = `async ({ options, account, body }) => {
  const { CampanileClient, CampanileError } = await import('/sdk/index.js');
  const client = new CampanileClient({ baseUrl: location.origin, ...options });
  const { id } = await client.campaigns.scheduleAFirmwareUpgrade(account, body);
  let listed = [];
  for (let looks = 0; looks < 100 && !listed.includes(id); looks += 1) {
    const { status } = await client.campaigns.retrieveCampaignLevelInformation(account, id);
    listed = [];
    for await (const campaign of client.reports.eachCampaignV3(account, status)) listed.push(campaign.id);
  }
  const cancelled = await client.campaigns.deleteACampaign(account, id);
  const after = await client.campaigns.retrieveCampaignLevelInformation(account, id);
  const refused = await client.campaigns.deleteACampaign(account, 'none').catch((error) => error);
  return { wasListed: listed.includes(id), cancelled, after: after.status,
    refused: [refused instanceof CampanileError, refused.errorCode] };
}`;

const WEBHOOK = `async ({ headers, body, secret }) => {
  const { verifyWebhook } = await import('/sdk/index.js');
  const right = await verifyWebhook(headers, body, secret);
  const wrong = await verifyWebhook(headers, body + ' ', secret);
  return [right.ok && right.event.number, wrong.ok, wrong.reason];
}`;

async function inBrowser(run: string, given: unknown): Promise<unknown> {
  const page = await browser.newPage();
  try {
    await page.goto(`${origin}/page`);
    return await page.evaluate(`(${run})(${JSON.stringify(given)})`);
  } finally {
    await page.close();
  }
}

test('a campaign is scheduled, listed, read and cancelled', async () => {
  const body = {
    firmwareName: 'modem-fw',
    firmwareFrom: '1.0.0',
    firmwareTo: '2.0.0',
    protocol: 'LWM2M',
    startDate: day(2),
    endDate: day(4),
    deviceList: [IMEI],
  };
  expect(await inBrowser(CAMPAIGN, { options: await customer(), account: ACCOUNT, body })).toEqual({
    wasListed: true,
    cancelled: { success: true },
    after: 'CampaignCancelled',
    refused: [true, 'CAMPAIGN_NOT_FOUND'],
  });
}, 60_000);

test('a callback is checked with the crypto of the browser', async () => {
  const body = JSON.stringify({ number: 7 });
  const secret = Buffer.from('a secret of the tests').toString('base64');
  const seconds = Math.floor(systemClock.now() / 1000);
  const signed = createHmac('sha256', Buffer.from(secret, 'base64')).update(`id.${seconds}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'id', 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signed}` };
  expect(await inBrowser(WEBHOOK, { headers, body, secret: `whsec_${secret}` })).toEqual([7, false, 'wrong signature']);
}, 60_000);

// The lists of the console in a real Chromium: devices, a device, packages, callbacks, audit and settings, and how each page looks.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './chromium.ts';
import { faultsOf, LOOKS, openPage, settled, signIn } from './console-page.ts';
import { ACCOUNT, addPackages, openStage, type Stage, schedule, until } from './console-stage.ts';

const TO = '2.0.0';

let stage: Stage;
let browser: Browser;
let hook: HttpServer;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  stage = await openStage({ lwm2m: 4, http: 2 });
  closers.push(async () => stage[Symbol.asyncDispose]());
  browser = await openBrowser();
  closers.push(() => browser.close());
  hook = await openHook();
  closers.push(async () => hook.close());
  const { operator, customer } = stage;
  await addPackages(stage);
  await operator.accounts.patch(ACCOUNT, { allowPrivateCallbackHosts: ['127.0.0.1'] });
  await customer.callbacks.registerV3(ACCOUNT, `http://127.0.0.1:${(hook.address() as AddressInfo).port}/told`);
}, 120_000);

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
}, 30_000);

/** Somebody who takes every callback. */
async function openHook(): Promise<HttpServer> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const modems = (): readonly string[] =>
  stage.devices.filter(({ transport }) => transport === 'LWM2M').map(({ imei }) => imei);

async function go(page: Page, path: string): Promise<void> {
  await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}${path}`);
  await settled(page);
}

const dialog = (page: Page) => page.getByRole('dialog');

test('devices are imported after a look, searched by the server, labelled and removed together', async () => {
  await using opened = await openPage(browser);
  const { page } = opened;
  await signIn(page, stage);
  await go(page, '/devices/import');
  const lines = Array.from({ length: 5 }, (_, number) => `35275309003000${number},Other,Meter,HTTP,`);
  await page
    .getByLabel('Or paste it here')
    .fill(`imei,make,model,transport,firmware\n${lines.join('\n')}\n12,a,b,HTTP,`);
  await page.getByRole('button', { name: 'Look through it' }).click();
  await page.getByText('would be refused').waitFor();
  expect((await stage.operator.devices.list(ACCOUNT, { search: { make: 'Other' } })).items).toEqual([]);
  await page.getByRole('button', { name: 'Import 5 devices' }).click();
  await page.getByText('were refused').waitFor();

  await go(page, '/devices?make=Other&seen=never&version=unknown');
  expect(await page.locator('tbody tr').count()).toBe(5);
  await page.getByLabel('IMEI', { exact: true }).fill('0030003');
  await until('the list is narrowed', async () => (await page.locator('tbody tr').count()) === 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await go(page, '/devices?make=Other');
  await page.getByLabel('Choose all that are shown').click();
  await page.getByRole('button', { name: 'Label', exact: true }).click();
  await dialog(page).getByLabel('Name').fill('site');
  await dialog(page).getByLabel('Value').fill('harbour');
  await dialog(page).getByRole('button', { name: 'Label' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await go(page, '/devices?label=site=harbour');
  await until('all of them have the label', async () => (await page.locator('tbody tr').count()) === 5);
  await page.getByLabel('Choose 352753090030001').click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await until('it is gone', async () => (await page.locator('tbody tr').count()) === 4);
  expect(opened.complaints).toEqual([]);
}, 60_000);

test('a device shows its campaigns, what it told, and takes another zone and a key', async () => {
  const [imei = '', ...others] = modems();
  const id = await schedule(stage, { name: 'Modems, first', transport: 'LWM2M', imeis: [imei, ...others] });
  await until('the device is done', async () => {
    const { items } = await stage.operator.campaigns.updates(ACCOUNT, id);
    return items.every(({ state }) => state === 'succeeded');
  });
  await using opened = await openPage(browser);
  const { page } = opened;
  await signIn(page, stage);
  await go(page, `/devices/${imei}`);
  await page.getByRole('link', { name: 'Modems, first' }).first().waitFor();
  expect(await page.getByRole('region', { name: 'Why' }).innerText()).toMatch(/not in a campaign/i);
  expect(await page.locator('.timeline').innerText()).toContain('succeeded');
  await page.getByRole('button', { name: 'Change' }).click();
  await dialog(page).getByLabel('Labels').fill('site=north\nring=canary');
  await dialog(page).getByRole('button', { name: 'Change' }).click();
  await page.getByText('ring=canary').first().waitFor();
  await page.getByRole('button', { name: /Set a key/ }).click();
  await dialog(page).getByLabel('Key, in hexadecimal').fill('00112233445566778899aabbccddeeff');
  await dialog(page).getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText(/set, identity/).waitFor();
  expect(await page.content()).not.toContain('00112233445566778899aabbccddeeff');
  expect(opened.complaints).toEqual([]);
}, 90_000);

test('a package is uploaded with its image and shows where it runs', async () => {
  await using opened = await openPage(browser);
  const { page } = opened;
  await signIn(page, stage);
  await go(page, '/packages');
  await page.getByRole('button', { name: 'Upload a package' }).click();
  const image = {
    name: 'meter.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(1_500_000, 7),
  };
  await dialog(page).locator('input[type=file]').setInputFiles(image);
  const fields = {
    Name: 'meter-firmware',
    'From versions': '1.0, 1.1',
    'To version': TO,
    Make: 'Acme',
    Model: 'Modem',
  };
  for (const [label, text] of Object.entries(fields)) await dialog(page).getByLabel(label, { exact: true }).fill(text);
  await dialog(page).getByRole('button', { name: 'Upload' }).click();
  await dialog(page).waitFor({ state: 'detached', timeout: 20_000 });
  await page.getByText('meter-firmware').first().waitFor();
  const pack = await stage.operator.packages.get(ACCOUNT, 'meter-firmware');
  expect(pack).toMatchObject({ size: 1_500_000, from: ['1.0', '1.1'], to: TO });
  await page
    .getByRole('row', { name: /meter-firmware/ })
    .getByRole('button', { name: 'Withdraw' })
    .click();
  await dialog(page).getByText('No live campaign uses it.').waitFor();
  await dialog(page).getByLabel('Reason').fill('It drains the battery.');
  await dialog(page).getByRole('button', { name: 'Withdraw' }).click();
  await page
    .getByText(/It drains the battery/)
    .first()
    .waitFor();
  expect(await stage.operator.packages.get(ACCOUNT, 'meter-firmware')).toHaveProperty('withdrawn');
  expect(opened.complaints).toEqual([]);
}, 60_000);

test('a listener is tested and told again, and its deliveries are listed', async () => {
  await using opened = await openPage(browser);
  const { page } = opened;
  await signIn(page, stage);
  await go(page, '/callbacks');
  await page.getByRole('button', { name: 'Test' }).click();
  await dialog(page).getByRole('button', { name: 'Send' }).click();
  await dialog(page).getByText('It was taken').waitFor();
  await dialog(page).getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Replay' }).click();
  await dialog(page).getByRole('button', { name: 'Replay' }).click();
  await page.getByText('events are sent again').waitFor();
  await page.getByRole('button', { name: 'New secret' }).click();
  await dialog(page).getByRole('button', { name: 'Make a new secret' }).click();
  await dialog(page)
    .getByText(/^whsec_/)
    .waitFor();
  await dialog(page).getByRole('button', { name: 'I have noted it' }).click();
  await page.locator('tbody').getByText('Delivered').first().waitFor();
  expect(opened.complaints).toEqual([]);
}, 60_000);

describe('settings', () => {
  test('an operator is added and its key is shown once; the audit log knows it', async () => {
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await go(page, '/settings?tab=operators');
    await page.getByLabel('Name of a new operator').fill('maria');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Key of maria').waitFor();
    const key = await page.locator('.secret').innerText();
    await page.getByRole('button', { name: 'I have noted it' }).click();
    await page.locator('.secret').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(key);
    await go(page, '/audit?of=server');
    await page.getByText('create operator').first().waitFor();
    expect(opened.complaints).toEqual([]);
  }, 60_000);

  test('a switch of the account and a device profile are kept', async () => {
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await go(page, '/settings');
    await page.getByRole('switch', { name: 'DELETE aborts' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The settings of the account were changed.').waitFor();
    expect((await stage.operator.accounts.get(ACCOUNT)).settings).toMatchObject({ abortOnDelete: true });
    await go(page, '/settings?tab=profiles');
    await page.getByRole('button', { name: 'Add a profile' }).click();
    await dialog(page).getByLabel('Make').fill('Slow');
    await dialog(page).getByRole('switch', { name: 'Installs by itself' }).click();
    await dialog(page).getByRole('button', { name: 'Keep' }).click();
    await page.getByText('installs by itself').waitFor();
    expect(await stage.operator.httpDevices.profiles(ACCOUNT)).toContainEqual({ make: 'Slow', autoInstalls: true });
    expect(opened.complaints).toEqual([]);
  }, 60_000);
});

const pages = (): readonly string[] => [
  '/devices',
  '/devices?make=Nobody',
  '/devices/import',
  `/devices/${modems()[0]}`,
  '/packages',
  '/callbacks',
  '/audit',
  ...['account', 'credentials', 'keys', 'profiles', 'accounts', 'operators', 'limits'].map(
    (tab) => `/settings?tab=${tab}`,
  ),
];

test.each(LOOKS)(
  'in $name every page is free of faults',
  async (look) => {
    await using opened = await openPage(browser, look);
    await signIn(opened.page, stage);
    const faults: string[] = [];
    for (const path of pages()) {
      await go(opened.page, path);
      faults.push(...(await faultsOf(opened)));
    }
    expect([...new Set(faults)]).toEqual([]);
  },
  120_000,
);

// `npm run pictures [folder]`: pictures of every page of the console, light and dark, wide and narrow.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import { LOOKS, settled, signIn } from './console-page.ts';
import { ACCOUNT, addPackages, day, openStage, type Stage, schedule, scheduleHalting, until } from './console-stage.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../docs/pictures');
/** Until what moves has come to rest. */
const STILL_MS = 500;

/** Pages by the name of their picture. */
const pagesOf = (campaigns: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  waiting: `/${ACCOUNT}`,
  campaigns: `/${ACCOUNT}/campaigns`,
  'campaign-ended': `/${ACCOUNT}/campaigns/${campaigns['ended']}`,
  'campaign-scheduled': `/${ACCOUNT}/campaigns/${campaigns['scheduled']}`,
  'campaign-halted': `/${ACCOUNT}/campaigns/${campaigns['halted']}`,
  'campaign-undecided': `/${ACCOUNT}/campaigns/${campaigns['undecided']}`,
  'new-campaign': `/${ACCOUNT}/campaigns/new`,
});

async function campaignsOf(stage: Stage): Promise<Readonly<Record<string, string>>> {
  const imeis = (transport: 'LWM2M' | 'HTTP'): readonly string[] =>
    stage.devices.filter((one) => one.transport === transport).map(({ imei }) => imei);
  const [modems, gateways] = [imeis('LWM2M'), imeis('HTTP').slice(0, 4)];
  const ended = await schedule(stage, { name: 'Modems, spring', transport: 'LWM2M', imeis: modems.slice(0, 8) });
  const running = await schedule(stage, { name: 'Gateways in the south', transport: 'HTTP', imeis: gateways });
  const later = modems.slice(8, 12);
  const halted = await scheduleHalting(stage);
  const { id: undecided } = await stage.operator.orders.schedule(ACCOUNT, {
    packageName: 'modem-firmware',
    campaignName: 'Modems in waves',
    startDate: day(0),
    endDate: day(5),
    rollout: { canary: { devices: 4 }, waves: [{ percent: 60 }], soakHours: 6 },
    deviceList: [...modems.slice(12, 20)],
  });
  const scheduled = await schedule(stage, {
    name: 'Modems, second half',
    transport: 'LWM2M',
    imeis: later,
    from: 2,
    until: 9,
  });
  await until('the first campaign is over', async () => {
    const { status } = await stage.operator.campaigns.get(ACCOUNT, ended);
    return status === 'CampaignEnded';
  });
  for (const id of [halted, undecided]) {
    await until('it is held', async () => (await stage.operator.campaigns.get(ACCOUNT, id)).hold !== undefined);
  }
  return { ended, running, scheduled, halted, undecided };
}

type Take = (title: string) => Promise<void>;

async function wizard(page: Page, take: Take): Promise<void> {
  await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns/new`);
  await page.getByRole('radio', { name: 'modem-firmware' }).check();
  await page.getByRole('button', { name: 'Next: devices' }).click();
  await page.getByText('Paste', { exact: true }).click();
  const modems = stage.devices.filter(({ transport }) => transport === 'LWM2M').map(({ imei }) => imei);
  await page.getByLabel('IMEIs').fill(`${modems.slice(6, 24).join(' ')} 12345`);
  await take('new-campaign-devices');
  await page.getByRole('button', { name: 'Next: dates and windows' }).click();
  await page.getByRole('button', { name: 'Night, 22 to 6' }).first().click();
  await page.getByRole('button', { name: 'Early, 2 to 5' }).last().click();
  await page.getByRole('combobox', { name: 'Zone of the hours' }).fill('America/Chic');
  await page.getByRole('option', { name: 'America/Chicago' }).click();
  await take('new-campaign-windows');
  await page.getByRole('button', { name: 'Next: rollout' }).click();
  await page.getByRole('radio', { name: 'A canary, then waves' }).check();
  await take('new-campaign-rollout');
  await page.getByRole('button', { name: 'Next: check' }).click();
  await page.getByRole('heading', { name: 'Simulation' }).waitFor();
  await page.waitForTimeout(STILL_MS);
  await take('new-campaign-check');
}

async function pause(page: Page, id: string, take: Take): Promise<void> {
  await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns/${id}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByRole('heading', { name: 'Stops' }).waitFor();
  await take('campaign-pause');
}

await using stage = await openStage({ lwm2m: 24, http: 4, liars: 12 });
await addPackages(stage);
const campaigns = await campaignsOf(stage);
const browser = await openBrowser();
await mkdir(folder, { recursive: true });
for (const { name, colorScheme, width } of LOOKS) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 860 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.on('console', (message) => process.stderr.write(`${message.type()}: ${message.text()}\n`));
  page.on('response', (answer) => {
    if (answer.status() >= 400 && answer.status() !== 401) process.stderr.write(`${answer.status()} ${answer.url()}\n`);
  });
  page.on('pageerror', (error) => process.stderr.write(`${error}\n`));
  await page.goto(`${stage.server.publicHttpUrl}/sign-in`);
  await page.getByLabel('Key').waitFor();
  await page.screenshot({ path: join(folder, `sign-in-${name}.png`) });
  await signIn(page, stage);
  const take = async (title: string): Promise<void> => {
    await settled(page);
    await page.waitForTimeout(STILL_MS);
    await page.screenshot({ path: join(folder, `${title}-${name}.png`), fullPage: true });
  };
  for (const [title, path] of Object.entries(pagesOf(campaigns))) {
    await page.goto(stage.server.publicHttpUrl + path);
    await take(title);
  }
  await pause(page, campaigns['scheduled'] ?? '', take);
  await wizard(page, take);
  await context.close();
}
await browser.close();

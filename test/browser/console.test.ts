// The console in a real Chromium: the whole way from the sign-in link over an upload to a finished campaign, and every page as it looks.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './chromium.ts';
import { faultsOf, LOOKS, openPage, settled, signIn } from './console-page.ts';
import {
  ACCOUNT,
  addPackages,
  CONSOLE,
  day,
  openStage,
  type Stage,
  schedule,
  scheduleHalting,
  until,
} from './console-stage.ts';

const JS_BYTES_MAX = 300 * 1024;

let stage: Stage;
let browser: Browser;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  stage = await openStage({ lwm2m: 8, http: 4, liars: 12 });
  closers.push(async () => stage[Symbol.asyncDispose]());
  browser = await openBrowser();
  closers.push(() => browser.close());
  await addPackages(stage);
}, 120_000);

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
}, 30_000);

const imeisOf = (transport: 'LWM2M' | 'HTTP'): readonly string[] =>
  stage.devices.filter((one) => one.transport === transport && !one.traits.includes('lies')).map(({ imei }) => imei);

describe('signing in', () => {
  test('a link opens the console once', async () => {
    const { url } = await stage.operator.session.makeLink();
    await using first = await openPage(browser);
    await first.page.goto(url);
    await first.page.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    expect(first.page.url()).not.toContain('#');
    await using second = await openPage(browser);
    await second.page.goto(url);
    await second.page
      .getByText(/sign-in link/)
      .last()
      .waitFor();
    expect(await second.page.getByRole('button', { name: 'Sign in' }).isVisible()).toBe(true);
  }, 60_000);

  test('whoever was not signed in comes back to the page that was asked for', async () => {
    await using opened = await openPage(browser);
    const { page } = opened;
    await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns`);
    await page.locator('input[type=password]').fill(stage.server.operatorKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'root, admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  }, 60_000);

  test('a viewer is shown nothing that it may not do', async () => {
    await stage.operator.operators.create('looker', 'viewer');
    await using opened = await openPage(browser);
    await signIn(opened.page, stage, 'looker');
    await opened.page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns`);
    await settled(opened.page);
    expect(await opened.page.getByRole('link', { name: /New campaign|Make the first one/ }).count()).toBe(0);
    expect(await opened.page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    expect(await faultsOf(opened)).toEqual([]);
  }, 60_000);
});

describe('a campaign', () => {
  test('is made in five steps, runs before one’s eyes, and ends', async () => {
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns/new`);
    await page.getByRole('radio', { name: 'modem-firmware' }).check();
    await page.getByRole('button', { name: 'Next: devices' }).click();
    await page.getByRole('button', { name: 'Find them' }).click();
    await page.getByText('8 devices', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Next: dates and windows' }).click();
    expect(await faultsOf(opened)).toEqual([]);
    await page.getByRole('button', { name: 'Next: rollout' }).click();
    await page.getByRole('button', { name: 'Next: check' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Modems in a browser');
    await page.getByText(/8 devices go 1\.4\.2 → 1\.5\.0/).waitFor();
    await page.getByText('Done by, in nine of ten').waitFor();
    expect(await faultsOf(opened)).toEqual([]);
    await page.getByRole('button', { name: 'Schedule 8 devices' }).click();
    await page.getByRole('heading', { name: 'Modems in a browser' }).waitFor();
    await page.getByText('100 %').waitFor({ timeout: 60_000 });
    await page.getByText('Ended', { exact: true }).first().waitFor({ timeout: 60_000 });
    expect(await faultsOf(opened)).toEqual([]);
    expect(
      new Set(
        stage.fleet
          .devices()
          .filter((one) => one.transport === 'LWM2M')
          .map((one) => one.runningVersion),
      ),
    ).toEqual(new Set(['1.5.0']));
  }, 120_000);

  test('is paused, resumed, given other dates and aborted, each after its preview', async () => {
    const id = await schedule(stage, {
      name: 'Gateways later',
      transport: 'HTTP',
      imeis: imeisOf('HTTP'),
      from: 2,
      until: 5,
    });
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns/${id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'Stops' }).waitFor();
    expect(await faultsOf(opened)).toEqual([]);
    await dialog.getByLabel('Reason').fill('To show it');
    await dialog.getByRole('button', { name: 'Pause it' }).click();
    await page.getByText('To show it').first().waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await dialog.getByRole('button', { name: 'Resume it' }).click();
    await page.getByText('Scheduled', { exact: true }).first().waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Change dates and windows' }).click();
    await dialog.getByLabel('Last day (UTC)').fill(day(6));
    await dialog.getByRole('button', { name: 'Downloads from 2 to 3' }).click();
    await dialog.getByRole('button', { name: 'Show what this does' }).click();
    await dialog.getByText('What this does').last().waitFor();
    expect(await faultsOf(opened)).toEqual([]);
    await dialog.getByRole('button', { name: 'Change them' }).click();
    await page.getByText('02:00–03:00').first().waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Abort' }).click();
    await dialog.getByRole('button', { name: 'Abort it for good' }).click();
    await page
      .getByText(/Aborted|Cancelled/)
      .first()
      .waitFor();
    expect(await faultsOf(opened)).toEqual([]);
  }, 120_000);

  test('that halts is found among what waits, shows what it saw, and is resumed only with a reason', async () => {
    const id = await scheduleHalting(stage);
    await until('it halts', async () => (await stage.operator.campaigns.get(ACCOUNT, id)).hold?.kind === 'halted');
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await page.getByText('Halted', { exact: true }).first().waitFor();
    expect(await faultsOf(opened)).toEqual([]);
    await page.getByRole('link', { name: 'Gateways that lie' }).first().click();
    await page
      .getByText(/failures in \d+ outcomes/)
      .first()
      .waitFor();
    expect(await faultsOf(opened)).toEqual([]);
    await page.getByRole('button', { name: 'Resume' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Resume it' }).click();
    // The browser itself asks for the reason; nothing was sent.
    expect(await dialog.locator('textarea:invalid').count()).toBe(1);
    await dialog.getByLabel('Reason').fill('They were looked at');
    await dialog.getByRole('button', { name: 'Resume it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByText('rollout.resumed')
      .or(page.getByText(/resumed/))
      .first()
      .waitFor();
    await stage.operator.orders.abort(ACCOUNT, id);
  }, 120_000);

  test('that changes elsewhere changes here, without being asked', async () => {
    const id = await schedule(stage, {
      name: 'Gateways live',
      transport: 'HTTP',
      imeis: imeisOf('HTTP'),
      from: 2,
      until: 5,
    });
    await using opened = await openPage(browser);
    const { page } = opened;
    await signIn(page, stage);
    await page.goto(`${stage.server.publicHttpUrl}/${ACCOUNT}/campaigns/${id}`);
    await page.getByRole('heading', { name: 'Gateways live' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await stage.operator.orders.pause(ACCOUNT, id, { reason: 'Told by the server' });
    // Sooner than it would read again by itself.
    await page.getByText('Told by the server').first().waitFor({ timeout: 8_000 });
    await stage.operator.orders.abort(ACCOUNT, id);
  }, 60_000);
});

describe('every page', () => {
  test.each(LOOKS)(
    'has no serious violation: $name',
    async (look) => {
      const { items } = await stage.operator.campaigns.list(ACCOUNT);
      const [newest] = items;
      const paths = [
        `/${ACCOUNT}`,
        `/${ACCOUNT}/campaigns`,
        `/${ACCOUNT}/campaigns/${newest?.id}`,
        `/${ACCOUNT}/campaigns/new`,
      ];
      await using opened = await openPage(browser, look);
      await opened.page.goto(`${stage.server.publicHttpUrl}/sign-in`);
      expect(await faultsOf(opened)).toEqual([]);
      await signIn(opened.page, stage);
      for (const path of paths) {
        await opened.page.goto(stage.server.publicHttpUrl + path);
        expect(await faultsOf(opened)).toEqual([]);
      }
    },
    120_000,
  );
});

test('the whole of its scripts is at most 300 KB', async () => {
  const names = (await readdir(join(CONSOLE, 'assets'))).filter((name) => name.endsWith('.js'));
  const files = await Promise.all(names.map((name) => readFile(join(CONSOLE, 'assets', name))));
  const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  expect(bytes).toBeLessThanOrEqual(JS_BYTES_MAX);
});

test('files whose names tell their content are kept for ever, the page is asked for anew, and nothing may be inline', async () => {
  const page = await fetch(`${stage.server.publicHttpUrl}/${ACCOUNT}/devices`);
  const text = await page.text();
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('etag')).not.toBeNull();
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(page.headers.get('x-frame-options')).toBe('DENY');
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=|https?:\/\//);
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(text) ?? [];
  const asset = await fetch(stage.server.publicHttpUrl + script, { headers: { 'accept-encoding': 'gzip' } });
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(asset.headers.get('content-encoding')).toBe('gzip');
  const api = await fetch(`${stage.server.publicHttpUrl}/operator/v1/me`);
  expect([api.status, api.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
});

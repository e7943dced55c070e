/** A fleet of a million devices as the console asks for it: searched, filtered and paged over HTTP; and how soon its first page is there. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type AccountName, type Device, type Imei, instant } from '../src/campaigns/index.ts';
import { type DeviceSearch, OperatorClient } from '../src/sdk/operator.ts';
import { openSqliteStore } from '../src/store/index.ts';
import { openBrowser } from '../test/browser/chromium.ts';
import { type ServerChild, serve } from './child.ts';
import type { Target } from './target.ts';

const DEVICES = 1_000_000;
const IMPORTED_AT_ONCE = 5_000;
const DAY_MS = 86_400_000;
const PAGES_EACH = 20;
const PAGE_SIZE = 100;
const REQUEST_MS_MAX = 200;
const FIRST_PAGE_MS_MAX = 1_000;
const FIRST_PAGES = 5;

const ACCOUNT = '0000000001-00001' as AccountName;
const BUILD = join(import.meta.dirname, '../scripts/build-console.ts');
const FIRST = 350_000_000_000_000;

type Say = (line: string) => void;

export async function run(say: Say, args: readonly string[]): Promise<readonly Target[]> {
  const { values } = parseArgs({ args: [...args], options: { devices: { type: 'string' } } });
  const devices = Number(values.devices ?? DEVICES);
  const data = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    await promisify(execFile)(process.execPath, [BUILD]);
    const begun = performance.now();
    await importAll(data, devices);
    say(`${devices} devices are in the store after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    await using server = await serve({ data });
    const operator = new OperatorClient({ baseUrl: server.url, operatorKey: server.operatorKey });
    await operator.accounts.create(ACCOUNT);
    return [...(await searches(say, operator, devices)), await firstPage(server, operator)];
  } finally {
    await rm(data, { recursive: true });
  }
}

async function importAll(directory: string, devices: number): Promise<void> {
  await using store = await openSqliteStore({ directory });
  for (let at = 0; at < devices; at += IMPORTED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(IMPORTED_AT_ONCE, devices - at) }, (_, place) => at + place);
    const results = await store.writeDevices(numbers.map((number) => ({ device: deviceOf(number), isNew: true })));
    if (results.some((result) => result !== 'saved')) throw new Error('A device was not stored.');
    // One of a hundred was never heard; the others fell silent on any of the last hundred days.
    const heard = numbers.filter((number) => number % 100 !== 0);
    const now = Date.now();
    await store.putLastSeen(
      heard.map((number) => ({
        key: { account: ACCOUNT, imei: imeiOf(number) },
        at: instant(now - (number % 99) * DAY_MS),
      })),
    );
  }
}

const imeiOf = (number: number): Imei => String(FIRST + number * 7) as Imei;

const deviceOf = (number: number): Device => ({
  account: ACCOUNT,
  imei: imeiOf(number),
  revision: 0,
  make: number % 10 === 0 ? 'Other' : 'Acme',
  model: `M${number % 7}`,
  transport: number % 3 === 0 ? 'HTTP' : 'LWM2M',
  ...(number % 50 === 0 ? {} : { firmware: { value: `1.${number % 20}`, at: instant(0), source: 'reported' } }),
  software: {},
  attributes: {},
  labels: { site: `site-${number % 1_000}` },
  reachable: false,
  lastActionId: 0,
});

/** What an operator looks for; the last ones are the worst: what is walked is large, and hardly any of it fits. */
const searchesOf = (devices: number): Readonly<Record<string, DeviceSearch>> => ({
  'all of them': {},
  'the end of an IMEI': { imeiEnds: imeiOf(Math.floor(devices / 2)).slice(-6) },
  'the beginning of an IMEI': { imeiBegins: imeiOf(Math.floor(devices / 2)).slice(0, 11) },
  'make and model': { make: 'Acme', model: 'M3' },
  'a version': { version: '1.7' },
  'a version that is not known': { versionUnknown: true },
  'a label': { label: 'site=site-77' },
  'silent for 30 days': { silentDays: 30 },
  'never heard': { neverSeen: true },
  'label, version and silence': { label: 'site=site-77', version: '1.17', silentDays: 7 },
  'version, make and transport that seldom meet': { version: '1.7', make: 'Other', transport: 'HTTP' },
  'a model that there is not': { model: 'M9' },
});

async function searches(say: Say, operator: OperatorClient, devices: number): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const [what, search] of Object.entries(searchesOf(devices))) {
    const { times, found } = await timesOf(operator, search);
    say(`${what}: ${found} devices in ${times.length} requests`);
    targets.push({
      what: `console, ${devices} devices: ${what}, p95`,
      value: p95(times),
      unit: 'ms',
      most: REQUEST_MS_MAX,
    });
  }
  return targets;
}

/** Page after page, and from the beginning again where there are no more. */
async function timesOf(operator: OperatorClient, search: DeviceSearch) {
  const times: number[] = [];
  let found = 0;
  let after: string | undefined;
  while (times.length < PAGES_EACH) {
    const begun = performance.now();
    const page = await operator.devices.list(ACCOUNT, {
      search,
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    times.push(performance.now() - begun);
    found += page.items.length;
    after = page.nextPageToken;
  }
  return { times, found };
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((one, other) => one - other);
const p95 = (values: readonly number[]): number => sorted(values)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;

/** From the address to the first devices on the screen, with nothing in the cache of the browser. */
async function firstPage({ url }: ServerChild, operator: OperatorClient): Promise<Target> {
  const browser = await openBrowser();
  try {
    const times: number[] = [];
    for (let time = 0; time < FIRST_PAGES; time += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const link = await operator.session.makeLink();
      await page.goto(url + new URL(link.url).pathname + new URL(link.url).hash);
      await page.locator('nav[aria-label="Pages"]').waitFor({ state: 'attached' });
      const cookies = await context.cookies();
      const fresh = await browser.newContext();
      await fresh.addCookies(cookies);
      const first = await fresh.newPage();
      const begun = performance.now();
      await first.goto(`${url}/${ACCOUNT}/devices`, { waitUntil: 'commit' });
      await first.locator('tbody a').first().waitFor();
      times.push(performance.now() - begun);
      await Promise.all([context.close(), fresh.close()]);
    }
    const value = sorted(times)[Math.floor(times.length / 2)] ?? Number.NaN;
    return { what: 'console: first page ready in Chromium, median', value, unit: 'ms', most: FIRST_PAGE_MS_MAX };
  } finally {
    await browser.close();
  }
}

// A page of the console in a browser: signed in by a link, with everything noted that it complains about.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import type { Stage } from './console-stage.ts';

export interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

export const LOOKS: readonly Look[] = [
  { name: 'light', colorScheme: 'light', width: 1280 },
  { name: 'dark', colorScheme: 'dark', width: 1280 },
  { name: 'light-narrow', colorScheme: 'light', width: 390 },
  { name: 'dark-narrow', colorScheme: 'dark', width: 390 },
];

const HEIGHT = 860;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the page since it was opened. */
  readonly complaints: readonly string[];
}

export async function openPage(browser: Browser, look: Look = LOOKS[0] as Look): Promise<Opened> {
  const { colorScheme, width } = look;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: HEIGHT }, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** By a link of this operator; without a name root's own. */
export async function signIn(page: Page, { operator }: Pick<Stage, 'operator'>, name?: string): Promise<void> {
  const { url } = await operator.session.makeLink(name);
  await page.goto(url);
  await page.locator('nav[aria-label="Pages"]').waitFor({ state: 'attached' });
}

/** A page is there when its title is, and nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('.busy').first().waitFor({ state: 'detached' });
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds serious or critical (WCAG 2.2 A and AA). It is put in from outside: the page's policy lets no script in. */
async function seriousViolations(page: Page): Promise<readonly string[]> {
  // Colours are judged as they are at rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((r) => r.violations)",
  )) as readonly Violation[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

/** What is wrong with the page as it is shown: serious violations, what sticks out sideways, what it complained about. */
export async function faultsOf({ page, complaints }: Opened): Promise<readonly string[]> {
  await settled(page);
  const violations = await seriousViolations(page);
  const sticksOut = (await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')) as number;
  const width = sticksOut > 0 ? [`${sticksOut} pixels wider than the window`] : [];
  return [...violations, ...width, ...complaints].map((fault) => `${page.url()}: ${fault}`);
}

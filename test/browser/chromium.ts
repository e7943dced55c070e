// A real Chromium for tests: the machine's own where there is one, else the one that comes with npm; never none.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu, Fedora and Google put it. */
const INSTALLED: readonly string[] = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const START_WAIT_MS = 60_000;
/** A browser in a container has neither a sandbox of its own nor much shared memory. It only visits our own server. */
const CONTAINED: readonly string[] = ['--no-sandbox', '--disable-dev-shm-usage'];

/** To be closed by whoever opened it. Fails loudly where no Chromium starts: a test that needs one is never left out. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, args } = await found();
  try {
    return await chromium.launch({ executablePath, args: [...args], timeout: START_WAIT_MS });
  } catch (error) {
    throw new Error(`Chromium at ${executablePath} does not start; install the package chromium of your system.`, {
      cause: error,
    });
  }
}

interface Found {
  readonly executablePath: string;
  readonly args: readonly string[];
}

async function found(): Promise<Found> {
  const executablePath = INSTALLED.find((path) => existsSync(path));
  return executablePath === undefined ? unpacked() : { executablePath, args: CONTAINED };
}

/** The package unpacks its browser into the temporary folder, once. */
async function unpacked(): Promise<Found> {
  const { default: packaged } = await import('@sparticuz/chromium');
  packaged.setGraphicsMode = false;
  return { executablePath: await packaged.executablePath(), args: packaged.args };
}

// A real Chromium for tests: the machine's own where there is one, else the one that comes with npm; never none.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu, Fedora and Google put it. */
const INSTALLED: readonly string[] = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const START_WAIT_MS = 60_000;
/** A browser in a container has neither a sandbox of its own nor much shared memory. It only visits our own server. */
const CONTAINED: readonly string[] = ['--no-sandbox', '--disable-dev-shm-usage'];

/** Kills the whole browser whenever a page of it is closed. */
const UNBEARABLE = '--single-process';

/** To be closed by whoever opened it. Fails loudly where no Chromium starts: a test that needs one is never left out. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await found();
  try {
    return await chromium.launch({ executablePath, args: [...args], timeout: START_WAIT_MS, env });
  } catch (error) {
    throw new Error(`Chromium at ${executablePath} does not start; install the package chromium of your system.`, {
      cause: error,
    });
  }
}

interface Found {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

async function found(): Promise<Found> {
  const executablePath = INSTALLED.find((path) => existsSync(path));
  return executablePath === undefined ? unpacked() : { executablePath, args: CONTAINED, env: process.env };
}

/**
 * The package unpacks its browser into the temporary folder, once, and beside it the libraries that a bare machine lacks:
 * these only where it is told to be in the cloud that it was made for.
 */
async function unpacked(): Promise<Found> {
  const before = { ...process.env };
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs24.x';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    packaged.setGraphicsMode = false;
    const executablePath = await packaged.executablePath();
    const libraries = join(tmpdir(), 'al2023', 'lib');
    const args = [...CONTAINED, ...packaged.args.filter((arg) => arg !== UNBEARABLE)];
    return { executablePath, args, env: { ...before, LD_LIBRARY_PATH: libraries } };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

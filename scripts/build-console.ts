// Builds the console into dist/console, unless what is there was made from the same sources: `npm run build:console`.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TARGET = join(ROOT, 'dist/console');
const STAMP = '.stamp';
/** Whatever decides how the console comes out. */
const SOURCES = ['src/console', 'src/sdk', 'vite.config.ts', 'scripts/build-console.ts', 'package-lock.json'];

const squeeze = promisify(gzip);

async function main(): Promise<void> {
  const stamp = await stampOf(SOURCES);
  const present = await readFile(join(TARGET, STAMP), 'utf8').catch(() => '');
  if (present === stamp) return;
  if (!existsSync(join(ROOT, 'node_modules/vite'))) {
    process.stderr.write('The console is not built: its tools are not installed (npm ci without --omit=dev).\n');
    return;
  }
  process.stderr.write('Building the console …\n');
  // Into a folder of its own, moved at the end: nobody is served half a console.
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const made = await mkdtemp(join(ROOT, 'dist/console-'));
  try {
    // Vite goes by it: whoever tests is served what everybody is served.
    process.env['NODE_ENV'] = 'production';
    const { build } = await import('vite');
    await build({ configFile: join(ROOT, 'vite.config.ts'), build: { outDir: made } });
    await squeezeAll(made);
    await writeFile(join(made, STAMP), stamp);
    await chmod(made, 0o755);
    await replace(made, stamp);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Two that build the same at the same moment do not get into each other's way: the later one finds its work done. */
async function replace(made: string, stamp: string): Promise<void> {
  await rm(TARGET, { recursive: true, force: true });
  try {
    await rename(made, TARGET);
  } catch (error) {
    if ((await readFile(join(TARGET, STAMP), 'utf8').catch(() => '')) !== stamp) throw error;
  }
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths)
    for (const file of await filesOf(path)) hash.update(file).update(await readFile(join(ROOT, file)));
  return hash.digest('hex');
}

/** Below a folder, tests left out; a file is itself. */
async function filesOf(path: string): Promise<readonly string[]> {
  const entries = await readdir(join(ROOT, path), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}

/** Beside each text file its gzip, so that the server need not make it again for every browser. */
async function squeezeAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(?:js|css|svg|html)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    await writeFile(`${path}.gz`, await squeeze(await readFile(path), { level: 9 }));
  }
}

await main();

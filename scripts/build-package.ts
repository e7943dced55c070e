// Compiles what is published into dist, with nothing of files that are gone: `npm run build:package`.
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

async function main(): Promise<void> {
  const folders = await readdir(join(ROOT, 'src'));
  // The console is no TypeScript project that emits: it is built by a script of its own.
  const emitted = folders.filter((folder) => folder !== 'console');
  for (const folder of emitted) {
    await rm(join(ROOT, 'dist', folder), { recursive: true, force: true });
    await rm(join(ROOT, 'dist/.tsbuildinfo', folder), { force: true });
  }
  await promisify(execFile)(process.execPath, [TSC, '-b', join(ROOT, 'src/cli')], { cwd: ROOT });
}

await main();

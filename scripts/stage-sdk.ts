// Stages the SDK as a package of its own: `npm run build:sdk`, or with the folder to stage it into.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** Into a folder of its own, so that two that stage at the same moment do not meet, and nothing of files that are gone is there. */
const PLAIN = '--composite false --incremental false --declarationMap false --sourceMap false'.split(' ');

async function main(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run(process.execPath, [TSC, '-p', join(ROOT, 'src/sdk'), ...PLAIN, '--outDir', folder]);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.includes('.test.')) await rm(path);
    else await writeFile(path, published(await readFile(path, 'utf8')));
  }
  await cp(join(ROOT, 'src/sdk/README.md'), join(folder, 'README.md'));
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
  process.stdout.write(`${folder}\n`);
}

/** Declarations name what lies beside them. */
const published = (text: string): string => text.replace(/(['"])(\.\/[\w.-]+)\.ts\1/g, '$1$2.js$1');

async function manifest(): Promise<object> {
  const { version, license } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  return {
    name: 'campanile-sdk',
    version,
    description:
      'Typed client of Campanile: firmware and software campaigns over the air. No dependencies; Node and browsers.',
    license,
    type: 'module',
    engines: { node: '>=20' },
    sideEffects: false,
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './operator': { types: './operator.d.ts', default: './operator.js' },
      './package.json': './package.json',
    },
    files: ['*.js', '*.d.ts'],
  };
}

interface Manifest {
  readonly version: string;
  readonly license: string;
}

await main(resolve(process.argv[2] ?? join(ROOT, 'dist/sdk-package')));

// What is published: packed as npm does it, unpacked elsewhere, and run there with nothing beside it but what package.json asks for.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { started } from './child-server.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What the packing reads of the repository. Its own dist is left alone: others may be compiling into it. */
const NEEDED = [
  'src',
  'types',
  'scripts',
  'docs',
  'deploy',
  'package.json',
  'tsconfig.base.json',
  'README.md',
  'LICENSE',
];
const WAIT_MS = 60_000;

let folder = '';
let unpacked = '';
let files: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-package-'));
  const source = join(folder, 'source');
  for (const name of NEEDED) await cp(join(ROOT, name), join(source, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  await run(process.execPath, ['scripts/build-package.ts'], { cwd: source, timeout: WAIT_MS });
  const pack = ['pack', '--json', '--offline', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: source, timeout: WAIT_MS });
  const [packed] = JSON.parse(stdout) as readonly { filename: string; files: readonly { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
  unpacked = join(folder, 'package');
  await linkDependencies(join(unpacked, 'node_modules'));
}, 2 * WAIT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Only what an installation without the tools of development has. */
async function linkDependencies(to: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, entry] of Object.entries(packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || entry.dev === true || entry.optional === true) continue;
    await mkdir(dirname(join(to, name)), { recursive: true });
    await symlink(join(ROOT, path), join(to, name));
  }
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
}

test('the package holds the program, its documents and nothing else', () => {
  const known =
    /^(?:package\.json|README\.md|LICENSE|deploy\/[\w.-]+|docs\/[\w./-]+\.md|dist\/[\w./-]+\.(?:js|d\.ts))$/;
  expect(files.filter((path) => !known.test(path) || path.includes('.test.'))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['dist/cli/main.js', 'dist/sdk/index.d.ts', 'docs/README.md']));
});

test('what package.json points at is in it', async () => {
  const manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8')) as Manifest;
  const targets = [...Object.values(manifest.bin), ...Object.values(manifest.exports).flatMap(pathsOf)];
  expect(targets.length).toBeGreaterThan(4);
  expect(targets.filter((path) => !files.includes(path.replace('./', '')))).toEqual([]);
});

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const pathsOf = (target: string | Readonly<Record<string, string>>): readonly string[] =>
  typeof target === 'string' ? [target] : Object.values(target);

test('the program tells its version', async () => {
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', '--version'], { cwd: unpacked });
  expect(stdout.trim()).toBe(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).version);
});

test('it serves, is alive and ready, and ends when it is told to', async () => {
  const data = join(folder, 'data');
  const server = await started([join(unpacked, 'dist/cli/main.js')], { CAMPANILE_DATA: data });
  try {
    for (const path of ['/healthz', '/readyz', '/docs'])
      expect((await fetch(server.url + path)).status, path).toBe(200);
  } finally {
    expect(await server.stop()).toBe(0);
  }
  expect(await readdir(data)).toContain('operator.key');
});

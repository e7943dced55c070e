// Every command in the documents is run, block after block, in a folder of its own with a server that the document starts.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../src/server/index.ts';
import { programsIn, type ShellDocument, scriptOf, shellBlocksIn, shellDocuments } from './shell-examples.ts';
import { GIVEN } from './shell-given.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DAY_MS = 86_400_000;
/** A document that takes longer is one that nobody tries out. */
const RUN_SECONDS = 90;
const END_SECONDS = 3;
const run = promisify(execFile);
const documents = await shellDocuments();

describe('the commands', () => {
  let folder = '';
  let bin = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-shell-'));
    bin = join(folder, 'bin');
    await mkdir(bin);
    await command('campanile', `exec '${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' "$@"`);
    // Whatever a document says, the checkout and the machine are not its own.
    for (const name of ['npm', 'npx', 'git'])
      await command(name, `echo '${name} is not run from documents' >&2; exit 1`);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function command(name: string, line: string): Promise<void> {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }

  test.each(documents)(
    'of $path do what they say',
    async (document) => {
      const missing = await missingOf(document);
      if (missing.length > 0) {
        process.stderr.write(`\n*** ${document.path} is not run: there is no ${missing.join(', ')} here. ***\n`);
        return;
      }
      const cwd = join(folder, document.path.replaceAll('/', '-'));
      await mkdir(cwd);
      const [http, coap, coaps] = await Promise.all([freePort(), freePort(), freePort()]);
      const script = forToday(`${GIVEN[document.path] ?? ''}\n${scriptOf(document)}`, { http, coap, coaps });
      const env = {
        PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH']}`,
        HOME: cwd,
        CAMPANILE_HTTP_PORT: String(http),
        CAMPANILE_COAP_PORT: String(coap),
        CAMPANILE_COAPS_PORT: String(coaps),
        CAMPANILE_URL: `http://127.0.0.1:${http}`,
        CAMPANILE_LOG_LEVEL: 'error',
      };
      const { code, said } = await bash(script, { cwd, env });
      expect(code, said.slice(-4_000)).toBe(0);
    },
    (RUN_SECONDS + 30) * 1_000,
  );
});

test('there is a document for each reader', () => {
  const paths = documents.map(({ path }) => path);
  const wanted = ['quick-start', 'operators-guide', 'first-real-device', 'security', 'troubleshooting'];
  wanted.push('moving-from-the-original-service');
  expect(paths).toEqual(expect.arrayContaining(wanted.map((name) => `docs/${name}.md`)));
});

describe('a block', () => {
  const block = (info: string, text: string, before = 'text'): string =>
    `${before}\n\n\`\`\`${info}\n${text}\n\`\`\`\n`;

  test('is run, or says that it is not', () => {
    expect(shellBlocksIn('a.md', block('sh', 'true'))).toEqual([{ where: 'a.md:3', isRun: true, text: 'true\n' }]);
    const isNot = shellBlocksIn('a.md', block('sh not-run', 'sudo true', 'These are not run by our tests:'));
    expect(isNot).toMatchObject([{ isRun: false }]);
    expect(shellBlocksIn('a.md', block('ini', 'a = 1'))).toEqual([]);
  });

  test.each([
    ['another name for a shell', block('bash', 'true')],
    ['another word after it', block('sh fragment', 'true')],
    ['commands without a name', block('', 'campanile account list')],
    ['one that would install something', block('sh', 'true\nnpm ci')],
    ['the same behind another command', block('sh', 'true && npm run demo')],
    ['one that is not run and does not say so', block('sh not-run', 'sudo true')],
    ['commands by indentation', 'text\n\n    campanile account list\n'],
  ])('is refused: %s', (_, text) => {
    expect(() => shellBlocksIn('a.md', text)).toThrow('a.md:3');
  });

  test('that fails makes the whole document fail', async () => {
    const of = (text: string): ShellDocument => ({ path: 'a.md', blocks: shellBlocksIn('a.md', block('sh', text)) });
    const where = { cwd: tmpdir(), env: { PATH: process.env['PATH'] } };
    expect((await bash(scriptOf(of('true\nfalse\ntrue')), where)).code).toBe(1);
    expect(await bash(scriptOf(of('echo here; sleep 60 & exit 0')), where)).toMatchObject({ code: 0 });
  });
});

interface Ports {
  readonly http: number;
  readonly coap: number;
  readonly coaps: number;
}

/** The first day that a document names is today, and its addresses are those of the server that it has started. */
function forToday(text: string, { http, coap, coaps }: Ports): string {
  const [first = '2027-01-01'] = [...text.matchAll(/\b20\d\d-\d\d-\d\d\b/g)].map(([day]) => day).sort();
  const shift = Math.floor(systemClock.now() / DAY_MS) * DAY_MS - Date.parse(first);
  return text
    .replaceAll('https://fota.example.com', `http://127.0.0.1:${http}`)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${http}`)
    .replaceAll('127.0.0.1:5683', `127.0.0.1:${coap}`)
    .replaceAll('127.0.0.1:5684', `127.0.0.1:${coaps}`)
    .replace(/\b20\d\d-\d\d-\d\d\b/g, (day) => new Date(Date.parse(day) + shift).toISOString().slice(0, 10));
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs it in a process group of its own, which is ended with it: a document leaves its server running. */
async function bash(
  script: string,
  { cwd, env }: Place,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('bash', ['-c', script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const tooLate = after(RUN_SECONDS, () => signalGroup(child.pid, 'SIGTERM'));
  const code = await exited;
  tooLate();
  // What the document has left running ends with it, whether it wants to or not.
  signalGroup(child.pid, 'SIGTERM');
  const stubborn = after(END_SECONDS, () => signalGroup(child.pid, 'SIGKILL'));
  await closed;
  stubborn();
  return { code, said };
}

function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    // Nobody is left of it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What it returns calls it off. */
function after(seconds: number, act: () => void): () => void {
  const signal = AbortSignal.timeout(seconds * 1_000);
  signal.addEventListener('abort', act);
  return () => signal.removeEventListener('abort', act);
}

async function whereIs(program: string): Promise<string> {
  return (await run('sh', ['-c', `command -v ${program}`])).stdout.trim();
}

async function missingOf(document: ShellDocument): Promise<readonly string[]> {
  const found = await Promise.all(
    programsIn(document).map((program) =>
      whereIs(program).then(
        () => [],
        () => [program],
      ),
    ),
  );
  return found.flat();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

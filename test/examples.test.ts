// Every code example in the documents is parsed; each that is a program is compiled against the published SDK and run on a real server.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OperatorClient } from '../src/sdk/operator.ts';
import { readConfig, startServer, systemClock } from '../src/server/index.ts';
import { allExamples, type Example, examplesIn } from './examples.ts';
import { stageSdk } from './staged-sdk.ts';

const run = promisify(execFile);
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const ACCOUNT = '0000123456-00001';
/** A device cannot be in two campaigns: each example that schedules one has its own. */
const IMEIS = ['490154203237518', '490154203237526'];
const DAY_MS = 86_400_000;
const RUN_WAIT_MS = 20_000;

const OPTIONS = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    outDir: 'out',
    types: [],
  },
};
/** What the examples say that they are given. */
const NAMES = ['clientId', 'clientSecret', 'username', 'password', 'operatorKey'] as const;
const DECLARED = `declare const ${NAMES.map((name) => `${name}: string`).join(', ')};`;
const HANDED_IN = `Object.assign(globalThis, JSON.parse(process.env.EXAMPLE_GIVEN));`;

const examples = await allExamples();
const programs = examples.filter(({ kind }) => kind === 'program');

describe('an example', () => {
  let folder = '';
  let stop = async (): Promise<void> => {};
  let given = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-examples-'));
    const server = await openServer(join(folder, 'data'));
    stop = () => server.stop();
    given = JSON.stringify(await customer(server));
    await stageSdk(join(folder, 'node_modules/campanile-sdk'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(OPTIONS));
    await writeFile(join(folder, 'given.d.ts'), DECLARED);
    await writeFile(join(folder, 'given.mjs'), HANDED_IN);
    const places = programs.map((example, place) =>
      writeFile(join(folder, `example${place}.ts`), ofToday(example.text, server.publicHttpUrl)),
    );
    await Promise.all(places);
  }, 60_000);

  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is there for the campaign of the README and for each subject of the SDK', () => {
    expect(programs.map(({ where }) => where.split(':')[0])).toContain('README.md');
    expect(programs.filter(({ where }) => where.startsWith('src/sdk/README.md')).length).toBeGreaterThanOrEqual(5);
  });

  test.each(examples)('$where is TypeScript', ({ where, text }) => {
    expect(parseSync(`${where}.ts`, text).errors).toEqual([]);
  });

  test('that is a program compiles', async () => {
    const refused = await run(process.execPath, [tsc, '--pretty', 'false'], { cwd: folder }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    const told = refused.replace(/^example(\d+)\.ts/gm, (_, place: string) => programs[Number(place)]?.where ?? place);
    expect(told).toBe('');
  });

  test.each(programs.map(({ where }, place) => ({ where, place })))('$where runs', async ({ place }) => {
    const node = process.env['npm_node_execpath'] ?? process.execPath;
    const env = { ...process.env, EXAMPLE_GIVEN: given };
    const { stderr } = await run(node, ['--import', './given.mjs', `out/example${place}.js`], {
      cwd: folder,
      env,
      timeout: RUN_WAIT_MS,
    });
    expect(stderr).toBe('');
  });
});

test('a block that calls itself something else is refused, because nobody would look at it', () => {
  const block = (info: string): string => `text\n\n\`\`\`${info}\nconst a = 1;\n\`\`\`\n`;
  expect(examplesIn('a.md', block('ts'))).toEqual<Example[]>([
    { where: 'a.md:3', kind: 'program', text: 'const a = 1;\n' },
  ]);
  expect(examplesIn('a.md', block('ts fragment'))).toMatchObject([{ kind: 'fragment' }]);
  expect(examplesIn('a.md', block('sh'))).toEqual([]);
  for (const info of ['typescript', 'js', 'ts no-run']) expect(() => examplesIn('a.md', block(info))).toThrow('a.md:3');
});

async function openServer(data: string) {
  const config = readConfig({ 'http-port': '0', 'coap-port': '0', 'coaps-port': '0', data, 'log-level': 'error' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  return startServer(config.config);
}

/** The account, package and device that the examples speak of. */
async function customer({ publicHttpUrl: baseUrl, operatorKey }: Awaited<ReturnType<typeof openServer>>) {
  const operator = new OperatorClient({ baseUrl, operatorKey });
  const pair = await operator.accounts.create(ACCOUNT);
  const device = { make: 'Acme', model: 'M1', transport: 'LWM2M', firmware: '1.0.0' } as const;
  await operator.devices.import(
    ACCOUNT,
    IMEIS.map((imei) => ({ imei, ...device })),
  );
  const part = { kind: 'firmware', name: 'modem-fw', from: '1.0.0', to: '2.0.0', make: 'Acme', model: 'M1' } as const;
  await operator.packages.upload(ACCOUNT, { ...part, transports: ['LWM2M'] }, new Uint8Array(1000));
  return { ...pair, operatorKey };
}

/** The examples' server is this one, and the first of their days is the day after tomorrow. */
function ofToday(text: string, baseUrl: string): string {
  const [first = ''] = [...text.matchAll(/\b20\d\d-\d\d-\d\d\b/g)].map(([day]) => day).sort();
  const shift = Math.floor(systemClock.now() / DAY_MS) * DAY_MS + 2 * DAY_MS - Date.parse(first);
  return text
    .replaceAll('http://127.0.0.1:8080', baseUrl)
    .replace(/\b20\d\d-\d\d-\d\d\b/g, (day) => new Date(Date.parse(day) + shift).toISOString().slice(0, 10));
}

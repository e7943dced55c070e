// The configuration file as it is written, and which of two answers counts.
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { configured, settingsIn } from './config-file.ts';
import { UsageError } from './outcome.ts';
import type { Terminal } from './terminal.ts';

const SERVE = ['host', 'http-port', 'allow-nosec', 'limit'];
const settings = (content: unknown) => Object.fromEntries(settingsIn(JSON.stringify(content), 'file.json', SERVE));

describe('what is in the file', () => {
  test('is known by the variables that say the same', () => {
    const content = { host: '0.0.0.0', 'http-port': 80, 'allow-nosec': true, account: '0000123456-00001' };
    expect(settings({ ...content, limits: { pageSizeMax: 500 }, 'database-url': 'postgres://x/y' })).toEqual({
      CAMPANILE_HOST: '0.0.0.0',
      CAMPANILE_HTTP_PORT: '80',
      CAMPANILE_ALLOW_NOSEC: 'true',
      CAMPANILE_ACCOUNT: '0000123456-00001',
      CAMPANILE_LIMIT_PAGE_SIZE_MAX: '500',
      DATABASE_URL: 'postgres://x/y',
    });
  });

  test.each([
    ['a setting that does not exist', { colour: 'red' }, /"colour"; accepted: .*http-port/],
    ['the flag that is given repeatedly', { limit: 'pageSizeMax=5' }, /"limit"; accepted: .*limits/],
    ['a list', { host: ['a'] }, /host: given \["a"\]/],
    ['limits that are no object', { limits: 5 }, /limits: accepted/],
    ['no object', [1], /an object/],
  ])('%s is refused by name', (_, content, sentence) => {
    expect(() => settings(content)).toThrow(sentence);
    expect(() => settings(content)).toThrow(UsageError);
  });

  test('what is no JSON is refused', () => {
    expect(() => settingsIn('{', 'file.json', SERVE)).toThrow(/^file\.json is no JSON/);
  });
});

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, object>>;
}

/** What `list` is told, and which variables it sees. */
async function told({ args = [], env = {}, files = {} }: Given) {
  const terminal: Terminal = {
    env,
    isLive: false,
    out: () => {},
    err: () => {},
    progress: () => {},
    read: async (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error('nothing there'), { code: 'ENOENT' });
      return JSON.stringify(content);
    },
    onInterrupt: () => () => {},
  };
  const { terminal: seen, settle } = configured(terminal);
  const program = new Command('test')
    .option('--config <file>')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const serving = program.command('serve').option('--http-port <port>');
  const list = program.command('list').requiredOption('--account <name>').option('--operator-key-file <file>');
  list.action(() => {});
  program.hook('preSubcommand', () => settle(program, serving));
  await program.parseAsync(['list', ...args], { from: 'user' });
  return { options: list.opts(), env: seen.env };
}

describe('which answer counts', () => {
  const files = { 'campanile.json': { account: 'file', 'http-port': 1 }, 'other.json': { account: 'other' } };

  test('the file in this directory, when nobody says anything else', async () => {
    const { options, env } = await told({ files });
    expect(options).toEqual({ account: 'file' });
    expect(env).toEqual({ CAMPANILE_ACCOUNT: 'file', CAMPANILE_HTTP_PORT: '1' });
  });

  test('a variable counts more than the file, an empty one nothing, and a flag most', async () => {
    const env = { CAMPANILE_ACCOUNT: 'variable', CAMPANILE_HTTP_PORT: '' };
    const seen = await told({ files, env });
    expect([seen.options, seen.env['CAMPANILE_HTTP_PORT']]).toEqual([{ account: 'variable' }, '1']);
    expect((await told({ files, env, args: ['--account', 'flag'] })).options).toEqual({ account: 'flag' });
  });

  test('a file that is named, by flag before variable', async () => {
    const args = ['--config', 'other.json'];
    expect((await told({ files, args })).options).toEqual({ account: 'other' });
    const env = { CAMPANILE_CONFIG: 'nothing.json' };
    expect((await told({ files, args, env })).options).toEqual({ account: 'other' });
    await expect(told({ files, env })).rejects.toThrow('nothing.json cannot be read (ENOENT)');
  });

  test('a key in the environment counts more than the file of one in the file', async () => {
    const withKey = { 'campanile.json': { account: 'file', 'operator-key-file': 'a.key' } };
    expect((await told({ files: withKey })).options).toMatchObject({ operatorKeyFile: 'a.key' });
    const env = { CAMPANILE_OPERATOR_KEY: 'the key itself' };
    expect((await told({ files: withKey, env })).options).toEqual({ account: 'file' });
  });

  test('without any of them an option that must be there is missing', async () => {
    await expect(told({})).rejects.toThrow(/--account/);
  });
});

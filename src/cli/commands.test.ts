// The operator's commands against a real server on a free port, from the first account to a cancelled campaign.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

const ACCOUNT = '0000123456-00001';
let folder = '';
let stop = async (): Promise<void> => {};
const env: Record<string, string> = {};

beforeAll(async () => {
  const server = await openServer();
  ({ folder, stop } = server);
  Object.assign(env, { CAMPANILE_DATA: server.data });
  process.env['CAMPANILE_URL'] = server.url;
});

afterAll(async () => {
  delete process.env['CAMPANILE_URL'];
  await stop();
});

interface Said {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function campanile(...args: readonly string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env,
    isLive: false,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    read: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  return { code: await run(args, terminal), out, err };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const DEVICE = '490154203237518';
const CSV = `imei,make,model,transport,firmware,psk.identity,psk.key
${DEVICE},Acme,M1,LWM2M,1.0.0,device-1,0123456789abcdef
12,Acme,M1,LWM2M,1.0.0,,
`;
const PACKAGE = ['--kind', 'firmware', '--name', 'modem-fw', '--from', '1.0.0', '--to', '2.0.0'] as const;
const CAMPAIGN = ['--kind', 'firmware', '--package', 'modem-fw', '--from', '1.0.0', '--to', '2.0.0'] as const;

/** Far enough in the future to be cancelled, near enough to be accepted. */
async function nextMonth(): Promise<readonly [start: string, end: string]> {
  const { systemClock } = await import('../server/index.ts');
  const day = (days: number): string => new Date(systemClock.now() + days * 86_400_000).toISOString().slice(0, 10);
  return [day(30), day(32)];
}

describe('an operator', () => {
  test('makes an account, adds devices and a package, schedules, looks and cancels', async () => {
    const created = await campanile('account', 'create', ACCOUNT, '--json');
    expect(created).toMatchObject({ code: 0, err: [] });
    const pair = JSON.parse(created.out[0] ?? '');
    const flags = ['--client-id', pair.clientId, '--client-secret', pair.clientSecret];
    flags.push('--username', pair.username, '--password', pair.password);
    expect(Object.keys(pair)).toEqual(expect.arrayContaining(['clientId', 'clientSecret', 'username', 'password']));

    const imported = await campanile('device', 'import', await file('devices.csv', CSV), '--account', ACCOUNT);
    expect(imported).toMatchObject({ code: 1, err: [] });
    expect(imported.out[0]).toBe('1 imported, 1 rejected');
    const shown = await campanile('device', 'show', DEVICE, '--account', ACCOUNT, '--json');
    expect(JSON.parse(shown.out[0] ?? '')).toMatchObject({ imei: DEVICE, firmware: '1.0.0', hasPsk: true });
    expect(shown.out.join()).not.toContain('0123456789abcdef');

    const image = await file('image.bin', 'bytes of an image');
    const rest = ['--make', 'Acme', '--model', 'M1', '--transport', 'LWM2M'];
    expect((await campanile('package', 'add', image, '--account', ACCOUNT, ...PACKAGE, ...rest)).code).toBe(0);

    const [start, end] = await nextMonth();
    const order = ['--account', ACCOUNT, ...CAMPAIGN, '--start', start, '--end', end, '--imei', DEVICE];
    const scheduled = await campanile('campaign', 'schedule', ...order, '--window', '22-24', '--json', ...flags);
    expect(scheduled).toMatchObject({ code: 0, err: [] });
    const { id } = JSON.parse(scheduled.out[0] ?? '');
    expect((await campanile('campaign', 'list', '--account', ACCOUNT)).out.join('\n')).toContain(id);
    const lines = (await campanile('campaign', 'explain', id, DEVICE, '--account', ACCOUNT)).out;
    expect(lines.join('\n')).toMatch(/^Runs firmware 1\.0\.0 .*\nWAITING: the campaign starts /);
    const asked = await campanile('device', 'explain', DEVICE.slice(1), '--account', ACCOUNT, '--json');
    expect(JSON.parse(asked.out[0] ?? '')).toMatchObject({ verdict: 'UNKNOWN DEVICE', nearest: [{ imei: DEVICE }] });
    const cancelled = await campanile('campaign', 'abort', id, '--account', ACCOUNT, '--yes');
    expect(cancelled.code).toBe(0);
    const watched = await campanile('campaign', 'watch', id, '--account', ACCOUNT);
    expect(watched).toMatchObject({ code: 3 });
    expect(watched.out.join('\n')).toMatch(/^CampaignCancelled: 1 devices/m);
  });

  test('hears what the server refuses, with its code', async () => {
    const { code, out, err } = await campanile('account', 'create', 'nobody');
    expect({ code, out }).toEqual({ code: 1, out: [] });
    expect(err.join('\n')).toMatch(/^[A-Z_]+: .*nobody/);
  });

  test('hears that there is no server', async () => {
    const { code, err } = await campanile('account', 'list', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(1);
    expect(err[0]).toMatch(/^NO_ANSWER: /);
  });
});

describe('operators', () => {
  test('are added, listed, given another role and another key, and removed', async () => {
    const added = await campanile('operator', 'add', 'ada', '--role', 'viewer', '--json');
    expect(added).toMatchObject({ code: 0, err: [] });
    const { key } = JSON.parse(added.out[0] ?? '');
    expect((await campanile('operator', 'set-role', 'ada', 'operator')).code).toBe(0);
    expect((await campanile('operator', 'list')).out.join('\n')).toMatch(/^ada +operator /m);
    const rotated = JSON.parse((await campanile('operator', 'rotate-key', 'ada', '--yes', '--json')).out[0] ?? '');
    expect(rotated).toMatchObject({ name: 'ada', role: 'operator' });
    const oldKey = ['--operator-key-file', await file('old.key', key)];
    expect((await campanile('account', 'list', ...oldKey)).err[0]).toMatch(/^UNAUTHORIZED: /);
    const ownKey = ['--operator-key-file', await file('ada.key', `${rotated.key}\n`)];
    expect((await campanile('account', 'list', ...ownKey)).code).toBe(0);
    expect((await campanile('operator', 'remove', 'ada', '--yes', ...ownKey)).err[0]).toMatch(/^FORBIDDEN: .*admin/);
    expect((await campanile('operator', 'remove', 'ada', '--yes')).out).toEqual(['ada is removed']);
    expect((await campanile('operator', 'set-role', 'ada', 'admin')).err[0]).toMatch(/^OPERATOR_NOT_FOUND: /);
  });

  test('sign in by a link that is printed', async () => {
    const { out, err } = await campanile('login-link');
    expect(err).toEqual([]);
    expect(out).toHaveLength(1);
    const { origin, pathname, hash } = new URL(out[0] ?? '');
    expect({ origin, pathname }).toEqual({ origin: process.env['CAMPANILE_URL'], pathname: '/sign-in' });
    const body = JSON.stringify({ token: hash.slice(1) });
    const signIn = () => fetch(`${origin}/operator/v1/session`, { method: 'POST', body });
    const [first, second] = [await signIn(), await signIn()];
    expect([first.status, second.status]).toEqual([200, 401]);
    expect(await first.json()).toMatchObject({ operator: { name: 'root', role: 'admin' } });
    expect((await campanile('login-link', 'nobody')).err[0]).toMatch(/^OPERATOR_NOT_FOUND: /);
  });
});

describe('wrong use', () => {
  test.each([
    ['no such command', ['campaigns']],
    ['a missing option', ['device', 'list']],
    ['an unknown option', ['account', 'list', '--colour']],
    ['a value that cannot be', ['campaign', 'abort', 'id', '--account', ACCOUNT, '--kind', 'hardware']],
    ['an operator without a role', ['operator', 'add', 'ada']],
    ['a role that does not exist', ['operator', 'add', 'ada', '--role', 'boss']],
    ['no key', ['account', 'list', '--operator-key-file', '/nowhere/operator.key']],
    ['no credentials', ['campaign', 'abort', 'id', '--account', ACCOUNT, '--kind', 'firmware']],
    ['what cannot be undone, with nobody to ask', ['operator', 'remove', 'ada']],
    ['no devices', ['fleet', '--account', ACCOUNT]],
    ['a limit that does not exist', ['serve', '--limit', 'pageSizeMax=5', '--limit', 'everythingMax=1']],
  ])('%s ends with 2 and a sentence', async (_, args) => {
    const { code, out, err } = await campanile(...args);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err.join('')).not.toBe('');
  });
});

test('help is no failure', async () => {
  const { code, out } = await campanile('campaign', 'schedule', '--help');
  expect(code).toBe(0);
  expect(out.join('\n')).toContain('--imei-file');
});

// `device connect` against a real server: what it prints lets a client in, and what the client does is told.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OperatorClient } from '../sdk/operator.ts';
import { CLIENTS, configurationOf } from './device-clients.ts';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

const ACCOUNT = '0000123456-00001';
const GATEWAY = '350000000000006';
const MODEM = '350000000000014';

let folder = '';
let url = '';
let stop = async (): Promise<void> => {};
let operator: OperatorClient;

beforeAll(async () => {
  const server = await openServer();
  ({ folder, stop, url } = server);
  operator = new OperatorClient({ baseUrl: url, operatorKey: server.operatorKey });
  await operator.accounts.create(ACCOUNT);
  await operator.devices.import(ACCOUNT, [
    { imei: GATEWAY, make: 'Acme', model: 'Gateway', transport: 'HTTP' },
    { imei: MODEM, make: 'Acme', model: 'Modem', transport: 'LWM2M' },
  ]);
});

afterAll(async () => {
  await stop();
});

/** Runs the command; `hear` is told every line as it is printed. */
async function connect(args: readonly string[], hear: (line: string) => void = () => {}) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env: { CAMPANILE_DATA: join(folder, 'data') },
    isLive: false,
    out: (line) => {
      out.push(line);
      hear(line);
    },
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    read: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  const code = await run(['device', 'connect', ...args, '--account', ACCOUNT, '--url', url], terminal);
  return { code, out, err };
}

const poll = (token: string) =>
  fetch(`${url}/${ACCOUNT}/controller/v1/${GATEWAY}`, { headers: { authorization: `TargetToken ${token}` } });

test('what it prints lets a client in; its refusal, its contact and its version are told as they happen', async () => {
  let token = '';
  const heard: string[] = [];
  const { code } = await connect([GATEWAY, '--for', 'swupdate', '--wait-seconds', '60'], (line) => {
    heard.push(line);
    token = /targettoken = "(.*)"/.exec(line)?.[1] ?? token;
    if (line.startsWith('waiting')) void poll('another');
    if (line.startsWith('refused')) void poll(token);
    if (line.startsWith('seen')) {
      void fetch(`${url}/${ACCOUNT}/controller/v1/${GATEWAY}/configData`, {
        method: 'PUT',
        headers: { authorization: `TargetToken ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ mode: 'merge', data: { application: '1.0' } }),
      });
    }
  });
  expect(code).toBe(0);
  expect(heard).toContain(`  url = "${url}";`);
  const told = heard.slice(heard.findIndex((line) => line.startsWith('waiting'))).map((line) => line.split(/ {2,}/)[0]);
  expect([...new Set(told)]).toEqual(['waiting', 'refused', 'seen', 'version read']);
  expect(heard.join('\n')).toMatch(/^refused +because its token is not the one stored here/m);
}, 90_000);

test('a secret that the device has stays, until another is asked for', async () => {
  const args = [GATEWAY, '--for', 'rauc', '--no-wait'];
  await connect([...args, '--new-secret']);
  const kept = await connect(args);
  expect(kept.out).toContain('auth_token = <the one it has; --new-secret makes another>');
  const { out } = await connect([...args, '--new-secret', '--json']);
  const { secret } = JSON.parse(out[0] ?? '{}') as { readonly secret: string };
  expect((await poll(secret)).status).toBe(200);
});

test('a device of LwM2M gets an identity and a key of 16 bytes', async () => {
  const { out } = await connect([MODEM, '--for', 'anjay', '--no-wait', '--coap-url', 'coaps://fota.example:5684']);
  const identity = Buffer.from(`urn:imei:${MODEM}`).toString('hex');
  expect(out.at(-1)).toMatch(
    new RegExp(`^demo -e urn:imei:${MODEM} -u coaps://fota.example:5684 -s psk -i ${identity} -k [0-9a-f]{32}$`),
  );
  expect(await operator.devices.get(ACCOUNT, MODEM)).toMatchObject({ hasPsk: true, pskIdentity: `urn:imei:${MODEM}` });
});

describe('it is refused', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['for a device that there is not', ['350000000000022', '--for', 'rauc'], 'import it first'],
    ['for a client of the other transport', [MODEM, '--for', 'swupdate'], 'imported as LWM2M'],
    ['for an address that is none', [GATEWAY, '--for', 'rauc', '--device-url', 'fota'], 'accepted: an address'],
    ['with a time that is none', [GATEWAY, '--for', 'rauc', '--wait-seconds', 'x'], 'accepted: a whole number'],
  ];
  for (const [name, args, why] of cases) {
    test(name, async () => {
      const { code, err } = await connect(args);
      expect(code).toBe(2);
      expect(err.join()).toContain(why);
    });
  }
});

test('each client is told the address, the account or identity, and the secret', () => {
  const connection = {
    account: ACCOUNT,
    imei: GATEWAY,
    httpUrl: 'https://fota.example',
    coapUrl: 'coaps://fota.example:5684',
    ca: '/etc/ca.pem',
    secret: 'a1b2',
    pskIdentity: 'urn:imei:350000000000006',
  };
  for (const client of CLIENTS) {
    const text = configurationOf(client, connection).join('\n');
    expect(text).toContain('fota.example');
    expect(text).toContain('a1b2');
  }
  expect(configurationOf('zephyr-hawkbit', connection)).toContain('CONFIG_HAWKBIT_PORT=443');
  expect(configurationOf('rauc', connection)).toContain('ssl = true');
});

test('SWUpdate reads the file that it is given', async (context) => {
  const lines = configurationOf('swupdate', {
    account: ACCOUNT,
    imei: GATEWAY,
    httpUrl: 'http://127.0.0.1:1',
    coapUrl: 'coaps://127.0.0.1:5684',
    secret: 'token',
    pskIdentity: '',
  });
  const file = join(folder, 'swupdate.cfg');
  await writeFile(file, `${lines.join('\n')}\n`);
  const said = await new Promise<string>((resolve) => {
    // It reads the file before it looks for the image, which is not there.
    execFile('/usr/bin/swupdate', ['-f', file, '-c', '-i', '/nowhere.swu'], { timeout: 10_000 }, (error, out, wrong) =>
      resolve(`${error !== null && 'code' in error && error.code === 'ENOENT' ? 'ENOENT' : ''}${out}${wrong}`),
    );
  });
  if (said.startsWith('ENOENT')) {
    process.stderr.write('The file for SWUpdate was NOT tested: /usr/bin/swupdate is not there.\n');
    context.skip();
  }
  expect(said).not.toMatch(/error parsing|cfg:\d+/i);
});

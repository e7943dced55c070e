// `campanile events` and `campanile event-listener` against a real server and a real listener on this machine.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

let data = '';
let url = '';
let stop = async (): Promise<void> => {};
let status = 204;
const heard: string[] = [];
const listening: Server[] = [];

beforeAll(async () => {
  const server = await openServer();
  ({ data, stop, url } = server);
  const hook = createServer((request, response) => {
    heard.push(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.writeHead(status).end());
  });
  listening.push(hook);
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  for (const hook of listening) {
    hook.closeAllConnections();
    hook.close();
  }
  await stop();
});

async function campanile(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env: { CAMPANILE_DATA: data },
    isLive: false,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    read: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  return { code: await run([...args, '--url', url], terminal), out, err };
}

test('sets a listener, shows it, tests it, rotates its secret and removes it', async () => {
  const [{ port }] = listening.map((hook) => hook.address()) as [AddressInfo];
  const address = `http://127.0.0.1:${port}/hook`;
  const refused = await campanile('event-listener', 'set', address);
  expect([refused.code, refused.err[0]]).toEqual([1, expect.stringContaining('is a loopback address')]);
  const set = await campanile('event-listener', 'set', address, '--allow-host', '127.0.0.1');
  expect([set.code, set.out.join('\n')]).toEqual([0, expect.stringMatching(/secret +whsec_/)]);
  const shown = await campanile('event-listener', 'show', '--json');
  expect(JSON.parse(shown.out[0] ?? '')).toMatchObject({ url: address, allowPrivateCallbackHosts: ['127.0.0.1'] });
  expect((await campanile('event-listener', 'test')).code).toBe(0);
  expect(heard).toEqual(['evt_operator_0_test']);
  status = 500;
  const failed = await campanile('event-listener', 'test');
  expect([failed.code, failed.err]).toEqual([1, ['the test did not get through: answered 500']]);
  const rotated = await campanile('event-listener', 'rotate-secret');
  expect(rotated.out.join('\n')).toMatch(/previousUntil/);
  expect((await campanile('event-listener', 'remove')).out).toEqual(['events are told to nobody any more']);
  expect((await campanile('event-listener', 'show')).err[0]).toMatch(/^EVENT_LISTENER_NOT_FOUND/);
});

test('lists events as a table, and refuses a kind that there is not', async () => {
  const listed = await campanile('events', '--kind', 'halted', '--open');
  expect([listed.code, listed.out]).toEqual([0, ['id  kind  raised  cleared  what']]);
  expect((await campanile('events', '--kind', 'x')).code).toBe(2);
});

// `package add` and `package key` against a real server: a large, signed image is sent in pieces.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

const ACCOUNT = '0000123456-00001';
const LARGE = Buffer.alloc(17 * 1024 * 1024, 'a large image');

let folder = '';
let url = '';
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const server = await openServer();
  ({ folder, stop, url } = server);
  await campanile('account', 'create', ACCOUNT);
});

afterAll(async () => {
  await stop();
});

async function campanile(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env: { CAMPANILE_DATA: join(folder, 'data') },
    isLive: false,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    bar: (line) => out.push(line),
    read: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  return { code: await run([...args, '--url', url], terminal), out, err };
}

const facts = [
  '--kind',
  'software',
  '--from',
  '*',
  '--to',
  '2',
  '--make',
  'Acme',
  '--model',
  'Hub',
  '--transport',
  'HTTP',
];
const add = (file: string, name: string, ...more: readonly string[]) =>
  campanile('package', 'add', file, '--account', ACCOUNT, '--name', name, ...facts, ...more);

test('a large image arrives whole, tells its progress, and is known by the key that signed it', async () => {
  const keys = generateKeyPairSync('ed25519');
  const [image, signature, key] = ['app-2.swu', 'app-2.sig', 'release.pem'].map((name) => join(folder, name));
  if (image === undefined || signature === undefined || key === undefined) throw new Error('no names');
  const sha256 = createHash('sha256').update(LARGE);
  const digest = sha256.digest();
  await writeFile(image, LARGE);
  await writeFile(signature, sign(null, digest, keys.privateKey));
  await writeFile(key, keys.publicKey.export({ type: 'spki', format: 'pem' }));
  const of = ['--account', ACCOUNT];
  const { out: added } = await campanile('package', 'key', 'add', key, ...of, '--name', 'release', '--json');
  const { keyId } = JSON.parse(added[0] ?? '{}') as { readonly keyId: string };
  const { code, out } = await add(image, 'app', '--signature-file', signature);
  expect(code).toBe(0);
  expect(out[0]).toBe(`100 % of ${LARGE.length} bytes`);
  expect(out.join('\n')).toMatch(new RegExp(`sha256 +${digest.toString('hex')}`));
  expect(out.join('\n')).toMatch(new RegExp(`signedBy +${keyId}`));
  expect((await campanile('package', 'key', 'list', ...of)).out.at(-1)).toContain(keyId);
  expect((await campanile('package', 'key', 'delete', keyId, ...of, '--yes')).out).toEqual([`key ${keyId} is deleted`]);
});

test('a small image goes at once; a signature by nobody’s key is refused', async () => {
  const image = join(folder, 'small.bin');
  const signature = join(folder, 'wrong.sig');
  await writeFile(image, 'small');
  await writeFile(signature, Buffer.alloc(64).toString('base64'));
  expect((await add(image, 'small')).code).toBe(0);
  const { code, err } = await add(image, 'signed', '--signature-file', signature);
  expect([code, err.join()]).toEqual([1, expect.stringContaining('IMAGE_SIGNATURE_WRONG')]);
});

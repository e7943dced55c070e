// `campanile doctor` on a machine that is well, and on one where each thing in turn is not.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/server/index.ts';
import { type Served, serve } from '../demo/child.ts';
import { campanile } from './desk.ts';

let folder = '';
let server: Served | undefined;
const other = createServer((_request, response) => response.end('hello'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-doctor-'));
  server = await serve(join(folder, 'running'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await server?.stop();
  await new Promise((resolve) => other.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function examined(...flags: readonly string[]) {
  const { code, out } = await campanile({ env: {} }, 'doctor', '--json', ...flags);
  const findings = out.map((line) => JSON.parse(line) as Finding);
  return { code, findings, wrong: findings.filter(({ is }) => is !== 'ok') };
}

const free = ['--http-port', '0', '--coap-port', '0'] as const;
const ofRunning = () => {
  const { http = '', coap = '' } = server?.ports ?? {};
  return ['--data', join(folder, 'running'), '--http-port', http, '--coap-port', coap];
};

describe('all is well', () => {
  test('before the first start', async () => {
    const { code, findings, wrong } = await examined('--data', join(folder, 'nothing', 'here'), ...free);
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['configuration', 'data', 'secrets', 'database', 'ports', 'public']),
    );
  });

  test('while the server runs, under the addresses that it hands out', async () => {
    const { http = '', ports } = server ?? {};
    const addresses = ['--public-http-url', http, '--public-coap', `coap://127.0.0.1:${ports?.coap}`];
    const { code, findings, wrong } = await examined(...ofRunning(), ...addresses);
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    expect(findings.filter(({ what }) => what === 'clock')).toHaveLength(1);
    expect(findings.filter(({ what }) => what === 'public').map(({ text }) => text)).toEqual([
      expect.stringMatching(/reaches a server of version \d/),
      expect.stringMatching(/answers$/),
    ]);
  });

  test('for people it is one line each', async () => {
    const { out } = await campanile({ env: {} }, 'doctor', '--data', join(folder, 'nothing'), ...free);
    for (const line of out) expect(line).toMatch(/^ok {4}(configuration|data|secrets|database|ports|public) +\S/);
  });
});

describe('something is wrong', () => {
  test('settings that cannot be are told like serve tells them', async () => {
    const { code, wrong } = await examined('--host', '0.0.0.0', '--http-port', 'x');
    expect(code).toBe(1);
    expect(wrong.map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining('--http-port'), expect.stringContaining('--public-coap')]),
    );
  });

  test('another program on the HTTP port, and behind the public address', async () => {
    const { port } = other.address() as AddressInfo;
    const flags = ['--http-port', String(port), '--coap-port', '0', '--public-http-url', `http://127.0.0.1:${port}`];
    const { code, wrong } = await examined('--data', join(folder, 'nothing'), ...flags);
    expect(code).toBe(1);
    expect(wrong).toMatchObject([
      { what: 'ports', is: 'fail', text: expect.stringContaining('EADDRINUSE') },
      { what: 'public', is: 'fail', text: expect.stringContaining('is no Campanile') },
    ]);
  });

  test('nobody behind the public addresses', async () => {
    const addresses = ['--public-http-url', 'http://127.0.0.1:1', '--public-coap', 'coap://127.0.0.1:1'];
    const { code, wrong } = await examined('--data', join(folder, 'nothing'), ...free, ...addresses);
    expect(code).toBe(1);
    expect(wrong.map(({ what, is }) => [what, is])).toEqual([
      ['public', 'fail'],
      ['public', 'fail'],
    ]);
  });

  test('secrets that others can read are a warning', async () => {
    const data = join(folder, 'open');
    await mkdir(data);
    await chmod(data, 0o755);
    await writeFile(join(data, 'operator.key'), 'a key');
    await chmod(join(data, 'operator.key'), 0o644);
    const { code, wrong } = await examined('--data', data, ...free);
    expect(code).toBe(0);
    expect(wrong).toMatchObject([{ what: 'secrets', is: 'warn', remedy: `chmod 600 ${join(data, 'operator.key')}` }]);
  });

  test('a database of a newer version, and one that is none', async () => {
    const newer = join(folder, 'newer');
    await mkdir(newer, { mode: 0o700 });
    const database = new DatabaseSync(join(newer, 'campanile.db'));
    database.exec("create table kysely_migration (name text); insert into kysely_migration values ('9999-later')");
    database.close();
    expect((await examined('--data', newer, ...free)).wrong).toMatchObject([
      { what: 'database', is: 'fail', text: expect.stringContaining('9999-later') },
    ]);
    await writeFile(join(newer, 'campanile.db'), 'no database at all, just some words that are long enough to be read');
    expect((await examined('--data', newer, ...free)).wrong).toMatchObject([{ what: 'database', is: 'fail' }]);
  });

  test('a PostgreSQL that does not answer, without its password', async () => {
    const env = { DATABASE_URL: 'postgres://somebody:secret-word@127.0.0.1:1/fota' };
    const { code, out } = await campanile({ env }, 'doctor', '--data', join(folder, 'nothing'), ...free);
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(/^fail {2}database .*DATABASE_URL.*ECONNREFUSED/m);
    expect(out.join('\n')).not.toContain('secret-word');
  });

  test('a certificate that cannot be read', async () => {
    const file = join(folder, 'no.pem');
    await writeFile(file, 'no certificate');
    const tls = ['--tls-cert', file, '--tls-key', file];
    const { code, wrong } = await examined('--data', join(folder, 'nothing'), ...free, ...tls);
    expect(code).toBe(1);
    expect(wrong).toMatchObject([{ what: 'certificate', is: 'fail' }]);
  });
});

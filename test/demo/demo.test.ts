// The commands as an operator meets them: the demo, the ready line, a second server on one directory, wrong use.
import { describe, expect, test } from 'vitest';
import { campanile, serve } from './child.ts';
import { directory } from './stage.ts';

describe('campanile demo', () => {
  test('updates every device of a small fleet and shows it', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await campanile('demo', '--lwm2m', '3', '--http', '3', '--timeout', '45');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout.split('\n').filter((line) => /^\d{15} /.test(line));
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toMatch(/1\.0\.0 → 2\.0\.0 +1 +\d+ +[\d.]+ s +version +ok$/);
    expect(stdout).toContain('/docs');
  });

  test('refuses a fleet of nobody', async () => {
    expect(await campanile('demo', '--lwm2m', '0', '--http', '0')).toMatchObject({ code: 2 });
  });
});

describe('campanile serve', () => {
  test('says on stdout what is bound and nothing else, and ends when it is told to', async () => {
    await using data = await directory();
    await using server = await serve(data.path);
    const ready = await fetch(`${server.http}/readyz`);
    expect(ready.status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.lines).toHaveLength(1);
    expect(JSON.parse(server.lines[0]!)).toEqual({
      ready: true,
      http: `127.0.0.1:${server.ports.http}`,
      coap: `127.0.0.1:${server.ports.coap}`,
      coaps: `127.0.0.1:${server.ports.coaps}`,
    });
    expect(server.stderr()).toContain('operator.key');
  });

  test('refuses a data directory that another server uses, with one sentence', async () => {
    await using data = await directory();
    await using _first = await serve(data.path);
    const flags = ['--http-port', '0', '--coap-port', '0', '--coaps-port', '0', '--data', data.path];
    const { code, stdout, stderr } = await campanile('serve', ...flags);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim()).toMatch(/^The data directory .* is in use by another server/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('refuses a port that another program uses, with one sentence', async () => {
    await using data = await directory();
    await using other = await directory();
    await using first = await serve(data.path);
    const free = ['--coap-port', '0', '--coaps-port', '0', '--data', other.path, '--log-level', 'error'];
    const flags = ['--http-port', first.ports.http, ...free];
    const { code, stderr } = await campanile('serve', ...flags);
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^The address 127\.0\.0\.1:\d+ cannot be taken for HTTP: another program uses it\.$/);
  });

  test('refuses settings that cannot be, each with its sentence', async () => {
    const { code, stderr } = await campanile('serve', '--http-port', '70000', '--host', '0.0.0.0');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('--http-port: given "70000"'),
      expect.stringContaining('--public-http-url is missing'),
      expect.stringContaining('--public-coap is missing'),
      expect.stringContaining('--public-coaps is missing'),
    ]);
  });
});

test('a command that does not exist is wrong use', async () => {
  expect(await campanile('serv')).toMatchObject({ code: 2, stdout: '' });
});

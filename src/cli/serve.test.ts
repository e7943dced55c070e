// `campanile serve` as whoever starts it sees it: one line on stdout, and on stderr the way in while nobody has signed in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';

let data = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'campanile-serve-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

interface Serving {
  readonly out: string[];
  readonly err: string[];
  /** Ends it, and gives its exit code. */
  readonly end: () => Promise<number>;
}

/** Runs the command until `isUp` is true of what it has said. */
async function serving(isUp: (said: Pick<Serving, 'out' | 'err'>) => boolean): Promise<Serving> {
  const out: string[] = [];
  const err: string[] = [];
  let interrupt = (): void => {};
  let code: Promise<number> = Promise.resolve(1);
  await new Promise<void>((resolve) => {
    const said = (to: string[]) => (line: string) => {
      to.push(line);
      if (isUp({ out, err })) resolve();
    };
    const terminal: Terminal = {
      env: {},
      isLive: false,
      out: said(out),
      err: said(err),
      progress: said(out),
      read: async () => '',
      onInterrupt: (then) => {
        interrupt = then;
        return () => {};
      },
    };
    const ports = ['--http-port', '0', '--coap-port', '0', '--coaps-port', '0'];
    code = run(['serve', '--data', data, ...ports, '--log-level', 'silent'], terminal);
    void code.then(() => resolve());
  });
  const end = (): Promise<number> => {
    interrupt();
    return code;
  };
  return { out, err, end };
}

test('prints a sign-in link at every start until somebody has signed in, and only the ready line on stdout', async () => {
  const first = await serving(({ err }) => err.length > 0);
  const { http } = JSON.parse(first.out[0] ?? '');
  const [link = '', token = ''] = /http:\S+#(\S+)$/.exec(first.err[0] ?? '') ?? [];
  expect(link).toBe(`http://${http}/sign-in#${token}`);
  const body = JSON.stringify({ token });
  const answer = await fetch(`http://${http}/operator/v1/session`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  expect(await first.end()).toBe(0);
  expect([first.out.length, first.err.length]).toEqual([1, 1]);

  const second = await serving(({ out }) => out.length > 0);
  expect(await second.end()).toBe(0);
  expect([second.out.length, second.err]).toEqual([1, []]);
});

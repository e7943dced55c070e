/** A server in a process of its own, so that its memory and its event loop are measured apart from whoever loads it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface ServerChild extends AsyncDisposable {
  readonly url: string;
  readonly operatorKey: string;
  /** The most memory that it ever had, in MB. */
  memory(): Promise<number>;
  /** The figures of its /metrics that have no label. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}

export interface ChildOptions {
  readonly data: string;
  readonly settings?: NodeJS.ProcessEnv;
  /** Where a CPU profile of the server is left. */
  readonly profile?: string | undefined;
}

/** `campanile serve` on a data directory, once it is ready. */
export async function serve({ data, settings = {}, profile }: ChildOptions): Promise<ServerChild> {
  const flags = ['--data', data, '--http-port', '0', '--coap-port', '0', '--coaps-port', '0', '--log-level', 'warn'];
  const profiled = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...profiled, MAIN, 'serve', ...flags], {
    env: { ...environment(), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  if (typeof line !== 'string') throw new Error('The server did not start.');
  const { http } = JSON.parse(line) as { readonly http: string };
  const url = `http://${http}`;
  return {
    url,
    operatorKey: (await readFile(join(data, 'operator.key'), 'utf8')).trim(),
    memory: async () => (await highWater(child.pid)) ?? ((await metricsOf(url)).get(RESIDENT) ?? Number.NaN) / 1e6,
    metrics: () => metricsOf(url),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Nothing of the tester's own settings reaches the server. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('CAMPANILE_') && name !== 'DATABASE_URL'),
  );

const RESIDENT = 'process_resident_memory_bytes';

/** The kernel's own high-water mark, where it tells one. */
async function highWater(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1_024) / 1e6;
}

async function metricsOf(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => /^\w+ /.test(line));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), Number(line.slice(line.indexOf(' ') + 1))]));
}

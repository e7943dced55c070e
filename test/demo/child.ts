// The command as a process of its own, as an operator runs it; ended by whoever started it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the tester's own settings reaches the command. */
function start(args: readonly string[], settings: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('CAMPANILE_') && name !== 'DATABASE_URL'),
  );
  return spawn(process.execPath, [MAIN, ...args], { env: { ...env, ...settings } });
}

/** Runs a command to its end. */
export async function campanile(...args: readonly string[]): Promise<Ended> {
  const child = start(args);
  const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: stdout(), stderr: stderr() };
}

function collected(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text += String(chunk);
  });
  return () => text;
}

export interface Served extends AsyncDisposable {
  readonly http: string;
  readonly coap: string;
  readonly coaps: string;
  readonly ports: Ports;
  /** Every line that came on stdout. */
  readonly lines: readonly string[];
  stderr(): string;
  /** As a power failure ends it. */
  kill(): Promise<void>;
  /** As an operator ends it; its exit code. */
  stop(): Promise<number | null>;
}

interface Ports {
  readonly http: string;
  readonly coap: string;
  readonly coaps: string;
}

export const FREE_PORTS: Ports = { http: '0', coap: '0', coaps: '0' };

/** `campanile serve` on a data directory, once it is ready; ports are free ones unless given. */
export async function serve(
  data: string,
  ports: Ports = FREE_PORTS,
  settings: NodeJS.ProcessEnv = {},
): Promise<Served> {
  const flags = ['--data', data, '--http-port', ports.http, '--coap-port', ports.coap, '--coaps-port', ports.coaps];
  const child = start(['serve', ...flags], settings);
  const closed = once(child, 'close');
  const stderr = collected(child.stderr);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await Promise.race([once(reader, 'line'), closed]);
  const [first] = lines;
  if (first === undefined) throw new Error(`The server did not start: ${stderr()}`);
  const { http, coap, coaps } = JSON.parse(first) as Ports;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code] = await closed;
    return code;
  };
  return {
    http: `http://${http}`,
    coap,
    coaps,
    ports: { http: portOf(http), coap: portOf(coap), coaps: portOf(coaps) },
    lines,
    stderr,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1);

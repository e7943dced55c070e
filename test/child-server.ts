// A server as a process of its own, on free ports of this machine; it ends when it is told to, and at the latest with the tests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildServer {
  readonly url: string;
  /** Ends it, and gives its exit code. */
  stop(): Promise<number | null>;
}

const FREE = { CAMPANILE_HTTP_PORT: '0', CAMPANILE_COAP_PORT: '0', CAMPANILE_COAPS_PORT: '0' };

/** `program` is what Node is to run; `serve` is added. */
export async function started(program: readonly string[], env: Readonly<Record<string, string>>): Promise<ChildServer> {
  const child = spawn(process.execPath, [...program, 'serve'], {
    env: { PATH: process.env['PATH'], ...FREE, CAMPANILE_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const first = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const line = await Promise.race([first.then(([text]) => text), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`The server ended before it was ready: ${said}`);
  const { http } = JSON.parse(line) as { readonly http: string };
  return {
    url: `http://${http}`,
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

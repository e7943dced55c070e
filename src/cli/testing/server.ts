// For tests only: a real server on free ports with a data folder of its own, for commands to talk to.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestServer {
  readonly folder: string;
  /** In the folder. */
  readonly data: string;
  readonly url: string;
  readonly operatorKey: string;
  /** Stops it and removes the folder. */
  readonly stop: () => Promise<void>;
}

export async function openServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-cli-'));
  const data = join(folder, 'data');
  const { readConfig, startServer } = await import('../../server/index.ts');
  const ports = { 'http-port': '0', 'coap-port': '0', 'coaps-port': '0' };
  const config = readConfig({ ...ports, data, 'log-level': 'error' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  const server = await startServer(config.config);
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, data, url: server.publicHttpUrl, operatorKey: server.operatorKey, stop };
}

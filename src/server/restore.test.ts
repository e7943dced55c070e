// The mark of a copied database: it tells the first server on it to pause every campaign, and nobody else.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySqlite, isCopy } from '../store/index.ts';
import { readConfig } from './config.ts';
import { type Server, startServer } from './start.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-restored-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function started(data: string): Promise<Server> {
  const ports = { 'http-port': '0', 'coap-port': '0' };
  const config = readConfig({ ...ports, data, 'log-level': 'silent' }, {});
  if (!config.ok) throw new Error(config.sentences.join('\n'));
  return startServer(config.config);
}

test('the copy of a database knows that it is one, until a server has started on it; the original never does', async () => {
  const [data, copy] = [join(folder, 'data'), join(folder, 'copy')];
  await using first = await started(data);
  copySqlite(data, join(folder, 'copied.db'));
  expect(isCopy(data)).toBe(false);
  await first.stop();
  await mkdir(copy);
  await rename(join(folder, 'copied.db'), join(copy, 'campanile.db'));
  expect(isCopy(copy)).toBe(true);
  await using second = await started(copy);
  expect(isCopy(copy)).toBe(false);
  await second.stop();
});

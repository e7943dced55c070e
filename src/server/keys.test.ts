// The server's secrets: made once, kept for their owner only, and replaced by the environment.
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeys } from './keys.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'campanile-keys-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

let drawn = 0;
const draw = (): string => {
  drawn += 1;
  return `secret-number-${drawn}`;
};

describe('the operator key', () => {
  test('is made at the first start, readable by its owner only, and found again at the next', async () => {
    const first = await openKeys({ data }, draw);
    const file = first.operatorKeyFile ?? '';
    expect((await readFile(file, 'utf8')).trim()).toBe(first.operatorKey);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const second = await openKeys({ data }, draw);
    expect(second.operatorKey).toBe(first.operatorKey);
    expect(second.serverSecret).toEqual(first.serverSecret);
  });

  test('of the environment is not written down', async () => {
    const keys = await openKeys(
      { data, operatorKey: 'key-of-the-environment', secret: 'secret-of-the-environment' },
      draw,
    );
    expect(keys.operatorKey).toBe('key-of-the-environment');
    expect(keys.operatorKeyFile).toBeUndefined();
    await expect(stat(join(data, 'operator.key'))).rejects.toThrow('ENOENT');
  });

  test('that others can read is told of', async () => {
    const { operatorKeyFile = '' } = await openKeys({ data }, draw);
    await chmod(operatorKeyFile, 0o644);
    expect((await openKeys({ data }, draw)).exposed).toEqual([operatorKeyFile]);
  });

  test('of an empty file is refused: nobody signs in with nothing', async () => {
    await writeFile(join(data, 'operator.key'), '\n');
    await expect(openKeys({ data }, draw)).rejects.toThrow('is empty');
  });
});

// What is generated from the contract must equal what is checked in: OpenAPI documents and the SDK's wire types.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));

test('the generated files are up to date; if not, run "npm run generate"', async () => {
  const check = await run(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
  expect(check).toBe('');
});

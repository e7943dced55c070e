// The SDK staged as the package that is published, by the script that stages it for publication.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));

export async function stageSdk(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/stage-sdk.ts'), folder], { cwd: root });
}

// Debian's swupdate as a process of its own, without privileges: it polls, downloads, checks the signature, writes a file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemTimers } from '../../src/server/index.ts';

const SWUPDATE = '/usr/bin/swupdate';
/** The user that nothing belongs to; a tester who is not root stays who he is. */
const NOBODY = 65_534;
/** How long it may take to end before it is ended. */
const END_MS = 3_000;
const isRoot = process.getuid?.() === 0;
const WHO = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Why there is no swupdate to test with; undefined when there is. */
export function swupdateMissing(): string | undefined {
  try {
    accessSync(SWUPDATE);
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `${SWUPDATE} or openssl is not there (${error instanceof Error ? error.message : String(error)}); install swupdate`;
  }
}

export interface DeviceSettings {
  readonly folder: string;
  readonly url: string;
  readonly account: string;
  readonly imei: string;
  readonly token: string;
  readonly certificate: string;
}

/** A folder that the device may write to. */
export async function deviceFolder(parent: string): Promise<string> {
  const folder = join(parent, 'device');
  await mkdir(folder, { recursive: true });
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

export interface SwupdateDevice extends AsyncDisposable {
  /** What it wrote about itself. */
  log(): string;
}

/**
 * Switched on. `version` is what it tells as its attribute; `confirm` is how it ends an update that was installed before it
 * was switched off: what a device does after its reboot.
 */
export function switchOn(
  settings: DeviceSettings,
  { version, confirm }: { readonly version: string; readonly confirm?: 'success' },
): SwupdateDevice {
  const { folder, url, account, imei, token, certificate } = settings;
  const configuration = join(folder, 'swupdate.cfg');
  writeFileSync(configuration, `globals : { };\nidentify : ( { name = "application"; value = "${version}"; } );\n`);
  const suricatta = [
    `-t ${account} -u ${url} -i ${imei} -k ${token} -p 1 -r 5 -w 1`,
    ...(confirm === undefined ? [] : ['-c 2']),
  ].join(' ');
  const flags = ['-v', '-H', 'board:1.0', '-k', certificate, '-f', configuration, '-u', suricatta];
  const environment = { PATH: process.env['PATH'] ?? '', TMPDIR: folder, HOME: folder };
  const child = spawn(SWUPDATE, flags, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...WHO });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      text += String(bytes);
    });
  }
  return { log: () => text, [Symbol.asyncDispose]: () => ended(child) };
}

/** It has children of its own, which end with it. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = systemTimers.after(END_MS, () => child.kill('SIGKILL'));
  await gone;
  patience();
}

// The server's own secrets: given by the environment, else made once and kept in the data directory.
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerConfig } from './config.ts';
import { StartRefused } from './refused.ts';

export interface Keys {
  readonly operatorKey: string;
  /** Where it is kept; absent when the environment gave it. */
  readonly operatorKeyFile?: string;
  readonly serverSecret: Uint8Array;
  /** Files that others of the machine can read. */
  readonly exposed: readonly string[];
}

type Wanted = Pick<ServerConfig, 'data' | 'operatorKey' | 'secret'>;

export async function openKeys({ data, operatorKey, secret }: Wanted, draw: () => string): Promise<Keys> {
  const operatorKeyFile = join(data, 'operator.key');
  const secretFile = join(data, 'server.secret');
  const key = operatorKey ?? (await readOrMake(operatorKeyFile, draw));
  const files = [
    ...(operatorKey === undefined ? [operatorKeyFile] : []),
    ...(secret === undefined ? [secretFile] : []),
  ];
  const serverSecret = Buffer.from(secret ?? (await readOrMake(secretFile, draw)));
  const exposed: string[] = [];
  for (const file of files) if (await isExposed(file)) exposed.push(file);
  return { operatorKey: key, serverSecret, exposed, ...(operatorKey === undefined ? { operatorKeyFile } : {}) };
}

const OWNER_ONLY = 0o600;

/** Whether others of the machine can read it. */
export const isExposed = async (file: string): Promise<boolean> => ((await stat(file)).mode & 0o077) !== 0;

/** What a file holds; made with a fresh secret when there is none. */
export async function readOrMake(path: string, draw: () => string): Promise<string> {
  const file = await openNew(path);
  if (file === undefined) return readSecret(path);
  try {
    const secret = draw();
    await file.writeFile(`${secret}\n`);
    await file.sync();
    return secret;
  } finally {
    await file.close();
  }
}

async function openNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', OWNER_ONLY);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
}

async function readSecret(path: string): Promise<string> {
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret === '') throw new StartRefused(`${path} is empty: delete it, and the next start makes a new one.`);
  return secret;
}

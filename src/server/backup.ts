// A backup: a copy of the database, the images and the secrets of a data directory, taken while its server runs.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CopyDamaged, copySqlite, NoDatabase } from '../store/index.ts';
import { systemClock } from './clock.ts';
import type { ServerConfig } from './config.ts';
import { StartRefused } from './refused.ts';
import { VERSION } from './version.ts';

export const MANIFEST = 'backup.json';
/** What a later version may have to know to read an earlier backup. */
export const BACKUP_FORMAT = 1;

export interface BackedUpFile {
  /** With slashes, whatever the machine. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Written last: a directory without it is no whole backup. */
export interface Manifest {
  readonly format: number;
  readonly version: string;
  /** Whatever was stored before this is in it. */
  readonly takenAt: string;
  /** `postgres`: the rows are not in it; pg_dump takes them. */
  readonly database: 'sqlite' | 'postgres';
  readonly files: readonly BackedUpFile[];
  /** What a server needs and this backup does not have. */
  readonly without: readonly string[];
}

export interface BackupOptions {
  readonly target: string;
  readonly images: boolean;
  readonly keys: boolean;
  /** Called after each file. */
  readonly told: (file: BackedUpFile) => void;
}

const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;
const DATABASE = 'campanile.db';
const KEYS = ['operator.key', 'server.secret', 'ledger-key.pem'] as const;

export async function takeBackup(config: ServerConfig, options: BackupOptions): Promise<Manifest> {
  const { target, told } = options;
  const { data, databaseUrl } = config;
  await makeEmpty(target, 'the backup');
  const files: BackedUpFile[] = [];
  const add = async (path: string): Promise<void> => {
    const file = await described(target, path);
    files.push(file);
    told(file);
  };
  const takenAt = new Date(systemClock.now()).toISOString();
  // The rows first: whatever image they name was there before them.
  if (databaseUrl === undefined) {
    copyRows(data, join(target, DATABASE));
    await add(DATABASE);
  }
  if (options.images)
    for (const path of await imagesIn(config.images)) await add(await copyImage(config.images, path, target));
  const keys = options.keys ? await keysIn(data) : [];
  for (const name of keys) {
    await copyFile(join(data, name), join(target, name));
    await add(name);
  }
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    version: VERSION,
    takenAt,
    database: databaseUrl === undefined ? 'sqlite' : 'postgres',
    files,
    without: withoutOf(config, options, keys),
  };
  await writeManifest(target, manifest);
  return manifest;
}

function copyRows(data: string, target: string): void {
  try {
    copySqlite(data, target);
  } catch (error) {
    if (error instanceof NoDatabase || error instanceof CopyDamaged)
      throw new StartRefused(error.message, { cause: error });
    throw error;
  }
}

function withoutOf(
  { databaseUrl, operatorKey, secret }: ServerConfig,
  options: BackupOptions,
  keys: readonly string[],
): readonly string[] {
  const missing = KEYS.filter((name) => !keys.includes(name)).map((name) => `the file ${name}`);
  const given = [
    ...(operatorKey === undefined ? [] : ['CAMPANILE_OPERATOR_KEY']),
    ...(secret === undefined ? [] : ['CAMPANILE_SECRET']),
  ];
  return [
    ...(databaseUrl === undefined ? [] : ['the rows in PostgreSQL: take them with pg_dump']),
    ...(options.images ? [] : ['the images']),
    ...missing,
    ...given.map((name) => `the variable ${name}`),
    'flags, configuration file, certificate',
    'uploads that are not finished',
  ];
}

/** Made when it is not there; refused when something is in it. */
export async function makeEmpty(folder: string, what: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw new StartRefused(`The directory ${folder} for ${what} cannot be made.`, { cause: error });
  }
  throw new StartRefused(`The directory ${folder} for ${what} is not empty; choose one that is empty or not there.`);
}

const SHA256 = /^[0-9a-f]{64}$/;
export const IMAGES = 'images';

/** Whole images by their hash, below the folder of its first letters; uploads in progress are left out. */
async function imagesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter(
      (one) =>
        one.isFile() &&
        SHA256.test(one.name) &&
        dirname(relative(folder, join(one.parentPath, one.name))) === one.name.slice(0, 2),
    )
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .toSorted();
}

async function copyImage(folder: string, path: string, target: string): Promise<string> {
  const kept = join(IMAGES, path);
  await mkdir(dirname(join(target, kept)), { recursive: true, mode: OWNER_ONLY.folder });
  await copyFile(join(folder, path), join(target, kept));
  return kept.split(sep).join('/');
}

async function keysIn(data: string): Promise<readonly string[]> {
  const found = new Set(await readdir(data));
  return KEYS.filter((name) => found.has(name));
}

/** The bytes are on the disk when this resolves; nobody else may read them. */
export async function copyFile(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createWriteStream(to, { flags: 'wx', mode: OWNER_ONLY.file, flush: true }));
}

async function described(folder: string, path: string): Promise<BackedUpFile> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return { path, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Whether a file is what the manifest says. */
export async function isAsDescribed(folder: string, { path, bytes, sha256 }: BackedUpFile): Promise<boolean> {
  const found = await described(folder, path).catch(() => undefined);
  return found !== undefined && found.bytes === bytes && found.sha256 === sha256;
}

async function writeManifest(target: string, manifest: Manifest): Promise<void> {
  const path = join(target, MANIFEST);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: OWNER_ONLY.file, flush: true });
  await chmod(path, OWNER_ONLY.file);
  await syncFolder(target);
}

/** Makes the names in a folder durable; Windows has no such call and does it by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

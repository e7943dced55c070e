// Puts a backup into an empty data directory, and pauses every campaign before the first server sends anything from it.
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { AccountName, CampaignId } from '../campaigns/index.ts';
import { isOver, pause } from '../campaigns/index.ts';
import type { Engine } from '../engine/index.ts';
import { copyIsTaken, isCopy, type Store } from '../store/index.ts';
import {
  BACKUP_FORMAT,
  type BackedUpFile,
  copyFile,
  IMAGES,
  isAsDescribed,
  MANIFEST,
  type Manifest,
  makeEmpty,
  syncFolder,
} from './backup.ts';
import type { ServerConfig } from './config.ts';
import { SERVER_LIMITS } from './limits.ts';
import type { Log } from './log.ts';
import { StartRefused } from './refused.ts';

export interface RestoreOptions {
  readonly source: string;
  /** Called after each file. */
  readonly told: (file: BackedUpFile) => void;
}

/** Every file is checked before the first is written; the database gets its name last. */
export async function restoreBackup(config: ServerConfig, { source, told }: RestoreOptions): Promise<Manifest> {
  const { data, images } = config;
  const manifest = await manifestIn(source);
  if ((manifest.database === 'postgres') !== (config.databaseUrl !== undefined))
    throw new StartRefused(
      `The backup ${source} is of a server with ${manifest.database === 'postgres' ? 'PostgreSQL: give DATABASE_URL' : 'SQLite: run this without DATABASE_URL'}.`,
    );
  for (const file of manifest.files)
    if (!(await isAsDescribed(source, file)))
      throw new StartRefused(`The backup ${source} is damaged: ${file.path} is not what ${MANIFEST} says.`);
  await makeEmpty(data, 'the data');
  if (dirname(images) !== data) await makeEmpty(images, 'the images');
  const unfinished = join(data, 'restoring.db');
  try {
    for (const file of manifest.files) {
      const target = placeOf(file, config, unfinished);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await copyFile(join(source, file.path), target);
      told(file);
    }
    if (manifest.database === 'sqlite') await rename(unfinished, join(data, 'campanile.db'));
    await syncFolder(data);
    return manifest;
  } catch (error) {
    // Half a data directory would look like a whole one to the next server.
    for (const file of manifest.files) await rm(placeOf(file, config, unfinished), { force: true });
    throw error;
  }
}

function placeOf({ path }: BackedUpFile, { data, images }: ServerConfig, unfinished: string): string {
  if (path === 'campanile.db') return unfinished;
  return path.startsWith(`${IMAGES}/`) ? join(images, path.slice(IMAGES.length + 1)) : join(data, path);
}

async function manifestIn(source: string): Promise<Manifest> {
  const path = join(source, MANIFEST);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StartRefused(`${source} is no whole backup: ${MANIFEST}, which is written last, is not in it.`, {
      cause,
    });
  });
  const manifest = parsed(text);
  if (manifest === undefined) throw new StartRefused(`${path} cannot be understood.`);
  if (manifest.format > BACKUP_FORMAT)
    throw new StartRefused(
      `The backup ${source} is of the newer version ${manifest.version}: restore it with that one.`,
    );
  return manifest;
}

function parsed(text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text) as Manifest;
    const isOne = Number.isInteger(manifest.format) && manifest.files.every(({ path }) => staysInside(path));
    return isOne ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** A manifest that somebody has changed must not write outside the data directory. */
function staysInside(path: string): boolean {
  const plain = normalize(path);
  return !plain.startsWith(`..${sep}`) && !plain.startsWith(sep) && plain !== '..' && !/^[a-z]:/i.test(plain);
}

interface Resting {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly engine: Engine;
  readonly log: Log;
}

const ORDER = { by: 'restore', reason: 'restored from a backup: look at what happened since, then resume it' } as const;

/**
 * Before anything is sent. What devices did since the backup is not in it, so somebody has to look first. A crash on the
 * way leaves the mark, and the next start goes on; a campaign that is paused or halted already stays so.
 */
export async function pauseRestored({ config, store, engine, log }: Resting): Promise<void> {
  const { data, databaseUrl, restored } = config;
  const marked = databaseUrl === undefined && isCopy(data);
  if (!marked && !restored) return;
  let paused = 0;
  for await (const key of campaignsNotOver(store)) {
    const result = await engine.commands.order(key, (campaign, now) =>
      pause(campaign, ORDER, now, 'campaign.restored'),
    );
    if (result?.ok === true) paused += 1;
  }
  if (marked) copyIsTaken(data);
  log.warn(`this is a restored backup: ${paused} campaigns are paused until each is resumed`);
}

interface LiveKey {
  readonly account: AccountName;
  readonly campaign: CampaignId;
}

async function* campaignsNotOver(store: Store): AsyncGenerator<LiveKey> {
  const { pageMax: max } = SERVER_LIMITS;
  for await (const { name: account } of each(
    (after) => store.accounts({ max, ...after }),
    ({ name }) => name,
  ))
    for await (const { id, phase } of each(
      (after) => store.campaigns(account, { max, ...after }),
      (one) => one.id,
    ))
      if (!isOver(phase)) yield { account, campaign: id };
}

type After = { readonly after?: string };

async function* each<Item>(
  page: (after: After) => Promise<readonly Item[]>,
  nameOf: (item: Item) => string,
): AsyncGenerator<Item> {
  let items = await page({});
  for (;;) {
    yield* items;
    const last = items.at(-1);
    if (last === undefined) return;
    items = await page({ after: nameOf(last) });
  }
}

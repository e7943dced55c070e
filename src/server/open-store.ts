// Opens the store that the configuration names, and tells whenever something was stored that may be due at once.
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Change, NodeId } from '../campaigns/index.ts';
import { DirectoryInUse, openPostgresStore, openSqliteStore, type Store } from '../store/index.ts';
import type { ServerConfig } from './config.ts';
import { StartRefused } from './refused.ts';

export interface OpenStoreParts {
  readonly afterOthers: (run: () => void) => void;
  readonly uuid: () => string;
  readonly lost: (error: Error) => void;
}

export interface OpenedStore {
  readonly store: Store;
  readonly node: NodeId;
  /** Others may share the images. */
  readonly isShared: boolean;
}

export async function openStore(config: ServerConfig, parts: OpenStoreParts): Promise<OpenedStore> {
  const { data, databaseUrl } = config;
  try {
    await mkdir(data, { recursive: true });
  } catch (error) {
    throw new StartRefused(`--data: the directory ${data} cannot be made.`, { cause: error });
  }
  if (databaseUrl === undefined) {
    const store = await openFile(data, parts);
    // The file has one server at a time: this one goes on with what the last one was sending.
    return { store, node: 'node' as NodeId, isShared: false };
  }
  const store = await openDatabase(databaseUrl, parts);
  // Each life is a node of its own: what an earlier one held comes free when its leases end.
  return { store, node: `${hostname()}-${parts.uuid()}` as NodeId, isShared: true };
}

async function openFile(directory: string, { afterOthers }: OpenStoreParts): Promise<Store> {
  try {
    return await openSqliteStore({ directory, schedule: afterOthers });
  } catch (error) {
    if (error instanceof DirectoryInUse) throw new StartRefused(error.message, { cause: error });
    throw error;
  }
}

async function openDatabase(url: string, { lost }: OpenStoreParts): Promise<Store> {
  try {
    return await openPostgresStore({ url, databaseClock: true, lost });
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? error.message : 'no answer';
    throw new StartRefused(`DATABASE_URL: the database cannot be used (${why}).`, { cause: error });
  }
}

/** The same store; `stored` is called after each commit that left something to do. */
export function watched(store: Store, stored: (changes: readonly Change[]) => void): Store {
  return {
    ...store,
    commit: async (changes, now) => {
      const results = await store.commit(changes, now);
      if (changes.some(({ entries, intents, writes }) => entries.length + intents.length + writes.length > 0))
        stored(changes);
      return results;
    },
  };
}

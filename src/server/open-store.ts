// Opens the store that the configuration names, and tells whenever something was stored that may be due at once.
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Change, DeviceKey, NodeId } from '../campaigns/index.ts';
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
    // It will hold the keys of devices.
    await mkdir(data, { recursive: true, mode: 0o700 });
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

export interface StoreEvents {
  /** After each commit that left something to do. */
  readonly stored: (changes: readonly Change[]) => void;
  /** The key of a device was changed or taken away. */
  readonly keyChanged: (key: DeviceKey) => void;
}

/** The same store; whoever has to know is told of what was stored. */
export function watched(store: Store, { stored, keyChanged }: StoreEvents): Store {
  return {
    ...store,
    commit: async (changes, now) => {
      const results = await store.commit(changes, now);
      if (changes.some(({ entries, intents, writes }) => entries.length + intents.length + writes.length > 0))
        stored(changes);
      return results;
    },
    writeDevices: async (lines) => {
      const results = await store.writeDevices(lines);
      for (const [place, { device, isNew, secrets }] of lines.entries()) {
        const changes = !isNew && (secrets?.pskIdentity !== undefined || secrets?.pskKey !== undefined);
        if (changes && results[place] === 'saved') keyChanged(device);
      }
      return results;
    },
    deleteDevice: async (device) => {
      const isDeleted = await store.deleteDevice(device);
      if (isDeleted) keyChanged(device);
      return isDeleted;
    },
  };
}

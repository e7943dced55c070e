// Brings a database to the newest schema; migrations only go forward.
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type Dialect, first } from './migrations/0001-first.ts';
import { callbacks } from './migrations/0002-callbacks.ts';
import { neighbours } from './migrations/0003-neighbours.ts';
import { operators } from './migrations/0004-operators.ts';
import { rollout } from './migrations/0008-rollout.ts';
import { ledgerKeys } from './migrations/0009-ledger-keys.ts';
import { operatorEvents } from './migrations/0010-operator-events.ts';
import { expiry } from './migrations/0011-expiry.ts';
import { deviceSearch } from './migrations/0012-device-search.ts';

function migration<Db>(db: Db, dialect: Dialect) {
  return {
    db,
    provider: {
      getMigrations: async () => ({
        '0001-first': first(dialect),
        '0002-callbacks': callbacks(dialect),
        '0003-neighbours': neighbours(dialect),
        '0004-operators': operators(dialect),
        '0008-rollout': rollout(dialect),
        '0009-ledger-keys': ledgerKeys,
        '0010-operator-events': operatorEvents(dialect),
        '0011-expiry': expiry(dialect),
        '0012-device-search': deviceSearch(dialect),
      }),
    },
  };
}

/** The names of the steps to the newest schema that this version knows. */
export async function knownSteps(dialect: Dialect): Promise<readonly string[]> {
  return Object.keys(await migration(undefined, dialect).provider.getMigrations());
}

export async function migrate<Schema>(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const { error } = await new Migrator(migration(db, dialect)).migrateToLatest();
  if (error !== undefined) throw error;
}

/** Real PostgreSQL databases for tests: each call of `freshDatabase` gives an empty one that goes away when disposed of. */
import { Client } from 'pg';
import { inject } from 'vitest';

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
}

const serverUrl = inject('postgresUrl');

/** False only on a platform without PostgreSQL binaries in npm and without DATABASE_URL; the run has said so aloud. */
export const postgresAvailable = serverUrl !== null;

export async function freshDatabase(): Promise<FreshDatabase> {
  // The server draws the name, so that runs which share a DATABASE_URL cannot meet.
  const drawn = await asAdmin("select 'campanile_test_' || replace(gen_random_uuid()::text, '-', '') as name");
  const name = String(drawn['name']);
  // template0 has the same encoding and order of text on every server, and nobody is ever connected to it.
  await asAdmin(`create database ${name} template template0 encoding 'UTF8' locale 'C'`);
  const url = new URL(requireServer());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await asAdmin(`drop database if exists ${name} with (force)`);
    },
  };
}

async function asAdmin(sql: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: requireServer() });
  await client.connect();
  try {
    const result = await client.query(sql);
    return result.rows[0] ?? {};
  } finally {
    await client.end();
  }
}

function requireServer(): string {
  // Left undefined, pg would quietly take whatever listens on its usual port.
  if (typeof serverUrl !== 'string') {
    throw new Error('There is no PostgreSQL: ask postgresAvailable first, and let vitest.config.ts run test/setup.ts.');
  }
  return serverUrl;
}

/** Runs once before all test files: gives them one real PostgreSQL, DATABASE_URL's or one of our own. */
import type { TestProject } from 'vitest/node';
import { platformHasPostgres, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A connection that may create databases; null where there is no PostgreSQL to be had. */
    readonly postgresUrl: string | null;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  if (!platformHasPostgres) {
    process.stderr.write(
      `\n*** No PostgreSQL for ${process.platform}-${process.arch} comes with npm: its tests are left out. ` +
        'Set DATABASE_URL to run them. ***\n\n',
    );
    project.provide('postgresUrl', null);
    return async () => {};
  }
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return async () => server[Symbol.asyncDispose]();
}

// On real sockets with PostgreSQL behind the server: the same two campaigns, nothing else is different for an operator.
import { describe, expect, test } from 'vitest';
import { freshDatabase, postgresAvailable } from '../postgres.ts';
import { FREE_PORTS, serve } from './child.ts';
import { directory, openStage, scheduleBoth, switchOn, TO, until, updatesOf } from './stage.ts';

const WITHIN_MS = 30_000;

describe.runIf(postgresAvailable)('with DATABASE_URL', () => {
  test('both campaigns reach every device', { timeout: 60_000 }, async () => {
    await using database = await freshDatabase();
    await using data = await directory();
    await using server = await serve(data.path, FREE_PORTS, { DATABASE_URL: database.url });
    const stage = await openStage(data.path, server, { lwm2m: 4, secure: 2, http: 4 });
    await using fleet = switchOn(stage, server);
    const ids = await scheduleBoth(stage);
    const updates = await until(
      () => updatesOf(stage, ids),
      (seen) => seen.length === stage.devices.length && seen.every(({ state }) => state === 'succeeded'),
      WITHIN_MS,
    );
    expect(updates.every(({ attempt }) => attempt === 1)).toBe(true);
    for (const device of fleet.devices()) expect(device).toMatchObject({ runningVersion: TO, installs: 1 });
    expect(await server.stop()).toBe(0);
  });
});

// A server is backed up in the middle of its campaigns and then lost: what is restored from the copy waits until it is resumed.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { OperatorClient } from '../../src/sdk/operator.ts';
import { systemClock } from '../../src/simulator/index.ts';
import { freshDatabase, postgresAvailable } from '../postgres.ts';
import { campanile, campanileWith, type Served, serve } from './child.ts';
import { ACCOUNT, directory, openStage, type Stage, scheduleBoth, switchOn, until, updatesOf } from './stage.ts';

const COUNT = { lwm2m: 4, http: 4, imageBytes: 300 * 1024 } as const;
const WITHIN_MS = 30_000;

/** The same operator at another server: the key is in the backup. */
const movedTo = (stage: Stage, { http: baseUrl }: Served, operatorKey: string): Stage => ({
  ...stage,
  operator: new OperatorClient({ baseUrl, operatorKey }),
});

const keyIn = async (data: string): Promise<string> => (await readFile(join(data, 'operator.key'), 'utf8')).trim();

const viewsOf = ({ operator }: Stage, ids: readonly string[]) =>
  Promise.all(ids.map((id) => operator.campaigns.get(ACCOUNT, id)));

describe('a backup of a running server', () => {
  test('restored after the server was killed, sends nothing until somebody resumes', { timeout: 60_000 }, async () => {
    await using place = await directory();
    const [data, copy, restored] = ['data', 'copy', 'restored'].map((name) => join(place.path, name)) as [
      string,
      string,
      string,
    ];
    await using first = await serve(data);
    const stage = await openStage(data, first, COUNT);
    const ids = await scheduleBoth(stage);
    {
      await using _fleet = switchOn(stage, first);
      await until(
        () => updatesOf(stage, ids),
        (seen) => seen.some(({ state }) => ['downloading', 'downloaded', 'installing', 'verifying'].includes(state)),
        WITHIN_MS,
      );
      const taken = await campanile('backup', copy, '--data', data, '--json');
      expect(taken).toMatchObject({ code: 0, stderr: '' });
      const { files, without } = JSON.parse(taken.stdout);
      const paths = files.map(({ path }: { path: string }) => path);
      expect(paths).toEqual(expect.arrayContaining(['campanile.db', 'operator.key', 'server.secret']));
      expect(paths.filter((path: string) => path.startsWith('images/'))).toHaveLength(1);
      expect(without).toContain('uploads that are not finished');
      expect((await stat(join(copy, 'campanile.db'))).mode & 0o077).toBe(0);
      await first.kill();
      // What the killed server had not yet written into the file itself is in the copy, too.
      expect(await campanile('backup', join(place.path, 'later'), '--data', data)).toMatchObject({
        code: 0,
        stderr: '',
      });
    }
    expect(await campanile('restore', copy, '--data', data, '--yes')).toMatchObject({ code: 1 });
    expect(await campanile('restore', copy, '--data', restored)).toMatchObject({ code: 2 });
    expect(await campanile('restore', copy, '--data', restored, '--yes')).toMatchObject({ code: 0, stderr: '' });

    await using second = await serve(restored);
    const now = movedTo(stage, second, await keyIn(restored));
    const held = await viewsOf(now, ids);
    const live = held.filter(({ status }) => status !== 'CampaignEnded');
    expect(live.length).toBeGreaterThan(0);
    for (const view of live)
      expect(view.hold).toMatchObject({ kind: 'paused', reason: expect.stringContaining('restored') });
    const flags = ['--account', ACCOUNT, '--url', second.http, '--operator-key-file', join(restored, 'operator.key')];
    const watched = await campanile('campaign', 'watch', live[0]!.id, '--until', 'hold', ...flags);
    expect(watched).toMatchObject({ code: 4, stdout: expect.stringContaining('restored') });

    const since = systemClock.now();
    await using fleet = switchOn(now, second);
    await until(
      async () => (await now.operator.devices.list(ACCOUNT)).items,
      (devices) => devices.every(({ lastSeenAt = '' }) => Date.parse(lastSeenAt) >= since),
      WITHIN_MS,
    );
    for (const device of fleet.devices()) expect(device).toMatchObject({ bytes: 0, installs: 0 });

    // The mark is gone: a second start pauses nothing by itself, and what was paused stays so.
    expect(await second.stop()).toBe(0);
    expect(userVersion(restored)).toBe(0);
  });

  test('is refused when a byte of it has changed, and nothing is left behind', { timeout: 60_000 }, async () => {
    await using place = await directory();
    const [data, copy, restored] = ['data', 'copy', 'restored'].map((name) => join(place.path, name)) as [
      string,
      string,
      string,
    ];
    await using server = await serve(data);
    expect(await server.stop()).toBe(0);
    expect(await campanile('backup', copy, '--data', data)).toMatchObject({ code: 0, stderr: '' });
    await writeFile(join(copy, 'server.secret'), 'another one');
    const { code, stderr } = await campanile('restore', copy, '--data', restored, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('server.secret is not what backup.json says');
    await expect(stat(restored)).rejects.toThrow('ENOENT');
  });

  test('goes into no directory that has something in it, and comes from none without a database', async () => {
    await using place = await directory();
    await writeFile(join(place.path, 'mine.txt'), 'mine');
    const full = await campanile('backup', place.path, '--data', join(place.path, 'nothing'));
    expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
    const empty = await campanile('backup', join(place.path, 'copy'), '--data', join(place.path, 'nothing'));
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('holds no database') });
    const none = await campanile('restore', place.path, '--data', join(place.path, 'new'), '--yes');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('is no whole backup') });
  });
});

describe.runIf(postgresAvailable)('with DATABASE_URL', () => {
  test('a backup has images and keys, and --restored pauses every campaign', { timeout: 60_000 }, async () => {
    await using database = await freshDatabase();
    await using place = await directory();
    const [data, copy] = [join(place.path, 'data'), join(place.path, 'copy')];
    const settings = { DATABASE_URL: database.url };
    await using first = await serve(data, undefined, settings);
    const stage = await openStage(data, first, COUNT);
    const ids = await scheduleBoth(stage);
    const key = await keyIn(data);
    const taken = await campanileWith(settings, 'backup', copy, '--data', data, '--json');
    const { database: kind, files, without } = JSON.parse(taken.stdout);
    expect({ kind, rows: files.filter(({ path }: { path: string }) => path.endsWith('.db')) }).toEqual({
      kind: 'postgres',
      rows: [],
    });
    expect(without[0]).toContain('pg_dump');
    const looked = await campanileWith(settings, 'doctor', '--data', data, '--http-port', '0', '--coap-port', '0');
    expect(looked.stdout).toMatch(/^ok {4}database .*its schema is that of this version$/m);
    expect(looked.stdout).toMatch(/^ok {4}clock .*the database differ by 0\.\d s$/m);
    expect(await first.stop()).toBe(0);
    await using second = await serve(data, undefined, { ...settings, CAMPANILE_RESTORED: '1' });
    for (const { hold } of await viewsOf(movedTo(stage, second, key), ids))
      expect(hold).toMatchObject({ kind: 'paused' });
  });
});

function userVersion(data: string): unknown {
  const database = new DatabaseSync(join(data, 'campanile.db'), { readOnly: true });
  try {
    return database.prepare('pragma user_version').get()?.['user_version'];
  } finally {
    database.close();
  }
}

/** What only a store in files can be asked: it is there after a restart, has one owner, and loses nothing it has acknowledged. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Imei } from '../../src/campaigns/index.ts';
import { DirectoryInUse, openSqliteStore, type Schedule } from '../../src/store/index.ts';
import {
  account,
  callback,
  callbackEvent,
  campaign,
  change,
  client,
  device,
  deviceKey,
  entry,
  KEY,
  later,
  listener,
  NOW,
  ONE,
  put,
  update,
  user,
} from './given.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'campanile-sqlite-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('everything is there when the store is opened again', async () => {
  {
    await using store = await openSqliteStore({ directory });
    await store.insertAccount(account(), client('c'), user('u'));
    await store.writeDevices([{ device: device(1), isNew: true, secrets: { pskIdentity: 'p', pskKey: 'ab' } }]);
    await store.putListener(listener());
    await put(store, { campaigns: [campaign()], updates: [update(1)], entries: [entry(1)], intents: [callback(1)] });
    await store.commit([change([{ op: 'insert-intake', ...KEY, parts: [['1'], ['2']] }])], NOW);
    await store.beat(ONE, NOW, later(1));
  }
  await using store = await openSqliteStore({ directory });
  expect(await store.account(account().name)).toEqual(account());
  expect(await store.lookUp('psk', 'p')).toEqual(deviceKey(1));
  const [snapshot] = await store.loadUpdates([{ ...KEY, imei: deviceKey(1).imei }], ONE);
  expect(snapshot).toMatchObject({ update: update(1), campaign: campaign(), device: device(1) });
  expect((await store.loadSteward(KEY, NOW))?.unsealed.map((one) => one.entry)).toEqual([entry(1)]);
  expect(await store.loadIntakeAll(KEY)).toHaveLength(2);
  expect((await store.claimCallbacks(later(9), 9, ONE)).map(({ event }) => event)).toEqual([callbackEvent(1)]);
  expect(await store.nodes(NOW)).toEqual([ONE]);
});

test('a second server on the same directory is refused by name', async () => {
  const first = await openSqliteStore({ directory });
  const second = openSqliteStore({ directory });
  await expect(second).rejects.toThrow(DirectoryInUse);
  await expect(second).rejects.toThrow(directory);
  await first[Symbol.asyncDispose]();
  const third = await openSqliteStore({ directory });
  await third[Symbol.asyncDispose]();
});

test('what a server has acknowledged is there after kill -9, and so is the directory for the next one', async () => {
  const child = startChild();
  const acknowledged: Imei[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (acknowledged.length === 0) await expect(openSqliteStore({ directory })).rejects.toThrow(DirectoryInUse);
    acknowledged.push(line as Imei);
    if (acknowledged.length === 2_000) child.kill('SIGKILL');
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(2_000);
  await using store = await openSqliteStore({ directory });
  const found = new Set((await store.updates(KEY, { max: 1_000_000 })).map(({ imei }) => imei));
  expect(acknowledged.filter((imei) => !found.has(imei))).toEqual([]);
});

function startChild(): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL('committing-child.ts', import.meta.url));
  return spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('commits of one moment are gathered until it is time to store them', async () => {
  const scheduled: (() => void)[] = [];
  const schedule: Schedule = (run) => scheduled.push(run);
  await using store = await openSqliteStore({ directory, schedule });
  const commits = [1, 2, 3].map((number) =>
    store.commit([change([{ op: 'insert-update', row: update(number) }])], NOW),
  );
  expect(await store.updates(KEY, { max: 9 })).toEqual([]);
  expect(scheduled).toHaveLength(1);
  scheduled[0]!();
  expect((await Promise.all(commits)).flat()).toEqual(['saved', 'saved', 'saved']);
  expect(await store.updates(KEY, { max: 9 })).toHaveLength(3);
});

test('two hundred changes are stored at once, and what is left when the store is closed', async () => {
  const never: Schedule = () => {};
  const store = await openSqliteStore({ directory, schedule: never });
  const insert = (number: number) => store.commit([change([{ op: 'insert-update', row: update(number) }])], NOW);
  const many = Array.from({ length: 200 }, (_, number) => insert(number));
  expect((await Promise.all(many)).flat()).not.toContain('stale');
  const last = insert(200);
  await store[Symbol.asyncDispose]();
  expect(await last).toEqual(['saved']);
});

test('the schema in git is the schema of a fresh database', async () => {
  await using _store = await openSqliteStore({ directory });
  const database = new DatabaseSync(join(directory, 'campanile.db'), { readOnly: true });
  const rows = database.prepare(
    'select sql from sqlite_master where sql is not null order by tbl_name, type desc, name',
  );
  const statements = rows.all().map((row) => String(row['sql']));
  const file = new URL('../../src/store/schema.sql', import.meta.url);
  const { journal_mode } = database.prepare('pragma journal_mode').get() ?? {};
  database.close();
  expect(journal_mode).toBe('wal');
  await expect(readable(statements)).toMatchFileSnapshot(fileURLToPath(file));
});

const readable = (statements: readonly string[]): string => statements.map((text) => `${broken(text)};\n`).join('\n');
/** One column a line. */
const broken = (text: string): string =>
  text.startsWith('CREATE TABLE') ? text.replace('(', '(\n  ').replaceAll(/, (?="\w+" \w|constraint)/g, ',\n  ') : text;

test('a commit after the store is closed is refused, not forgotten', async () => {
  const store = await openSqliteStore({ directory });
  await store[Symbol.asyncDispose]();
  await expect(store.commit([change([{ op: 'insert-update', row: update(1) }])], NOW)).rejects.toThrow(/not open/);
});

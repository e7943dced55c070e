// Whatever the query, the path and the headers of a request are: an answer below 500, and of a refused request nothing is stored.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { OPERATIONS, type Operation, openApiDocuments } from '../../src/contract/index.ts';
import { openSqliteStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, form, openDesk } from './desk.ts';
import { GOOD_BODIES, headersOf, openWorld, type World } from './fuzz-world.ts';

const SEED = 20_260_310;
const RUNS = 10;
/** Where Linux has one, a folder in memory: nothing of this has to outlive the power. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** A schedule that is refused has noted what it would have been called; the note leads nowhere (src/api/repeats.ts). */
const NOTES = 'repeats';
/** A login that is refused is counted. */
const COUNTED: Readonly<Record<string, string>> = { logIn: 'users', resetPassword: 'users' };

/** A world on a file, and a second pair of eyes on that file. */
interface Watched {
  readonly world: World;
  digest(leftOut: readonly string[]): string;
  close(): Promise<void>;
}

async function openWatched(): Promise<Watched> {
  const directory = await mkdtemp(join(FOLDER, 'campanile-fuzz-'));
  const store: Store = await openSqliteStore({ directory });
  const world = await openWorld(() => openDesk({ store }));
  const eyes = new DatabaseSync(join(directory, 'campanile.db'), { readOnly: true });
  const known = new Map<string, readonly [version: unknown, digest: string]>();
  return {
    world,
    digest: (leftOut) => {
      const { data_version: version } = eyes.prepare('pragma data_version').get() ?? {};
      const name = leftOut.join();
      const [last, before] = known.get(name) ?? [];
      if (before !== undefined && last === version) return before;
      const digest = digestOf(eyes, leftOut);
      known.set(name, [version, digest]);
      return digest;
    },
    close: async () => {
      eyes.close();
      await store[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

function digestOf(database: DatabaseSync, leftOut: readonly string[]): string {
  const hash = createHash('sha256');
  const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all();
  for (const { name } of tables) {
    if (leftOut.includes(String(name))) continue;
    for (const row of database.prepare(`select * from "${name}"`).iterate()) hash.update(JSON.stringify(row));
    hash.update(`\0${name}\0`);
  }
  return hash.digest('hex');
}

let watched: Watched | undefined;
const open = async (): Promise<Watched> => {
  watched ??= await openWatched();
  return watched;
};
const close = async (): Promise<void> => {
  await watched?.close();
  watched = undefined;
};
afterAll(close);

const WORDS = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '9'.repeat(40),
    'null',
    'true',
    '[]',
    '{}',
    '__proto__',
    'constructor',
    '..',
    '/',
  ),
  fc.constantFrom(
    '2026-03-21',
    'Europe/Berlin',
    'device',
    'LWM2M',
    'all',
    '352753090000001',
    'CampaignEnded',
    '1,2',
    '1;2',
  ),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constant('x'.repeat(2000)),
);
/** Also what no client would escape so. */
const ESCAPED = fc.oneof(
  { weight: 8, arbitrary: WORDS.map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%00', '%ff%fe', '%c0%af', '%2e%2e', '+', '%E0%A4') },
);

const queryNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(openApiDocuments('0')).flatMap(({ paths }) =>
    Object.values(paths).flatMap((methods) =>
      (Object.values(methods) as { operationId: string; parameters: { in: string; name: string }[] }[]).map(
        ({ operationId, parameters }) =>
          [operationId, parameters.filter((one) => one.in === 'query').map(({ name }) => name)] as const,
      ),
    ),
  ),
);

const queryOf = ({ operationId }: Operation): fc.Arbitrary<string> => {
  const names = [...(queryNames.get(operationId) ?? []), 'limit', 'after', 'x', '__proto__', '%00'];
  const pair = fc.tuple(fc.constantFrom(...names), ESCAPED).map(([name, value]) => `${name}=${value}`);
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 4, arbitrary: fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('?', '?&&=', '?=', '?a[b][c]=1', '?limit=1&limit=2', `?${'a&'.repeat(500)}`),
    },
  );
};

/** Each part of the path is its own one or another one. */
const pathOf = ({ path, family }: Operation): fc.Arbitrary<(world: World) => string> => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return fc.array(fc.option(ESCAPED, { freq: 2 }), { minLength: names.length, maxLength: names.length }).map(
    (others) =>
      ({ campaigns }) =>
        names.reduce((text, name, place) => {
          const own = name.startsWith('account') ? ACCOUNT : (campaigns[family] ?? '352753090000001');
          return text.replace(`{${name}}`, () => others[place] ?? own);
        }, path),
  );
};

const HEADER_WORDS = fc.oneof(
  fc.constantFrom('', '*', '*/*', 'text/plain', 'application/json; charset=utf-16', 'multipart/form-data', ';;;', '0'),
  fc.constantFrom(
    'Bearer',
    'Bearer ',
    'Basic ',
    'Basic !!!',
    'Basic Og==',
    'Bearer a b',
    'bytes=0-',
    'bytes=-1,5-',
    'once',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
);
const HEADERS = [
  'content-type',
  'accept',
  'authorization',
  'idempotency-key',
  'range',
  'vz-m2m-token',
  'content-encoding',
];
const headersArbitrary = fc
  .array(fc.tuple(fc.constantFrom(...HEADERS), HEADER_WORDS), { maxLength: 2 })
  .map((pairs) => Object.fromEntries(pairs));

const operations: readonly Operation[] = Object.values<Operation>(OPERATIONS);

async function survives(operation: Operation): Promise<void> {
  const request = fc.record({ path: pathOf(operation), query: queryOf(operation), headers: headersArbitrary });
  const leftOut = [NOTES, COUNTED[operation.operationId] ?? NOTES];
  const isForm = operation.body?.media === 'multipart';
  const parts = form([{ name: 'package', content: '{}' }]);
  const text = JSON.stringify(GOOD_BODIES[operation.operationId] ?? {});
  const body = operation.method === 'GET' ? undefined : isForm ? parts.body : text;
  await fc.assert(
    fc.asyncProperty(request, async ({ path, query, headers }) => {
      const { world, digest } = await open();
      const { desk } = world;
      const [errors, before] = [desk.errors.length, digest(leftOut)];
      const own = { ...headersOf(operation, world), ...(isForm ? parts.headers : {}) };
      const { status } = await desk.call(operation.method, path(world) + query, body, { ...own, ...headers });
      expect(desk.errors.slice(errors)).toEqual([]);
      expect(status).toBeLessThan(500);
      if (status >= 400) expect(digest(leftOut)).toBe(before);
      // What was carried out may have taken the world apart, credentials included.
      else if (operation.method === 'DELETE' || operation.family === 'auth') await close();
    }),
    { seed: SEED, numRuns: RUNS },
  );
}

for (const operation of operations) {
  test(`${operation.operationId} refuses what it cannot read, and stores nothing of it`, () => survives(operation));
}

test('what is stored is seen', async () => {
  const { world, digest } = await open();
  const before = digest([NOTES]);
  const { status } = await world.desk.operator('POST', '/accounts', { accountName: '0000123456-00003' });
  expect([status, digest([NOTES]) === before]).toEqual([201, false]);
});

/**
 * The house: what each folder may import. One row is one folder (or part of a folder, or one file, whose row adds to its
 * folder's). A row lists, besides the folder's own files:
 *
 *   'engine/'       another folder of src/, through its index.ts (and types from its ports.ts)
 *   'type engine/'  the same, types only
 *   'lazy server/'  the same, by import() or types only
 *   'zod'           an npm package; 'type fastify' its types only; '*' any package (knip checks that it is declared)
 *   'node:fs'       a module of Node; 'node:*' any of them
 *
 * The tsconfig references and the picture in docs/ARCHITECTURE.md are held equal to this table.
 */
export type House = Readonly<Record<string, readonly string[]>>;

export const HOUSE: House = {
  contract: ['zod'],
  accounts: ['type campaigns/'],
  campaigns: [],
  'campaigns/windows.ts': ['temporal-polyfill'],
  lwm2m: ['cborg'],
  engine: ['campaigns/', 'accounts/'],
  store: [
    'campaigns/',
    'accounts/',
    'type engine/',
    'kysely',
    'kysely/migration',
    'pg',
    'node:sqlite',
    'node:fs',
    'node:path',
    'node:zlib',
  ],

  // The three kinds of delivery know nothing of one another; what they share is the types in delivery/ports.ts.
  delivery: ['delivery/lwm2m/', 'delivery/ddi/', 'delivery/images/', 'type campaigns/'],
  'delivery/lwm2m': [
    'type delivery/',
    'engine/',
    'campaigns/',
    'lwm2m/',
    'contract/',
    'node:dgram',
    'node:dns',
    'node:crypto',
  ],
  'delivery/ddi': [
    'type delivery/',
    'engine/',
    'campaigns/',
    'contract/',
    'type fastify',
    'cborg',
    'type node:http',
    'node:crypto',
    'node:stream',
  ],
  'delivery/images': [
    'type delivery/',
    'engine/',
    'campaigns/',
    'contract/',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:crypto',
    'node:stream',
  ],

  callbacks: [
    'engine/',
    'campaigns/',
    'accounts/',
    'contract/',
    'node:crypto',
    'node:dns/promises',
    'node:http',
    'node:https',
    'node:net',
  ],
  api: [
    'engine/',
    'campaigns/',
    'accounts/',
    'contract/',
    'fastify',
    'fastify-type-provider-zod',
    '@fastify/multipart',
    '@fastify/swagger',
    'zod',
    'node:crypto',
    'node:stream',
  ],
  server: [
    'contract/',
    'accounts/',
    'campaigns/',
    'lwm2m/',
    'engine/',
    'store/',
    'type delivery/',
    'delivery/ddi/',
    'delivery/images/',
    'delivery/lwm2m/',
    'callbacks/',
    'api/',
    'fastify',
    '@fastify/static',
    'pino',
    'prom-client',
    'node:*',
  ],

  sdk: [],
  cli: ['sdk/', 'lazy server/', 'lazy simulator/', 'commander', 'node:*'],
  console: ['sdk/', '*'],

  simulator: ['simulator/device/', 'simulator/fleet/'],
  'simulator/device': ['lwm2m/', 'contract/'],
  'simulator/fleet': [
    'simulator/device/',
    'lwm2m/',
    'contract/',
    'node:dgram',
    'node:http',
    'node:https',
    'node:crypto',
  ],
};

/** The files by which a folder is entered; from ports.ts others take types only. */
export const DOORS = { values: 'index.ts', types: 'ports.ts' } as const;

/** Further doors: a path below src/. */
export const SIDE_DOORS: readonly string[] = ['sdk/operator.ts'];

export function isDoor(path: string): boolean {
  const isUsual = path.endsWith(`/${DOORS.values}`) || path.endsWith(`/${DOORS.types}`);
  return isUsual || SIDE_DOORS.includes(path.replace(/^src\//, ''));
}

/** Names that package.json gives to doors. */
export const ALIASES: Readonly<Record<string, string>> = {
  'campanile/sdk': 'src/sdk/index.ts',
  'campanile/sdk/operator': 'src/sdk/operator.ts',
};

/** What a test beside the code may import on top of its folder's row (and any Node module, where the row has one). */
export const TEST_PACKAGES: readonly string[] = ['vitest', 'fast-check'];

export interface Entry {
  readonly how: 'always' | 'lazy' | 'type';
  readonly what: string;
}

export function readEntry(text: string): Entry {
  const [, how, what] = /^(?:(type|lazy) )?(.+)$/.exec(text) ?? [];
  return { how: how === 'type' || how === 'lazy' ? how : 'always', what: what ?? text };
}

/** The row a file below src/ belongs to: the longest folder in the table that contains it. */
export function roomOf(house: House, pathInSrc: string): string | undefined {
  const folders = Object.keys(house).filter((key) => !key.endsWith('.ts') && pathInSrc.startsWith(`${key}/`));
  return folders.sort((a, b) => b.length - a.length)[0];
}

/** Folder-to-folder entries by top folder, rows of parts of a folder taken together; sorted, without repeats. */
export function edges(house: House): ReadonlyMap<string, ReadonlyMap<string, Entry['how']>> {
  const graph = new Map<string, Map<string, Entry['how']>>();
  for (const [key, row] of Object.entries(house)) {
    const from = topOf(key);
    const targets = graph.get(from) ?? new Map<string, Entry['how']>();
    graph.set(from, targets);
    for (const { how, what } of row.map(readEntry)) {
      const to = topOf(what);
      if (!what.endsWith('/') || to === from) continue;
      const known = targets.get(to);
      targets.set(to, known === undefined || how === 'always' ? how : known);
    }
  }
  return graph;
}

const topOf = (path: string): string => path.split('/')[0] ?? path;

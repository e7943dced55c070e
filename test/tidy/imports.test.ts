/** The import rule, fed with imports that break the table in each way, and with some that keep it. */
import { describe, expect, test } from 'vitest';
import type { House } from './house.ts';
import { importRule } from './imports.ts';
import { refused } from './refused.ts';

const house: House = {
  core: [],
  'core/zones.ts': ['zoneinfo'],
  engine: ['core/'],
  store: ['core/', 'type engine/', 'sql', 'type web', 'node:fs'],
  post: ['post/air/', 'post/land/'],
  'post/air': ['engine/', 'type post/'],
  'post/land': ['engine/'],
  sdk: [],
  cli: ['sdk/', 'lazy engine/', 'node:*'],
};
const rule = importRule(house);

describe('a file may import', () => {
  test.each([
    ['its own folder, however deep', 'src/core/deep/a.ts', "import { b } from '../b.ts'"],
    ['a folder of its row through the index', 'src/engine/a.ts', "import { b } from '../core/index.ts'"],
    ['types from the ports of such a folder', 'src/engine/a.ts', "import type { B } from '../core/ports.ts'"],
    ['types where its row says types', 'src/store/a.ts', "import { type B, type C } from '../engine/index.ts'"],
    ['types by import()', 'src/store/a.ts', "export type B = import('../engine/ports.ts').B"],
    ['types of a package where its row says types', 'src/store/a.ts', "export type { Reply } from 'web'"],
    ['packages of its row', 'src/store/a.ts', "import sql from 'sql'"],
    ['modules of Node in its row', 'src/store/a.ts', "import { open } from 'node:fs'"],
    ['any module of Node where its row says so', 'src/cli/a.ts', "import { open } from 'node:fs/promises'"],
    ['what its own row adds', 'src/core/zones.ts', "import { zone } from 'zoneinfo'"],
    ['what the tested file may', 'src/core/zones.test.ts', "import { zone } from 'zoneinfo'"],
    ['vitest in a test', 'src/core/a.test.ts', "import { test } from 'vitest'"],
    ['a part of its folder', 'src/post/index.ts', "export { fly } from './air/index.ts'"],
    ['a folder when it is needed', 'src/cli/a.ts', "const engine = await import('../engine/index.ts')"],
    ['the side door', 'src/cli/a.ts', "import { operate } from '../sdk/operator.ts'"],
    ['a door by its public name', 'src/cli/a.ts', "import { operate } from 'campanile/sdk/operator'"],
  ])('%s', (_, path, text) => {
    expect(refused(rule, path, text)).toEqual([]);
  });
});

describe('a file may not import', () => {
  test.each([
    [
      'a folder that its row lacks',
      'src/core/a.ts',
      "import { b } from '../engine/index.ts'",
      'core may not import eng',
    ],
    ['even its types', 'src/core/a.ts', "import type { B } from '../engine/index.ts'", 'core may not import engine/'],
    ['even for its effects', 'src/core/a.ts', "import '../engine/index.ts'", 'core may not import engine/'],
    ['even by re-export', 'src/core/index.ts', "export * from '../engine/index.ts'", 'core may not import engine/'],
    ['even by import()', 'src/core/a.ts', "await import('../engine/index.ts')", 'core may not import engine/'],
    ['even as import type', 'src/core/a.ts', "type B = import('../engine/index.ts').B", 'core may not import engine/'],
    ['past the door', 'src/engine/a.ts', "import { b } from '../core/b.ts'", 'the only door of core/ is its index.ts'],
    ['values from ports', 'src/engine/a.ts', "import { b } from '../core/ports.ts'", 'takes more than types'],
    ['values for types', 'src/store/a.ts', "import { b, type C } from '../engine/index.ts'", 'may not import engine/'],
    ['values of a types-only package', 'src/store/a.ts', "import { web } from 'web'", 'store may not import web'],
    ['a lazy folder at once', 'src/cli/a.ts', "import { run } from '../engine/index.ts'", 'cli may not import engine/'],
    ['a sibling part', 'src/post/land/a.ts', "import { fly } from '../air/index.ts'", 'may not import post/air/'],
    [
      'a part from outside',
      'src/cli/a.ts',
      "import type { A } from '../post/air/index.ts'",
      'may not import post/air/',
    ],
    ['a package that its row lacks', 'src/core/a.ts', "import { z } from 'sql'", 'core may not import sql'],
    ['what another file may', 'src/core/a.ts', "import { zone } from 'zoneinfo'", 'core may not import zoneinfo'],
    [
      'other modules of Node',
      'src/store/a.ts',
      "import { open } from 'node:fs/promises'",
      'may not import node:fs/pro',
    ],
    ['Node in a pure test', 'src/core/a.test.ts', "import { open } from 'node:fs'", 'core may not import node:fs'],
    ['vitest outside tests', 'src/core/a.ts', "import { test } from 'vitest'", 'core may not import vitest'],
    ['what is not in src/', 'src/core/a.ts', "import { b } from '../../test/b.ts'", 'outside src/'],
    ['what nobody can read', 'src/core/a.ts', 'await import(name)', 'cannot be read'],
    ['from a folder that is not in the table', 'src/lost/a.ts', 'export const a = 1', 'belongs to no folder'],
  ])('%s', (_, path, text, why) => {
    expect(refused(rule, path, text)).toEqual([expect.stringContaining(why)]);
  });
});

describe('a test outside src/', () => {
  test('may use every folder through its door, and any package', () => {
    const text = ["import { a } from '../src/engine/index.ts';", "import pg from 'pg';", "import { b } from './b.ts';"];
    expect(refused(rule, 'test/a.test.ts', ...text)).toEqual([]);
  });

  test('may not reach past the door', () => {
    const text = "import { a } from '../src/engine/inner.ts'";
    expect(refused(rule, 'test/a.test.ts', text)).toEqual([expect.stringContaining('the only door of engine/')]);
  });
});

test('imports named in comments and texts are not imports', () => {
  const text = ["// import { a } from 'sql'", 'export const b = "import { a } from \'sql\'";'];
  expect(refused(rule, 'src/core/a.ts', ...text)).toEqual([]);
});

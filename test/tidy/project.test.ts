/** The rules about the project as a whole, fed with documents and tsconfigs that have fallen behind. */
import { describe, expect, test } from 'vitest';
import type { House } from './house.ts';
import { picture } from './picture.ts';
import { refuseMissingReferences, refuseOldPicture, refuseTsconfig, refuseUnknownScripts } from './project.ts';

const house: House = {
  core: ['zod'],
  store: ['core/', 'type engine/', 'node:fs'],
  post: ['post/air/'],
  'post/air': ['core/', 'type post/'],
  cli: ['lazy store/', 'node:*'],
};

function config(folder: string, references: readonly string[], types: readonly string[] = []) {
  const text = JSON.stringify({ compilerOptions: { types }, references: references.map((path) => ({ path })) });
  return { path: `src/${folder}/tsconfig.json`, text };
}

const there = ['core', 'engine', 'store', 'post', 'cli'];

const whys = (refusals: readonly { readonly why: string }[]) => refusals.map(({ why }) => why);

describe('a tsconfig', () => {
  test('passes when it refers to the folders of its row', () => {
    expect(refuseTsconfig(house, config('core', []), there)).toEqual([]);
    expect(refuseTsconfig(house, config('store', ['../engine', '../core'], ['node']), there)).toEqual([]);
    expect(refuseTsconfig(house, config('post', ['../core']), there)).toEqual([]);
    expect(refuseTsconfig(house, config('post', []), ['post'])).toEqual([]);
  });

  test('is refused when it lacks one, or has one too many', () => {
    const refusals = refuseTsconfig(house, config('store', ['../core', '../post'], ['node']), there);
    expect(whys(refusals)).toEqual(['lacks the reference ../engine', 'refers to post, the table not']);
  });

  test('is refused when a pure folder sees Node, or another does not', () => {
    expect(whys(refuseTsconfig(house, config('core', [], ['node']), there))).toEqual([
      expect.stringContaining('sees "node"'),
    ]);
    expect(whys(refuseTsconfig(house, config('cli', ['../store']), there))).toEqual([
      expect.stringContaining('needs "types"'),
    ]);
  });

  test('is refused for a folder that the table does not know', () => {
    expect(whys(refuseTsconfig(house, config('lost', []), there))).toEqual(['src/lost is not in test/tidy/house.ts']);
  });

  test('at the root refers to every folder', () => {
    const root = { path: 'tsconfig.json', text: '{"references":[{"path":"src/core"}]}' };
    expect(refuseMissingReferences(root, ['core'])).toEqual([]);
    expect(whys(refuseMissingReferences(root, ['core', 'cli']))).toEqual(['lacks the reference to src/cli']);
  });
});

describe('the commands in a document', () => {
  const refusals = (text: string) => whys(refuseUnknownScripts({ path: 'README.md', text }, ['test', 'demo', 'a:b']));

  test('pass when package.json has them', () => {
    expect(refusals('`npm ci && npm run demo`, then npm test. npm run --silent a:b -- --x; npm run demo.')).toEqual([]);
  });

  test.each(['npm run dmeo', 'npm run --silent campanille -- serve', 'npm start', 'npm run test:all'])(
    '%s is refused when it has not',
    (command) => {
      expect(refusals(`First \`${command}\`.`)).toHaveLength(1);
    },
  );
});

describe('the picture', () => {
  const marked = (drawn: string) => ({
    path: 'docs/ARCHITECTURE.md',
    text: `# A\n<!-- picture: printed from test/tidy/house.ts -->\n${drawn}\n<!-- end of picture -->\n`,
  });

  test('shows each folder and what it imports', () => {
    expect(picture(house).split('\n')).toEqual([
      '```mermaid',
      'flowchart TD',
      '  core',
      '  store',
      '  store --> core',
      '  store -. types .-> engine',
      '  post',
      '  post --> core',
      '  cli',
      '  cli -. when needed .-> store',
      '```',
    ]);
  });

  test('passes as printed', () => expect(refuseOldPicture(house, marked(picture(house)))).toEqual([]));

  test('is refused when the table has moved on, or when it is missing', () => {
    expect(whys(refuseOldPicture({ ...house, more: [] }, marked(picture(house))))).toHaveLength(1);
    expect(whys(refuseOldPicture(house, { path: 'docs/ARCHITECTURE.md', text: '# A' }))).toHaveLength(1);
  });
});

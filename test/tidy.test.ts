/** The repository checks itself. The rules are in test/tidy/, each shown there to refuse what it must refuse. */
import { describe, expect, test } from 'vitest';
import { calledOnlyInAdapters } from './tidy/banned.ts';
import { readRepository } from './tidy/files.ts';
import { HOUSE } from './tidy/house.ts';
import { importsFollowTheTable } from './tidy/imports.ts';
import { plainTypeScript } from './tidy/language.ts';
import { filesOpenWithTheirPurpose, noMachinePaths, noSilencedTests, nothingLeftOver } from './tidy/leftovers.ts';
import { refuseMissingReferences, refuseOldPicture, refuseTsconfig, refuseUnknownScripts } from './tidy/project.ts';
import { filesAreShort, functionsAreShort } from './tidy/sizes.ts';
import type { Refusal, Rule, Source } from './tidy/source.ts';
import { readCode } from './tidy/source.ts';

const files = readRepository();
const code = files.filter(({ path }) => /^(?:src|test|bench|scripts)\/.*\.tsx?$/.test(path)).map(readCode);
const product = code.filter(({ path }) => path.startsWith('src/'));
// Benchmarks measure real time; nothing else does outside its adapter.
const timeless = code.filter(({ path }) => !path.startsWith('bench/'));

const none = (refusals: readonly Refusal[]): void => {
  expect(refusals.map(({ path, line, why }) => `${path}:${line} ${why}`)).toEqual([]);
};

describe('the code', () => {
  const rules: readonly (readonly [sentence: string, rule: Rule, where: typeof code])[] = [
    ['imports only what its folder may', importsFollowTheTable, code],
    ['has short functions', functionsAreShort, code],
    ['has short files', filesAreShort, code],
    ['reaches time, chance and the terminal only in adapters', calledOnlyInAdapters, timeless],
    ['is plain TypeScript', plainTypeScript, code],
    ['has no silenced tests', noSilencedTests, code],
    ['says in each file what the file is for', filesOpenWithTheirPurpose, product],
  ];
  test.each(rules)('%s', (_, rule, where) => none(where.flatMap((one) => rule(one))));
});

describe('every text', () => {
  test('is finished', () => none(files.flatMap(nothingLeftOver)));
  test('knows nothing of the machine it was written on', () => none(files.flatMap(noMachinePaths)));
});

describe('the project', () => {
  const inSrc = files.filter(({ path }) => /^src\/[^/]+\//.test(path));
  const folders = [...new Set(inSrc.map(({ path }) => path.split('/')[1] ?? ''))];

  test('builds each folder after exactly the folders it may import', () => {
    none(folders.flatMap((folder) => refuseTsconfig(HOUSE, theFile(`src/${folder}/tsconfig.json`), folders)));
  });

  test('type-checks every folder', () => {
    none(['tsconfig.json', 'test/tsconfig.json'].flatMap((path) => refuseMissingReferences(theFile(path), folders)));
  });
});

describe('the documents', () => {
  const documents = files.filter(({ path }) => path.endsWith('.md'));
  const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(theFile('package.json').text);

  test('name only commands that exist', () => {
    none(documents.flatMap((document) => refuseUnknownScripts(document, Object.keys(scripts))));
  });

  test('draw the house as it is', () => none(refuseOldPicture(HOUSE, theFile('docs/ARCHITECTURE.md'))));
});

function theFile(path: string): Source {
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`There is no ${path}.`);
  return found;
}

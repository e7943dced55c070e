/** The left-over rules, fed with what they must find. The bad words are put together here, as in the rules. */
import { describe, expect, test } from 'vitest';
import { filesOpenWithTheirPurpose, noMachinePaths, noSilencedTests, nothingLeftOver } from './leftovers.ts';
import { refused } from './refused.ts';

const text = (content: string) => ({ path: 'docs/a.md', text: content });

describe('left-overs', () => {
  test.each(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK', 'not ' + 'implemented', 'Not ' + 'implemented'])(
    '%s is found, with its line',
    (marker) => {
      expect(nothingLeftOver(text(`fine\n// ${marker}: later`))).toEqual([expect.objectContaining({ line: 2 })]);
    },
  );

  test.each(['Not Implemented (5.01)', 'a hackathon', 'todos los días', 'XXXL'])('%s is no left-over', (fine) => {
    expect(nothingLeftOver(text(fine))).toEqual([]);
  });
});

describe('paths of a machine', () => {
  test.each(['work', 'root', 'home'])('/%s/… is found', (folder) => {
    expect(noMachinePaths(text(`see \`/${folder}/x\``))).toHaveLength(1);
    expect(noMachinePaths(text(`const at = "/${folder}/x";`))).toHaveLength(1);
  });

  test.each(['docs/work/x', '../root/x', 'https://example.org/home/', '~/home/x', '/tmp/x'])('%s is none', (fine) => {
    expect(noMachinePaths(text(fine))).toEqual([]);
  });
});

describe('silenced tests', () => {
  test.each(['test.skip', 'it.only', 'describe.skip', 'test.todo', 'describe.concurrent.only', 'test.each([1]).skip'])(
    '%s is found',
    (call) => {
      expect(refused(noSilencedTests, 'src/a.test.ts', `${call}('a', () => {});`)).toHaveLength(1);
    },
  );

  test.each(['test.each([1])', 'describe.runIf(available)', 'cursor.skip', 'world.only'])('%s is none', (call) => {
    expect(refused(noSilencedTests, 'src/a.test.ts', `${call}('a', () => {});`)).toEqual([]);
  });
});

describe('the purpose of a file', () => {
  test.each(['/** Why. */\nuse(a);', '// Why.\nuse(a);', '#!/usr/bin/env node\n// Why.\nuse(a);'])(
    '%j passes',
    (file) => {
      expect(refused(filesOpenWithTheirPurpose, 'src/a.ts', file)).toEqual([]);
    },
  );

  test.each(['use(a); // Why.', "import { a } from './a.ts';\n/** Why. */", '#!/usr/bin/env node\nuse(a);'])(
    '%j does not',
    (file) => {
      expect(refused(filesOpenWithTheirPurpose, 'src/a.ts', file)).toHaveLength(1);
    },
  );
});

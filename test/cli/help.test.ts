// Every command shows how it is used, and what it shows can be typed.
import { describe, expect, test } from 'vitest';
import { commandTree, doingCommands, EXAMPLES, EXIT, EXIT_TEXT, type Terminal } from '../../src/cli/index.ts';
import { campanile } from './desk.ts';

const quiet: Terminal = {
  env: {},
  isLive: false,
  out: () => {},
  err: () => {},
  progress: () => {},
  read: async () => '',
  onInterrupt: () => () => {},
};
const all = [...doingCommands(commandTree(quiet))].map(([words]) => words);
const examples = Object.entries(EXAMPLES).flatMap(([words, lines]) => lines.map((line) => [line, words] as const));

test('every command has an example, and every example a command', () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(all.toSorted());
});

test.each(examples)('%s', async (line, words) => {
  const [name, ...args] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  expect(name).toBe('campanile');
  expect(args.join(' ')).toContain(words);
  // An option or argument that does not exist, or one that is missing, throws.
  await commandTree(quiet).parseAsync(args, { from: 'user' });
});

describe('help', () => {
  test.each(all)('%s --help shows its examples and ends with 0', async (words) => {
    const { code, out } = await campanile({}, ...words.split(' '), '--help');
    expect(code).toBe(0);
    for (const line of EXAMPLES[words] ?? []) expect(out.join('\n')).toContain(line);
  });

  test('tells every exit code', async () => {
    const { out } = await campanile({}, '--help');
    for (const [name, text] of Object.entries(EXIT_TEXT))
      expect(out.join('\n')).toContain(`${EXIT[name as keyof typeof EXIT]}  ${text}`);
  });
});

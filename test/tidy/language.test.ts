/** The language rules, fed with each escape hatch. */
import { describe, expect, test } from 'vitest';
import { plainTypeScript } from './language.ts';
import { refused } from './refused.ts';

describe('is refused:', () => {
  test.each([
    ['any', 'const a: any = 1;'],
    ['any', 'const a = b as readonly any[];'],
    ['"!" asserts', 'use(a!);'],
    ['"!:"', 'class A { b!: string; }'],
    ['"!:"', 'let a!: string;'],
    ['default exports', 'export default 1;'],
    ['enums', 'enum A { B }'],
    ['enums', 'const enum A { B }'],
    ['namespaces', 'namespace A { export const b = 1; }'],
    ['decorators', 'class A { @logged b() {} }'],
    ['parameter properties', 'class A { constructor(readonly b: string) {} }'],
    ['private and protected', 'class A { private b = 1; }'],
    ['private and protected', 'class A { protected b() {} }'],
    ['re-exports', "export { b } from './b.ts';"],
    ['re-exports', "export * from './b.ts';"],
    ['@ts-ignore', `// @ts-${'ignore'}\nuse(a);`],
  ])('%s in %s', (word, text) => {
    expect(refused(plainTypeScript, 'src/engine/a.ts', text)).toEqual([expect.stringContaining(word)]);
  });
});

describe('passes:', () => {
  test.each([
    ['unknown', 'const a: unknown = 1; const many = any(1);'],
    ['not', 'use(!a, a !== b);'],
    ['the words in comments and texts', "// any enum, private\nconst a = 'as any';"],
    ['a private field', 'class A { readonly #b = 1; }'],
    ['types added to a package', "declare module 'vitest' { export interface A { b: string } }"],
    ['an export by name', 'const a = 1; export { a };'],
  ])('%s', (_, text) => {
    expect(refused(plainTypeScript, 'src/engine/a.ts', text)).toEqual([]);
  });

  test('"!" in a test', () => {
    expect(refused(plainTypeScript, 'src/engine/a.test.ts', 'use(a!);')).toEqual([]);
    expect(refused(plainTypeScript, 'test/world/a.ts', 'use(a!);')).toEqual([]);
  });

  test('re-exports in the doors of a folder', () => {
    expect(refused(plainTypeScript, 'src/engine/index.ts', "export { b } from './b.ts';")).toEqual([]);
    expect(refused(plainTypeScript, 'src/engine/ports.ts', "export type { B } from './b.ts';")).toEqual([]);
    expect(refused(plainTypeScript, 'src/sdk/operator.ts', "export { b } from './b.ts';")).toEqual([]);
  });
});

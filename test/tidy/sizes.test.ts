/** The size rules, fed with what is just short enough and just too long. */
import { expect, test } from 'vitest';
import { refused } from './refused.ts';
import { filesAreShort, functionsAreShort } from './sizes.ts';

const statements = (count: number): string[] => Array.from({ length: count }, (_, index) => `  use(${index});`);

test('a function of 60 lines passes, one of 61 does not', () => {
  expect(refused(functionsAreShort, 'src/a.ts', 'function a() {', ...statements(58), '}')).toEqual([]);
  const long = refused(functionsAreShort, 'src/a.ts', '// why', 'function a() {', ...statements(59), '}');
  expect(long).toEqual(['2 is a function of 61 lines; at most 60']);
});

test.each([
  ['an arrow function', 'const a = () => {', '};'],
  ['a method', 'class A { b() {', '} }'],
  ['a getter', 'const a = { get b() {', '} };'],
  ['a test', "test('a', () => {", '});'],
  ['a function whose text has braces', 'function a() { const b = "}"; const c = /}/; // }', '}'],
])('%s of 70 lines is too long', (_, open, close) => {
  expect(refused(functionsAreShort, 'src/a.ts', open, ...statements(68), close)).toHaveLength(1);
});

test('the body of describe is a list of tests and may be longer', () => {
  const body = [...statements(70), '});'];
  expect(refused(functionsAreShort, 'src/a.test.ts', "describe('a', () => {", ...body)).toEqual([]);
  expect(refused(functionsAreShort, 'src/a.test.ts', "describe.each([1])('a', () => {", ...body)).toEqual([]);
});

test('a file of 400 lines passes, one of 401 does not', () => {
  expect(refused(filesAreShort, 'src/a.ts', ...statements(400), '')).toEqual([]);
  expect(refused(filesAreShort, 'src/a.ts', ...statements(401), '')).toEqual([
    '1 has 401 lines; a file has at most 400',
  ]);
});

test('a generated file may have any size', () => {
  expect(refused(filesAreShort, 'src/a.gen.ts', ...statements(900))).toEqual([]);
  expect(refused(functionsAreShort, 'src/a.gen.ts', 'function a() {', ...statements(90), '}')).toEqual([]);
});

/** The import table makes sense in itself: it names only folders it has rows for, and nothing depends on itself in a circle. */
import { expect, test } from 'vitest';
import { edges, HOUSE, readEntry } from './house.ts';

test('every folder that a row names has a row', () => {
  const named = Object.values(HOUSE).flatMap((row) => row.map((text) => readEntry(text).what));
  const folders = named.filter((what) => what.endsWith('/')).map((what) => what.slice(0, -1));
  expect(folders.filter((folder) => !(folder in HOUSE))).toEqual([]);
});

test('the folders can be built one after the other', () => {
  const graph = edges(HOUSE);
  const built = new Set<string>();
  const ready = () =>
    [...graph].find(([folder, targets]) => !built.has(folder) && [...targets.keys()].every((to) => built.has(to)));
  for (let next = ready(); next !== undefined; next = ready()) built.add(next[0]);
  expect([...graph.keys()].filter((folder) => !built.has(folder))).toEqual([]);
});

test('no entry stands twice in a row', () => {
  for (const row of Object.values(HOUSE)) expect(new Set(row).size).toBe(row.length);
});

// Lines of a CSV file as a spreadsheet will read them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test('commas, quotes and line ends stay inside their cell', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', undefined, 7])).toBe('"a,b","say ""hi""","two\nlines",,7');
});

test('a text that a spreadsheet would run as a formula is no formula', () => {
  expect(csvLine(['=1+1', '+49', '-1', '@x', '12', -1])).toBe("'=1+1,'+49,'-1,'@x,12,-1");
});

test('whatever the cells hold, there are as many of them on the other side', () => {
  const cell = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
      expect(cellsOf(csvLine(cells))).toEqual(cells.map((one) => (/^[=+\-@\t\r]/.test(one) ? `'${one}` : one)));
    }),
    { numRuns: 200 },
  );
});

/** Reads one record by RFC 4180. */
function cellsOf(line: string): readonly string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

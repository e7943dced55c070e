// Tables as CSV files (RFC 4180), safe to be opened in a spreadsheet.

export type Cell = string | number | undefined;

/** A spreadsheet would run a text that begins like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of the file, without its end. */
export const csvLine = (cells: readonly Cell[]): string => cells.map(cellText).join(',');

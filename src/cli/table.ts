// Lists for people: columns side by side, or the same as JSON for programs.
import type { Terminal } from './terminal.ts';

export type Row = readonly (string | number | undefined)[];

export function tableLines(head: readonly string[], rows: readonly Row[]): readonly string[] {
  const cells = [head, ...rows.map((row) => row.map((cell) => String(cell ?? '-')))];
  const widths = head.map((_, place) => Math.max(...cells.map((row) => row[place]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export interface Listing<Item> {
  readonly items: AsyncIterable<Item> | Iterable<Item>;
  readonly head: readonly string[];
  readonly row: (item: Item) => Row;
}

/** With `json` one line for each item, so that a long list needs no memory. */
export async function printList<Item>(terminal: Terminal, json: boolean, listing: Listing<Item>): Promise<void> {
  const rows: Row[] = [];
  for await (const item of listing.items) {
    if (json) terminal.out(JSON.stringify(item));
    else rows.push(listing.row(item));
  }
  if (!json) for (const line of tableLines(listing.head, rows)) terminal.out(line);
}

/** An object's fields, one a line. */
export function printOne(terminal: Terminal, json: boolean, item: object): void {
  if (json) {
    terminal.out(JSON.stringify(item));
    return;
  }
  const rows = Object.entries(item).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value),
  ]);
  for (const line of tableLines(['field', 'value'], rows)) terminal.out(line);
}

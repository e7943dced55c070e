// Reads a CSV of devices into the same items that a JSON import has; a fault of one row rejects only that row.

import { LIMITS } from './limits.ts';

/** A whole-file fault is a sentence; otherwise each row is an item for `DeviceItem` or a sentence of its own. */
export type CsvDevices =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly sentence: string };

export type CsvRow =
  | { readonly ok: true; readonly line: number; readonly item: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly line: number; readonly imei: string; readonly sentence: string };

const PLAIN_COLUMNS = ['imei', 'make', 'model', 'transport', 'firmware', 'timeZone', 'ddiToken'] as const;
const COLUMNS_IN_WORDS =
  'imei, make, model, transport, firmware, software.<name>, timeZone, psk.identity, psk.key, ddiToken, labels.<name>';

type Column =
  | { readonly kind: 'plain'; readonly field: string }
  | { readonly kind: 'nested'; readonly field: 'software' | 'labels' | 'psk'; readonly name: string };

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export function parseDevicesCsv(text: string, devicesMax: number = LIMITS.importDevicesMax): CsvDevices {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const split = splitRows(content, separatorOf(content));
  if (!split.ok) return split;
  const [head, ...body] = split.rows;
  if (head === undefined) return refuse(`the CSV: given nothing, accepted: a header of ${COLUMNS_IN_WORDS}`);
  const columns = readHeader(head.cells);
  if (!columns.ok) return columns;
  if (body.length > devicesMax) {
    return refuse(`the CSV: given ${body.length} devices, accepted: at most ${devicesMax} devices`);
  }
  return { ok: true, rows: body.map((row) => readRow(row, columns.columns)) };
}

/** Spreadsheets of half of Europe write semicolons; the header has no other use for either sign. */
function separatorOf(content: string): ',' | ';' {
  const header = content.slice(0, content.search(/[\r\n]|$/));
  const unquoted = header.replace(/"[^"]*"/g, '');
  return unquoted.split(';').length > unquoted.split(',').length ? ';' : ',';
}

type Split = { readonly ok: true; readonly rows: readonly Row[] } | { readonly ok: false; readonly sentence: string };

/** RFC 4180, with either separator and any line end. Empty lines are skipped. */
function splitRows(content: string, separator: ',' | ';'): Split {
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = 0;
  while (at < content.length || cells.length > 0) {
    const field = readField(content, at, separator);
    if (field === undefined) {
      return refuse(`line ${line} of the CSV: given a broken quoted field, accepted: "…" with quotes doubled`);
    }
    cells.push(field.text);
    line += linesIn(content, at, field.end);
    at = field.end + 1;
    if (content[field.end] === separator) continue;
    if (content.startsWith('\r\n', field.end)) at += 1;
    if (cells.some((cell) => cell !== '')) rows.push({ line: rowLine, cells });
    cells = [];
    line += 1;
    rowLine = line;
  }
  return { ok: true, rows };
}

interface Field {
  readonly text: string;
  /** Where its separator, line end or the end of the content is. */
  readonly end: number;
}

const FIELD_ENDS = { ',': /[,\r\n]|$/g, ';': /[;\r\n]|$/g } as const;
const BLANKS = /[ \t]*/y;

/** Undefined when a quoted field is not closed, or followed by more than blanks. */
function readField(content: string, start: number, separator: ',' | ';'): Field | undefined {
  const at = skipBlanks(content, start);
  if (content[at] !== '"') {
    const ends = FIELD_ENDS[separator];
    ends.lastIndex = start;
    const end = ends.exec(content)?.index ?? content.length;
    return { text: content.slice(start, end).trim(), end };
  }
  const close = closingQuote(content, at + 1);
  if (close === undefined) return undefined;
  const end = skipBlanks(content, close + 1);
  const follower = content[end];
  if (follower !== undefined && follower !== separator && follower !== '\r' && follower !== '\n') return undefined;
  return { text: content.slice(at + 1, close).replaceAll('""', '"'), end };
}

function closingQuote(content: string, start: number): number | undefined {
  for (let at = content.indexOf('"', start); at !== -1; at = content.indexOf('"', at + 2)) {
    if (content[at + 1] !== '"') return at;
  }
  return undefined;
}

function skipBlanks(content: string, start: number): number {
  BLANKS.lastIndex = start;
  BLANKS.exec(content);
  return Math.max(BLANKS.lastIndex, start);
}

/** A quoted field may span lines; `end` itself is not counted. */
function linesIn(content: string, start: number, end: number): number {
  return content.slice(start, end).split('\n').length - 1;
}

type Header =
  | { readonly ok: true; readonly columns: readonly Column[] }
  | { readonly ok: false; readonly sentence: string };

function readHeader(cells: readonly string[]): Header {
  if (cells.length > LIMITS.csvColumnsMax) {
    return refuse(`the header: given ${cells.length} columns, accepted: at most ${LIMITS.csvColumnsMax}`);
  }
  const columns: Column[] = [];
  const seen = new Set<string>();
  for (const name of cells) {
    const column = columnOf(name);
    if (column === undefined)
      return refuse(`the header: given column ${JSON.stringify(name)}, accepted: ${COLUMNS_IN_WORDS}`);
    if (seen.has(name))
      return refuse(`the header: given column ${JSON.stringify(name)} twice, accepted: each column once`);
    seen.add(name);
    columns.push(column);
  }
  if (!seen.has('imei')) return refuse(`the header: given no column imei, accepted: ${COLUMNS_IN_WORDS}`);
  return { ok: true, columns };
}

function columnOf(name: string): Column | undefined {
  if ((PLAIN_COLUMNS as readonly string[]).includes(name)) return { kind: 'plain', field: name };
  if (name === 'psk.identity' || name === 'psk.key') return { kind: 'nested', field: 'psk', name: name.slice(4) };
  for (const field of ['software', 'labels'] as const) {
    const inner = name.slice(field.length + 1);
    if (name.startsWith(`${field}.`) && inner !== '') return { kind: 'nested', field, name: inner };
  }
  return undefined;
}

function readRow({ line, cells }: Row, columns: readonly Column[]): CsvRow {
  const imei = cells[columns.findIndex((column) => column.field === 'imei')] ?? '';
  const fault = (sentence: string): CsvRow => ({ ok: false, line, imei, sentence: `line ${line}: ${sentence}.` });
  if (cells.length > columns.length)
    return fault(`given ${cells.length} cells, accepted: ${columns.length} as in the header`);
  if (cells.some((cell) => cell.length > LIMITS.csvCellLengthMax)) {
    return fault(`given a cell that is too long, accepted: at most ${LIMITS.csvCellLengthMax} characters`);
  }
  // A spreadsheet that took the IMEI for a number has already lost its last digits.
  if (/^\d(?:[.,]\d+)?[eE]\+?\d+$/.test(imei)) {
    return fault(
      `imei: given ${JSON.stringify(imei)}, accepted: an IMEI of 15 digits; the spreadsheet has turned it into a number: format the column as text and export again`,
    );
  }
  return { ok: true, line, item: itemOf(cells, columns) };
}

/** A column that is absent leaves a field unchanged, an empty cell clears it. */
function itemOf(cells: readonly string[], columns: readonly Column[]): Readonly<Record<string, unknown>> {
  const item = new Map<string, unknown>();
  const nested = new Map<string, Map<string, string>>();
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (column.kind === 'plain') {
      // Nothing can be cleared about a transport.
      if (column.field !== 'transport' || cell !== '') item.set(column.field, cell);
      continue;
    }
    const entries = nested.get(column.field) ?? new Map<string, string>();
    nested.set(column.field, entries.set(column.name, cell));
  }
  for (const [field, entries] of nested) item.set(field, Object.fromEntries(entries));
  return Object.fromEntries(item);
}

function refuse(sentence: string): { readonly ok: false; readonly sentence: string } {
  return { ok: false, sentence: `${sentence}.` };
}

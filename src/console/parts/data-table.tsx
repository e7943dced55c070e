// The one table of the console: columns as data, long lists drawn row by row as they are scrolled, pages fetched on demand.

import { Button, Checkbox } from '@mantine/core';
import { type ColumnDef, type RowData, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useMemo, useRef } from 'react';
import { Icon } from './icon.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand on the right. */
  readonly align?: 'right';
  /** Left out on a phone. */
  readonly wideOnly?: boolean;
  /** Can be sorted by. */
  readonly sortable?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly change: (chosen: ReadonlySet<string>) => void;
}

interface DataTableProps<Row> {
  /** What the rows are, for readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly selection?: Selection;
  /** There are more on the server. */
  readonly more?: (() => void) | undefined;
  readonly isLoadingMore?: boolean;
}

const features = tableFeatures({});
/** Longer lists are drawn as far as they are seen. */
const DRAWN_WHOLE_MAX = 60;
const ROW_HEIGHT = 42;

export function DataTable<Row extends RowData>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, rows, keyOf, empty, selection, more, isLoadingMore = false } = props;
  const room = useRef<HTMLDivElement>(null);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const table = useTable({ features, columns: definitions, data: rows, getRowId: keyOf });
  const isLong = rows.length > DRAWN_WHOLE_MAX;
  const drawn = useDrawn(rows.length, isLong, room);
  if (rows.length === 0) return empty;
  const span = columns.length + (selection === undefined ? 0 : 1);
  const model = table.getRowModel().rows;
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <section className={isLong ? 'table-room table-tall' : 'table-room'} ref={room} tabIndex={0} aria-label={label}>
        <table className="table" aria-rowcount={rows.length + 1}>
          <thead>
            <Head {...props} />
          </thead>
          <tbody>
            <Pad height={drawn.before} span={span} />
            {model.slice(drawn.from, drawn.until).map((row) => (
              <tr key={row.id}>
                {selection === undefined ? null : <Check id={row.id} selection={selection} />}
                {row.getAllCells().map((cell, place) => (
                  <td key={cell.id} className={classOf(columns[place])}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
            <Pad height={drawn.after} span={span} />
          </tbody>
        </table>
      </section>
      <div className="table-more">
        <span>
          {rows.length.toLocaleString('en')}
          {more === undefined ? '' : '+'} {label.toLowerCase()}
        </span>
        {more === undefined ? null : (
          <Button variant="default" size="xs" loading={isLoadingMore} onClick={more}>
            Show more
          </Button>
        )}
      </div>
    </div>
  );
}

const definitionOf = <Row extends RowData>({ id, head, cell }: Column<Row>): ColumnDef<typeof features, Row> => ({
  id,
  header: head,
  cell: ({ row }) => cell(row.original),
});

const classOf = (column: { readonly align?: 'right'; readonly wideOnly?: boolean } | undefined): string =>
  [column?.align, column?.wideOnly === true ? 'wide-only' : undefined].filter((one) => one !== undefined).join(' ');

interface Drawn {
  readonly from: number;
  readonly until: number;
  readonly before: number;
  readonly after: number;
}

function useDrawn(count: number, isLong: boolean, room: RefObject<HTMLDivElement | null>): Drawn {
  const virtual = useVirtualizer({
    count: isLong ? count : 0,
    getScrollElement: () => room.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  if (!isLong) return { from: 0, until: count, before: 0, after: 0 };
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return { from: 0, until: DRAWN_WHOLE_MAX, before: 0, after: 0 };
  return { from: first.index, until: last.index + 1, before: first.start, after: virtual.getTotalSize() - last.end };
}

function Pad({ height, span }: { readonly height: number; readonly span: number }): ReactNode {
  if (height === 0) return null;
  return (
    <tr className="pad">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function Head<Row>({ columns, rows, keyOf, sort, onSort, selection }: DataTableProps<Row>): ReactNode {
  return (
    <tr>
      {selection === undefined ? null : <CheckAll keys={rows.map(keyOf)} selection={selection} />}
      {columns.map((column) => {
        const isSorted = sort?.by === column.id;
        const direction = sort?.descending === true ? 'descending' : 'ascending';
        return (
          <th key={column.id} scope="col" className={classOf(column)} aria-sort={isSorted ? direction : undefined}>
            {column.sortable === true && onSort !== undefined ? (
              <button
                type="button"
                className="sort"
                onClick={() => onSort({ by: column.id, descending: isSorted ? sort?.descending !== true : false })}
              >
                {column.head} {isSorted ? <Icon name={sort?.descending === true ? 'down' : 'up'} size={13} /> : null}
              </button>
            ) : (
              column.head
            )}
          </th>
        );
      })}
    </tr>
  );
}

function Check({
  id,
  selection: { chosen, change },
}: {
  readonly id: string;
  readonly selection: Selection;
}): ReactNode {
  const toggle = (): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    change(next);
  };
  return (
    <td className="check">
      <Checkbox size="xs" aria-label={`Choose ${id}`} checked={chosen.has(id)} onChange={toggle} />
    </td>
  );
}

interface CheckAllProps {
  readonly keys: readonly string[];
  readonly selection: Selection;
}

function CheckAll({ keys, selection: { chosen, change } }: CheckAllProps): ReactNode {
  const areAll = keys.every((key) => chosen.has(key));
  return (
    <th scope="col" className="check">
      <Checkbox
        size="xs"
        aria-label="Choose all that are shown"
        checked={areAll}
        indeterminate={!areAll && keys.some((key) => chosen.has(key))}
        onChange={() => change(areAll ? new Set() : new Set([...chosen, ...keys]))}
      />
    </th>
  );
}

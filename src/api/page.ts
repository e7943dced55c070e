// Pages of a collection: one row more is read than is shown, to know whether there is another page.
import type { PageRequest } from '../accounts/ports.ts';
import type { PageQuery } from '../contract/index.ts';

export interface Page<Item> {
  readonly rows: readonly Item[];
  /** Spread into the answer. */
  readonly next: { readonly nextPageToken?: string };
}

export async function readPage<Item>(
  { limit, after }: PageQuery,
  read: (page: PageRequest) => Promise<readonly Item[]>,
  keyOf: (item: Item) => string,
): Promise<Page<Item>> {
  const found = await read({ max: limit + 1, ...(after === undefined ? {} : { after }) });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { rows, next: isMore ? { nextPageToken: keyOf(last) } : {} };
}

/** Every row of a collection, a page at a time. */
export async function* everyPage<Item>(
  max: number,
  read: (page: PageRequest) => Promise<readonly Item[]>,
  keyOf: (item: Item) => string,
): AsyncGenerator<readonly Item[]> {
  let after: string | undefined;
  for (;;) {
    const rows = await read({ max, ...(after === undefined ? {} : { after }) });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < max) return;
    after = keyOf(last);
  }
}

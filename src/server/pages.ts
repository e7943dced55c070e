// Every row of a list that is read a page at a time.
import { SERVER_LIMITS } from './limits.ts';

export async function* pages<Row>(
  list: (page: { readonly max: number; readonly after?: string }) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row, void, undefined> {
  const max = SERVER_LIMITS.pageMax;
  let rows = await list({ max });
  for (;;) {
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < max) return;
    rows = await list({ max, after: keyOf(last) });
  }
}

// Pages of the original service: behind the last id seen, or from an index on (contract.md §6.4, §9-26).
import type { PageRequest } from '../accounts/ports.ts';
import { LIMITS } from '../contract/index.ts';
import { invalid, type Refusal } from './refusal.ts';

/** Rows of a page, and whether there is another behind it. */
interface Cut<Item> {
  readonly rows: readonly Item[];
  readonly hasMore: boolean;
}

/** One row more is read than is shown, to know whether there is another page. */
async function cut<Item>(
  page: Omit<PageRequest, 'max'>,
  read: (page: PageRequest) => Promise<readonly Item[]>,
): Promise<Cut<Item>> {
  const max = LIMITS.fotaPageSizeMax;
  const found = await read({ ...page, max: max + 1 });
  return { rows: found.slice(0, max), hasMore: found.length > max };
}

export const afterId = <Item>(
  id: string | undefined,
  read: (page: PageRequest) => Promise<readonly Item[]>,
): Promise<Cut<Item>> => cut(id === undefined ? {} : { after: id }, read);

export const fromIndex = <Item>(
  startIndex: number,
  read: (page: PageRequest) => Promise<readonly Item[]>,
): Promise<Cut<Item>> => cut({ skip: startIndex }, read);

/** Spread into an answer whose devices are paged by id. */
export function devicesPage<Item>({ rows, hasMore }: Cut<Item>, idOf: (item: Item) => string) {
  const last = rows.at(-1);
  return {
    hasMoreData: hasMore,
    ...(hasMore && last !== undefined ? { lastSeenDeviceId: idOf(last) } : {}),
    maxPageSize: LIMITS.fotaPageSizeMax,
  };
}

/** Spread into an answer whose devices are paged by index. */
export const indexPage = ({ rows, hasMore }: Cut<unknown>, startIndex: number) => ({
  hasMoreData: hasMore,
  lastSeenDeviceId: startIndex + rows.length,
});

/** contract.md §5.1: an index behind the end of a list of devices is refused; an empty list has a first page. */
export function refuseIndex(startIndex: number, found: number): Refusal | undefined {
  if (startIndex === 0 || found > 0) return undefined;
  return invalid(`startIndex: given ${startIndex}, accepted: an index below the number of devices in the list.`);
}

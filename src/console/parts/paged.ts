// Lists that the server gives page by page: the pages read so far as one list, and how to read the next.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { PageOptions } from '../../sdk/operator.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
}

export interface Paged<Item> {
  /** Undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  readonly error: Error | null;
  readonly again: () => void;
  /** Absent where there are no more. */
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
}

const PAGE_SIZE = 200;

export function usePaged<Item>(
  queryKey: readonly unknown[],
  read: (page: PageOptions) => Promise<Page<Item>>,
  limit = PAGE_SIZE,
): Paged<Item> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      read({ limit, signal, ...(pageParam === undefined ? {} : { after: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Item>) => last.nextPageToken,
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    again: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  };
}

// What stands in place of a list that is not there yet, or cannot be read.

import type { ReactNode } from 'react';
import { Busy } from './busy.tsx';
import { Failure } from './failure.tsx';
import type { Paged } from './paged.ts';

interface ListedProps<Item> {
  readonly of: Pick<Paged<Item>, 'items' | 'error' | 'again'>;
  readonly what: string;
  readonly children: (items: readonly Item[]) => ReactNode;
}

export function Listed<Item>({ of: { items, error, again }, what, children }: ListedProps<Item>): ReactNode {
  if (items !== undefined) return children(items);
  return error === null ? <Busy what={`Loading ${what}`} /> : <Failure error={error} again={again} />;
}

// An address that leads nowhere.

import type { ReactNode } from 'react';
import { Empty, Page } from './page.tsx';

export function Nowhere(): ReactNode {
  return (
    <Page title="Nothing here">
      <Empty title="There is no such page.">
        <a href="/">To the first page</a>
      </Empty>
    </Page>
  );
}

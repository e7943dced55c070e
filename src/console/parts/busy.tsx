// Something is on its way.

import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';

export function Busy({ what }: { readonly what: string }): ReactNode {
  return (
    <div className="busy" role="status">
      <Loader size="sm" aria-hidden /> {what} …
    </div>
  );
}

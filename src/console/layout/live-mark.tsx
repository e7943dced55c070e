// Says whether what is shown is as it is now.

import type { ReactNode } from 'react';
import { useLive } from '../live.tsx';
import { awayText, useNow } from '../parts/time.tsx';

export function LiveMark(): ReactNode {
  const { state, since } = useLive();
  const now = useNow();
  if (state === 'off') return null;
  const word = state === 'live' ? 'Live' : state === 'opening' ? 'Connecting' : `Stale, as of ${awayText(since, now)}`;
  return (
    <span className={`live-mark live-${state}`} role="status">
      <span className="live-dot" aria-hidden="true" />{' '}
      <span className={state === 'live' ? 'wide-word' : ''}>{word}</span>
    </span>
  );
}

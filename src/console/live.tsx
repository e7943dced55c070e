// News from the server: what has changed is read again, and it is known whether news still come.

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { CampanileError } from '../sdk/operator.ts';
import { client } from './client.ts';
import { clock } from './clock.ts';
import { accountKey, queryClient, SESSION_KEY } from './queries.ts';

export interface LiveState {
  /** off: no account is looked at. stale: news have stopped coming. */
  readonly state: 'off' | 'opening' | 'live' | 'stale';
  /** When the server was heard last. */
  readonly since: number;
}

const LiveContext = createContext<LiveState>({ state: 'off', since: 0 });
export const useLive = (): LiveState => useContext(LiveContext);

/** Between two attempts to connect (milliseconds). */
const AGAIN_MS = 2_000;

export function Live({ account, children }: { readonly account: string; readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<LiveState>({ state: 'off', since: 0 });
  useEffect(() => {
    if (account === '') {
      setState({ state: 'off', since: 0 });
      return undefined;
    }
    const leaving = new AbortController();
    void listen(account, leaving.signal, setState);
    return () => leaving.abort();
  }, [account]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

async function listen(account: string, signal: AbortSignal, tell: (state: LiveState) => void): Promise<void> {
  let after: string | undefined;
  let since = clock.now();
  tell({ state: 'opening', since });
  while (!signal.aborted) {
    try {
      for await (const event of client.live(account, after === undefined ? { signal } : { signal, after })) {
        after = event.id ?? after;
        since = clock.now();
        tell({ state: 'live', since });
        if (event.kind === 'changed') take(account, event.what);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CampanileError && error.status === 401) queryClient.setQueryData(SESSION_KEY, null);
    }
    if (signal.aborted) return;
    tell({ state: 'stale', since });
    await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
  }
}

/** Everything of that kind that is shown is read again. */
function take(account: string, what: string): void {
  const queryKey = what === 'all' ? ['account', account] : accountKey(account, 'campaigns');
  void queryClient.invalidateQueries({ queryKey });
}

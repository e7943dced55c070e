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
/** The server gives a sign of life every ten seconds; after so long without one it is taken to be away. */
const SILENCE_MS = 25_000;

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

async function listen(account: string, signal: AbortSignal, tell: Tell): Promise<void> {
  const heard: Heard = { since: clock.now() };
  tell({ state: 'opening', since: heard.since });
  while (!signal.aborted) {
    const isFailed = await hear(account, heard, signal, tell);
    if (signal.aborted) return;
    if (isFailed) tell({ state: 'stale', since: heard.since });
    await new Promise<void>((resolve) => clock.after(isFailed ? AGAIN_MS : 0, resolve));
  }
}

interface Heard {
  since: number;
  after?: string;
}

type Tell = (state: LiveState) => void;

/** One connection; true where it broke or fell silent, false where the server ended it in good order. */
async function hear(account: string, heard: Heard, signal: AbortSignal, tell: Tell): Promise<boolean> {
  const silence = new AbortController();
  let cancel = clock.after(SILENCE_MS, () => silence.abort());
  try {
    const { after } = heard;
    const ended = AbortSignal.any([signal, silence.signal]);
    for await (const event of client.live(account, { signal: ended, ...(after === undefined ? {} : { after }) })) {
      cancel();
      cancel = clock.after(SILENCE_MS, () => silence.abort());
      heard.after = event.eventId;
      heard.since = clock.now();
      tell({ state: 'live', since: heard.since });
      if (event.kind === 'changed') take(account, event.what);
    }
    return false;
  } catch (error) {
    if (error instanceof CampanileError && error.status === 401) queryClient.setQueryData(SESSION_KEY, null);
    return true;
  } finally {
    cancel();
  }
}

/** Everything of that kind that is shown is read again. */
function take(account: string, what: string): void {
  const queryKey = what === 'all' ? ['account', account] : accountKey(account, 'campaigns');
  void queryClient.invalidateQueries({ queryKey });
}

// What the console has read from the server, and when it reads it again. Whatever belongs to an account is kept under
// ['account', name, what, …], so that news about `what` can be taken up by everything that shows it.

import { QueryCache, QueryClient } from '@tanstack/react-query';
import { CampanileError } from '../sdk/operator.ts';

/** Read again after so long even when no news came: another node of a cluster may have changed it (milliseconds). */
const REFRESH_MS = 15_000;

export const SESSION_KEY = ['session'] as const;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The session has ended: the gate shows the way in again.
      if (error instanceof CampanileError && error.status === 401) queryClient.setQueryData(SESSION_KEY, null);
    },
  }),
  defaultOptions: {
    // The client has tried again already where that can help.
    queries: { staleTime: 5_000, retry: false, refetchInterval: REFRESH_MS, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

export type What = 'campaigns' | 'devices' | 'packages' | 'callbacks' | 'audit' | 'settings';

/** The key of something of an account. */
export const accountKey = (account: string, what: What, ...rest: readonly unknown[]): readonly unknown[] => [
  'account',
  account,
  what,
  ...rest,
];

/** Whatever shows `what` of the account reads it again. */
export const refresh = (account: string, what: What): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: accountKey(account, what) });

// The account that a page is about: it stands in the address, so that links can be passed on.

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { AccountView } from '../sdk/operator.ts';
import { client } from './client.ts';

/** Accounts that the switcher shows; a server with more is searched by name. */
const ACCOUNTS_SHOWN_MAX = 1_000;

const LAST_KEY = 'campanile-account';

/** Only below a route with `$account`. */
export function useAccount(): string {
  const { account }: { readonly account?: string } = useParams({ strict: false });
  return account ?? '';
}

export const useAccounts = () =>
  useQuery({
    queryKey: ['accounts'],
    queryFn: async ({ signal }): Promise<readonly AccountView[]> =>
      (await client.accounts.list({ limit: ACCOUNTS_SHOWN_MAX, signal })).items,
    staleTime: 60_000,
  });

/** The one that was looked at last in this browser. */
export const lastAccount = (): string | null => window.localStorage.getItem(LAST_KEY);
export const rememberAccount = (account: string): void => window.localStorage.setItem(LAST_KEY, account);

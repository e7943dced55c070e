// Who is signed in: asked once when the page opens, shown to every part, and the way in where nobody is.

import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { CampanileError, type Role } from '../../sdk/operator.ts';
import { client } from '../client.ts';
import { Busy } from '../parts/busy.tsx';
import { Failure } from '../parts/failure.tsx';
import { queryClient, SESSION_KEY } from '../queries.ts';

export interface Me {
  readonly name: string;
  readonly role: Role;
}

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
const MeContext = createContext<Me>({ name: '', role: 'viewer' });

export const useMe = (): Me => useContext(MeContext);

/** Whether the role is enough; what a viewer may not do is not shown to it. */
export const useMay = (needed: Role): boolean => RANKS[useMe().role] >= RANKS[needed];

/** Shows its children only to somebody. */
export function May({ atLeast, children }: { readonly atLeast: Role; readonly children: ReactNode }): ReactNode {
  return useMay(atLeast) ? children : null;
}

/** Null: nobody is signed in. */
async function whoAmI(): Promise<Me | null> {
  try {
    return (await client.session.get()).operator;
  } catch (error) {
    if (error instanceof CampanileError && error.status === 401) return null;
    throw error;
  }
}

const useSession = () =>
  useQuery({ queryKey: SESSION_KEY, queryFn: whoAmI, staleTime: 60_000, refetchInterval: 300_000 });

export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const { data, error, refetch } = useSession();
  if (data === null) return <ToSignIn />;
  if (data !== undefined) return <MeContext value={data}>{children}</MeContext>;
  return error === null ? <Busy what="Signing in" /> : <Failure error={error} again={() => void refetch()} />;
}

/** Leads to the way in once, and remembers where to come back to; the address changes before this is taken away. */
function ToSignIn(): ReactNode {
  const navigate = useNavigate();
  const { href } = useLocation();
  const [from] = useState(href);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: from === '/' ? {} : { next: from }, replace: true });
  }, [navigate, from]);
  return null;
}

export function begun(me: Me): void {
  queryClient.setQueryData(SESSION_KEY, me);
}

export async function signOut(): Promise<void> {
  await client.session.signOut();
  queryClient.clear();
  queryClient.setQueryData(SESSION_KEY, null);
}

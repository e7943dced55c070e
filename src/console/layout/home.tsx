// The first page: leads to the account that was looked at last, or says how to make the first one.

import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { lastAccount, useAccounts } from '../account.ts';
import { Busy } from '../parts/busy.tsx';
import { Failure } from '../parts/failure.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { useMay } from '../session/session.tsx';
import { FirstAccount } from './first-account.tsx';

export function Home(): ReactNode {
  const { data, error, refetch } = useAccounts();
  const isAdmin = useMay('admin');
  if (data === undefined)
    return error === null ? <Busy what="Loading" /> : <Failure error={error} again={() => void refetch()} />;
  const known = data.find(({ accountName }) => accountName === lastAccount()) ?? data[0];
  if (known !== undefined) return <Navigate to="/$account" params={{ account: known.accountName }} replace />;
  return (
    <Page title="Welcome" subtitle="This server has no account yet. An account owns devices, packages and campaigns.">
      <Panel>{isAdmin ? <FirstAccount /> : <p>Ask an admin of this server to make the first account.</p>}</Panel>
    </Page>
  );
}

// What an admin sets: the account and its credentials and keys, device profiles, accounts and operators of the server, limits.

import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAccount } from '../../account.ts';
import { useWanted } from '../../parts/address.ts';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { useMay } from '../../session/session.tsx';
import { AccountForm } from './account-form.tsx';
import { Accounts } from './accounts.tsx';
import { Credentials } from './credentials.tsx';
import { ImageKeys } from './image-keys.tsx';
import { Limits } from './limits.tsx';
import { Operators } from './operators.tsx';
import { Profiles } from './profiles.tsx';

const TABS = [
  ['account', 'This account', AccountForm],
  ['credentials', 'Credentials', Credentials],
  ['keys', 'Image keys', ImageKeys],
  ['profiles', 'Device profiles', Profiles],
  ['accounts', 'Accounts', Accounts],
  ['operators', 'Operators', Operators],
  ['limits', 'Limits', Limits],
] as const;

export function SettingsPage(): ReactNode {
  const account = useAccount();
  const isAdmin = useMay('admin');
  const [{ tab = 'account' }, want] = useWanted();
  if (!isAdmin)
    return (
      <Page title="Settings">
        <Panel>
          <Empty title="Only admins see the settings." />
        </Panel>
      </Page>
    );
  return (
    <Page title="Settings">
      <Tabs value={tab} onChange={(value) => want({ tab: value ?? '' })} keepMounted={false}>
        <Tabs.List>
          {TABS.map(([value, word]) => (
            <Tabs.Tab key={value} value={value}>
              {word}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(([value, , Content]) => (
          <Tabs.Panel key={value} value={value} pt="md">
            <Content key={account} account={account} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}

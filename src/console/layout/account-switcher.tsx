// Which account is looked at, and the way to another one.

import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccounts } from '../account.ts';

export function AccountSwitcher({ account }: { readonly account: string }): ReactNode {
  const { data } = useAccounts();
  const navigate = useNavigate();
  const names = data?.map(({ accountName }) => accountName) ?? [];
  if (account === '') return null;
  return (
    <Select
      className="account-switcher"
      aria-label="Account"
      data={names.includes(account) ? names : [account, ...names]}
      value={account}
      onChange={(name) => {
        if (name !== null && name !== account) void navigate({ to: '/$account', params: { account: name } });
      }}
      allowDeselect={false}
      searchable={names.length > 8}
      comboboxProps={{ withinPortal: true }}
      nothingFoundMessage="No such account"
      limit={50}
    />
  );
}

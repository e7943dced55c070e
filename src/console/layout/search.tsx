// The search box of every page: a whole IMEI or the end of one, a campaign, a package.

import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { accountKey } from '../queries.ts';
import { type Found, search } from './search-account.ts';

export function Search({ account }: { readonly account: string }): ReactNode {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, isFetching } = useQuery({
    queryKey: accountKey(account, 'campaigns', 'search', wanted),
    queryFn: ({ signal }) => search(account, wanted, signal),
    enabled: wanted.length > 1,
    refetchInterval: false,
  });
  const open = (to: string): void => {
    setText('');
    combobox.closeDropdown();
    void navigate({ to });
  };
  return (
    <Combobox store={combobox} onOptionSubmit={open} position="bottom-start" withinPortal>
      <Combobox.Target>
        <TextInput
          className="search-room"
          type="search"
          placeholder="IMEI or its end, campaign, package"
          aria-label="Search for a device, a campaign or a package"
          leftSection={<Icon name="search" size={16} />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={wanted.length < 2}>
        <Combobox.Options aria-label="Found">
          {(data ?? []).map((found) => (
            <Option key={found.to} {...found} />
          ))}
          {data?.length === 0 && !isFetching ? <Combobox.Empty>Nothing found</Combobox.Empty> : null}
          {data === undefined ? <Combobox.Empty>Searching …</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Option({ kind, title, detail, to }: Found): ReactNode {
  return (
    <Combobox.Option value={to}>
      <span className="found">
        <span>{title}</span>
        <span className="dimmed small">
          {kind} · {detail}
        </span>
      </span>
    </Combobox.Option>
  );
}

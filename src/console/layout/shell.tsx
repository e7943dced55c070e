// What stays while pages change: the header with search, account and person, the navigation, the mark of stale data.

import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { rememberAccount, useAccount } from '../account.ts';
import { Live } from '../live.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageLink } from '../parts/link.tsx';
import { AccountSwitcher } from './account-switcher.tsx';
import { Bell } from './bell.tsx';
import { LiveMark } from './live-mark.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';
import { Search } from './search.tsx';

export function Shell(): ReactNode {
  const account = useAccount();
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => {
    if (account !== '') rememberAccount(account);
  }, [account]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page changes, it begins at its top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <Live account={account}>
      <a className="skip" href="#main">
        To the content
      </a>
      <header className="header">
        <button
          type="button"
          className="burger"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} size={22} />
          <span className="hidden-word">Pages</span>
        </button>
        <PageLink to="/" className="brand">
          <Bell /> <span className="wide-word">Campanile</span>
        </PageLink>
        {account === '' ? <span className="search-room" /> : <Search account={account} />}
        <LiveMark />
        <AccountSwitcher account={account} />
        <PersonMenu />
      </header>
      <div id="navigation" className={isOpen ? 'side side-open' : 'side'}>
        <Navigation account={account} chosen={() => setOpen(false)} />
      </div>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
    </Live>
  );
}

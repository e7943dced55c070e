// Where one can go. A page that a role may not use is not shown to it.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Role } from '../../sdk/operator.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useMay } from '../session/session.tsx';

interface Entry {
  readonly word: string;
  readonly icon: IconName;
  /** Below the account. */
  readonly path: string;
  readonly role: Role;
}

/** Every page of an account, in the order of use. */
const ENTRIES: readonly Entry[] = [
  { word: 'Waiting for you', icon: 'waiting', path: '', role: 'viewer' },
  { word: 'Campaigns', icon: 'campaigns', path: '/campaigns', role: 'viewer' },
  { word: 'Devices', icon: 'devices', path: '/devices', role: 'viewer' },
  { word: 'Packages', icon: 'packages', path: '/packages', role: 'viewer' },
  { word: 'Callbacks', icon: 'callbacks', path: '/callbacks', role: 'viewer' },
  { word: 'Audit', icon: 'audit', path: '/audit', role: 'viewer' },
  { word: 'Settings', icon: 'settings', path: '/settings', role: 'admin' },
];

interface NavigationProps {
  readonly account: string;
  /** A page was chosen. */
  readonly chosen: () => void;
}

export function Navigation({ account, chosen }: NavigationProps): ReactNode {
  return (
    <nav className="nav" aria-label="Pages">
      {account === '' ? null : ENTRIES.map((entry) => <Item key={entry.path} {...{ ...entry, account, chosen }} />)}
      <div className="nav-foot">
        <a className="nav-item" href="/docs">
          <Icon name="docs" /> API reference
        </a>
      </div>
    </nav>
  );
}

function Item({ word, icon, path, role, account, chosen }: Entry & NavigationProps): ReactNode {
  if (!useMay(role)) return null;
  return (
    <Link
      to={`/${account}${path}`}
      className="nav-item"
      activeOptions={{ exact: path === '' }}
      activeProps={{ 'aria-current': 'page' }}
      onClick={chosen}
    >
      <Icon name={icon} /> {word}
    </Link>
  );
}

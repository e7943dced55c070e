// Every address of the console and the page behind it. Pages are loaded when they are opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { Home } from './layout/home.tsx';
import { Shell } from './layout/shell.tsx';
import { Busy } from './parts/busy.tsx';
import { Failure } from './parts/failure.tsx';
import { Nowhere } from './parts/nowhere.tsx';
import { SessionGate } from './session/session.tsx';
import { SignInPage } from './session/sign-in-page.tsx';

const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error, reset }) => <Failure error={error} again={reset} />,
  notFoundComponent: Nowhere,
});

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });

/** Everything behind the sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: () => (
    <SessionGate>
      <Shell />
    </SessionGate>
  ),
});

const home = createRoute({ getParentRoute: () => inside, path: '/', component: Home });
const account = createRoute({ getParentRoute: () => inside, path: '/$account', component: Outlet });

/** A page of an account: its path below the account, and its component, loaded when it is first opened. */
const of = (path: string, component: RouteComponent) => createRoute({ getParentRoute: () => account, path, component });

const pages = [
  of(
    '/',
    lazyRouteComponent(() => import('./pages/waiting/waiting-page.tsx'), 'WaitingPage'),
  ),
  of(
    '/campaigns',
    lazyRouteComponent(() => import('./pages/campaigns/campaigns-page.tsx'), 'CampaignsPage'),
  ),
  of(
    '/campaigns/new',
    lazyRouteComponent(() => import('./pages/new-campaign/new-campaign-page.tsx'), 'NewCampaignPage'),
  ),
  of(
    '/campaigns/$campaignId',
    lazyRouteComponent(() => import('./pages/campaign/campaign-page.tsx'), 'CampaignPage'),
  ),
  of(
    '/devices',
    lazyRouteComponent(() => import('./pages/devices/devices-page.tsx'), 'DevicesPage'),
  ),
  of(
    '/devices/import',
    lazyRouteComponent(() => import('./pages/devices/import-page.tsx'), 'ImportPage'),
  ),
  of(
    '/devices/$imei',
    lazyRouteComponent(() => import('./pages/device/device-page.tsx'), 'DevicePage'),
  ),
  of(
    '/packages',
    lazyRouteComponent(() => import('./pages/packages/packages-page.tsx'), 'PackagesPage'),
  ),
  of(
    '/callbacks',
    lazyRouteComponent(() => import('./pages/callbacks/callbacks-page.tsx'), 'CallbacksPage'),
  ),
  of(
    '/audit',
    lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
  ),
  of(
    '/settings',
    lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  ),
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([home, account.addChildren(pages)])]),
  defaultPendingComponent: () => <Busy what="Loading" />,
  defaultNotFoundComponent: Nowhere,
  defaultPreload: 'intent',
  // Search parameters are plain texts, so that addresses stay readable.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const text = new URLSearchParams(given).toString();
    return text === '' ? '' : `?${text}`;
  },
});

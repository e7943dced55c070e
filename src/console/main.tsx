// The console's entry: puts the application into the page, in the colours that were chosen last.

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import './styles.ts';
import { Toasts } from './parts/toasts.tsx';
import { queryClient } from './queries.ts';
import { router } from './router.tsx';
import { theme } from './theme.ts';

const scheme = localStorageColorSchemeManager({ key: 'campanile-colors' });

/** Before the first paint, so that nobody who works in the dark is dazzled. */
function applyScheme(): void {
  const wanted = scheme.get('auto');
  const isDark = wanted === 'dark' || (wanted === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
}

const root = document.getElementById('root');
if (root !== null) {
  applyScheme();
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

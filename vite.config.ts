// How the console is built: from src/console into the folder that the server serves, every asset named by its content.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('src/console'),
  base: '/',
  plugins: [react()],
  logLevel: 'warn',
  build: {
    outDir: path('dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    // Inlined images and fonts would need exceptions in the server's content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The whole is held to 300 KB by a test; React, router and widgets are one part of it.
    chunkSizeWarningLimit: 900,
  },
});

import { defineConfig } from 'vitest/config';

// With install scripts switched off, npm silently runs its scripts on the machine's own Node: say so instead.
if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(
    `Campanile needs Node 24, this is ${process.version}: run "npm ci" with install scripts allowed for the package "node", or install Node 24.`,
  );
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 30_000,
  },
});

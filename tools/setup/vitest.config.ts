import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tools/setup/vitest.setup.ts'],
    // Tests start real programs in sandboxes: two files at a time is what two cores bear.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 900_000,
    // Where many jobs share a machine and a network, one more try tells a fault from a bad moment; reporters name what needed it.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});

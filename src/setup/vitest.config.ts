import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['src/**/*.test.ts', 'runners/**/*.test.ts'],
    setupFiles: ['src/setup/vitest.setup.ts'],
    // Tests start real programs in sandboxes: two files at a time is what two cores bear.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 900_000,
  },
});

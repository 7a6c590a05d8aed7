import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { root: '.', include: ['tools/live/*.live.ts'], testTimeout: 1_200_000, hookTimeout: 3_600_000 },
});

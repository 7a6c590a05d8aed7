import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of pure code lie in these folders, unless their names end with `.slow.test.ts` or `.ci.test.ts`. */
const pure = [
  ...['app', 'compare', 'domain', 'formats', 'providers', 'queue'],
  ...['reporters', 'runners', 'stages', 'store', 'tools'],
];
/** Tests that grade answers: real tools in real sandboxes. */
const grading = ['tests/conformance/**/*.test.ts', 'tests/hostile/**/*.test.ts'];
/** Those of them that a build server tries and `npm test` does not. */
const gradingCi = ['tests/conformance/**/*.ci.test.ts', 'tests/hostile/**/*.ci.test.ts'];
/** What a build server tries and `npm test` does not. */
const onlyCi = ['tests/**/*.ci.test.ts'];
const slow = ['tests/**/*.slow.test.ts'];

const cores = availableParallelism();
/** Tests of a file run side by side, and files share what they prepare: an answer only waits for a core. */
const sideBySide = {
  sequence: { groupOrder: 1, concurrent: true },
  maxConcurrency: 2,
  maxWorkers: 2,
  isolate: false,
};

export default defineConfig({
  test: {
    root: '.',
    testTimeout: 600_000,
    hookTimeout: 900_000,
    // Where many jobs share a machine and a network, one more try tells a fault from a bad moment; reporters name what
    // needed it.
    retry: process.env['CI'] === undefined ? 0 : 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: pure.map((folder) => `tests/${folder}/**/*.test.ts`),
          exclude: [...slow, ...onlyCi],
          sequence: { groupOrder: 0 },
          maxWorkers: cores,
          isolate: false,
        },
      },
      { extends: true, test: { name: 'grading', include: grading, exclude: onlyCi, ...sideBySide } },
      { extends: true, test: { name: 'grading-ci', include: gradingCi, ...sideBySide } },
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['tests/**/*.test.ts'],
          exclude: [...pure.map((folder) => `tests/${folder}/**/!(*.slow).test.ts`), ...grading, ...onlyCi],
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'ci', include: onlyCi, exclude: gradingCi, sequence: { groupOrder: 3 }, maxWorkers: 2 },
      },
    ],
  },
});

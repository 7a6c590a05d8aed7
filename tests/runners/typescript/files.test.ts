import { describe, expect, test } from 'vitest';
import { isProgram } from '../../../runners/typescript/files.ts';

describe('code of the program', () => {
  test.each(['src/app.ts', 'server.js', 'src/jester.ts', 'src/globals.ts', 'src/workspace.ts', 'src/setup.ts'])(
    '%s is',
    (path) => {
      expect(isProgram(path)).toBe(true);
    },
  );

  test.each([
    'jest.config.ts',
    'jest.setup.ts',
    'jest.global-setup.ts',
    'jest-globalSetup.js',
    'vitest.workspace.ts',
    'src/globalSetup.ts',
    'global-teardown.ts',
    'src/app.test.ts',
    'src/env.d.ts',
  ])('%s is not', (path) => {
    expect(isProgram(path)).toBe(false);
  });
});

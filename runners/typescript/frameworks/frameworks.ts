import type { Framework } from '../test-script.ts';
import type { TestFramework } from './framework.ts';
import { jest } from './jest.ts';
import { mocha } from './mocha.ts';
import { nodeTest } from './node-test.ts';
import { scripts } from './scripts.ts';
import { vitest } from './vitest.ts';

/** The test frameworks that Cupel runs, by name. */
export const frameworks: Readonly<Record<Framework, TestFramework>> = {
  jest,
  vitest,
  mocha,
  'node:test': nodeTest,
  node: scripts,
};

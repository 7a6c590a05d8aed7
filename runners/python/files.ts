import { posix } from 'node:path';

/** Whether a path below the project's root is test code. */
export function isTest(path: string): boolean {
  return /(^|\/)tests?\//.test(path) || /^(test_.*|.*_test|conftest)\.py$/.test(posix.basename(path));
}

/** Whether pytest would collect a file by its usual names. */
export function isTestModule(path: string): boolean {
  return /^(test_.*|.*_test)\.py$/.test(posix.basename(path));
}

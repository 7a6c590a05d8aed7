import { posix } from 'node:path';

/** Whether a path below the project's root is test code. */
export function isTest(path: string): boolean {
  return /(^|\/)tests?\//.test(path) || /^(test_.*|.*_test|conftest)\.py$/.test(posix.basename(path));
}

/** Whether pytest would collect a file by its usual names. */
export function isTestModule(path: string): boolean {
  return /^(test_.*|.*_test)\.py$/.test(posix.basename(path));
}

/** Everything but documentation: data files may be read by tests. */
export function readsCode(path: string): boolean {
  return !/\.(md|rst)$/i.test(path);
}

import { posix } from 'node:path';

/** Source files, declarations left out. */
export const isSource = (path: string): boolean =>
  /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/.test(path) && !/\.d\.[cm]?ts$/.test(path);

/** Whether a path is code in TypeScript, and neither declarations nor the configuration of a tool. */
export const isTypeScript = (path: string): boolean =>
  /\.(?:[cm]?ts|tsx)$/.test(path) && isSource(path) && !isConfiguration(path) && !/\.workspace\.[cm]?ts$/.test(path);

/** Whether a path below the project's root is test code. */
export function isTest(path: string): boolean {
  return (
    /(^|\/)(tests?|test-(?:support|helpers?|utils?)|__tests__|__mocks__|specs?|e2e)\//.test(path) || isTestModule(path)
  );
}

/** Whether a test framework would collect a file by its usual names. */
export function isTestModule(path: string): boolean {
  return /(\.(test|spec)\.[cm]?[jt]sx?$)|((^|\/)__tests__\/.+\.[cm]?[jt]sx?$)/.test(path);
}

/** Whether a file without a folder of tests is one by the other names that Node.js takes for tests. */
export const isTestScript = (path: string): boolean =>
  isTestModule(path) || /(?:^|\/)(?:test|test-[^/]+|[^/]+[-_]test)\.[cm]?[jt]sx?$/.test(path);

/** Configuration in code: no part of the program. */
export function isConfiguration(path: string): boolean {
  const name = posix.basename(path);
  return (
    name.startsWith('.') || /\.(config|setup)\.[\w.]+$|^(jest|vitest)[.-]|(^|\.)global-?(setup|teardown)\./i.test(name)
  );
}

/** Code that coverage counts. */
export const isProgram = (path: string): boolean => isSource(path) && !isTest(path) && !isConfiguration(path);

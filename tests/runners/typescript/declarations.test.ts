import { expect, test } from 'vitest';
import { inOrder } from '../../../runners/typescript/workspaces/declarations.ts';

const of = (name: string, ...names: string[]): Record<string, unknown> => ({
  name,
  dependencies: Object.fromEntries(names.map((one) => [one, '*'])),
});

test('the packages of a workspace are built after those that they ask for', () => {
  expect(inOrder({ api: of('a', 'c', 'zod'), core: of('c', 'u'), util: of('u') })).toEqual(['util', 'core', 'api']);
});

test('packages that ask for each other are built all the same', () => {
  expect(inOrder({ a: of('a', 'b'), b: of('b', 'a') }).toSorted()).toEqual(['a', 'b']);
});

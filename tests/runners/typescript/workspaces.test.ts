import { describe, expect, test } from 'vitest';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import { installedTogether } from '../../../runners/typescript/workspaces.ts';

const file = (path: string, text: string): AnswerFile => ({ path, text, line: 1, lines: [], namedBy: 'code-span' });

describe('a pnpm-workspace.yaml', () => {
  test.each([
    [
      'that names packages makes workspaces',
      'packages:\n  - apps/*\n',
      "pnpm-workspace.yaml makes workspaces of the answer's packages",
    ],
    ['of settings alone makes none', 'onlyBuiltDependencies:\n  - esbuild\n', null],
    ['that is empty makes none', '', null],
    [
      'that cannot be read may make some',
      'packages: [',
      "pnpm-workspace.yaml makes workspaces of the answer's packages",
    ],
  ])('%s', (_what, text, why) => {
    const files = [file('package.json', '{}'), file('pnpm-workspace.yaml', text)];
    expect(installedTogether({ project: { language: 'typescript', root: '.', files }, files })).toBe(why);
  });
});

import { describe, expect, test } from 'vitest';
import { declaredByText, notAllowed } from '../../../runners/shared/dependencies.ts';

const place = { file: 'package.json', line: 3 };

describe('packages that a scenario does not allow', () => {
  const severities = (...names: string[]): string[] =>
    notAllowed(
      { allow: ['express'], violation: 'fail', builds: 'offline' },
      names.map((name) => ({ name, ...place })),
    ).map(({ severity }) => severity);

  test('fail an answer', () => {
    expect(severities('express', 'lodash')).toEqual(['error']);
  });

  test('are only warned of where they are tools of a developer', () => {
    expect(severities('coverage', 'build', '@types/node', 'eslint-plugin-import')).toEqual(Array(4).fill('warning'));
  });

  test('are no tools by the start of a name alone', () => {
    expect(severities('builder', 'coverage-api', 'mochawesome')).toEqual(Array(3).fill('error'));
  });
});

test('what only the words of an answer declare is a warning with their line', () => {
  const requirements = [
    { name: 'zod', ...place },
    { name: 'six', file: null, line: null, answerLine: 7 },
  ];
  expect(declaredByText(requirements)).toMatchObject([
    { rule: 'declared-by-text', severity: 'warning', answer_line: 7, message: expect.stringContaining('line 7') },
  ]);
});

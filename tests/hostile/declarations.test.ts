import { describe, expect, test } from 'vitest';
import type { Project } from '../../src/domain/grading/project.ts';
import { readDeclared as readPython } from '../../runners/python/manifests/declared.ts';
import { readDeclared as readNpm } from '../../runners/typescript/declared.ts';
import { setupPyOf } from '../support/setup-py.ts';
import { npmDeclarations, pythonDeclarations } from './declarations.ts';

function project(language: string, files: Readonly<Record<string, string>>): Project {
  return {
    language,
    root: '.',
    files: Object.entries(files).map(([path, text]) => ({ path, text, line: 1, lines: [], namedBy: 'code-span' })),
  };
}

describe('an answer that asks for', () => {
  test.each(pythonDeclarations.map(({ name, files }) => [name, files] as const))(
    'python: %s is refused by name, and no resolver hears of it',
    (_name, files) => {
      const setup: string | undefined = { ...files }['setup.py'];
      const read = readPython(project('python', files), setup === undefined ? null : setupPyOf(setup));
      const { refused, requirements, constraints } = read;
      expect(refused).not.toEqual([]);
      const offered = [...requirements.map(({ text }) => text), ...constraints];
      expect(offered.filter((text) => !/^(?:six==1\.16\.0|pytest)$/.test(text))).toEqual([]);
    },
  );

  test.each(npmDeclarations.map(({ name, files }) => [name, files] as const))(
    'typescript: %s is refused by name, and no resolver hears of it',
    (_name, files) => {
      const { refused, requirements } = readNpm(project('typescript', files));
      expect(refused).not.toEqual([]);
      expect(requirements.filter(({ range }) => !/^[\w.^]+$/.test(range))).toEqual([]);
    },
  );
});

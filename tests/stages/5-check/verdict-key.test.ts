import { describe, expect, test } from 'vitest';
import type { AnswerFile } from '../../../src/domain/grading/extraction.ts';
import type { Project } from '../../../src/domain/grading/project.ts';
import { filesApart } from '../../../src/stages/5-check/verdict-key.ts';

const file = (path: string): AnswerFile => ({ path, text: path, line: 1, lines: [1], namedBy: 'heading' });
const project = (language: string | null, ...paths: string[]): Project => ({
  language,
  root: '.',
  files: paths.map(file),
});

describe('files of an answer whose languages have nothing to do with one another', () => {
  const files = ['README.md', 'python/app.py', 'python/lib/x.py', 'go/main.go', 'go/go.mod'].map(file);
  const projects = [
    project(null, 'README.md'),
    project('python', 'python/app.py'),
    project('python', 'python/lib/x.py'),
    project('go', 'go/main.go', 'go/go.mod'),
  ];
  const paths = (language: string | null): string[] => filesApart(files, projects, language).map(({ path }) => path);

  test('are those of the language, and those that belong to none', () => {
    expect(paths('go')).toEqual(['README.md', 'go/main.go', 'go/go.mod']);
    expect(paths('python')).toEqual(['README.md', 'python/app.py', 'python/lib/x.py']);
  });

  test('are all those that belong to no language, where the project has none', () => {
    expect(paths('typescript')).toEqual(['README.md']);
  });
});

import { describe, expect, test } from 'vitest';
import { runners } from '../../../runners/index.ts';
import { projectsOf } from '../../../src/stages/4-projects/projects.ts';

/** Roots of an answer's projects, by language. */
function rootsOf(...paths: string[]): string[] {
  const files = paths.map((path) => ({ path, text: '', line: 1, lines: [], namedBy: 'code-span' as const }));
  return projectsOf(files, runners).map(({ language, root }) => `${language}@${root}`);
}

describe('the projects of an answer', () => {
  test.each<[string, string[], string[]]>([
    [
      'a package for each package.json',
      ['package.json', 'index.ts', 'web/package.json', 'web/index.js'],
      ['typescript@.', 'javascript@web'],
    ],
    [
      'one package, however many configurations its compiler has',
      ['package.json', 'src/a.ts', 'tsconfig.json', 'src/tsconfig.json', 'test/tsconfig.json', 'test/a.test.ts'],
      ['typescript@.'],
    ],
    ['a configuration of the compiler without a package', ['web/tsconfig.json', 'web/a.ts'], ['typescript@web']],
    [
      'a service for each of its requirements',
      ['a/requirements.txt', 'a/main.py', 'b/requirements.txt', 'b/main.py'],
      ['python@a', 'python@b'],
    ],
    [
      'requirements of its tests',
      ['pyproject.toml', 'app.py', 'tests/requirements.txt', 'tests/test_app.py'],
      ['python@.'],
    ],
    [
      'requirements of the program and of its tests',
      ['api/requirements.txt', 'api/app.py', 'tests/requirements.txt', 'tests/test_app.py'],
      ['python@.'],
    ],
    [
      'requirements of the program below its tests',
      ['requirements-dev.txt', 'api/requirements.txt', 'api/app.py', 'tests/test_app.py'],
      ['python@.'],
    ],
    [
      'requirements in parts, in the folder of the program',
      ['api/requirements/base.txt', 'api/app.py', 'api/tests/test_app.py'],
      ['python@api'],
    ],
    [
      'services of which one has tests',
      ['a/requirements.txt', 'a/main.py', 'a/test_main.py', 'b/requirements.txt', 'b/main.py'],
      ['python@a', 'python@b'],
    ],
    ['requirements of tests alone', ['tests/requirements.txt', 'tests/test_app.py'], ['python@tests']],
    [
      'packages below one that has no code of its own',
      ['package.json', 'api/package.json', 'api/a.js', 'web/package.json', 'web/b.js'],
      ['javascript@api', 'javascript@web', 'null@.'],
    ],
    [
      'packages below configuration of their linter',
      ['eslint.config.mjs', '.prettierrc.cjs', 'api/package.json', 'api/a.ts', 'web/package.json', 'web/b.ts'],
      ['typescript@api', 'typescript@web', 'null@.'],
    ],
    [
      'packages below one that only configures tools',
      ['package.json', 'eslint.config.js', 'api/package.json', 'api/a.ts'],
      ['typescript@api', 'null@.'],
    ],
    ['configuration within a package', ['package.json', 'vite.config.ts', 'src/a.ts'], ['typescript@.']],
    ['configuration and nothing else', ['package.json', 'eslint.config.js'], ['javascript@.']],
    ['plain JavaScript, whatever configures its tools', ['package.json', 'a.js', 'vitest.config.ts'], ['javascript@.']],
    ['JavaScript beside TypeScript', ['package.json', 'a.js', 'b.ts'], ['typescript@.']],
    ['a Pipfile', ['api/Pipfile', 'api/app.py'], ['python@api']],
    ['a module for each go.mod', ['go.mod', 'main.go', 'tools/go.mod', 'tools/main.go'], ['go@.', 'go@tools']],
    ['what belongs to no language', ['README.md', 'main.go'], ['go@.', 'null@.']],
  ])('%s', (_what, paths, roots) => {
    expect(rootsOf(...paths)).toEqual(roots);
  });
});

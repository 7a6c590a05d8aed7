import { expect, test } from 'vitest';
import { configuresMypy, ownCoverage, searchPaths } from '../../../runners/python/settings.ts';

const project = (files: Record<string, string>) => ({
  language: 'python',
  root: '.',
  files: Object.entries(files).map(([path, text]) => ({
    path,
    text,
    line: 1,
    lines: [],
    namedBy: 'code-span' as const,
  })),
});

test.each(['__proto__', 'constructor', 'toString'])(
  'a section or key called %s changes nothing but the answer that it is in',
  (name) => {
    const own = project({
      'setup.cfg': `[${name}]\nbuild = true\n${name} = x\n[coverage:run]\nomit = cli.py\n`,
      'mypy.ini': `[${name}]\nmypy = x\n`,
    });
    expect(ownCoverage(own).omit).toEqual(['cli.py']);
    expect(configuresMypy(own)).toBe(false);
    expect(Reflect.ownKeys(Object.prototype)).not.toContain('build');
    expect(Object.fromEntries([])).toEqual({});
  },
);

test('regular expressions to exclude stand one a line, names of files may be parted by commas', () => {
  const own = project({
    '.coveragerc': '[run]\nomit = a.py, b.py\n[report]\nexclude_lines =\n    raise [A-Z, ]+Error\n    pass\n',
  });
  expect(ownCoverage(own)).toMatchObject({ omit: ['a.py', 'b.py'], exclude: ['raise [A-Z, ]+Error', 'pass'] });
});

test('modules are found by their bare names where settings say so, and beside a test that imports them', () => {
  const files = {
    'src/tiny.py': '',
    'lib/x/more.py': '',
    'tests/helpers.py': '',
    'tests/test_tiny.py': 'from helpers import row\n',
    'checks/tests/helpers.py': '',
    'checks/tests/__init__.py': '',
    'checks/tests/test_x.py': 'import helpers\n',
  };
  const settings = {
    'pytest.ini': '[pytest]\npythonpath = src ./none\n',
    'mypy.ini': '[mypy]\nmypy_path = $MYPY_CONFIG_FILE_DIR/x:lib\n',
  };
  expect(searchPaths(project({ ...files, ...settings }))).toEqual(['src', 'lib', 'tests']);
  expect(searchPaths(project({ ...files, ...settings, 'tests/test_more.py': 'import tests.helpers\n' }))).toEqual([
    'src',
    'lib',
  ]);
  expect(
    searchPaths(
      project({ 'src/tiny.py': '', 'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["src", "."]\n' }),
    ),
  ).toEqual(['src']);
});

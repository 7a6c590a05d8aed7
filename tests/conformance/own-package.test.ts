import { describe, expect, test } from 'vitest';
import { checked } from '../support/grading/grading.ts';

const slow = { timeout: 900_000 };

const files = {
  'src/tiny/__init__.py':
    'from importlib.metadata import version\n\n__version__ = version("tiny-sums")\n\n\ndef add(a: int, b: int) -> int:\n    return a + b\n',
  'src/tiny/__main__.py': 'from tiny import __version__, add\n\nprint(__version__, add(1, 2))\n',
  'tests/test_tiny.py':
    'import subprocess\nimport sys\n\nfrom tiny import add\n\n\ndef test_add() -> None:\n    assert add(1, 2) == 3\n\n\ndef test_program() -> None:\n    done = subprocess.run([sys.executable, "-m", "tiny"], capture_output=True, text=True, check=True)\n    assert done.stdout == "1.2.3 3\\n"\n',
};
const manifest = { 'pyproject.toml': '[project]\nname = "tiny-sums"\nversion = "1.2.3"\n' };

describe('a Python project that is a package, with its modules below src', () => {
  test('is tested as if it were installed in place, and so are the programs that its tests start', slow, async () => {
    expect(await checked('python', 'tests', { ...files, ...manifest })).toMatchObject({
      status: 'passed',
      facts: { passed: 2 },
    });
  });

  test.each(['mypy', 'pyright'])('has types that %s finds', slow, async (checker) => {
    expect(
      await checked('python', 'types', { ...files, ...manifest }, { asks: { standards: [checker] } }),
    ).toMatchObject({ status: 'passed', findings: [] });
  });

  test('counts its lines', slow, async () => {
    expect(await checked('python', 'coverage', { ...files, ...manifest }, { asks: { coverage: 0.5 } })).toMatchObject({
      status: 'passed',
    });
  });

  test.each([
    ['README.md', 'Run the tests with `PYTHONPATH=src pytest`.\n'],
    ['Makefile', 'test:\n\tPYTHONPATH=src pytest\n'],
  ])('that is none, but whose %s puts them on the path, is tested so', slow, async (path, text) => {
    const module = {
      'src/tiny.py': 'def add(a: int, b: int) -> int:\n    return a + b\n',
      'test_tiny.py': 'from tiny import add\n\n\ndef test_add() -> None:\n    assert add(1, 2) == 3\n',
    };
    expect(await checked('python', 'tests', { ...module, [path]: text })).toMatchObject({
      status: 'passed',
      facts: { passed: 1 },
    });
  });

  const build = (pyproject: string, code: Record<string, string> = { 'src/tiny/__init__.py': '' }) =>
    checked('python', 'build', { 'pyproject.toml': pyproject, ...code });
  const backend = (name: string, module: string): string =>
    `[build-system]\nrequires = ["${name}"]\nbuild-backend = "${module}"\n[project]\nname = "tiny"\nversion = "1"\n`;
  const hatchling = backend('hatchling', 'hatchling.build');
  const setuptools = backend('setuptools>=61', 'setuptools.build_meta');

  test.each([
    ['hatchling', hatchling],
    ['setuptools', setuptools],
    ['flit', `${backend('flit_core>=3.2,<4', 'flit_core.buildapi')}description = "Tiny"\n`],
    [
      'poetry',
      '[tool.poetry]\nname = "tiny"\nversion = "1"\ndescription = ""\nauthors = []\npackages = [{ include = "tiny", from = "src" }]\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    ],
    ['pdm', backend('pdm-backend', 'pdm.backend')],
    ['a backend that is not at hand', backend('nobody-has-it', 'nobody.build')],
    ['no backend', '[project]\nname = "tiny"\n'],
  ])('builds as it stands, with %s', slow, async (_what, pyproject) => {
    expect(await build(pyproject)).toMatchObject({ status: 'passed', findings: [] });
  });

  test.each([
    [
      'a backend that its package does not have',
      backend('setuptools', 'setuptools.backends.legacy:build'),
      undefined,
      "No module named 'setuptools.backends'",
    ],
    ['no version', hatchling.replace('version = "1"\n', ''), undefined, 'version'],
    [
      'a README that is not there',
      `${hatchling}readme = "README.md"\n`,
      undefined,
      'Readme file does not exist: README.md',
    ],
    ['no folder of its name', hatchling.replace('name = "tiny"', 'name = "other"'), undefined, 'ship inside the wheel'],
    [
      'several folders at its root',
      setuptools,
      { 'tiny/__init__.py': '', 'data/x.py': '' },
      'Multiple top-level packages discovered',
    ],
  ])('does not build with %s, and says why', slow, async (_what, pyproject, code, why) => {
    const result = await build(pyproject, code);
    expect(result).toMatchObject({ status: 'failed', findings: [{ rule: 'not-buildable', file: 'pyproject.toml' }] });
    expect(result.reason).toContain(why);
  });

  test('that says nothing of itself as one is tested as it stands', slow, async () => {
    const tests = await checked('python', 'tests', files);
    expect(tests).toMatchObject({ status: 'failed', facts: { passed: 0 } });
    expect(tests.findings.map(({ rule }) => rule)).toEqual(['suite-error']);
  });
});

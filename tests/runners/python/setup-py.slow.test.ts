import { describe, expect, test } from 'vitest';
import { setupPyOf } from '../../support/setup-py.ts';

describe('a setup.py, which is never run,', () => {
  test.each([
    [
      'a list in place',
      'setup(install_requires=["a[x]>=1,<2", \'b; python_version < "3.12"\'])',
      ['a[x]>=1,<2', 'b; python_version < "3.12"'],
    ],
    ['a variable', 'DEV: list[str] = ["a"]  # "no"\nsetuptools.setup(tests_require=DEV)', ['a']],
    ['sums and stars', 'BASE = ["a"]\nsetup(install_requires=BASE + ["b", *("c",)])', ['a', 'b', 'c']],
    ['a table of extras', 'setup(extras_require={"dev": ["a"], "doc": ["b"]})', ['a', 'b']],
    ['a key of a table', 'EXTRAS = {"dev": ["a"]}\nsetup(extras_require={"all": EXTRAS["dev"]})', ['a']],
    ['arguments in a table', 'args = {"install_requires": ["a"]}\nsetup(**args)', ['a']],
    [
      'arguments by dict()',
      'args = dict(install_requires=["a"])\nif __name__ == "__main__":\n    setup(**args)',
      ['a'],
    ],
    ['one string', 'setup(install_requires="a")', ['a']],
    ['a variable that is made of itself', 'X = ["a"] + X\nsetup(install_requires=X)', ['a']],
  ])('says what it asks for: %s', (_what, source, requirements) => {
    expect(setupPyOf(`${source}\n`)).toEqual({ requirements, python: null });
  });

  test.each([
    ['a loop', 'setup(install_requires=[line for line in open("requirements.txt") if "x" in line])'],
    ['a comment', '# setup(install_requires=["a"])'],
    ['a text', 'TEXT = """setup(install_requires=["a"])"""'],
    ['a function of another name', 'configure(install_requires=["a"])'],
    ['no call', 'import os; os.abort()'],
  ])('says nothing that can be read off by %s', (_what, source) => {
    expect(setupPyOf(`${source}\n`)).toEqual({ requirements: [], python: null });
  });

  test('says which versions of Python it wants', () => {
    expect(setupPyOf('setup(python_requires=">=3.9")\n')).toEqual({ requirements: [], python: '>=3.9' });
  });

  test.each([
    ['no Python', 'setup('],
    ['too deep', `X = ${'['.repeat(5000)}`],
    ['a zero byte', 'x = "\0"'],
  ])('is unreadable where it is %s', (_what, source) => {
    expect(setupPyOf(source)).toHaveProperty('unreadable');
  });
});

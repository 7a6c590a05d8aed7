import { expect, test } from 'vitest';
import { buildRefusal } from '../../../runners/python/build-refusal.ts';

/** What uv prints around the words of a build that failed. */
const build = (words: string): string =>
  `Building wheel from source distribution...\n${words}\nerror: Failed to build \`/w/x-1.tar.gz\`\n  cause: The build backend returned an error\n\nhint: Build failures usually indicate a problem with the package or the build environment\n`;

const traceback = (last: string): string =>
  `Traceback (most recent call last):\n  File "/builders/setuptools/build_meta.py", line 317, in run_setup\n    exec(code, locals())\n  ${last}`;

const refusals: [string, string][] = [
  [
    "The 'sklearn' PyPI package is deprecated, use 'scikit-learn'\nrather than 'sklearn' for pip commands.",
    'scikit-learn',
  ],
  ['\n*** Please install the `scikit-image` package (instead of `skimage`) ***\n', 'scikit-image'],
  [
    traceback(
      'File "<string>", line 15, in <module>\nException: You tried to install "pytorch". The package named for PyTorch is "torch"',
    ),
    'named for PyTorch',
  ],
  [
    traceback('File "<string>", line 3, in fail\nRuntimeError: This project has been renamed: use beautifulsoup4'),
    'renamed',
  ],
  ['error in x setup command: use_2to3 is invalid.', 'use_2to3'],
  [
    traceback(
      'File "<string>", line 9\n    print "x"\nSyntaxError: Missing parentheses in call to \'print\'. Did you mean print(...)?',
    ),
    'print',
  ],
];

test.each(refusals)('a package that refuses to be built is quoted: %s', (words, quoted) => {
  expect(buildRefusal(build(words))).toContain(quoted);
});

const others: string[] = [
  '',
  "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
  'Could not find libxml2. Please install it, instead of ignoring this.\nfatal error: libxml/xmlversion.h: No such file',
  traceback('File "<string>", line 7, in <module>\nModuleNotFoundError: No module named \'numpy\''),
  traceback('File "/builders/setuptools/x.py", line 7, in run\nRuntimeError: this option is deprecated'),
  traceback(
    'File "<string>", line 7, in <module>\nRuntimeError: pg_config executable not found; psycopg2-binary can be used instead of a compiler',
  ),
  'Temporary failure in name resolution',
];

test.each(others)('a build that lacks something says nothing against the answer: %s', (words) => {
  expect(buildRefusal(build(words))).toBeNull();
});

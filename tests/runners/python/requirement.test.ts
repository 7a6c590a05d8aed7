import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRequirement } from '../../../runners/python/manifests/requirement.ts';
import { runs } from '../../support/levels.ts';

test.each([
  ['fastapi', 'fastapi'],
  ['Flask_SQLAlchemy >= 3.1, < 4', 'Flask_SQLAlchemy>=3.1,<4'],
  ['uvicorn [standard] (>=0.30)', 'uvicorn[standard]>=0.30'],
  ['pydantic[email,timezone]~=2.7', 'pydantic[email,timezone]~=2.7'],
  ['numpy==1.26.*', 'numpy==1.26.*'],
  ['torch==2.3.0+cpu', 'torch==2.3.0+cpu'],
  ['x===1.0.foo', 'x===1.0.foo'],
  ['y>=1!2.0rc1,!=1!2.1.dev3,', 'y>=1!2.0rc1,!=1!2.1.dev3'],
  ["a;python_version<'3.12' and (sys_platform=='linux' or os_name!=\"nt\")", undefined],
  ["tomli>=2; python_version < '3.11'", 'tomli>=2 ; python_version < "3.11"'],
  ["b ; 'linux' in sys_platform and platform_machine not in 'arm64 aarch64'", undefined],
])('%s is a requirement of the registry', (written, text) => {
  const read = readRequirement(written);
  expect(read.kind).toBe('registry');
  if (read.kind === 'registry' && text !== undefined) expect(read.text).toBe(text);
});

test.each([
  '',
  '!!!',
  'a b',
  'six>1 2',
  'six==',
  'six>=x',
  'six ; os.system',
  'six [a',
  'six ; a == "`id`"',
  '-x',
  'ａ',
])('%s is no requirement', (written) => {
  expect(readRequirement(written)).toEqual({ kind: 'unreadable' });
});

/** Everything that a resolver is given fits this, whatever was written. */
const safe =
  /^[A-Za-z0-9._-]+(?:\[[A-Za-z0-9._,-]+\])?(?:[<>=!~]{1,3}[A-Za-z0-9._+!*-]+,?)*(?: ; [\w .,:;!@%&*+/~<>="()-]+)?$/;

test('no text makes a requirement that leads out of the registry', () => {
  const parts = [
    'six',
    'x.whl',
    'a/b',
    '@',
    '[a]',
    '>=1',
    ';',
    'os_name',
    "'x'",
    'file:',
    '${A}',
    '\\',
    '\n',
    ' ',
    '#',
  ];
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(texts, (written) => {
      const read = readRequirement(written);
      if (read.kind !== 'registry') return;
      expect(read.text).toMatch(safe);
      expect(readRequirement(read.text)).toEqual(read);
    }),
    { numRuns: runs(2000) },
  );
});

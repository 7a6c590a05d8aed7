import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jail } from '../../src/stages/3-extract/files/jail.ts';
import { fileBlock } from '../support/grading/answers.ts';
import { checkOf, grade } from '../support/grading/grading.ts';

/** Names of files by which an answer would write elsewhere, each with the reason for which the path jail refuses it. */
const names: readonly (readonly [what: string, name: string, reason: RegExp])[] = [
  ['a path of 4,000 characters', `${'folder/'.repeat(571)}a.py`, /longer than 240/],
  ['a name of 4,000 characters', `${'a'.repeat(4000)}.py`, /longer than/],
  ['a name with a newline', 'one\ntwo.py', /control character/],
  ['a name with a command of terminals', '\u001b[2Jone.py', /control character/],
  ['a name that reads backwards', 'one\u202eyp.py', /control character/],
  ['a path out of the project', '../../cupel-name.py', /leaves the project/],
  ['a path through the project and out of it', 'app/../../cupel-name.py', /leaves the project/],
  ['an absolute path', '/tmp/cupel-name.py', /absolute/],
  ['a drive', 'C:cupel-name.py', /drive/],
  ['backslashes', '..\\..\\cupel-name.py', /backslash/],
  ['a folder that the installer owns', 'node_modules/jest/index.js', /inside node_modules/],
  ['a folder that git owns', '.git/hooks/post-checkout', /inside .git/],
  ['the folder of compiled files', 'app/__pycache__/app.cpython-311.py', /inside __pycache__/],
];

test.each(names)('%s is refused', (_what, name, reason) => {
  const jailed = jail(name);
  expect(jailed.ok ? 'not refused' : jailed.reason).toMatch(reason);
});

test.each(names.filter(([, name]) => !name.includes('\n')))(
  'an answer with %s gets no pass, and nothing is written outside',
  async (_what, name) => {
    const answer = `${fileBlock('app.py', 'VALUE = 1\n')}\n${fileBlock(name, 'VALUE = 2\n')}`;
    const graded = await grade({ answer, asks: { python: {} }, only: [] });
    expect(graded.verdict).toBe('fail');
    expect(checkOf(graded, 'answer/files').status).toBe('failed');
    expect(
      ['/tmp', tmpdir(), '/', process.cwd(), join(process.cwd(), '..')].filter((folder) =>
        existsSync(join(folder, 'cupel-name.py')),
      ),
    ).toEqual([]);
    expect(readdirSync(tmpdir()).some((entry) => entry.startsWith('folder'))).toBe(false);
  },
);

import { describe, expect, test } from 'vitest';
import { sampleGrade } from '../../support/samples.ts';
import { excerptsOf, filesToRead, placeKey } from '../../../src/reporters/html/excerpt.ts';

const file = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
const grade = sampleGrade({ findings: 1 });
const [check] = grade.checks.filter(({ findings }) => findings.length > 0);
const found = {
  tool: 't',
  rule: 'r',
  severity: 'error',
  message: 'm',
  file: 'app/main.py',
  line: 5,
  answer_line: 15,
} as const;
const withFinding = (one: Partial<typeof found> | { file: null; line: null }): typeof grade => ({
  ...grade,
  checks: check === undefined ? [] : [{ ...check, findings: [{ ...found, ...one }] }],
});
const excerpts = (one: Parameters<typeof withFinding>[0], answer: string[] | null): ReturnType<typeof excerptsOf> =>
  excerptsOf(withFinding(one), {
    answer: answer === null ? null : answer.join('\n'),
    files: new Map([['app/main.py', file.join('\n')]]),
  });
const before = Array.from({ length: 10 }, () => 'words');

describe('an excerpt', () => {
  test('has the lines around the finding, numbered in the file and in the answer', () => {
    expect(excerpts({}, [...before, ...file])['app/main.py:5']).toEqual(
      [2, 3, 4, 5, 6, 7, 8].map((line) => [line, line + 10, `line ${line}`]),
    );
  });

  test('numbers only those lines in the answer that stand there', () => {
    const answer = [...before, ...file];
    answer[15] = 'changed by an edit';
    expect(excerpts({}, answer)['app/main.py:5']?.find(([line]) => line === 6)).toEqual([6, 0, 'line 6']);
    expect(excerpts({}, null)['app/main.py:5']?.map(([, inAnswer]) => inAnswer)).toEqual([0, 0, 0, 15, 0, 0, 0]);
  });

  test('is of the answer where a finding is about no file', () => {
    expect(excerpts({ file: null, line: null }, [...before, ...file])[':15']?.[0]).toEqual([0, 12, 'line 2']);
  });

  test('is not there where the line is not', () => {
    expect(excerpts({ line: 99 as 5 }, before)).toEqual({});
    expect(excerpts({ file: 'gone.py' as 'app/main.py' }, before)).toEqual({});
  });

  test('never makes us read a file that is not the answer’s own', () => {
    expect(filesToRead(withFinding({ file: '../../../etc/passwd' as 'app/main.py' }))).toEqual([]);
    expect(filesToRead(withFinding({}))).toEqual(['app/main.py']);
    expect(placeKey({ ...found, line: null })).toBeNull();
  });
});

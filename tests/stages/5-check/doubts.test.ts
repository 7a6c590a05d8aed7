import { expect, test } from 'vitest';
import { failed, passed } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { extract } from '../../../src/stages/3-extract/extract.ts';
import { reasonWithDoubts } from '../../../src/stages/5-check/doubts.ts';

const answer = ['`app.py`', '', '```python', 'TEXT = """', 'It stops in a string.', '```', '', 'The end.', ''].join(
  '\n',
);
const { files, flags } = extract(answer);
const error = (file: string, severity: Finding['severity'] = 'error'): Finding => ({
  tool: 'python',
  rule: 'syntax',
  severity,
  message: 'unterminated string',
  file,
  line: 1,
  answer_line: 4,
});

test('the reason of an error in a file that may not end where its block does names the flag', () => {
  expect(flags.map(({ code }) => code)).toEqual(['unclear-fence']);
  const outcome = failed({ reason: '1 error in 1 file', findings: [error('app.py')] });
  expect(reasonWithDoubts(outcome, files, flags)).toBe(
    '1 error in 1 file; app.py may not end where its block in the answer does (unclear-fence on line 3)',
  );
});

test('errors elsewhere, warnings, sound fences and what passes are left as they are', () => {
  for (const findings of [[error('other.py')], [error('app.py', 'warning')], []])
    expect(reasonWithDoubts(failed({ reason: 'as it is', findings }), files, flags)).toBe('as it is');
  expect(reasonWithDoubts(failed({ reason: 'as it is', findings: [error('app.py')] }), files, [])).toBe('as it is');
  expect(reasonWithDoubts(passed({ findings: [error('app.py')] }), files, flags)).toBeNull();
});

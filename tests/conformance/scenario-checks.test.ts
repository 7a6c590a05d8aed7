import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandChecksSchema } from '../../src/domain/grading/command-check.ts';
import type { CommandCheck } from '../../src/domain/grading/command-check.ts';
import { checkOf, grade } from '../support/grading/grading.ts';

const slow = { timeout: 300_000 };

const commands = (...checks: (Partial<CommandCheck> & { id: string })[]): CommandCheck[] =>
  commandChecksSchema.parse(checks.map((check) => ({ reads: 'exit', ...check })));

const sarif = JSON.stringify({
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'shape' } },
      results: [
        {
          level: 'error',
          ruleId: 'one',
          message: { text: 'bad' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'app.py' }, region: { startLine: 1 } } }],
        },
      ],
    },
  ],
});

/** Passes on a sound project, and does what `trick` says on the answer. */
const unlessAnswer = (trick: string): string => `test ! -e evil.txt || { ${trick}; }`;

describe('the checks that a scenario brings', () => {
  test('decide by exit status and report, and tell their own trouble from the answer’s', slow, async () => {
    const graded = await grade({
      answer: { 'app.py': 'x = 1\n', 'evil.txt': 'x\n' },
      asks: { python: {} },
      only: [],
      checks: {
        commands: commands(
          { id: 'good', command: 'grep -q x app.py' },
          { id: 'bad', command: ['sh', '-c', 'echo no such word; exit 1'] },
          { id: 'other-status', command: 'exit 3', failsWith: [3] },
          { id: 'found', reads: 'sarif', command: `printf '%s' '${sarif}' > /out/r.sarif`, report: 'r.sarif' },
          { id: 'script', command: 'sh /check/say.sh', texts: { 'say.sh': 'test -e app.py\n' } },
          { id: 'alone', command: '! getent hosts example.com && test ! -e /etc/shadow' },
          { id: 'missing', command: ['no-such-linter', '.'] },
          { id: 'undeclared', command: 'exit 7' },
          { id: 'no-report', reads: 'json', command: 'echo fine' },
          { id: 'crashed', command: unlessAnswer('kill -SEGV $$') },
          { id: 'forged', reads: 'json', command: `${unlessAnswer('echo nonsense; exit 0')}; echo '{"passed":true}'` },
          {
            id: 'link',
            reads: 'json',
            report: 'r',
            command: `{ test ! -e evil.txt && echo '{"passed":true}' > /out/r; } || ln -s /etc/passwd /out/r`,
          },
        ),
      },
    });
    const outcomes = Object.fromEntries(graded.checks.map(({ id, status }) => [id, status]));
    expect(outcomes).toMatchObject({
      'check/good': 'passed',
      'check/bad': 'failed',
      'check/other-status': 'failed',
      'check/found': 'failed',
      'check/script': 'passed',
      'check/alone': 'passed',
      'check/missing': 'errored',
      'check/undeclared': 'errored',
      'check/no-report': 'errored',
      'check/crashed': 'failed',
      'check/forged': 'failed',
      'check/link': 'failed',
    });
    expect(checkOf(graded, 'check/bad').reason).toMatch(/no such word/);
    expect(checkOf(graded, 'check/missing').reason).toMatch(/no-such-linter.*Install the program below \/usr/s);
    expect(checkOf(graded, 'check/found').findings).toMatchObject([{ file: 'app.py', line: 1, answer_line: 4 }]);
    expect(graded.verdict).toBe('ungraded');
  });

  test('count by their weight and decide where they are required, as the guide’s example shows', slow, async () => {
    const guide = await readFile('docs/guides/write-a-check.md', 'utf8');
    const [script = '', yaml = ''] = [...guide.matchAll(/^```(?:python|yaml)\n([^]*?)^```$/gm)].map(([, text]) => text);
    const checks = (parse(yaml) as { checks: { commands: unknown } }).checks;
    const [example] = commandChecksSchema.parse(checks.commands);
    if (example === undefined) throw new Error('the guide has no example');
    const graded = await grade({
      answer: { 'app.py': 'def main() -> None:\n    print(1)\n' },
      asks: { python: {} },
      only: [],
      checks: { commands: [{ ...example, texts: { 'no-print.py': script } }] },
    });
    expect(checkOf(graded, 'check/no-print')).toMatchObject({
      status: 'failed',
      facts: { prints: 1 },
      findings: [{ rule: 'no-print', file: 'app.py', line: 2, answer_line: 5 }],
    });
    expect(graded.required).toContain('check/no-print');
    expect(graded.verdict).toBe('fail');
  });
});
